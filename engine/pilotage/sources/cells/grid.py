"""Grid: the cells of one sheet as clean text, and how a message names one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_SHOWN = 60  # characters of a cell that a message shows
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
BLANKS = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True)
class Grid:
    """Cells of one sheet, blank ones as empty text.

    Attributes
    ----------
    sheet
        The name of a workbook's sheet; null for a text file.
    first_row, first_column
        Where the first cell of ``rows`` stands in a spreadsheet: the row from 1, the column from 0 (A).
    separator
        What parts the cells of a text file; null for a workbook.
    faults
        Cells of which the file holds no value, and why: (cell, what it holds).
    from_1904
        Whether the workbook counts its days from 1904, as older ones of Macintosh do, and not from 1900.
    """

    rows: list[list[str]]
    sheet: str | None = None
    first_row: int = 1
    first_column: int = 0
    separator: str | None = None
    faults: tuple[tuple[str, str], ...] = ()
    from_1904: bool = False

    def row_number(self, place: int) -> int:
        """Return the number of a row as a spreadsheet shows it, from its place in ``rows``."""
        return self.first_row + place

    def cell_name(self, row: int, column: int) -> str:
        """Return the name of a cell as a spreadsheet shows it (``Q5``), from its place in ``rows``."""
        return f"{self.letters(column)}{self.row_number(row)}"

    def letters(self, column: int) -> str:
        """Return the letters of a column as a spreadsheet shows them, from its place in ``rows``."""
        return column_letters(self.first_column + column)

    def is_blank(self) -> bool:
        """Return whether no cell holds anything."""
        return not any(any(row) for row in self.rows)


def sheet_words(file: object, sheet: str | None) -> str:
    """Return a file with its sheet, as messages name a table; ``sheet``: None of a text file."""
    return str(file) if sheet is None else f"{file}, sheet {sheet!r}"


def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 0: A, B, ..., Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def clean(text: str) -> str:
    """Return the text of a cell on one line, without what cannot be seen: control characters, colour codes, marks."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return BLANKS.sub(" ", UNSEEN.sub("", ESCAPES.sub("", text))).strip()


def shown(text: str) -> str:
    """Return the text of a cell between quotes, as a message shows it: not more than its start."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}...")
