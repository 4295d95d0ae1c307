"""Planners' tables that are dropped into the workbench: put into a folder, shown as text, and mended cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import pandas as pd

from pilotage.assets import write_whole
from pilotage.domain import tables
from pilotage.errors import DataError, Problem, UsageError
from pilotage.sources.files.tables import read_text_table

SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".txt")
FIRST_ROW = 2  # of a spreadsheet, below its header


class TableRole(StrEnum):
    """What a table is for: the key of ``pool`` that names it."""

    LEADERS = "leaders"
    POSTS = "posts"
    SCHOOLS = "schools"


COLUMNS = {
    TableRole.LEADERS: tuple(tables.LEADERS.columns),
    TableRole.POSTS: tuple(tables.POSTS.columns),
    TableRole.SCHOOLS: tuple(tables.KNOWN_SCHOOLS.columns),
}


@dataclass(frozen=True)
class OpenTable:
    """A table on the screen: where it stands, and its cells as text; the index is the number of each row."""

    role: TableRole
    path: Path
    cells: pd.DataFrame


def put_into(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that was dropped in, and return its path.

    Its name has a part of its checksum, so that the same file is written once and no other is written over, whichever
    window it was dropped into.

    Raises
    ------
    UsageError
        Where it is none of the kinds that tables are read from, or the folder cannot be written.
    """
    given = Path(name)
    if given.suffix.casefold() not in SUFFIXES:
        what = f"a file of the kind {given.suffix or 'without an ending'}"
        raise UsageError(Problem(given.name, what, "a table: CSV or an Excel workbook", "save it so in Excel"))
    stem = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in given.stem)[:60]
    path = folder / f"{stem}-{sha256(content).hexdigest()[:8]}{given.suffix.casefold()}"
    try:
        if not path.is_file():
            write_whole(path, content)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise UsageError(Problem(str(path), what, "a folder that you may write into", "start in another one")) from None
    return path


def open_table(role: TableRole, path: Path) -> OpenTable:
    """Return a table as text, each row under the number that it has in a spreadsheet.

    Raises
    ------
    DataError
        Where it cannot be read as a table of that kind.
    """
    frame = read_text_table(path, (role.value,), COLUMNS[role])
    if not set(COLUMNS[role]) & set(frame.columns):
        allowed = f"a table with the columns {', '.join(COLUMNS[role])}"
        do = "drop in another file, or start from the templates (`pilotage sample --templates`)"
        raise DataError(Problem(path.name, f"no column of a table of {role.value}", allowed, do))
    cells = frame.astype(object).where(frame.notna(), None)
    cells.attrs = {}  # of the reader; the screen can't hand them on
    return OpenTable(role, path, cells.set_index(cells.index + FIRST_ROW))


def mended(table: OpenTable, cells: pd.DataFrame, folder: Path) -> OpenTable:
    """Return the table with cells changed, written as a new file beside the one before."""
    stem = table.path.stem.removesuffix(f"-{table.path.stem.rpartition('-')[2]}")
    text = cells.to_csv(index=False, lineterminator="\r\n")
    path = put_into(folder, f"{stem or table.role.value}.csv", text.encode("utf-8-sig"))
    return open_table(table.role, path)
