"""Text to nodes: values, lists and mappings with their lines, within limits of depth and size.

The text is YAML, read event by event: nothing in it makes an object, calls code or expands without limit. An alias
(``*name``) is the node that its anchor (``&name``) marks; a merge key (``<<``) gives a mapping the keys of another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pilotage.config.written.decoded import odd_character
from pilotage.config.written.fault import Fault, short
from pilotage.config.written.scalars import Scalar, is_impossible_day, scalar
from pilotage.config.written.unreadable import unreadable

DEEPEST = 20
MOST_VALUES = 100_000
LONGEST_KEY = 200
MERGE = "<<"


@dataclass(frozen=True)
class Node:
    """A value, a list or a mapping, with its line (from 1); ``size``: how many values it holds, aliases expanded."""

    line: int
    value: Scalar = None
    items: tuple[Node, ...] | None = None
    entries: dict[str, Entry] | None = None
    merges: bool = False
    text: str = ""
    size: int = 1
    depth: int = 1

    @property
    def empty(self) -> bool:
        """Return whether nothing is written."""
        return self.value is None and self.items is None and self.entries is None

    @property
    def words(self) -> str:
        """Return what is written, for a message."""
        if self.items is not None:
            return "a list"
        return "keys and values" if self.entries is not None else short(self.text)


@dataclass(frozen=True)
class Entry:
    """One key of a mapping: the line of the key, and its value."""

    line: int
    node: Node


@dataclass
class Open:
    """A list or mapping that is not ended yet; of a mapping, keys and values in turn."""

    line: int
    mapping: bool
    anchor: str | None
    parts: list[Node] = field(default_factory=list)

    @property
    def key(self) -> str | None:
        """Return the key whose value comes next; None where a key or an item comes next."""
        return self.parts[-1].text if self.mapping and len(self.parts) % 2 else None


@dataclass
class Reading:
    """What has been read of a text so far: what is open, what anchors mark, and what is wrong."""

    faults: list[Fault] = field(default_factory=list)
    stack: list[Open] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    roots: list[Node] = field(default_factory=list)

    def fault(self, line: int, what: str, allowed: str, do: str) -> None:
        """Note a fault at the key that is being read."""
        key = tuple(part.key for part in self.stack if part.key is not None)
        self.faults.append(Fault(line, what, allowed, do, key=key))

    def add(self, node: Node, anchor: str | None = None) -> None:
        """Put a whole node into what is open."""
        if anchor is not None:
            self.anchors[anchor] = node
        (self.stack[-1].parts if self.stack else self.roots).append(node)


def read(text: str) -> tuple[Node | None, list[Fault]]:
    """Return the node of a text, and all that is wrong with it; None where the text is empty or cannot be read."""
    reading = Reading()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            _take(reading, event)
            if len(reading.stack) > DEEPEST or len(reading.roots) > 1:
                break
    except MarkedYAMLError as error:
        reading.faults.append(_unreadable(text, error))
    except (YAMLError, ValueError):
        line = text.count("\n", 0, max(text.find("\\U"), 0)) + 1
        what = "a character that cannot be read"
        reading.faults.append(Fault(line, what, "letters, digits, signs and spaces", "leave out what begins with \\"))
    root = reading.roots[0] if reading.roots else None
    return (None if reading.faults else root), reading.faults


def _unreadable(text: str, error: MarkedYAMLError) -> Fault:
    """Return the fault of a text that cannot be read on; what is open at its end is named where it begins."""
    mark = error.problem_mark or error.context_mark
    if mark is not None and error.context_mark is not None and mark.index >= len(text.rstrip()):
        mark = error.context_mark
    return unreadable(text, mark.line if mark else 0, mark.column if mark else 0)


def _take(reading: Reading, event: Any) -> None:
    """Take one event of the text."""
    line = event.start_mark.line + 1
    if isinstance(event, DocumentStartEvent) and reading.roots:
        reading.fault(line, "a second text after ---", "one text in a file", "put it into a file of its own")
    elif isinstance(event, MappingStartEvent | SequenceStartEvent):
        _start(reading, event, line)
    elif isinstance(event, MappingEndEvent | SequenceEndEvent):
        done = reading.stack.pop()
        reading.add(_bearable(reading, _mapping(reading, done) if done.mapping else _list(done)), done.anchor)
    elif isinstance(event, ScalarEvent):
        _tagged(reading, event, line)
        reading.add(_scalar(reading, event, line), event.anchor)
    elif isinstance(event, AliasEvent):
        reading.add(_alias(reading, event.anchor, line))


def _start(reading: Reading, event: Any, line: int) -> None:
    _tagged(reading, event, line)
    reading.stack.append(Open(line, isinstance(event, MappingStartEvent), event.anchor))
    if len(reading.stack) > DEEPEST:
        what = "lists or mappings in one another, too deep"
        reading.fault(line, what, f"at most {DEEPEST} levels", "write it flatter")


def _tagged(reading: Reading, event: Any, line: int) -> None:
    """Refuse a tag: an unquoted value says by itself what it is."""
    if event.tag is not None:
        tag = short(str(event.tag).replace("tag:yaml.org,2002:", "!!"))
        reading.fault(
            line, f"the tag {tag}", "values without tags", "remove it; put a text that begins with ! in quotes"
        )


def _scalar(reading: Reading, event: Any, line: int) -> Node:
    plain = event.style is None
    odd = odd_character(event.value)
    if odd is not None:
        reading.fault(line, odd, "letters, digits, signs and spaces", "delete it")
    if plain and is_impossible_day(event.value):
        what = f"{event.value}, which is no day of the calendar"
        reading.fault(line, what, "a day that exists, as 2016-08-31", "correct the day, or put a text in quotes")
    value = scalar(event.value) if plain else event.value
    return Node(line, value, merges=plain and event.value == MERGE, text=event.value)


def _alias(reading: Reading, name: str, line: int) -> Node:
    """Return the node that an alias stands for."""
    if any(part.anchor == name for part in reading.stack):
        reading.fault(
            line, f"*{short(name)} stands within what &{short(name)} marks", "a text that ends", "write it out"
        )
    elif name not in reading.anchors:
        what = f"*{short(name)}, and nothing above is marked &{short(name)}"
        reading.fault(line, what, "a name marked with & above", "put a text that begins with * in quotes")
    elif len(reading.stack) + reading.anchors[name].depth > DEEPEST:
        reading.fault(
            line, "lists or mappings in one another, too deep", f"at most {DEEPEST} levels", "write it flatter"
        )
    else:
        return reading.anchors[name]
    return Node(line)


def _bearable(reading: Reading, node: Node) -> Node:
    """Return a list or mapping; an empty one with a fault where its aliases make it too large."""
    if node.size <= MOST_VALUES:
        return node
    what = f"{node.size:,} values, aliases (*name) written out"
    reading.fault(
        node.line, what, f"at most {MOST_VALUES:,} values", "write it without aliases, or put it into a table"
    )
    return Node(node.line)


def _list(done: Open) -> Node:
    return Node(done.line, items=tuple(done.parts), size=_size(done.parts), depth=_depth(done.parts))


def _mapping(reading: Reading, done: Open) -> Node:
    """Return a mapping: keys of its own, and below them those of the mappings that ``<<`` names."""
    own, merged = dict[str, Entry](), dict[str, Entry]()
    for key, value in list(pairwise(done.parts))[::2]:
        if key.items is not None or key.entries is not None or len(key.text) > LONGEST_KEY:
            what = "a list or a mapping as a key" if not key.text else f"a key of {len(key.text):,} letters"
            reading.fault(key.line, what, f"a word of at most {LONGEST_KEY} letters", "write a word")
        elif key.merges:
            _merge(reading, value, key.line, merged)
        elif key.text in own:
            what = f"{short(key.text)} is set again (first in line {own[key.text].line})"
            reading.fault(key.line, what, "each key once", "remove one")
        else:
            own[key.text] = Entry(key.line, value)
    parts = [entry.node for entry in (merged | own).values()]
    return Node(done.line, entries=merged | own, size=_size(parts), depth=_depth(parts))


def _merge(reading: Reading, value: Node, line: int, merged: dict[str, Entry]) -> None:
    """Add the keys of the mapping, or of each of a list of mappings, that ``<<`` names; the earlier ones win."""
    for node in value.items if value.items is not None else (value,):
        if node.entries is None:
            reading.fault(line, "<< with something else than a mapping", "<<: *name of a mapping", "write out the keys")
            return
        for key, entry in node.entries.items():
            merged.setdefault(key, entry)


def _size(parts: list[Node]) -> int:
    return 1 + sum(part.size for part in parts)


def _depth(parts: list[Node]) -> int:
    return 1 + max((part.depth for part in parts), default=0)
