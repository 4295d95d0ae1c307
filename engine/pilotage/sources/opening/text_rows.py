"""The rows of an official CSV: a cell too many, from a stray quote or comma, is put right or reported."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pilotage.errors import DataError, Problem
from pilotage.sources.cells.text_file import STATED, separator_of, with_one_row_end
from pilotage.sources.opening.contents import MOST_CELLS

ROW_END = re.compile(r"\r\n|\n|\r")
MOST_COLUMNS = 5_000  # of a table: official ones have some hundreds
LOOKED_AT = 65_536  # characters that tell the separator


def text_rows(path: Path, text: str, known: Collection[str]) -> tuple[list[list[Any]], str]:
    """Return the rows of a text, and what separates its cells; ``known`` are headers that it may have.

    Raises
    ------
    DataError
        When a row has too many cells, a quote is left open, the file breaks off, or it is larger than a table may be.
    """
    text = with_one_row_end(text)
    stated = STATED.match(text)
    body = text[stated.end() :] if stated else text
    separator = stated.group(1) if stated else separator_of(body[:LOOKED_AT], known)
    return _rows(path, body, separator), separator


def _rows(path: Path, text: str, separator: str) -> list[list[Any]]:
    row_texts = ROW_END.split(text.rstrip("\r\n"))
    width = _width(path, row_texts, separator)
    rows: list[list[Any]] = []
    last = cells = 0
    for row, first, end in _read(path, row_texts, separator):
        rows.append(row if len(row) <= width else _mended(row, row_texts[first:end], width))
        cells, last = cells + len(row), first
        if cells > MOST_CELLS:
            raise _broken(path, len(rows), f"more than {MOST_CELLS:,} cells", "a table of schools")
    _expect_rows(path, rows, width)
    _expect_end(path, rows, width, "".join(row_texts[last:]), whole=text.endswith(("\n", "\r")))
    return rows


def _read(path: Path, row_texts: list[str], separator: str) -> Iterator[tuple[list[str], int, int]]:
    """Yield each row with the place of its first text and of the text after it."""
    reader = csv.reader(row_texts, delimiter=separator)
    before = rows = 0
    try:
        for row in reader:
            yield row, before, reader.line_num
            before, rows = reader.line_num, rows + 1
    except csv.Error:
        what = f"a cell of more than {csv.field_size_limit():,} characters, as a quote that is never closed makes"
        raise _broken(path, rows + 1, f"not a table: {what}") from None


def _width(path: Path, row_texts: list[str], separator: str) -> int:
    """Return how many cells a row has: the first's or the most frequent if that is more."""
    widths = [len(row) for row, _, _ in _read(path, row_texts[:200], separator)]
    width = max(widths[0], Counter(widths).most_common(1)[0][0]) if widths else 0
    if width > MOST_COLUMNS:
        raise _broken(path, 1, f"{width:,} columns", f"at most {MOST_COLUMNS:,} columns")
    return width


def _mended(row: list[str], row_texts: list[str], width: int) -> list[str]:
    """Return a row of too many cells without blank ones at its end, or parted at its quotes; else as it is."""
    if not any(row[width:]):
        return row[:width]
    lead = re.match(r"(?:[^\",]*,)*", row_texts[0])
    rest = row_texts[0][lead.end() :] if lead else ""
    if len(row_texts) == 1 and lead and rest.startswith('"') and rest.endswith('"'):
        parted = [*lead.group().split(",")[:-1], *rest[1:-1].split('","')]
        return parted if len(parted) == width else row
    return row


def _expect_rows(path: Path, rows: list[list[Any]], width: int) -> None:
    for number, row in enumerate(rows, 1):
        if len(row) > width:
            raise _broken(path, number, f"{len(row):,} cells under a header of {width:,}")


def _expect_end(path: Path, rows: list[list[Any]], width: int, last: str, *, whole: bool) -> None:
    """Raise where the last row leaves a quote open, or no end of row follows it and it is short as no other row is."""
    short = bool(rows) and len(rows[-1]) < width and not any(len(row) == len(rows[-1]) for row in rows[:-1])
    if last.count('"') % 2 or (short and not whole):
        what = f"not a table: the file breaks off in this row, after {len(rows[-1])} of {width} cells"
        raise _broken(path, len(rows), what)


def _broken(path: Path, row: int, what: str, allowed: str = "as many cells in every row") -> DataError:
    return DataError(Problem(f"{path}, row {row}", what, allowed, "download it again"))
