"""Planners' tables that are dropped into the workbench: put into a folder, shown as text, and mended cell by cell."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count
from pathlib import Path

import pandas as pd

from pilotage.assets import write_whole
from pilotage.assets.files import owners_folder
from pilotage.domain import tables
from pilotage.errors import DataError, Problem, UsageError
from pilotage.sources.files.tables import read_text_table, sheet_of, where_of
from pilotage.sources.pool.table_checks import SHEETS
from pilotage.study.session.question import Question

SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".txt")
FIRST_ROW = 2  # of a spreadsheet, below its header
LONGEST = 60  # letters of a name


class TableRole(StrEnum):
    """What a table is for: the key of ``pool`` that names it."""

    LEADERS = "leaders"
    POSTS = "posts"
    ASKS = "asks"
    SCHOOLS = "schools"


COLUMNS = {
    TableRole.LEADERS: tuple(tables.LEADERS.columns),
    TableRole.POSTS: tuple(tables.POSTS.columns),
    TableRole.ASKS: tuple(tables.ASKS.columns),
    TableRole.SCHOOLS: tuple(tables.KNOWN_SCHOOLS.columns),
}


@dataclass(frozen=True)
class OpenTable:
    """A table on the screen.

    Attributes
    ----------
    cells
        As text; the index is the number of each row.
    where
        The file and its sheet, as messages name them.
    sheet
        Of a workbook; None of a text file.
    """

    role: TableRole
    path: Path
    cells: pd.DataFrame
    where: str
    sheet: str | None

    def is_meant(self, problem: Problem) -> bool:
        """Return whether a problem is about this table."""
        return self.where == (problem.where if problem.spot is None else problem.spot.table)


def put_into(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that was dropped in, and return its path.

    It keeps its name where no other file of the folder has it, and gets a number where one has: the same file is
    written once, and no other is written over, whichever window it was dropped into.

    Raises
    ------
    UsageError
        Where it is none of the kinds that tables are read from, or the folder cannot be written.
    """
    given = Path(name)
    if given.suffix.casefold() not in SUFFIXES:
        what = f"a file of the kind {given.suffix or 'without an ending'}"
        raise UsageError(Problem(given.name, what, "a table: CSV or an Excel workbook", "save it so in Excel"))
    stem = "".join(sign if sign.isalnum() or sign in " -_" else "-" for sign in given.stem)[:LONGEST].strip()
    first = folder / f"{stem}{given.suffix.casefold()}"
    names = chain((first,), (first.with_stem(f"{stem}-{number}") for number in count(2)))
    try:
        return next(path for path in names if _is_put(path, content))
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise UsageError(
            Problem(str(first), what, "a folder that you may write into", "start in another one")
        ) from None


def _is_put(path: Path, content: bytes) -> bool:
    """Return whether a file has the content; it is written where none of its name is there."""
    owners_folder(path.parent)
    try:
        path.touch(exist_ok=False)  # the name is taken before another window takes it
    except FileExistsError:
        return path.is_file() and path.read_bytes() == content
    try:
        write_whole(path, content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True


def open_table(role: TableRole, path: Path) -> OpenTable:
    """Return a table as text, each row under the number that it has in a spreadsheet.

    Raises
    ------
    DataError
        Where it cannot be read as a table of that kind.
    """
    frame = read_text_table(path, SHEETS.get(role, (role.value,)), COLUMNS[role])
    cells = frame.astype(object).where(frame.notna(), None)
    cells.attrs = {}  # of the reader; the screen can't hand them on
    return OpenTable(role, path, cells.set_index(cells.index + FIRST_ROW), where_of(frame, path), sheet_of(frame))


def tables_of(question: Question) -> dict[TableRole, OpenTable]:
    """Return the tables that a question names, to be mended; of several files of answers the last.

    Those that cannot be read are left out.
    """
    pool = question.scenario.pool
    named = {
        TableRole.LEADERS: pool.leaders,
        TableRole.POSTS: pool.posts,
        TableRole.ASKS: next(reversed(pool.files_of_asks), None),
        TableRole.SCHOOLS: pool.schools,
    }
    made: dict[TableRole, OpenTable] = {}
    for role, path in named.items():
        if path is not None:
            with suppress(DataError):  # the check of the question says what is wrong
                made[role] = open_table(role, path)
    return made


def named_by(question: Question, table: OpenTable, before: OpenTable | None) -> list[str] | str:
    """Return what ``pool`` names once it names a table, in the place of the one before; other answers stay named."""
    if table.role is not TableRole.ASKS:
        return str(table.path)
    gone = None if before is None else before.path
    kept = [path for path in question.scenario.pool.files_of_asks if path not in (gone, table.path)]
    return [str(path) for path in (*kept, table.path)]


def mended(table: OpenTable, cells: pd.DataFrame, folder: Path) -> OpenTable:
    """Return the table with cells changed, written as a new file beside the one before; blank rows are left out."""
    own = own_name(table.path, folder)
    stem = own.stem if table.sheet is None else f"{own.stem}-{table.role.value}"
    text = cells[(cells.fillna("") != "").any(axis="columns")].to_csv(index=False, lineterminator="\r\n")
    path = put_into(folder, f"{stem}.csv", text.encode("utf-8-sig"))
    return open_table(table.role, path)


def own_name(path: Path, folder: Path) -> Path:
    """Return the name that a file of a folder had when it was dropped in, without the number that it was given."""
    stem, _, number = path.stem.rpartition("-")
    first = path.with_stem(stem) if stem else path
    numbered = path.parent == folder and number.isdigit() and first.is_file()
    return Path((first if numbered else path).name)
