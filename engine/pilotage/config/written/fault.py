"""Fault: one thing wrong in a text, with its line and key; a caller that knows the file makes a problem of it."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.errors import Problem


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
    """Return a text that fits in a message: control characters are shown as their numbers, and the end is cut."""
    shown = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text[: most + 1])
    return shown if len(text) <= most else f"{shown[: most - 3]}..."
