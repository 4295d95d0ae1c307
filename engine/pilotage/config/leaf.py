"""Leaf: one value of a scenario, with where it was set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from pilotage.errors import Spot

Key = tuple[str, ...]
# Paths, relative to the file that sets them.
PATHS = (
    ("data", "folder"),
    *(("pool", name) for name in ("leaders", "posts", "added_posts", "pairs", "asks", "decisions", "schools")),
)
RULE_PATHS = ("earlier_plan", "earlier_asks")
# Mappings by names of the planner's own, whose entries null removes.
NAMED = (("rules",), ("pins",), ("bans",), ("outcomes",), ("impact", "parameters"))


@dataclass(frozen=True)
class Leaf:
    """One value of a scenario and where it was set: a place in a file, or ``--set``; ``items``: of each of a list.

    ``layer``: how many scenarios and settings at most it was laid over. ``at``: the cell of a workbook that set it.
    """

    value: Any
    origin: str
    items: tuple[str, ...] = ()
    layer: int = 0
    at: Spot | None = None


Leaves = dict[Key, Leaf]


def is_path(key: Key) -> bool:
    """Return whether a key holds the path of a file or folder, or a list of them."""
    return key in PATHS or (len(key) == 3 and key[0] == "rules" and key[2] in RULE_PATHS)


def with_paths(value: Any, key: Key, change: Callable[[str], str]) -> Any:
    """Return the value of a key with each path in it changed; a value that holds none as it is."""
    if not is_path(key):
        return value
    if isinstance(value, list):
        return [with_paths(item, key, change) for item in value]
    return change(value) if isinstance(value, str) else value


def removes(key: Key, leaf: Leaf) -> bool:
    """Return whether a value removes the entry at its key."""
    return leaf.value is None and key[:-1] in NAMED


def names_below(keys: Iterable[Key], above: Key) -> list[str]:
    """Return the names that stand right below a key."""
    depth = len(above)
    return list(dict.fromkeys(key[depth] for key in keys if len(key) > depth and key[:depth] == above))


def laid_over(base: Leaves, over: Leaves) -> Leaves:
    """Return ``base`` with ``over`` laid on it; a value replaces the mapping that stood there, and the reverse.

    An empty mapping changes nothing where a mapping stands.
    """
    mappings = {key[:length] for key in base for length in range(1, len(key))}
    over = {key: leaf for key, leaf in over.items() if leaf.value != {} or key not in mappings}
    inner = {key[:length] for key in over for length in range(1, len(key))}
    kept = {
        key: leaf
        for key, leaf in base.items()
        if key not in inner and not any(key[:length] in over for length in range(1, len(key)))
    }
    layer = 1 + max((leaf.layer for leaf in base.values()), default=-1)
    return kept | {key: replace(leaf, layer=leaf.layer + layer) for key, leaf in over.items()}


def places_of(leaves: Leaves) -> dict[Key, Leaf]:
    """Return the leaf of each key, and of each key above one the first below it of those that were set last."""
    places: dict[Key, Leaf] = {}
    for key, leaf in leaves.items():
        for length in range(1, len(key) + 1):
            if leaf.layer > places.setdefault(key[:length], leaf).layer:
                places[key[:length]] = leaf
    return places


def nearest_place(places: dict[Key, Leaf], key: Key) -> Leaf | None:
    """Return the leaf at a key, or at the nearest key above it that has one."""
    above = (key[:length] for length in range(len(key), 0, -1))
    return next((places[each] for each in above if each in places), None)


def tree_of(leaves: Leaves) -> dict[str, Any]:
    """Return the values as a tree of mappings."""
    tree: dict[str, Any] = {}
    for key, leaf in leaves.items():
        node = tree
        for part in key[:-1]:
            node = node.setdefault(part, {})
        node[key[-1]] = leaf.value
    return tree
