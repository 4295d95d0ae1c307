"""Reading and checks that the planner's tables share: columns, names and rows, each problem with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pilotage.domain import tables
from pilotage.domain.inputs import ASKS
from pilotage.errors import DataError, Problem, Spot
from pilotage.sources.cells.grid import shown
from pilotage.sources.cells.kinds import Kind
from pilotage.sources.files.tables import numbered, read_text_table, typed, where_of

DEFAULTS: dict[str, Any] = {"relocates": False, "created": False, "consent": "unknown"}
SHEETS = {ASKS: (ASKS, "answers")}  # what the sheet of a table may be called, where it may be called otherwise too


@dataclass(frozen=True)
class Given:
    """A table as given: in its schema's types where nothing is wrong, what is wrong, and notes on how it was read.

    ``places``: of each row the file with its sheet, as messages name it, and the row; where the reader keeps them.
    ``absent``: leaders of the table who do not take part.
    """

    frame: pd.DataFrame
    problems: list[Problem]
    notes: tuple[str, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    absent: tuple[str, ...] = ()


def given_table(
    path: Path, role: str, columns: Sequence[str], kinds: dict[str, Kind], headers: Mapping[str, str] | None = None
) -> Given:
    """Return a table with its cells read; without columns where the file can't be read at all.

    ``headers``: other headers, and the column that each stands for.
    """
    other = {} if headers is None else headers
    try:
        text = read_text_table(path, SHEETS.get(role, (role,)), [*columns, *other])
    except DataError as error:
        return Given(pd.DataFrame(), list(error.problems))
    where, named = where_of(text, path), text.rename(columns=other)
    twice = sorted(set(named.columns[named.columns.duplicated()]))
    if twice:
        do = "keep one of them"
        return Given(
            pd.DataFrame(),
            [Problem(where, f"several columns {shown(n)}", "each once", do, at=Spot(where, 0, n)) for n in twice],
        )
    frame, problems = typed(named, kinds, where)
    return Given(frame, [*problems, *unknown_columns(frame, columns, where)])


def unknown_names(frame: pd.DataFrame, column: str, known: pd.DataFrame, where: str) -> list[Problem]:
    """Return a problem for each name that a table of the pool does not have."""
    if column not in frame or column not in known:
        return []
    names = [str(name) for name in known[column].dropna()]
    there = set(names)
    return [
        Problem(
            f"{where}, row {row + 2}",
            f"{column} = {shown(name)}",
            f"a {column} of the pool",
            _near(name, names),
            ((where, row, column),),
        )
        for row, name in numbered(frame, column)
        if name is not None and name not in there
    ]


def _near(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]!r}?" if near else "please correct this cell"


def checked_table(
    schema: pa.DataFrameSchema, frame: pd.DataFrame, where: str, problems: list[Problem]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table in the schema's types, and all problems of it; the table is unusable when there is any."""
    filled = frame.assign(**{name: frame[name].fillna(value) for name, value in DEFAULTS.items() if name in frame})
    absent = {name: value for name, value in DEFAULTS.items() if name in schema.columns and name not in frame}
    try:
        return tables.validated(schema, filled.assign(**absent), where, most=None), problems
    except DataError as error:
        return frame, [*problems, *error.problems]


def unknown_columns(frame: pd.DataFrame, known: Sequence[str], where: str) -> list[Problem]:
    """Return a problem for each column that is not known."""
    problems = []
    for name in frame.columns.difference(list(known)):
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "remove it"
        what, allowed = f"no such column {shown(name)}", ", ".join(known)
        problems.append(Problem(where, what, allowed, hint, at=Spot(where, 0, name)))
    return problems


def repeated(frame: pd.DataFrame, column: str, where: str) -> list[Problem]:
    """Return a problem for each name that an earlier row has already."""
    if column not in frame:
        return []
    first: dict[str, int] = {}
    problems = []
    for row, name in numbered(frame, column):
        if name is not None and first.setdefault(name, row) != row:
            allowed = f"each once (first in row {first[name] + 2})"
            cells = tuple((where, at, column) for at in (first[name], row))
            what = f"{column} = {shown(name)} again"
            problems.append(Problem(f"{where}, row {row + 2}", what, allowed, "rename it", cells))
    return problems
