"""Leaf: one value of a scenario, with where it was set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Key = tuple[str, ...]
# Paths, relative to the file that sets them.
PATHS = (("data", "folder"), *(("pool", name) for name in ("leaders", "posts", "pairs", "asks")))
RULE_PATHS = ("earlier_plan", "earlier_asks")


@dataclass(frozen=True)
class Leaf:
    """One value of a scenario and where it was set: a place in a file, or ``--set``."""

    value: Any
    origin: str


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
