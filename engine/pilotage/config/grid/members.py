"""The scenarios of a sweep: the scenario with each set of settings laid over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from pilotage.config.grid.draws import drawn
from pilotage.config.grid.file import Grid, read_grid
from pilotage.config.leaf import Key, Leaf, Leaves, laid_over
from pilotage.config.overlay import Resolved, anchored, resolved, set_leaves
from pilotage.config.refusals.removals import refused_removals
from pilotage.config.settings import split_key
from pilotage.config.written.fault import short
from pilotage.errors import Problem, ScenarioError, raise_all

ABSENT = object()


@dataclass(frozen=True)
class Member:
    """One scenario of a sweep.

    Attributes
    ----------
    number
        From 1, in the order of the file: grid, list, draws.
    settings
        Of each key that any scenario of the sweep sets, its value here as JSON; None where nothing stands at it.
    resolved
        The scenario; of each value that the grid file sets, its line.
    drawn
        Whether it was drawn at random.
    """

    number: int
    settings: dict[str, str | None]
    resolved: Resolved
    drawn: bool = False


@dataclass(frozen=True)
class _Set:
    """The settings of one scenario as the grid file has them: the value of each key with its line."""

    values: dict[str, Leaf]
    drawn: bool = False


def members_of(scenario: str, grid: Path, settings: list[str] | None = None) -> tuple[Resolved, tuple[Member, ...]]:
    """Return a scenario as it is, and each scenario that a grid file makes of it; one that is made twice comes once.

    Raises
    ------
    ScenarioError
        With every problem of the scenario, or of the grid file: unknown keys and wrong values, with file and line.
    """
    file, base = set_leaves(scenario, settings or ())
    asked, leaves = read_grid(grid)
    sets = list(_sets(asked, leaves))
    keys = {name: split_key(name, base) for each in sets for name in each.values}
    whole = resolved(file, base)
    made = _resolved(file, base, sets, keys, grid)
    return whole, tuple(_members(made, sets, keys))


def _sets(grid: Grid, leaves: Leaves) -> Iterator[_Set]:
    """Yield the settings of each scenario that a grid file asks for."""
    axes = [[(key, _item(leaves["grid", key], at)) for at in range(len(values))] for key, values in grid.grid.items()]
    yield from (_Set(dict(each)) for each in (product(*axes) if axes else ()))
    for at, listed in enumerate(grid.listed):
        origin = leaves[("list",)].items[at]
        yield _Set({key: Leaf(value, origin) for key, value in listed.items()})
    if grid.draws is not None:
        lines = {key: _below(leaves, ("draws", "keys", key)) for key in grid.draws.keys}
        for values in drawn(grid.draws):
            yield _Set({key: Leaf(value, lines[key]) for key, value in values.items()}, drawn=True)


def _item(leaf: Leaf, at: int) -> Leaf:
    return Leaf(leaf.value[at], leaf.items[at])


def _below(leaves: Leaves, key: Key) -> str:
    """Return where the first value below a key stands."""
    return next(leaf.origin for each, leaf in leaves.items() if each[: len(key)] == key)


def _resolved(file: Path, base: Leaves, sets: list[_Set], keys: dict[str, Key], grid: Path) -> list[Resolved]:
    """Return the scenario of each set, or raise the problems of all, each once."""
    made, problems = list[Resolved](), dict[Problem, None]()
    for each in sets:
        own = {
            key: anchored(key, leaf, grid)
            for name, whole in each.values.items()
            for key, leaf in _leaves(whole.value, whole.origin, keys[name]).items()
        }
        faults = [*_unnamed(each, keys), *refused_removals(base, own)]
        try:
            raise_all(ScenarioError, faults)
            made.append(resolved(file, laid_over(base, own)))
        except ScenarioError as error:
            problems |= dict.fromkeys(error.problems)
    raise_all(ScenarioError, problems)
    return made


def _unnamed(each: _Set, keys: dict[str, Key]) -> Iterator[Problem]:
    """Yield a problem for each key of which a part is empty, as in ``rules..count``."""
    for name, leaf in each.values.items():
        if not all(keys[name]):
            do = "write the names with one full stop between two"
            yield Problem(f"{leaf.origin}: {short(name)}", "no key", "a key as of --set, as rules.budget.total_gbp", do)


def _leaves(value: Any, origin: str, key: Key) -> Leaves:
    """Return the leaves of a value, which may be a mapping of keys."""
    if isinstance(value, dict) and value:
        return {at: leaf for name, part in value.items() for at, leaf in _leaves(part, origin, (*key, name)).items()}
    return {key: Leaf(value, origin)}


def _members(made: list[Resolved], sets: list[_Set], keys: dict[str, Key]) -> Iterator[Member]:
    known = set[str]()
    for each, settings in zip(made, sets, strict=True):
        tree = each.scenario.model_dump(mode="json")
        same = json.dumps(tree, sort_keys=True)
        if same not in known:
            known.add(same)
            shown = {name: _shown(tree, key) for name, key in keys.items()}
            yield Member(len(known), shown, each, settings.drawn)


def _shown(tree: dict[str, Any], key: Key) -> str | None:
    """Return the value at a key as JSON; None where nothing stands there."""
    node: Any = tree
    for part in key:
        node = node.get(part, ABSENT) if isinstance(node, dict) else ABSENT
    return None if node is ABSENT else json.dumps(node, ensure_ascii=False)
