"""Words that several layers use."""

from __future__ import annotations


def plural(count: int, noun: str) -> str:
    """Return ``1 school`` or ``2,500 schools``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
