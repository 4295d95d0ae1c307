"""A text file as a grid: which separator it uses, a first line ``sep=;``, quoted cells."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection
from io import StringIO
from pathlib import Path

from pilotage.errors import DataError, Problem
from pilotage.sources.cells.grid import Grid, clean
from pilotage.sources.cells.headers import header_key

SEPARATORS = (",", ";", "\t", "|")
STATED = re.compile(r'\ufeff?"?sep=(.)"?[,;\t|]*\r?(?:\n|$)', re.IGNORECASE)
STRAY_END = re.compile(r"\r(?!\n)")
LOOKED_AT = 25  # rows that tell the separator


def with_one_row_end(text: str) -> str:
    """Return a text in which a carriage return alone ends no row, where line feeds do: it is a blank in a cell."""
    return STRAY_END.sub(" ", text) if "\n" in text else text


def text_grid(path: Path, text: str, known: Collection[str]) -> Grid:
    """Return the cells of a CSV text; ``known`` are the columns that its header may have.

    Rows are numbered as Excel shows them, where a first line ``sep=;`` is not one.

    Raises
    ------
    DataError
        When a quote is left open.
    """
    text = with_one_row_end(text)
    stated = STATED.match(text)
    body = text[stated.end() :] if stated else text
    separator = stated.group(1) if stated else separator_of(body, known)
    rows = [[clean(cell) for cell in row] for row in _rows(path, body, separator)]
    return Grid(rows, separator=separator)


def _rows(path: Path, text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error:
        where = f"{path}, row {len(rows) + 1}"
        what = "not a table: a quote in this row is not closed, or does not stand around a whole cell"
        raise DataError(Problem(where, what, "quotes around a whole cell", "correct the quotes of the row")) from None
    return rows


def separator_of(text: str, known: Collection[str]) -> str:
    """Return the separator under which a row names most known columns; else the one that most rows agree on."""
    start = "".join(text.splitlines(keepends=True)[: 4 * LOOKED_AT])
    return max(SEPARATORS, key=lambda separator: _fit(start, separator, known))


def _fit(text: str, separator: str, known: Collection[str]) -> tuple[int, int, int]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row, _ in zip(reader, range(LOOKED_AT), strict=False))
    except csv.Error:
        return 0, 0, 0
    named = max((len({header_key(cell) for cell in row} & set(known)) for row in rows), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return named, times if named == 0 else 0, width
