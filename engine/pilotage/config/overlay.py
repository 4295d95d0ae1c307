"""``extends``, ``--set``, and the origin of every value.

A scenario ``extends`` one or several scenarios and gives the keys that change. Mappings merge; any other value replaces
what stood there; ``null`` under ``rules``, ``pins``, ``bans``, ``outcomes`` or ``impact.parameters`` removes an entry.
Two extended scenarios that set the same key to different values are an error that names both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pilotage import assets
from pilotage.config.leaf import Key, Leaf, Leaves, laid_over, removes, tree_of, with_paths
from pilotage.config.refusals.faults import validated
from pilotage.config.refusals.nearest import nearest
from pilotage.config.refusals.removals import refused_removals, without_removed
from pilotage.config.resolved_text import resolved_text
from pilotage.config.scenario import Scenario
from pilotage.config.settings import with_settings
from pilotage.config.written.fault import problem, short
from pilotage.config.written.file import line_of, parsed
from pilotage.config.written.given import given
from pilotage.config.written.leaves import leaves_of
from pilotage.config.written.nodes import Node
from pilotage.errors import Problem, ScenarioError, raise_all

GIVEN = "the scenario given"  # what messages call a scenario that stands in no file
MOST_CHAINED = 20  # scenarios that extend one another
FREE = (("name",), ("why",))  # keys that extended scenarios may set to different values


@dataclass(frozen=True)
class Resolved:
    """A scenario with the origin of every value; ``yaml`` is its text for the run folder, ``file`` where it stands."""

    scenario: Scenario
    leaves: Leaves
    yaml: str
    file: Path | None = None


@dataclass(frozen=True)
class Chain:
    """The scenarios that lead to one by ``extends``, and what has been loaded already, or why it could not be."""

    above: tuple[Path, ...] = ()
    loaded: dict[Path, Leaves | ScenarioError] = field(default_factory=dict)

    def below(self, path: Path) -> Chain:
        """Return the chain of what a scenario of this chain extends."""
        return Chain((*self.above, path), self.loaded)


def resolve(name: str, settings: Sequence[str] = ()) -> Resolved:
    """Return the scenario of a path or of a name in configs/, with ``key=value`` settings laid over it.

    Raises
    ------
    ScenarioError
        With every problem, each with its file, its key and the number of its row in the file.
    """
    return resolved(*set_leaves(name, settings))


def resolve_given(keys: Mapping[str, Any], settings: Sequence[str] = ()) -> Resolved:
    """Return the scenario of a mapping of keys, as ``resolve`` does of a file in the current folder.

    Raises
    ------
    ScenarioError
        With every problem, each with its key.
    """
    node, faults = given(keys)
    raise_all(ScenarioError, [problem(fault, GIVEN) for fault in faults])
    file = Path.cwd() / GIVEN
    return resolved(file, with_settings(_on_inherited(node, file, Chain()), settings))


def set_leaves(name: str, settings: Sequence[str] = ()) -> tuple[Path, Leaves]:
    """Return the file of a scenario, and its leaves with settings laid over them, not yet looked at as a whole.

    Raises
    ------
    ScenarioError
        With every problem of the files and of the settings.
    """
    file = _located(name, (Path(name),), short(name))
    return file, with_settings(_load(file, Chain()), settings)


def with_leaves(resolved_before: Resolved, over: Leaves) -> Resolved:
    """Return a scenario with values laid over it, which stand in no file.

    Raises
    ------
    ScenarioError
        Where it does not hold together with them.
    """
    leaves = laid_over(resolved_before.leaves, over)
    return _of_leaves(leaves, resolved_before.file or Path(resolved_before.scenario.name))


def resolved(file: Path, set_to: Leaves) -> Resolved:
    """Return the scenario of a file whose keys are set to some leaves.

    Raises
    ------
    ScenarioError
        With every key that is missing, unknown or of a wrong value.
    """
    return _of_leaves(without_removed(set_to), file)


def _of_leaves(leaves: Leaves, file: Path) -> Resolved:
    scenario = validated(Scenario, tree_of(leaves), leaves, file.name, "add the key, or `extends: baseline`")
    return Resolved(scenario, leaves, resolved_text(scenario, leaves), file)


def _located(name: str, places: tuple[Path, ...], where: str) -> Path:
    """Return the first of some places that is a file, or the shipped scenario of a name."""
    for candidate in (*places, assets.configs() / f"{name}.yaml"):
        if _is(candidate, Path.is_file):
            return candidate
    if any(_is(place, Path.is_dir) for place in places):
        raise ScenarioError(Problem(where, f"{short(name)} is a folder", "a YAML file", "name the file in it"))
    shipped = sorted(path.stem for path in assets.configs().glob("*.yaml"))
    allowed = f"a path to a YAML file, or one of {', '.join(shipped)}"
    what = "no such scenario" if where == short(name) else f"no such scenario: {short(name)}"
    raise ScenarioError(Problem(where, what, allowed, nearest(name, shipped)))


def _is(path: Path, kind: Any) -> bool:
    """Return whether a path is of a kind; a path that cannot be looked up, such as one too long, is of none."""
    try:
        return bool(kind(path))
    except (OSError, ValueError):
        return False


def _load(path: Path, chain: Chain) -> Leaves:
    """Return the leaves of a scenario and of all that it extends; each file is read once, whatever it is named by."""
    whole = path.resolve()
    if whole not in chain.loaded:
        try:
            chain.loaded[whole] = _with_inherited(path, chain.below(whole))
        except ScenarioError as error:
            chain.loaded[whole] = error
    done = chain.loaded[whole]
    if isinstance(done, ScenarioError):
        raise done
    return done


def _with_inherited(path: Path, chain: Chain) -> Leaves:
    """Return the leaves of the scenario of a file laid over those of what it extends."""
    return _on_inherited(parsed(path, "start from configs/baseline.yaml"), path, chain)


def _on_inherited(root: Node, path: Path, chain: Chain) -> Leaves:
    entries = dict(root.entries or {})
    parents = entries.pop("extends", None)
    own = leaves_of(Node(1, entries=entries), partial(line_of, path.name)) if entries else {}
    own = {key: anchored(key, leaf, path) for key, leaf in own.items()}
    named = _parents(parents.node, path, parents.line) if parents else {}
    inherited = _merged(_inherited(named, path, chain), named, path)
    raise_all(ScenarioError, refused_removals(inherited, own))
    return laid_over(inherited, own)


def anchored(key: Key, leaf: Leaf, path: Path) -> Leaf:
    """Return ``leaf``; a relative file name is taken from the folder of the scenario that names it."""
    return replace(leaf, value=with_paths(leaf.value, key, lambda name: str(path.parent / name) if name else name))


def _parents(node: Node, path: Path, line: int) -> dict[str, str]:
    """Return where each scenario is named that a scenario extends, by its name."""
    nodes = [item for item in (node.items if node.items is not None else (node,)) if not item.empty]
    allowed = "the name of a scenario, or a list of names, as [baseline, mine]"
    wrong = [
        Problem(f"{line_of(path.name, item.line)}: extends", f"found {item.words}", allowed, "write its name")
        for item in nodes
        if not isinstance(item.value, str)
    ]
    raise_all(ScenarioError, wrong)
    where = line_of(path.name, line)
    return {str(item.value): f"{where if item is node else line_of(path.name, item.line)}: extends" for item in nodes}


def _inherited(names: dict[str, str], path: Path, chain: Chain) -> list[Leaves]:
    """Return the leaves of each scenario that one extends, or raise the problems of all."""
    loaded, problems = list[Leaves](), list[Problem]()
    for name, where in names.items():
        try:
            loaded.append(_parent(name, where, path, chain))
        except ScenarioError as error:
            problems += [each for each in error.problems if each not in problems]
    raise_all(ScenarioError, problems)
    return loaded


def _parent(name: str, where: str, path: Path, chain: Chain) -> Leaves:
    file = _located(name, (path.parent / name, path.parent / f"{name}.yaml", Path(name)), where)
    if file.resolve() in chain.above:
        what = f"{short(name)} extends itself"
        raise ScenarioError(Problem(where, what, "a chain without a circle", "remove one `extends`"))
    if len(chain.above) >= MOST_CHAINED:
        do = "let it extend fewer scenarios"
        raise ScenarioError(Problem(where, "a chain of scenarios, too long", f"at most {MOST_CHAINED} in a chain", do))
    return _load(file, chain)


def _merged(inherited: list[Leaves], names: dict[str, str], path: Path) -> Leaves:
    """Return the leaves of all extended scenarios together, which may not set a key to different values."""
    result: Leaves = {}
    problems = []
    for leaves, name in zip(inherited, names, strict=True):
        for key, leaf in leaves.items():
            other = result.get(key, leaf)
            if other.value != leaf.value and key not in FREE:
                origins = f"set by {other.origin} and by {leaf.origin} (through {name!r})"
                do = "set the key in only one of the extended scenarios"
                problems.append(Problem(f"{path.name}: {'.'.join(key)}", origins, "one of them", do))
        problems += _removed_and_set(result, leaves, path)
        result = laid_over(result, leaves)
    raise_all(ScenarioError, problems)
    return result


def _removed_and_set(one: Leaves, other: Leaves, path: Path) -> list[Problem]:
    """Return a problem for each entry that one of two extended scenarios removes and the other has."""
    return [
        Problem(
            f"{path.name}: {'.'.join(key)}",
            f"removed by {leaf.origin}, and not by every scenario that is extended",
            "removed by all of them, or by none",
            "remove it here with null, and not there",
        )
        for gone, kept in ((one, other), (other, one))
        for key, leaf in gone.items()
        if removes(key, leaf) and key not in kept and any(each[: len(key)] == key for each in kept)
    ]
