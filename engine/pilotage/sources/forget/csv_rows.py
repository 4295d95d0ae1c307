"""A CSV file without some of its rows: every other byte stays as it was."""

from __future__ import annotations

import codecs
import csv
from io import StringIO

from pilotage.sources.cells.grid import clean
from pilotage.sources.cells.headers import header_key
from pilotage.sources.forget.rows import COLUMN, MOST_ABOVE, Without

DELIMITERS = ",;\t|"
KEY = header_key(COLUMN)


def without_leader(raw: bytes, leader: str) -> Without | None:
    """Return a CSV file without the rows of a leader; None where it has no column of leaders.

    Headers and cells are held to be the same as the reader of the table holds them.

    Raises
    ------
    ValueError
        When it cannot be read; its words say why.
    """
    encoding = _encoding(raw)
    text = _text(raw, encoding)
    for delimiter in DELIMITERS:
        rows = _rows(text, delimiter)
        header = next((place for place, (cells, _) in enumerate(rows[:MOST_ABOVE]) if KEY in _keys(cells)), None)
        if header is not None:
            column = _keys(rows[header][0]).index(KEY)
            gone = [place for place in range(header + 1, len(rows)) if _cell(rows[place][0], column) == leader]
            kept = "".join(lines for place, (_, lines) in enumerate(rows) if place not in set(gone))
            return Without(kept.encode(encoding), len(gone))
    return None


def _encoding(raw: bytes) -> str:
    """Return the encoding: by the mark at the start, else UTF-8; Latin-1, which gives every byte back, otherwise."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if raw.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _text(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("it is cut off, or holds bytes that are no text") from None
    if "\x00" in text:
        raise ValueError("it holds bytes that are no text, or its letters are in a form that is not changed here")
    return text


def _rows(text: str, delimiter: str) -> list[tuple[list[str], str]]:
    """Return the cells of each row, and its lines as they stand: a cell in quotes may have several."""
    lines = list(StringIO(text, newline=""))
    reader, rows, start = csv.reader(lines, delimiter=delimiter), [], 0
    try:
        for cells in reader:
            rows.append((cells, "".join(lines[start : reader.line_num])))
            start = reader.line_num
    except csv.Error:
        raise ValueError(f"a quote in row {len(rows) + 1} is not closed, or a line ends within a cell") from None
    return rows


def _keys(cells: list[str]) -> list[str]:
    return [header_key(clean(cell)) for cell in cells]


def _cell(cells: list[str], column: int) -> str:
    return clean(cells[column]) if column < len(cells) else ""
