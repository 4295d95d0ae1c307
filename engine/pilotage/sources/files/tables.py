"""Planners' tables, CSV or Excel, read as text and turned into types, every bad cell reported at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.errors import MOST_TOLD, DataError, Problem, more_problems, raise_all
from pilotage.sources.cells.grid import Grid, sheet_words, shown
from pilotage.sources.cells.kinds import (
    CHANCE,
    DAY,
    DAY_IN_1904_BOOK,
    GBP,
    KM,
    METRES,
    NUMBER,
    WHOLE,
    WORD,
    YES_NO,
    Kind,
)
from pilotage.sources.cells.locate import located
from pilotage.sources.cells.numbers import Convention, Form, UnreadError, convention_of, has_two_readings
from pilotage.sources.cells.opened import named_grids, opened_grid

__all__ = [
    "CHANCE",
    "DAY",
    "GBP",
    "KM",
    "METRES",
    "NUMBER",
    "WHOLE",
    "WORD",
    "YES_NO",
    "Kind",
    "at_most",
    "each_once",
    "letters_of",
    "numbered",
    "read_text_table",
    "read_text_tables",
    "sheet_of",
    "typed",
    "where_of",
]

TEMPLATE_SHEETS = ("leaders", "posts", "pairs", "asks", "schools")
ORIGIN = "origin"


@dataclass(frozen=True)
class Origin:
    """Where a table was read: file and sheet as messages name them, and what separates its cells (null: a workbook).

    ``from_1904``: whether the workbook counts its days from 1904. ``sheet``: of a workbook, the sheet's name.
    ``letters``: of each column, as a spreadsheet shows them.
    """

    where: str
    separator: str | None
    from_1904: bool = False
    sheet: str | None = None
    letters: dict[str, str] = field(default_factory=dict)


def read_text_table(path: Path, names: Collection[str] = TEMPLATE_SHEETS, known: Collection[str] = ()) -> pd.DataFrame:
    """Return the table of a CSV file or a workbook as text: headers in small letters, blank cells null.

    The index of each row is its number in a spreadsheet less two, so that ``index + 2`` names it in a message: blank
    rows are left out, and the header need not be the first row.

    Parameters
    ----------
    names
        What a workbook's sheet may be called; another is read only where it is the only one that holds anything.
    known
        The columns of the table: its header is the row that names most of them, however they are spelt.

    Raises
    ------
    DataError
        When the file is missing or unreadable, or a cell stands where it would shift the table or be lost.
    """
    return _table(path, opened_grid(path, names, known), known)


def read_text_tables(path: Path, names: Collection[str], known: Collection[str]) -> list[pd.DataFrame]:
    """Return the tables of every filled sheet that has one of some names; of another file its only table.

    See ``read_text_table``.

    Raises
    ------
    DataError
        As for ``read_text_table``.
    """
    grids = named_grids(path, names) if path.is_file() else []
    return [_table(path, grid, known) for grid in grids] or [read_text_table(path, names, known)]


def _table(path: Path, grid: Grid, known: Collection[str]) -> pd.DataFrame:
    where = sheet_words(path, grid.sheet)
    found = located(grid, where, known)
    raise_all(DataError, at_most(found.problems, where))
    found.frame.attrs[ORIGIN] = Origin(where, grid.separator, grid.from_1904, grid.sheet, found.letters)
    return found.frame


def where_of(frame: pd.DataFrame, path: Path) -> str:
    """Return the file and sheet of a table, as messages name them."""
    origin = frame.attrs.get(ORIGIN)
    return origin.where if isinstance(origin, Origin) else str(path)


def sheet_of(frame: pd.DataFrame) -> str | None:
    """Return the sheet of a workbook in which a table stands; None for a text file."""
    origin = frame.attrs.get(ORIGIN)
    return origin.sheet if isinstance(origin, Origin) else None


def letters_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return the letters of each column of a table, as a spreadsheet shows them."""
    origin = frame.attrs.get(ORIGIN)
    return dict(origin.letters) if isinstance(origin, Origin) else {}


def numbered(frame: pd.DataFrame, column: str) -> Iterator[tuple[int, Any]]:
    """Yield each value of a column with the index of its row, which is a spreadsheet's number less two."""
    return zip(frame.index.tolist(), frame[column], strict=True)


def at_most(problems: Iterable[Problem], where: str) -> list[Problem]:
    """Return the first problems, and one more that counts the rest where that is shorter."""
    every = list(problems)
    rest = len(every) - MOST_TOLD
    if rest <= 1:
        return every
    counted = Problem(where, f"and {more_problems(rest)}", do="correct those above first")
    return [*every[:MOST_TOLD], counted]


def each_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without those whose cells earlier ones are all about."""
    told: set[tuple[str, int, str]] = set()
    kept = []
    for problem in problems:
        if not problem.cells or not set(problem.cells) <= told:
            kept.append(problem)
        told |= set(problem.cells)
    return kept


def typed(frame: pd.DataFrame, kinds: dict[str, Kind], where: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return ``frame`` with the columns of ``kinds`` parsed, and one problem for each cell that could not be.

    Numbers are read by the convention that all number columns of the file show together.
    """
    origin = frame.attrs.get(ORIGIN)
    separator = origin.separator if isinstance(origin, Origin) else ","
    from_1904 = isinstance(origin, Origin) and origin.from_1904
    present = {name: _of_book(kind, from_1904) for name, kind in kinds.items() if name in frame}
    convention = _convention([(kind.form, frame[name]) for name, kind in present.items() if kind.form], separator)
    problems, columns = list[Problem](), dict[str, pd.Series]()
    for name, kind in present.items():
        cells = (((where, row, name), text) for row, text in numbered(frame, name))
        values = [_value(text, kind, cell, convention, problems) for cell, text in cells]
        columns[name] = pd.Series(values, index=frame.index)
    return frame.assign(**columns), problems


def _of_book(kind: Kind, from_1904: bool) -> Kind:
    return DAY_IN_1904_BOOK if kind is DAY and from_1904 else kind


def _convention(columns: list[tuple[Form, pd.Series]], separator: str | None) -> Convention:
    """Return the convention of a file's numbers; it is looked for only where a cell has two readings."""
    figures = [form.bare(text)[0] for form, cells in columns for text in cells if text is not None]
    return convention_of(figures, separator) if any(map(has_two_readings, figures)) else Convention()


def _value(
    text: str | None, kind: Kind, cell: tuple[str, int, str], convention: Convention, problems: list[Problem]
) -> Any:
    if text is None:
        return None
    try:
        return kind.value(text, convention)
    except ValueError as error:
        hint = error.hint if isinstance(error, UnreadError) else None
        where, row, column = cell
        what = f"{column} = {shown(text)}"
        problems.append(
            Problem(f"{where}, row {row + 2}", what, kind.allowed, hint or "please correct this cell", (cell,))
        )
        return None
