"""URNs in people's tables: a URN that a school had before, or has since, is read as that of the schools' data."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.domain.panel import SchoolPanel
from pilotage.errors import Problem
from pilotage.sources.files.tables import numbered, where_of

MOST_NAMED = 5


@dataclass(frozen=True)
class ReadUrns:
    """A table with the URNs of the schools' data, the notes on those that were others, and what is wrong."""

    frame: pd.DataFrame
    notes: tuple[str, ...]
    problems: list[Problem]


def with_present_urns(
    frame: pd.DataFrame,
    column: str,
    panel: SchoolPanel,
    path: Path,
    allowed: str = "a URN of the schools' data",
    do: str = "correct the URN",
) -> ReadUrns:
    """Return a table whose URNs in ``column`` are those of the panel; ``allowed`` and ``do`` are for the others."""
    if column not in frame:
        return ReadUrns(frame, (), [])
    where = where_of(frame, path)
    known = set(panel.schools["urn"].tolist())
    urns, notes, problems = [], list[str](), list[Problem]()
    for row, urn in numbered(frame, column):
        blank, number = pd.api.types.is_scalar(urn) and pd.isna(urn), _whole(urn)
        present = None if number is None else number if number in known else panel.other_urns.get(number)
        urns.append(present)
        if blank or (present is not None and present == number):
            continue
        if present is None:
            what, cells = f"{column} = {urn if number is None else number}", ((where, row, column),)
            merged = None if number is None else _merged(number, panel)
            problems.append(Problem(f"{where}, row {row + 2}", what, allowed, merged or do, cells))
        else:
            notes.append(f"{number} as {present} (row {row + 2})")
    return ReadUrns(
        frame.assign(**{column: pd.Series(urns, index=frame.index)}), _note(notes, column, path.name), problems
    )


def _whole(value: Any) -> int | None:
    """Return a value as a whole number; None where it is none, as a text or infinity in a Parquet file."""
    number = float(value) if isinstance(value, Real) else None
    return int(number) if number is not None and number.is_integer() else None


def _note(changes: list[str], column: str, name: str) -> tuple[str, ...]:
    if not changes:
        return ()
    more = f" and {len(changes) - MOST_NAMED:,} more" if len(changes) > MOST_NAMED else ""
    named = ", ".join(changes[:MOST_NAMED])
    return (f"In {name}, {column} reads {named}{more}: by the official links these are the same schools.",)


def _merged(urn: int, panel: SchoolPanel) -> str | None:
    """Return what to do about a URN whose school merged or was split, null where that is not known."""
    if urn not in panel.merged_urns:
        return None
    home = panel.merged_urns[urn]
    return f"that school merged or was split; the official links lead to {home}: write that URN if you mean it"
