"""Pages of a name and a text in each row, in sections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pilotage.report.workbook.looks import Book
from pilotage.report.workbook.printed import set_height

NAME_WIDTH, TEXT_WIDTH = 34, 100  # of the columns, in characters
Section = tuple[str, list[tuple[str, str]]]


def write_sections(made: Book, sheet: Any, row: int, sections: Iterable[Section]) -> int:
    """Write sections from a row on, and return the next free row."""
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.hide_gridlines(2)
    for title, pairs in sections:
        sheet.merge_range(row, 0, row, 1, title, made.section)
        for name, text in pairs:
            row += 1
            sheet.write_string(row, 0, name, made.bold)
            sheet.write_string(row, 1, text, made.text)
            set_height(sheet, row, ((name, NAME_WIDTH), (text, TEXT_WIDTH)))
        row += 2
    return row
