"""What to do about a word that is not allowed."""

from __future__ import annotations

import difflib
from collections.abc import Collection

MOST_COMPARED = 1_000


def nearest(word: str, allowed: Collection[str]) -> str:
    """Return what to do about a word that is not allowed: the nearest that is, whatever its case."""
    by_case = {name.casefold(): name for name in list(allowed)[:MOST_COMPARED]}
    close = difflib.get_close_matches(word[:200].casefold(), by_case, n=1, cutoff=0.5)
    return f"did you mean {by_case[close[0]]!r}?" if close else "check the spelling"
