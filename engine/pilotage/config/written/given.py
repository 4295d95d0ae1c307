"""A scenario given as a mapping of Python, as the nodes that a file of the same keys and values would have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from pathlib import PurePath
from typing import Any

import numpy as np

from pilotage.config.written.fault import Fault, short
from pilotage.config.written.nodes import DEEPEST, Entry, Node

NO_LINE = 0  # of what stands in no file
KINDS = "texts, finite numbers, true and false, days, None, and lists and mappings of them"


def given(value: Mapping[str, Any]) -> tuple[Node, list[Fault]]:
    """Return the node of a mapping, and a fault for each value that no scenario can hold."""
    faults: list[Fault] = []
    return _node(value, (), faults), faults


def _node(value: Any, key: tuple[str, ...], faults: list[Fault]) -> Node:
    if len(key) > DEEPEST:
        faults.append(Fault(NO_LINE, "mappings within mappings, too deep", f"at most {DEEPEST}", "nest less", key[:3]))
        return Node(NO_LINE)
    if isinstance(value, Mapping):
        return _mapping(value, key, faults)
    if isinstance(value, (list, tuple)):
        return Node(NO_LINE, items=tuple(_node(item, (*key, str(n)), faults) for n, item in enumerate(value)))
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, (date, PurePath)):
        plain = str(plain)
    if plain is None or isinstance(plain, (str, int)) or (isinstance(plain, float) and isfinite(plain)):
        return Node(NO_LINE, value=plain, text=short(str(plain)))
    found = str(plain) if isinstance(plain, float) else f"a value of the type {type(value).__name__}"
    faults.append(Fault(NO_LINE, found, KINDS, "write it so", key))
    return Node(NO_LINE)


def _mapping(value: Mapping[Any, Any], key: tuple[str, ...], faults: list[Fault]) -> Node:
    entries: dict[str, Entry] = {}
    for name, inner in value.items():
        if isinstance(name, str) and name:
            entries[name] = Entry(NO_LINE, _node(inner, (*key, name), faults))
        else:
            faults.append(Fault(NO_LINE, f"the key {name!r}", "a text, not empty", "write it in quotes", key))
    return Node(NO_LINE, entries=entries)
