"""A planner's file -> the grid that holds the table asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from pilotage.errors import DataError, Problem
from pilotage.sources.cells.grid import Grid
from pilotage.sources.cells.headers import header_key
from pilotage.sources.cells.text_file import text_grid
from pilotage.sources.cells.workbook import book_grids
from pilotage.sources.files.raw import opened
from pilotage.sources.opening.contents import content_of


def opened_grid(path: Path, names: Collection[str], known: Collection[str]) -> Grid:
    """Return the grid of a text file, or of the sheet of a workbook that is called as the table or alone is filled.

    Parameters
    ----------
    names
        What a sheet of the table may be called (``leaders``); a sheet's name may be in the singular.
    known
        The columns that the header may have, for telling the separator of a text.

    Raises
    ------
    DataError
        When there is no file, it can't be read, or it has several sheets of which none is called so.
    """
    if not path.is_file():
        raise DataError(Problem(str(path), "no such file", "a CSV or Excel file", "check the path in the scenario"))
    try:
        raw = opened(path)
    except DataError as error:
        do = "open it in Excel and save it again as a workbook or CSV, without a password"
        raise DataError(replace(problem, do=do) for problem in error.problems) from None
    if raw.book is None:
        return text_grid(path, raw.text, {header_key(name) for name in known})
    return _chosen(path, book_grids(path, raw.book, content_of(path)), names)


def _chosen(path: Path, grids: list[Grid], names: Collection[str]) -> Grid:
    wanted = [key for name in names for key in (header_key(name), header_key(name).removesuffix("s"))]
    named = {header_key(grid.sheet or ""): grid for grid in reversed(grids)}
    filled = [grid for grid in grids if not grid.is_blank()]
    called = [named[key] for key in wanted if key in named]
    if not filled:
        raise DataError(Problem(str(path), "its sheet is empty", "a header row and data", "move the table there"))
    if called:
        return next((grid for grid in called if not grid.is_blank()), called[0])
    if len(filled) == 1:
        return filled[0]
    what = f"several sheets: {', '.join(repr(grid.sheet) for grid in filled)}"
    allowed = f"a sheet called {' or '.join(repr(name) for name in names)}, or one sheet alone"
    raise DataError(Problem(str(path), what, allowed, "give the sheet of the table that name"))


def named_grids(path: Path, names: Collection[str]) -> list[Grid]:
    """Return the grids of those sheets of a workbook that have one of some names and hold anything, in their order.

    None for a text file. Other sheets are not read.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    raw = opened(path)
    if raw.book is None:
        return []
    keys = [header_key(name) for name in names]
    grids = book_grids(path, raw.book, content_of(path), lambda name: header_key(name) in keys)
    filled = [grid for grid in grids if not grid.is_blank()]
    return sorted(filled, key=lambda grid: keys.index(header_key(grid.sheet or "")))
