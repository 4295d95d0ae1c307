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
    best = frame.sort_values(["urn", "benefit", "leader"], ascending=[True, False, True]).drop_duplicates(
        ["urn", "leader"]
    )
    counts = best.groupby("urn").size()
    first = best[best.groupby("urn").cumcount() < NAMED]
    names = np.array(problem.leader_ids, dtype=object)[first["leader"].to_numpy(dtype=np.int64)]
    named = pd.Series(names, index=first["urn"]).groupby(level=0).agg(", ".join)
    said = [_words(int(count), named[urn]) for urn, count in counts.items()]
    return pd.Series(said, index=counts.index, dtype=object)


def _words(count: int, named: str) -> str:
    if count == 1:
        return f"1 leader may: {named}."
    first = f"first {named}" if count > NAMED else named
    return f"{plural(count, 'leader')} may, by modelled benefit: {first}."


def asked_about(ask_next: pd.DataFrame) -> pd.Series:
    """Return by URN what the list of whom to ask next says of a school, its best post first."""
    said = [
        f"Number {int(row.ask_rank)} on the list: {row.level}, {row.leader_id}; {row.why}"
        for row in ask_next.sort_values("ask_rank").itertuples()
    ]
    urns = ask_next.sort_values("ask_rank")["urn"].to_numpy()
    return pd.Series(said, index=urns, dtype=object).groupby(level=0).first()
