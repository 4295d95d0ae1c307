"""Words that several layers use."""

from __future__ import annotations

import re

ESCAPES = re.compile(  # what a terminal takes as an order: CSI, then titles and links, then the rest
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]).*?(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]",
    re.DOTALL,
)
CONTROLS = re.compile(  # control characters but tab and new line, those that turn the direction of text, half letters
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
BREAKS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def printable(text: str) -> str:
    """Return a text of several lines without what a terminal or a spreadsheet would obey instead of showing it."""
    if text.isascii() and text.isprintable():
        return text
    return CONTROLS.sub("", ESCAPES.sub("", text))


def one_line(text: str) -> str:
    """Return a text of a cell as ``printable``, on one line: a break in a name could pass for a row of its own."""
    if text.isascii() and text.isprintable():
        return text
    return printable(BREAKS.sub(" ", text))


def plural(count: int, noun: str) -> str:
    """Return ``1 school`` or ``2,500 schools``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def typed(path: object) -> str:
    """Return a path as it is typed into a terminal: in quotes where it holds a space."""
    return f'"{path}"' if " " in str(path) else str(path)
