"""Leaf: one value of a scenario, with where it was set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Key = tuple[str, ...]
# Paths, relative to the file that sets them.
PATHS = (("data", "folder"), ("pool", "leaders"), ("pool", "posts"), ("pool", "pairs"))


@dataclass(frozen=True)
class Leaf:
    """One value of a scenario and where it was set: a place in a file, or ``--set``."""

    value: Any
    origin: str


Leaves = dict[Key, Leaf]


def is_path(key: Key) -> bool:
    """Return whether a key holds the path of a file or folder."""
    return key in PATHS or (len(key) == 3 and key[0] == "rules" and key[2] == "earlier_plan")
