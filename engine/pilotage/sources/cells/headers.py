"""Headers of columns as people write them: "Leader ID", "Max travel (km)"."""

from __future__ import annotations

import re
from collections.abc import Iterable


def header_key(text: str) -> str:
    """Return what two spellings of one header have in common: its letters and figures, in small letters."""
    return re.sub(r"[^0-9a-z]", "", text.replace("£", "gbp").casefold())


def written_header(text: str) -> str:
    """Return a header in small letters, with one underscore for blanks, hyphens, dots and brackets."""
    return re.sub(r"[^0-9a-z£%']+", "_", text.casefold()).strip("_")


def canonical(headers: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return each header as the known column that it spells, else as it is in small letters; blank stays blank."""
    by_key = {header_key(name): name for name in known}
    return [by_key.get(header_key(text), written_header(text) or text) if text else "" for text in headers]
