"""A leader who starts is bound for a term, and holds a level in a school once; no rule of the scenario asks for it.

For each leader l and each start s: sum of x(l, p) over posts that start within a term up to s <= 1. For each leader and
each level of a school: sum of x(l, p) over its posts of that level <= 1. Both hold where the plan is longer than a
term.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.placement.candidates import Candidates
from pilotage.placement.horizon import Days, starts_on
from pilotage.placement.rules.catalogue import spans_of
from pilotage.placement.rules.constraint import Constraint, RowName, constraint
from pilotage.placement.rules.traits import RuleTraits

Ints = NDArray[np.int64]


def terms(candidates: Candidates) -> Iterator[Constraint]:
    """Yield for each leader that of the starts within any term's length at most one is made.

    An executive leader under a rule of spans is placed once in the plan, which its own rows say.
    """
    starts = starts_on(candidates.leaders, candidates.table, candidates.leader, candidates.post)
    for leader, mine in _starting_again(candidates):
        yield from _of_leader(leader, mine, starts[mine], candidates.scenario.time.term_years)


def own_posts(candidates: Candidates) -> Iterator[Constraint]:
    """Yield for each leader that a level in a school is held once: a second term there is no move."""
    urn, level = candidates.of_school("urn"), candidates.of_school("level")
    for leader, mine in _starting_again(candidates):
        held = pd.Series(list(zip(urn[mine].tolist(), level[mine], strict=True)), index=mine)
        for (school, name), pairs in held[held.duplicated(keep=False)].groupby(held):
            named = RowName("own_post", "own_post", (leader, school, name), measure="structure")
            yield constraint(
                named, "a leader holds a level in a school once", ("<=", 1), np.sort(pairs.index.to_numpy())
            )


def _starting_again(candidates: Candidates) -> Iterator[tuple[str, Ints]]:
    """Yield each leader who can start more than once in the plan, and the leader's pairs."""
    time = candidates.scenario.time
    if time.years <= time.term_years:
        return  # nobody can start twice: a capacity of one says it all
    spans = spans_of(candidates.leaders, candidates.scenario)
    for position in np.unique(candidates.leader).tolist():
        if (spans is None or not spans.who[position]) and position < candidates.people:
            yield str(candidates.leaders["leader_id"][position]), candidates.of_leader(position)


def _of_leader(leader: str, pairs: Ints, starts: Days, years: int) -> Iterator[Constraint]:
    for number, last in enumerate(np.unique(starts)):
        first = np.datetime64(pd.Timestamp(last) - pd.DateOffset(years=years), "D")
        bound = pairs[(starts > first) & (starts <= last)]
        label = f"a leader starts once in {years} years"
        yield constraint(RowName("term", "term", (leader, number + 1), measure="structure"), label, ("<=", 1), bound)


RULES = (
    RuleTraits((), "counts", "placement", "structure", always=terms),
    RuleTraits((), "counts", "placement", "structure", always=own_posts),
)
