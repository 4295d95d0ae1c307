"""How easy the code is to find one's way in, before and after: sizes, parameters, words, duplicates, files per change.

Prints a table with a column for an earlier commit (through ``git archive``) and one for the working tree. How each row
is counted stands with its function. ``--places`` lists where the working tree still breaks a limit.

Usage: python benchmarks/house.py [--revision REV] [--places]
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import shutil
import statistics
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "9973abd"
PACKAGE = "engine/pilotage"
MOST_MODULES, MOST_LINES, MOST_BODY, MOST_PARAMETERS = 12, 300, 45, 6

#: Words that the standard terms replace, with their plurals.
REPLACED = frozenset(
    (
        *("line", "lines", "box", "boxes", "room", "rooms", "rounds", "alike", "tail", "tails", "draft", "drafts"),
        *("ground", "grounds", "closing", "closings", "completion", "completions", "clash", "clashes", "weathered"),
        *("joined", "kept", "others"),
    )
)
#: Names that do not say what they hold.
EMPTY = frozenset(("found", "one", "told", "others", "kept", "alike"))
#: Common phrases in which a word of the list has its ordinary meaning.
PLAIN = re.compile(
    r"\bcommand[- ]lines?\b|\bstraight[- ]lines?\b|\bline numbers?\b|\b\d+ lines\b|```.*?```|`[^`]*`", flags=re.S
)

#: An outcome is changed where its name or the column of its chance stands.
OUTCOMES = {
    "leadership_fall": ("leadership_fall", "p_fall_if_inspected"),
    "leadership_stuck": ("leadership_stuck", "p_stuck"),
    "gap_widening": ("gap_widening", "p_widens"),
}
SMALL_CODE = (".py", ".jinja", ".yaml")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Row:
    """One measure: what it is, its value in words, and the places that it counts."""

    measure: str
    value: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tree:
    """A checked-out tree of the project."""

    root: Path

    @cached_property
    def modules(self) -> dict[str, str]:
        """Return the text of each module of the package, by its path below the package."""
        top = self.root / PACKAGE
        return {
            path.relative_to(top).as_posix(): path.read_text(encoding="utf-8") for path in sorted(top.rglob("*.py"))
        }

    @cached_property
    def parsed(self) -> dict[str, ast.Module]:
        return {path: ast.parse(text) for path, text in self.modules.items()}

    @cached_property
    def product(self) -> dict[str, str]:
        """Return what a change of the product touches: the package, specs, scenarios and reference data."""
        folders = [self.root / name for name in (PACKAGE, "models", "configs", "data/reference")]
        files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in SMALL_CODE]
        return {path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8") for path in files}

    @cached_property
    def pages(self) -> dict[str, str]:
        """Return the written documentation by path; the log of changes is history and not in it."""
        files = [*(self.root / "docs").rglob("*.md"), self.root / "README.md", self.root / "CONTRIBUTING.md"]
        return {path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8") for path in sorted(files)}

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Yield each function and method with ``path:line name``."""
        for path, module in self.parsed.items():
            for node in ast.walk(module):
                if isinstance(node, Function):
                    yield f"{path}:{node.lineno} {node.name}", node


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--revision", default=BEFORE, help="the commit to compare with (default: %(default)s)")
    parser.add_argument("--places", action="store_true", help="also list what is counted in the working tree")
    chosen = parser.parse_args()
    after = measured(Tree(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        before = measured(Tree(unpacked(chosen.revision, Path(folder))))
    print(f"| measure | {chosen.revision} | working tree |\n|---|---|---|")
    for old, new in zip(before, after, strict=True):
        print(f"| {new.measure} | {old.value} | {new.value} |")
    for row in after if chosen.places else ():
        print(f"\n{row.measure}: {row.value}", *row.places, sep="\n  ")


def unpacked(revision: str, folder: Path) -> Path:
    """Write the tree of a commit into a folder and return it."""
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", revision]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"--revision {revision}: {done.stderr.decode().strip()} - name a commit that this clone has")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def measured(tree: Tree) -> list[Row]:
    """Return every measure of a tree, in the order of the table."""
    return [*folders(tree), *sizes(tree), *words(tree), duplicates(tree.root), *touched(tree)]


def folders(tree: Tree) -> list[Row]:
    """Modules per folder, ``__init__`` left out; the folders above the limit by name."""
    counts: dict[str, int] = {}
    for path in tree.modules:
        folder, _, name = path.rpartition("/")
        counts[folder or "."] = counts.get(folder or ".", 0) + (name != "__init__.py")
    crowded = sorted((name for name, number in counts.items() if number > MOST_MODULES), key=lambda name: -counts[name])
    told = ", ".join(f"{name} {counts[name]}" for name in crowded)
    everything = tuple(f"{name}: {number}" for name, number in sorted(counts.items()))
    return [
        Row("folders; modules", f"{len(counts)}; {sum(counts.values())}", everything),
        Row(f"folders over {MOST_MODULES} modules", f"{len(crowded)}" + (f" ({told})" if told else "")),
    ]


def sizes(tree: Tree) -> list[Row]:
    """Lines of modules, lines of function bodies without docstrings, parameters without ``self`` and ``cls``."""
    lines = {path: text.count("\n") for path, text in tree.modules.items()}
    bodies = {place: _body_lines(node) for place, node in tree.functions()}
    wide = [place for place, node in tree.functions() if _parameters(node) > MOST_PARAMETERS]
    long = tuple(f"{path}: {number}" for path, number in lines.items() if number > MOST_LINES)
    deep = tuple(f"{place}: {number}" for place, number in bodies.items() if number > MOST_BODY)
    return [
        Row(f"modules over {MOST_LINES} lines (longest)", f"{len(long)} ({max(lines.values())})", long),
        Row("function bodies, lines at the median", f"{statistics.median(bodies.values()):g}"),
        Row(f"function bodies over {MOST_BODY} lines (longest)", f"{len(deep)} ({max(bodies.values())})", deep),
        Row(f"functions with over {MOST_PARAMETERS} parameters", f"{len(wide)}", tuple(wide)),
    ]


def _body_lines(node: Function) -> int:
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1 if body else 0


def _parameters(node: Function) -> int:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    stars = (node.args.vararg is not None) + (node.args.kwarg is not None)
    return sum(argument.arg not in ("self", "cls") for argument in given) + stars


def words(tree: Tree) -> list[Row]:
    """Replaced words: modules and functions so named, variables per module, and occurrences in prose."""
    stems = [path for path in tree.modules if _parts(Path(path).stem) & REPLACED]
    functions = [place for place, node in tree.functions() if _parts(node.name) & REPLACED]
    variables = list(_variables(tree, lambda name: bool(_parts(name) & REPLACED)))
    empty = list(_variables(tree, lambda name: name in EMPTY))
    docstrings = list(_in_prose(_docstrings(tree)))
    pages = list(_in_prose(tree.pages.items()))
    return [
        Row("modules named by a replaced word", str(len(stems)), tuple(stems)),
        Row("functions named by a replaced word", str(len(functions)), tuple(functions)),
        Row("variables named by a replaced word", str(len(variables)), tuple(variables)),
        Row("variables named found, one, told, others, kept or alike", str(len(empty)), tuple(empty)),
        Row("replaced words in docstrings", str(len(docstrings)), tuple(docstrings)),
        Row("replaced words in documentation pages", str(len(pages)), tuple(pages)),
    ]


def _parts(name: str) -> set[str]:
    return set(name.lower().split("_"))


def _variables(tree: Tree, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the parameters, variables and fields of each module whose name is wanted, each name once a module."""
    for path, module in tree.parsed.items():
        names = {node.arg for node in ast.walk(module) if isinstance(node, ast.arg)}
        names |= {n.id for n in ast.walk(module) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        yield from (f"{path} {name}" for name in sorted(names) if wanted(name))


def _docstrings(tree: Tree) -> Iterator[tuple[str, str]]:
    for path, module in tree.parsed.items():
        for node in ast.walk(module):
            if isinstance(node, ast.Module | ast.ClassDef | Function) and (text := ast.get_docstring(node)):
                yield path, text


def _in_prose(texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    for path, text in texts:
        for word in re.findall(r"[a-z]+", PLAIN.sub(" ", text).lower()):
            if word in REPLACED:
                yield f"{path} {word}"


def duplicates(folder: Path) -> Row:
    """Pairs of places that share six lines, as the command ``duplicates`` counts them where it is installed.

    Pairs of declarations (imports, heads and fields of classes, tables of constants) are counted apart: they share a
    form and repeat no logic.
    """
    measure = "pairs of places that share six lines or more"
    command = shutil.which("duplicates")
    if command is None:
        return Row(measure, "not measured")
    options = ["--repo", str(folder), "--most", "200", "--seconds", "120"]
    listed = subprocess.run([command, *options], capture_output=True, text=True, check=False).stdout.splitlines()
    pairs = [line for line in listed if re.match(r"D\d+ ", line) and f"{PACKAGE}/" in line]
    logic = tuple(pair for pair in pairs if not declares(folder, pair))
    return Row(f"{measure} (in the package)", f"{len(logic)}; {len(pairs) - len(logic)} of declarations alone", logic)


def declares(folder: Path, pair: str) -> bool:
    """Return whether both places of a pair (``D1 a.py:10-24 ~ b.py:40-54 shape``) lie outside every function."""
    return not any(
        start <= int(last) and int(first) <= end
        for path, first, last in re.findall(r"(\S+\.py):(\d+)-(\d+)", pair)
        for start, end in _functions(folder / path)
    )


def _functions(path: Path) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each function of a module, without its decorators."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node.lineno, node.end_lineno or node.lineno


def touched(tree: Tree) -> list[Row]:
    """Files of the product that name an existing rule, feature, column, outcome or source: median and most."""
    kinds = {
        "a rule": dict(_rules(tree)),
        "a feature": {name: (name,) for name in _features(tree)},
        "a column of the ranked list": {name: (name,) for name in _columns(tree)},
        "an outcome": OUTCOMES,
        "a source family": {name: (name,) for name in _sources(tree)},
    }
    return [_files(kind, names, tree) for kind, names in kinds.items()]


def _files(kind: str, names: dict[str, tuple[str, ...]], tree: Tree) -> Row:
    counts = {name: sum(_says(path, text, spellings) for path, text in tree.product.items())
              for name, spellings in names.items()}  # fmt: skip
    value = f"{statistics.median(counts.values()):g}, at most {max(counts.values())}" if counts else "none"
    return Row(f"files that name {kind} ({len(counts)} of them)", value, tuple(f"{n}: {c}" for n, c in counts.items()))


def _says(path: str, text: str, spellings: tuple[str, ...]) -> bool:
    return any(Path(path).stem == word or re.search(rf"\b{word}\b", text) for word in spellings)


def _rules(tree: Tree) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each kind of rule with its model's name; kinds of one word (``level``) are words of the tables too."""
    models = [node for path, module in tree.parsed.items() if path.startswith("config/") for node in ast.walk(module)]
    for model in models:
        for line in model.body if isinstance(model, ast.ClassDef) else ():
            if isinstance(line, ast.AnnAssign) and ast.unparse(line).startswith("rule: Literal["):
                for kind in re.findall(r"'(\w+_\w+)'", ast.unparse(line)):
                    yield kind, (kind, model.name)


def _features(tree: Tree) -> list[str]:
    """Return the features of the specs whose name is not that of a column."""
    texts = [text for path, text in tree.product.items() if path.startswith("models/")]
    declared = set(re.findall(r"^  (\w+): \{column: ", "\n".join(texts), flags=re.M))
    columns = set(re.findall(r"\b(?:schools|inspections|school_years|results)\.(\w+)", "\n".join(texts)))
    return sorted(name for name in declared - columns if "_" in name)


def _columns(tree: Tree) -> list[str]:
    """Return the columns of the ranked list with two words or more in their name, those of the outcomes with them."""
    text = tree.modules.get("report/columns.py", "")
    ranked = text.partition("\nRANKED")[2].partition("\n)\n")[0]
    outcomes = tree.modules.get("domain/outcomes.py", "")
    names = re.findall(r'Column\(\s*(?:\*\()?"(\w+)"', ranked) + re.findall(r'Figure\(\s*"(\w+)"', outcomes)
    return sorted(name for name in names if "_" in name)


def _sources(tree: Tree) -> list[str]:
    text = tree.product.get("data/reference/sources.yaml", "")
    return sorted(re.findall(r"^(\w+):$", text, flags=re.M))


if __name__ == "__main__":
    main()
