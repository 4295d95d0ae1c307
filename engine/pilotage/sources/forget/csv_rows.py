"""A CSV file without some of its rows: every other byte stays as it was."""

from __future__ import annotations

import codecs
import csv
from io import StringIO

from pilotage.sources.forget.rows import COLUMN, MOST_ABOVE, Without

DELIMITERS = ",;\t|"


def without_leader(raw: bytes, leader: str) -> Without | None:
    """Return a CSV file without the rows of a leader; None where it has no column of leaders."""
    encoding = _encoding(raw)
    text = raw.decode(encoding)
    for delimiter in DELIMITERS:
        rows = _rows(text, delimiter)
        header = next((place for place, (cells, _) in enumerate(rows[:MOST_ABOVE]) if COLUMN in _names(cells)), None)
        if header is not None:
            column = _names(rows[header][0]).index(COLUMN)
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


def _rows(text: str, delimiter: str) -> list[tuple[list[str], str]]:
    """Return the cells of each row, and its lines as they stand: a cell in quotes may have several."""
    lines = list(StringIO(text, newline=""))
    reader, rows, start = csv.reader(lines, delimiter=delimiter), [], 0
    for cells in reader:
        rows.append((cells, "".join(lines[start : reader.line_num])))
        start = reader.line_num
    return rows


def _names(cells: list[str]) -> list[str]:
    return [cell.strip().strip("\ufeff").strip().lower() for cell in cells]


def _cell(cells: list[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""
