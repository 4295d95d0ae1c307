"""The rows of a leader in tables of answers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pilotage.assets import write_whole
from pilotage.errors import DataError, Problem, UsageError
from pilotage.sources.forget import csv_rows, workbook_rows
from pilotage.sources.forget.rows import COLUMN, Without

WORKBOOKS = (".xlsx", ".xlsm")
BY_HAND = (".xls", ".ods", ".parquet")
DO = "delete the rows of the leader in it by hand"


def rows_of(paths: Iterable[Path], leader: str) -> dict[Path, int]:
    """Return how many rows of a leader each table has.

    Raises
    ------
    DataError
        With one problem for each file that is not there, is no such table, or must be changed by hand.
    """
    counts, problems = dict[Path, int](), list[Problem]()
    for path in dict.fromkeys(paths):
        try:
            counts[path] = _without(path, leader).rows
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return counts


def erase_rows(path: Path, leader: str) -> None:
    """Erase the rows of a leader from a table; the file keeps its form, its mode and all other rows.

    Raises
    ------
    UsageError
        When the file cannot be written.
    """
    file = path.resolve()
    mode = file.stat().st_mode
    try:
        write_whole(file, _without(path, leader).content)
        os.chmod(file, mode)
    except OSError as error:
        what, do = f"cannot be written ({error.strerror})", "close it in Excel, and run again"
        raise UsageError(Problem(str(path), what, "a file that you may write", do)) from None


def _without(path: Path, leader: str) -> Without:
    if not path.is_file():
        raise DataError(Problem(str(path), "no such file", "a table of answers", "check the path"))
    if path.suffix.lower() in BY_HAND:
        raise DataError(Problem(str(path), "is in a form that is not changed here", "CSV or .xlsx", DO))
    reader = workbook_rows.without_leader if path.suffix.lower() in WORKBOOKS else csv_rows.without_leader
    try:
        left = reader(path.read_bytes(), leader)
    except ValueError as error:
        raise DataError(Problem(str(path), f"cannot be read ({error})", "CSV or .xlsx", "save it again")) from None
    if left is None:
        raise DataError(Problem(str(path), f"no column {COLUMN!r}", "a table of answers by leader", "name another"))
    return left
