"""Pages that link to the newest list: which of their links is the list of the latest day."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from pilotage.errors import DataError, Problem
from pilotage.sources.files.day_checks import as_at

LINK = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
NOT_IN_NAMES = re.compile(r"[^\w.\-]+")


def newest_link(page: str, text: str, pattern: str) -> str:
    """Return the address of the file of the latest day among the links of a page whose names match a pattern.

    Raises
    ------
    DataError
        When no link matches.
    """
    addresses = [urljoin(page, html.unescape(link)) for link in LINK.findall(text)]
    lists = [address for address in addresses if re.search(pattern, file_name(address), re.IGNORECASE)]
    if not lists:
        do = "the page may have changed: download the list by hand and run `pilotage data import`"
        raise DataError(Problem(page, "has no link to the list", f"a link to a file named as {pattern}", do))
    return max(lists, key=lambda address: as_at(Path(file_name(address))) or date.min)


def file_name(address: str) -> str:
    """Return the name of the file at an address, without what a file system might not allow."""
    return NOT_IN_NAMES.sub("_", Path(unquote(urlsplit(address).path)).name)
