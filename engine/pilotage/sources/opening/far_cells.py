"""How far the cells of a workbook's sheets reach, from the file itself: its reader makes room for all up to there."""

from __future__ import annotations

import re
from collections.abc import Iterator

FILLED = rb"[\"'](?:[^>]*[^>/])?>(?!</)"  # a cell that is only formatted is made no room for: <c r="A1" s="5"/>
CELL_COLUMN = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,8})\d{1,18}" + FILLED)
CELL_ROW = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"'][A-Za-z]{1,8}(\d{1,18})" + FILLED)
FAR = re.compile(  # columns after MZ, rows from 28,000: for the search alone, since most sheets have none
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']"
    rb"(?:[A-Za-z]{3}|[N-Zn-z][A-Za-z]\d|[A-Za-z]{1,2}(?:(?:2[89]|[3-9]\d)\d{3}|\d{6,}))\w*" + FILLED
)
NEAR = (27_999, 365)  # a sheet without such a cell reaches no further
ROW_PLACE = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,18})")
WITHOUT_PLACE = re.compile(rb"<(?:\w+:)?c(?:\s(?![^>]*\br\s*=)[^>]*)?>")
ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
REPEATED = re.compile(rb"<table:table-(row|cell|covered-table-cell)\b([^>]*)>")
TIMES = re.compile(rb"table:number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,18})")
SLICE_BYTES = 4_000_000
BINARY_ROW, BINARY_CELLS = 0, range(1, 12)  # record types of a binary sheet
NO_CELLS = (0, 0)


def reach_of(name: str, part: bytes) -> tuple[int, int]:
    """Return the last row and column that a part of a workbook fills, or more where that is little; 0 of no sheet."""
    if name.lower().endswith(".bin") and "worksheets/" in name.lower():
        return _of_binary_sheet(part)
    if name == "content.xml":
        return _of_open_document(part)
    return _of_sheet(part) if name.lower().endswith((".xml", ".part")) or "sheet" in name.lower() else NO_CELLS


def _of_sheet(text: bytes) -> tuple[int, int]:
    without_place = WITHOUT_PLACE.search(text)
    if not without_place and not FAR.search(text):
        return NEAR
    rows, columns = NO_CELLS
    for piece in _pieces(text):
        rows = max([rows, *(int(row) for row in {*CELL_ROW.findall(piece)})])
        columns = max([columns, *(_column(letters) for letters in {*CELL_COLUMN.findall(piece)})])
    if without_place:  # such cells stand beside each other, and rows without a number below each other
        rows = max([rows, *(int(row) for row in {*ROW_PLACE.findall(text)})]) + len(ROW.findall(text))
        columns += max((len(CELL.findall(row)) for row in ROW.split(text)[1:]), default=0)
    return rows, columns


def _pieces(text: bytes) -> Iterator[bytes]:
    """Yield a text in pieces that end before a tag, so that a large sheet needs no more memory than itself."""
    start = 0
    while start < len(text):
        end = text.find(b"<", start + SLICE_BYTES)
        yield text[start : end if end > 0 else len(text)]
        start = end if end > 0 else len(text)


def _column(letters: bytes) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _of_binary_sheet(content: bytes) -> tuple[int, int]:
    """Return how far a binary sheet reaches: each record is its type, its length, and what it says."""
    rows, columns, at = 0, 0, 0
    while at < len(content):
        kind, at = _number(content, at)
        length, at = _number(content, at)
        if kind == BINARY_ROW:
            rows = max(rows, 1 + int.from_bytes(content[at : at + 4], "little"))
        elif kind in BINARY_CELLS:
            columns = max(columns, 1 + int.from_bytes(content[at : at + 4], "little"))
        at += length
    return rows, columns


def _number(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of up to four bytes, of seven bits each, and where it ends."""
    number = 0
    for place, byte in enumerate(content[at : at + 4]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return number, at + place + 1
    return number, at + 4


def _of_open_document(text: bytes) -> tuple[int, int]:
    """Return how far a sheet of an open document reaches; blank cells repeated at the end of a row do not count."""
    rows = columns = wide = here = times = 0
    for kind, said in REPEATED.findall(text):
        repeated = TIMES.search(said)
        count = int(repeated.group(1)) if repeated else 1
        if kind == b"row":
            rows, wide, here, times = rows + (times if wide else 0), 0, 0, count
            continue
        here += count
        wide = here if b"value" in said or not said.rstrip().endswith(b"/") else wide
        columns = max(columns, wide)
    return rows + (times if wide else 0), columns
