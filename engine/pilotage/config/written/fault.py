"""Fault: one thing wrong in a text, with its line and key; a caller that knows the file makes a problem of it."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.errors import Problem, printable


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a text of keys and values."""

    line: int
    what: str
    allowed: str
    do: str
    key: tuple[str, ...] = ()


def problem(fault: Fault, origin: str) -> Problem:
    """Return the problem of a fault that stands at ``origin``, such as ``s.yaml, line 3``."""
    where = f"{origin}: {'.'.join(short(part) for part in fault.key)}" if fault.key else origin
    return Problem(where, fault.what, fault.allowed, fault.do)


def short(text: str, most: int = 60) -> str:
    """Return a text that fits in a message: signs that are not printed are shown as numbers, and the end is cut."""
    return printable(text) if len(text) <= most else f"{printable(text[: most - 3])}..."
