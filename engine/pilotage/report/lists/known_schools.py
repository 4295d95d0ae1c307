"""What planners know of schools, as marks of the lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.tables import LEVELS, NOT_READVERTISED
from pilotage.report.words import absent

ADVERTISED_AGAIN = "the post was advertised again"


def school_marks(record: RunRecord, urns: Iterable[int]) -> list[str]:
    """Return what planners know of each school, in words; empty text of schools of which nothing is known."""
    schools, supported = record.posts.schools, record.posts.schools.supported_by(record.scenario.as_of)
    rows = cast("dict[int, dict[str, Any]]", schools.table.to_dict("index"))
    marks = dict[int, str]()
    for urn in {*rows, *schools.standing}:
        row = rows.get(urn, {})
        body = schools.standing.get(urn)
        parts = [
            _support(row) if urn in supported.index else "",
            _again(row.get("readvertised")),
            "" if body is None else body.words,
            "" if absent(row.get("note")) else f"note: {row['note']}",
        ]
        marks[urn] = "; ".join(part for part in parts if part)
    return [marks.get(urn, "") for urn in urns]


def _support(row: dict[str, Any]) -> str:
    until = row["supported_until"]
    last_day = f" until {until:%d %b %Y}" if isinstance(until, pd.Timestamp) else ""
    names = " and ".join(name.strip() for name in str(row["supported_by"]).split(";") if name.strip())
    return f"supported by {names}{last_day}"


def _again(levels: object) -> str:
    """Return which posts of a school were advertised again, in words."""
    named = [] if absent(levels) or levels == NOT_READVERTISED else str(levels).split(";")
    if not named:
        return ""
    return "a post was advertised again" if len(named) == len(LEVELS) else f"advertised again: {', '.join(named)}"


def advertised_again(record: RunRecord, post_ids: Iterable[str]) -> list[str]:
    """Return the mark of each known post that its own table says was advertised again; else empty text."""
    table = record.posts.posts
    again = (
        set(table.loc[table["readvertised"].fillna(False).astype(bool), "post_id"]) if "readvertised" in table else ()
    )
    return [ADVERTISED_AGAIN if post in again else "" for post in post_ids]
