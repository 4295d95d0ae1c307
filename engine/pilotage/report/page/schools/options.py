"""Who could go to each school, and why nobody may: what a run knows of it without solving anything again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report.words import plural

NAMED = 3  # leaders named of a school


def who_could_go(record: RunRecord) -> pd.Series:
    """Return by URN how many leaders may go to a school's posts, and those with the highest modelled benefit."""
    pairs, problem = record.impact.pairs, record.problem
    placed = problem.leader < len(record.pool.leaders)  # the others are support of a leader in post
    frame = pd.DataFrame(
        {
            "urn": problem.urns[problem.post],
            "leader": problem.leader,
            "benefit": pairs["benefit"].to_numpy(dtype=float),
        }
    )[placed]
    keys = ["urn", "benefit", "leader"]
    best = frame.sort_values(keys, ascending=[True, False, True]).drop_duplicates(["urn", "leader"])
    names = np.array(problem.leader_ids, dtype=object)[best["leader"].to_numpy(dtype=np.int64)]
    counts = best.groupby("urn")["leader"].transform("size")
    first = best.assign(name=names, count=counts)[best.groupby("urn").cumcount() < NAMED]
    named = first.groupby("urn").agg(count=("count", "first"), names=("name", ", ".join))
    said = [_words(int(count), str(leaders)) for count, leaders in zip(named["count"], named["names"], strict=True)]
    return pd.Series(said, index=named.index, dtype=object)


def _words(count: int, named: str) -> str:
    if count == 1:
        return f"1 leader may: {named}."
    first = f"first {named}" if count > NAMED else named
    return f"{plural(count, 'leader')} may, by modelled benefit: {first}."


def asked_about(ask_next: pd.DataFrame) -> pd.Series:
    """Return by URN what the list of whom to ask next says of a school, its best post first."""
    ordered = ask_next.sort_values("ask_rank")
    columns = (ordered[name] for name in ("ask_rank", "level", "leader_id", "why"))
    said = [
        f"Number {int(rank)} on the list: {level}, {leader}; {why}"
        for rank, level, leader, why in zip(*columns, strict=True)
    ]
    return pd.Series(said, index=ordered["urn"].to_numpy(), dtype=object).groupby(level=0).first()
