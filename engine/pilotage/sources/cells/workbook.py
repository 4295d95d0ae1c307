"""A workbook as grids: values of formulas, days, merged cells, and cells that hold no value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from pilotage.sources.cells.grid import Grid, clean
from pilotage.sources.cells.without_value import cells_without_value, counts_from_1904
from pilotage.sources.opening.contents import reading_workbook


def _every(_: str) -> bool:
    return True


def book_grids(
    path: Path, book: CalamineWorkbook, content: bytes, wanted: Callable[[str], bool] = _every
) -> list[Grid]:
    """Return the worksheets of a workbook as grids: every one, or those whose name is ``wanted``.

    ``content`` is the file, for what the reader does not tell.
    """
    faults, from_1904 = cells_without_value(content), counts_from_1904(content)
    grids = []
    for name in filter(wanted, book.sheet_names):
        with reading_workbook(path):
            sheet = book.get_sheet_by_name(name)
            values = sheet.to_python(skip_empty_area=True)
        row, column = sheet.start or (0, 0)
        blank = [""] * max(map(len, values), default=0)  # most rows are, where one cell stands far away
        rows = [blank.copy() if cells == blank else [cell_text(value) for value in cells] for cells in values]
        _fill_merged(rows, sheet.merged_cell_ranges or [], row, column)
        grids.append(Grid(rows, name, row + 1, column, None, tuple(faults.get(name, ())), from_1904))
    return grids


def cell_text(value: Any) -> str:
    """Return what a workbook holds as text.

    A decimal of just three places gets a nought at its end (1.234 as 1.2340), so that nobody can take its point for a
    mark of thousands.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return _number_text(value)
    return clean(str(value))


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return f"{text}0" if len(text.partition(".")[2]) == 3 and "e" not in text else text


def _fill_merged(rows: list[list[str]], merged: list[Any], first_row: int, first_column: int) -> None:
    """Give each cell of a range that is merged downwards in one column the value of its first."""
    for (top, left), (bottom, right) in merged:
        row, column = top - first_row, left - first_column
        if left == right and 0 <= row < len(rows) and 0 <= column < len(rows[row]):
            for below in rows[row + 1 : bottom - first_row + 1]:
                below[column] = rows[row][column]
