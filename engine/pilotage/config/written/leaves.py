"""Nodes to leaves: each value of a scenario with its key and where it was set, without what a terminal would obey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pilotage.config.leaf import Key, Leaf, Leaves
from pilotage.config.written.nodes import Node
from pilotage.domain.words import one_line, printable

Origin = Callable[[int], str]


def leaves_of(node: Node, origin: Origin, key: Key = (), line: int | None = None) -> Leaves:
    """Return the leaves of a node; ``origin`` says where a line (from 1) stands, ``line`` is that of the node's key."""
    if node.entries:
        below = [
            leaves_of(entry.node, origin, (*key, one_line(name)), entry.line) for name, entry in node.entries.items()
        ]
        return {each: leaf for leaves in below for each, leaf in leaves.items()}
    items = tuple(origin(item.line) for item in node.items or ())
    return {key: Leaf(_plain(node), origin(line or node.line), items)}


def _plain(node: Node) -> Any:
    """Return the value of a node, its lists and mappings those of Python."""
    if node.entries is not None:
        return {one_line(name): _plain(entry.node) for name, entry in node.entries.items()}
    if node.items is not None:
        return [_plain(item) for item in node.items]
    return printable(node.value) if isinstance(node.value, str) else node.value
