"""Checks that the planner's tables share: columns, names and rows, each problem with its place and what to do."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError, Problem

DEFAULTS: dict[str, Any] = {"relocates": False, "created": False, "consent": "unknown"}


def unknown_names(frame: pd.DataFrame, column: str, known: pd.DataFrame, path: Path) -> list[Problem]:
    """Return a problem for each name that a table of the pool does not have; the index counts rows from 0."""
    if column not in frame or column not in known:
        return []
    names = [str(name) for name in known[column].dropna()]
    there = set(names)
    return [
        Problem(f"{path}, row {row + 2}", f"{column} = {name!r}", f"a {column} of the pool", _near(name, names))
        for row, name in zip(frame.index.tolist(), frame[column], strict=True)
        if name is not None and name not in there
    ]


def _near(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]!r}?" if near else "correct the cell"


def checked_table(
    schema: pa.DataFrameSchema, frame: pd.DataFrame, path: Path, problems: list[Problem]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table in the schema's types, and all problems of it; the table is unusable when there is any."""
    filled = frame.assign(**{name: frame[name].fillna(value) for name, value in DEFAULTS.items() if name in frame})
    absent = {name: value for name, value in DEFAULTS.items() if name in schema.columns and name not in frame}
    try:
        return tables.validated(schema, filled.assign(**absent), str(path)), problems
    except DataError as error:
        said = {(problem.where, problem.what.split(" = ")[0]) for problem in problems}
        fresh = [p for p in error.problems if (p.where, p.what.split(" = ")[0]) not in said]
        return frame, [*problems, *fresh]


def unknown_columns(frame: pd.DataFrame, schema: pa.DataFrameSchema, path: Path, *more: str) -> list[Problem]:
    """Return a problem for each column that is neither of the schema nor among ``more``."""
    known = [*schema.columns, *more]
    problems = []
    for name in frame.columns.difference(known):
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "remove it"
        problems.append(Problem(str(path), f"no such column {name!r}", ", ".join(known), hint))
    return problems


def bad_lists(frame: pd.DataFrame, column: str, allowed: tuple[str, ...], path: Path) -> list[Problem]:
    """Return a problem for each cell with an item, between semicolons, that is not allowed."""
    if column not in frame:
        return []
    return [
        Problem(
            f"{path}, row {row}", f"{column} = {text!r}", f"{', '.join(allowed)}, separated by ;", "correct the cell"
        )
        for row, text in enumerate(frame[column], 2)
        if text is not None and not set(text.replace(" ", "").split(";")) <= set(allowed)
    ]


def unknown_schools(frame: pd.DataFrame, column: str, panel: SchoolPanel, path: Path) -> list[Problem]:
    """Return a problem for each URN that no school of the panel has."""
    if column not in frame:
        return []
    known = set(panel.schools["urn"])
    return [
        Problem(f"{path}, row {row}", f"{column} = {urn:.0f}", "a URN of the schools' data", "correct the URN")
        for row, urn in enumerate(frame[column], 2)
        if pd.notna(urn) and urn not in known
    ]


def repeated(frame: pd.DataFrame, column: str, path: Path) -> list[Problem]:
    """Return a problem for each name that an earlier row has already."""
    if column not in frame:
        return []
    first: dict[str, int] = {}
    problems = []
    for row, name in enumerate(frame[column], 2):
        if name is not None and first.setdefault(name, row) != row:
            allowed = f"each once (first in row {first[name]})"
            problems.append(Problem(f"{path}, row {row}", f"{column} = {name!r} again", allowed, "rename it"))
    return problems
