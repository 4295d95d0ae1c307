"""A leader explained: the posts that the leader may take, what each costs the plan, and what bars the nearest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from pilotage.domain.findings.explained import LeaderExplained
from pilotage.placement.analysis.why_not.forced_in import with_none_of
from pilotage.study.explain.names import leader_of
from pilotage.study.explain.opened import Opened, forced
from pilotage.study.explain.options import barred_options, keeping, open_options

MOST_BARRED = 20  # posts that the leader may not take, shown


def explain_leader(opened: Opened, word: str, say: Callable[[str], None]) -> LeaderExplained:
    """Explain the leader that a leader_id or a name means.

    Raises
    ------
    UsageError
        Where the word means no leader of the run, or several.
    """
    position = leader_of(opened.case, word)
    problem, row = opened.problem, opened.case.pool.leaders.iloc[position]
    mine = np.flatnonzero(problem.leader == position)
    say(f"Solving again for leader {row['leader_id']}")
    in_plan = bool(np.isin(opened.plan.chosen, mine).any())
    kept = keeping(opened, [position], np.arange(len(opened.case.posts.posts)))
    unplaced = opened.run.unplaced.set_index("leader_id")["reason"]
    leader_id = str(row["leader_id"])
    return LeaderExplained(
        leader_id=leader_id,
        name=None if pd.isna(row.get("name")) else str(row["name"]),
        level=str(row["level"]),
        phases=str(row["phases"]),
        options=tuple(open_options(opened, mine)),
        nearest=tuple(barred_options(opened, kept, MOST_BARRED)),
        may_take=len(mine),
        without=forced(opened, with_none_of(problem, mine)) if in_plan else None,
        why_unplaced=str(unplaced[leader_id]) if leader_id in unplaced.index else None,
        objective_months=(opened.plan.objective or 0) / opened.scale,
    )
