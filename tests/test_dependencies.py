"""Pilotage starts with its plain dependencies: nothing that only an extra brings is imported where all can reach it."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "engine" / "pilotage"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {"cluster": ENGINE / "study" / "sweep" / "cluster.py", "workbench": ENGINE / "workbench"}

BROUGHT_BY = {"distributed": "dask", "markupsafe": "jinja2"}  # always, by the packages that are asked for


def _plain(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", requirement)[0]).lower()


def _imported() -> Iterator[tuple[Path, str]]:
    """Yield every module of somebody else that a file of the engine imports, by its first name."""
    for path in sorted(ENGINE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            named += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in {name.partition(".")[0] for name in named} - set(sys.stdlib_module_names) - {"pilotage"}:
                yield path, name


def test_what_is_imported_is_a_dependency_or_of_the_extra_of_its_room() -> None:
    own = {_plain(text) for text in PROJECT["dependencies"]}
    extras = {name: {_plain(text) for text in PROJECT["optional-dependencies"][name]} for name in EXTRAS}
    brought = packages_distributions()
    wrong = []
    for path, name in _imported():
        from_here = {_plain(each) for each in brought.get(name, [name])} | {BROUGHT_BY.get(name, name)}
        rooms = [room for extra, room in EXTRAS.items() if from_here & extras[extra]]
        if not from_here & own and not any(path.is_relative_to(room) for room in rooms):
            wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert wrong == []


@pytest.mark.parametrize("module", ["pilotage.cli.commands", "pilotage.api"])
def test_a_start_imports_nothing_of_an_extra(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'dask', 'distributed', 'streamlit'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
