"""The faults of a setup workbook's tables that no answer changes, told together with those of its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pilotage.errors import DataError, Problem, ScenarioError
from pilotage.sources.cells.headers import header_key
from pilotage.sources.files.raw import opened
from pilotage.sources.files.tables import each_once
from pilotage.sources.pool.answer_tables import given_asks
from pilotage.sources.pool.table_checks import Given
from pilotage.sources.pool.tables import LEADER_KINDS, given_leaders, given_posts
from pilotage.sources.setup.scenario import ANSWERS, LEADERS, POSTS, SUFFIXES

READERS: dict[str, Callable[[Path], Given]] = {
    LEADERS: lambda path: given_leaders(path, LEADER_KINDS),
    POSTS: given_posts,
    ANSWERS: given_asks,
}


@contextmanager
def with_table_faults(name: str) -> Iterator[None]:
    """Where a setup workbook cannot be opened, raise the faults of its tables too; of another scenario nothing more.

    The tables are read without the schools: what is wrong with a cell alone, with a column, and a sheet that is not
    there.
    """
    try:
        yield
    except (ScenarioError, DataError) as error:
        path = Path(name)
        if path.suffix.casefold() not in SUFFIXES or not path.is_file():
            raise
        every = dict.fromkeys((*error.problems, *_faults(path)))
        raise type(error)(every) from None


def _faults(path: Path) -> list[Problem]:
    try:
        sheets = {header_key(name) for name in opened(path).names}
    except DataError:
        return []  # no workbook at all: what was raised says it
    read = [table for table in READERS if header_key(table) in sheets or len(sheets) > 1]
    return each_once(problem for table in read for problem in READERS[table](path).problems)
