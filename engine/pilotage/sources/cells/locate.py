"""Where the table is in a grid: its header, its rows, and cells that stand outside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import pandas as pd

from pilotage.errors import Problem, Spot
from pilotage.sources.cells.grid import Grid
from pilotage.sources.cells.headers import canonical, header_key

DEEPEST = 25  # rows in which a header is looked for
NARROWEST = 3  # columns of a table in which a row of one cell is no row of it
ALLOWED = "a table with one header row and as many cells in each row"


@dataclass(frozen=True)
class Located:
    """A table found: text by column, indexed by a spreadsheet's number of the row less two; and what is wrong.

    ``letters``: of each column, as a spreadsheet shows them.
    """

    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    letters: dict[str, str] = field(default_factory=dict)


def located(grid: Grid, where: str, known: Collection[str]) -> Located:
    """Return the table of a grid; with ``known`` its header is the row that names most of these columns.

    Blank rows, and blank columns without a header, are left out. Every cell that would shift or be lost is a problem.
    """
    place = _header_place(grid.rows, known)
    if place is None:
        return Located(pd.DataFrame(), (_no_header(grid, where, known),))
    headers = canonical(grid.rows[place], known)
    columns = [column for column, name in enumerate(headers) if name]
    uneven = len({len(row) for row in grid.rows[place + 1 :] if any(row)}) > 1
    problems = [*_faults(grid, where), *_above(grid, where, place), *_twice(headers, where)]
    rows: dict[int, list[str]] = {}
    after_blank = False
    for number, row in enumerate(grid.rows[place + 1 :], place + 1):
        if not any(row):
            after_blank = True
            continue
        fault = _row_fault(grid, where, (place, columns, uneven), number, after_blank=after_blank)
        if fault is None:
            rows[grid.row_number(number) - 2] = [row[column] if column < len(row) else "" for column in columns]
        problems += [fault] if fault else []
        after_blank = False
    letters = {headers[column]: grid.letters(column) for column in columns}
    return Located(_frame(rows, [headers[column] for column in columns]), tuple(problems), letters)


def _frame(rows: dict[int, list[str]], names: list[str]) -> pd.DataFrame:
    cells = [[cell or None for cell in row] for row in rows.values()]
    return pd.DataFrame(cells, index=pd.Index(list(rows), dtype="int64"), columns=pd.Index(names), dtype=object)


def _header_place(rows: list[list[str]], known: Collection[str]) -> int | None:
    """Return the place of the header, null where no row is one."""
    start = rows[:DEEPEST]
    if known:
        keys = {header_key(name) for name in known}
        named = [len({header_key(cell) for cell in row} & keys) for row in start]
        return named.index(max(named)) if any(named) else None
    full = [sum(1 for cell in row if cell) for row in start]
    wide = [place for place, cells in enumerate(full) if cells > 1]
    return next(iter(wide or [place for place, cells in enumerate(full) if cells]), None)


def _no_header(grid: Grid, where: str, known: Collection[str]) -> Problem:
    if grid.is_blank():
        return Problem(
            where, "not a table: it is empty", "a header row and data", "move the table there", at=Spot(where)
        )
    what = f"not a table: no row of its first {DEEPEST} has a header that is known"
    allowed = f"a row with headers such as {', '.join(list(known)[:4])}"
    return Problem(where, what, allowed, "add the header row", at=Spot(where))


def _faults(grid: Grid, where: str) -> Iterator[Problem]:
    for cell, what in grid.faults:
        do, at = "write the value, or save the file in Excel", Spot(where, cell=cell)
        yield Problem(f"{where}, cell {cell}", f"holds {what}", "a value", do, at=at)


def _above(grid: Grid, where: str, place: int) -> Iterator[Problem]:
    """Yield rows above the header that look like data: a title has one or two cells."""
    most = max(2, sum(1 for cell in grid.rows[place] if cell) // 2)
    for number, row in enumerate(grid.rows[:place]):
        if sum(1 for cell in row if cell) > most:
            what = f"stands above the header, which is in row {grid.row_number(place)}"
            at = Spot(where, grid.row_number(number))
            yield Problem(f"{where}, row {at.row}", what, "data below the header", "move the row", at=at)


def _twice(headers: list[str], where: str) -> Iterator[Problem]:
    for name in sorted({name for name in headers if name and headers.count(name) > 1}):
        yield Problem(where, f"column {name!r} twice", "each once", "remove one", at=Spot(where, 0, name))


def _row_fault(
    grid: Grid, where: str, header: tuple[int, list[int], bool], number: int, *, after_blank: bool
) -> Problem | None:
    """Return what is wrong with the form of a row that is not blank, null where nothing is.

    ``header`` is its place, the columns that it names, and whether the rows of the table differ in length: then a
    longer row of a text is shifted by a separator inside a cell, even where its last cells are blank.
    """
    place, columns, uneven = header
    row, here, at = grid.rows[number], f"{where}, row {grid.row_number(number)}", Spot(where, grid.row_number(number))
    filled = [column for column, cell in enumerate(row) if cell]
    outside = [column for column in filled if column not in columns]
    longer = grid.separator is not None and len(row) > len(grid.rows[place])
    if longer and (outside or uneven):
        what = f"not a table: {len(row)} cells under a header of {columns[-1] + 1}"
        do = "correct the row: a cell that holds the separator needs quotes around it"
        return Problem(here, what, ALLOWED, do, at=at)
    if outside:
        what = f"cell {grid.cell_name(number, outside[0])} is filled, and no header stands above it"
        at = Spot(where, at.row, cell=grid.cell_name(number, outside[0]))
        return Problem(here, what, "cells under a header", "write its header, or empty the cell", at=at)
    if row == grid.rows[place]:
        return Problem(here, "repeats the header", "one header", "remove the row", at=at)
    lone = len(filled) == 1 and len(columns) >= NARROWEST and (after_blank or filled[0] != columns[0])
    if lone:
        what = f"only cell {grid.cell_name(number, filled[0])} is filled"
        at = Spot(where, at.row, cell=grid.cell_name(number, filled[0]))
        return Problem(
            here, what, "rows of the table, and nothing below it", "fill the row in, or empty the cell", at=at
        )
    return None
