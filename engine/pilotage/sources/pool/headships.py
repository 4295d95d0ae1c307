"""A school has one head, and one executive leader, in a planning year, unless the table says that they share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from pilotage.domain.planning_years import first_september, planning_year
from pilotage.errors import Problem, Spot

HEAD_LEVELS = ("head", "executive")
COLUMNS = ("urn", "level", "opens_on")


Place = tuple[str, int]  # a table as messages name it, and the row of a spreadsheet


def problems(frame: pd.DataFrame, places: Sequence[Place], as_of: date) -> Iterator[Problem]:
    """Yield each post of a head level that opens in a school and planning year that has one already.

    ``frame`` has the table's own order, ``places`` say where each row stands; posts that all say ``job_share`` share
    the headship.
    """
    if not set(COLUMNS) <= set(frame.columns):
        return  # what is lacking is told by the schema
    stands = dict(zip(frame.index.tolist(), places, strict=True))
    heads = frame[frame["level"].isin(HEAD_LEVELS) & frame["urn"].notna() & frame["opens_on"].notna()]
    year = planning_year(heads["opens_on"].to_numpy(dtype="datetime64[D]"), as_of)
    for _, same in heads.assign(september=first_september(as_of) + year).groupby(["urn", "level", "september"]):
        if len(same) > 1 and not _all_share(same):
            yield from _again(same, stands)


def _all_share(posts: pd.DataFrame) -> bool:
    return "job_share" in posts and all(pd.notna(value) and bool(value) for value in posts["job_share"])


def _again(same: pd.DataFrame, stands: Mapping[int, Place]) -> Iterator[Problem]:
    first, level = same.iloc[0], str(same["level"].iloc[0])
    table, number = stands[same.index[0]]
    allowed = f"one {level} post in a school and planning year, or job_share = yes in every row of them"
    for index in same.index[1:]:
        where, row = stands[index]
        before = f"row {number}" if where == table else f"{table}, row {number}"
        when = f"in the planning year from September {int(first['september'])}; the first is in {before}"
        what = f"urn = {int(first['urn'])}, a second {level} post {when}"
        do = "remove one, or say yes in job_share of both"
        yield Problem(f"{where}, row {row}", what, allowed, do, at=Spot(where, row, "urn"))
