"""Why a line of a scenario cannot be read, from the line itself."""

from __future__ import annotations

import re

from pilotage.config.written.fault import Fault

QUOTED = re.compile(r"\"(\\.|[^\"\\])*\"|'[^']*'")
COLON = re.compile(r":(\s|$)")
SIGNS = "@`%&*!|>,?"
KEY_AND_VALUE = "keys and values, as `count: 3`"


def unreadable(text: str, line: int, column: int) -> Fault:
    """Return the fault of a text that cannot be read on at a line and column, both counted from 0."""
    lines = text.splitlines() or [""]
    line = min(line, len(lines) - 1)
    shown = lines[line]
    indent = shown[: len(shown) - len(shown.lstrip())]
    if "\t" in indent or shown[column : column + 1] == "\t":
        return Fault(line + 1, "a tab", "spaces at the start of a line", "put spaces in the place of the tab")
    rest = QUOTED.sub("", shown)
    if "'" in rest or '"' in rest:
        do = "close it, or leave out the quotes; within double quotes write \\\\ for \\"
        return Fault(line + 1, "a quotation mark that cannot be read", "quotes in pairs, as 'a text'", do)
    sign = shown[column : column + 1]
    if sign and sign in SIGNS:
        what = f"a text that begins with {sign}"
        return Fault(line + 1, what, "such a text in quotes", f"write '{sign}...' in quotes")
    if len(COLON.findall(rest)) > 1 and "{" not in rest:
        do = "put the text in quotes, or put the second key on a line of its own"
        return Fault(line + 1, "two colons in one line", KEY_AND_VALUE, do)
    return _of_the_whole(text, line)


def _of_the_whole(text: str, line: int) -> Fault:
    """Return the fault of a line that does not fit what stands above it."""
    bare = QUOTED.sub("", text)
    for opening, closing in ("[]", "{}"):
        if bare.count(opening) != bare.count(closing):
            what = f"{opening} and {closing} do not match"
            return Fault(line + 1, what, f"as many {opening} as {closing}", "close each, or put a text in quotes")
    do = "check the spaces at its start, and the quotes, brackets and colons, here and in the line above"
    return Fault(line + 1, "a line that does not fit the lines above it", KEY_AND_VALUE, do)
