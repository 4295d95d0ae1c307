"""Setup workbooks as people fill them in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

from pilotage.sources.setup.book import setup_book

ANSWER, PLACE, SETTING = 3, 4, 7  # columns of the sheet Question, from 1
Edit = Callable[[Any], None]


def filled(path: Path, answers: Mapping[str, Any] | None = None, edit: Edit | None = None) -> Path:
    """Write a new setup workbook with some answers, by setting (with `` place``: the cell beside), and an edit."""
    path.write_bytes(setup_book(path.name))
    book = openpyxl.load_workbook(path)
    for setting, value in (answers or {}).items():
        write(book, setting, value)
    if edit is not None:
        edit(book)
    book.save(path)
    return path


def write(book: Any, setting: str, value: Any) -> None:
    """Write an answer, as a text where it is one."""
    name, _, place = setting.partition(" ")
    cell = book["Question"].cell(row_of(book, name), PLACE if place else ANSWER)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def row_of(book: Any, setting: str) -> int:
    """Return the row of a question."""
    sheet = book["Question"]
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, SETTING).value == setting)


def cell_of(book: Any, sheet: str, column: str, row: int) -> Any:
    """Return a cell of a table by its header."""
    names = [cell.value for cell in book[sheet][1]]
    return book[sheet].cell(row, names.index(column) + 1)
