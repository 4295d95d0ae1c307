"""A file of keys and values, read whole or refused with all that cannot be read in it."""

from __future__ import annotations

from pathlib import Path

from pilotage.config.written.decoded import decoded
from pilotage.config.written.fault import problem
from pilotage.config.written.nodes import Node, read
from pilotage.errors import Problem, ScenarioError, raise_all


def parsed(path: Path, do: str, name: str | None = None) -> Node:
    """Return what a file says: a mapping with at least one key.

    Parameters
    ----------
    do
        What to do about a file without keys.
    name
        What messages call the file; its own name where none is given.

    Raises
    ------
    ScenarioError
        With all that cannot be read in it, each with its line.
    """
    name = name or path.name
    try:
        text, faults = decoded(path.read_bytes())
    except OSError:
        raise ScenarioError(Problem(str(path), "cannot be read", "a file that you may open", "check it")) from None
    root = None
    if not faults:
        root, faults = read(text)
    raise_all(ScenarioError, [problem(fault, line_of(name, fault.line)) for fault in faults])
    if root is None or root.entries is None:
        found = (
            "no keys"
            if root is None or root.empty
            else f"no keys, but {'a list' if root.items is not None else 'a text'}"
        )
        where = line_of(name, root.line if root else 1)
        raise ScenarioError(Problem(where, found, "keys and values, as `name: mine`", do))
    return root


def line_of(name: str, line: int) -> str:
    """Return where a line of a file is, for a message; the name alone of what stands in no file (line 0)."""
    return f"{name}, line {line}" if line else name
