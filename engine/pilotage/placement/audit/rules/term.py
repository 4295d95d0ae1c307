"""Terms: a leader is bound for a term from the start of a placement, and holds a level in a school once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pilotage.domain.findings.explanation import Check
from pilotage.domain.prospects import prospects_in
from pilotage.placement.audit.case import Ints
from pilotage.placement.audit.counting import Counted, checked
from pilotage.placement.audit.expected import Expected, Stated, on_pairs
from pilotage.placement.audit.rule_audit import StructureAudit
from pilotage.placement.audit.support_tables import SUPPORT


def checks(counted: Counted) -> Iterator[Check]:
    """Yield whether no leader has more placements at a time, or in all, than they may have."""
    wrong = _overloaded(counted)
    yield checked("one_post_per_leader", wrong, f"{len(counted.placements)} placements, none too many for its leader")


def _overloaded(counted: Counted) -> list[str]:
    """Return, in words, the leaders with too many placements.

    Leaders who take several posts at a time may start them together, and a region's support is no leader's term.
    """
    case, limits = counted.case, dict(zip(counted.leaders["leader_id"], counted.capacities.most.tolist(), strict=True))
    several = set(counted.leaders.loc[counted.capacities.several, "leader_id"])
    counts = counted.placements["leader_id"].value_counts().sort_index()
    by_leader = zip(counts.index, counts, counts.index.map(limits), strict=True)
    words = [f"{leader}: {count}, over {limit}" for leader, count, limit in by_leader if count > limit]
    repeated = counted.placements[counted.placements["leader_id"].isin(counts.index[counts > 1])]
    asked = prospects_in(repeated)  # one leader may ask for several
    bound = repeated[(repeated["level"] != SUPPORT) & ~repeated["leader_id"].isin(several) & ~asked]
    for leader, starts in bound.sort_values("starts_on").groupby("leader_id")["starts_on"]:
        free = starts + pd.DateOffset(years=case.scenario.time.term_years)
        if (starts.iloc[1:].to_numpy() < free.iloc[:-1].to_numpy()).any():
            words.append(f"{leader} twice at a time")
    again = bound.loc[bound.duplicated(["leader_id", "urn", "level"]), "leader_id"]
    return words + [f"{leader} twice at one level of a school" for leader in again.unique()]


def rows(stated: Stated) -> Iterator[Expected]:
    """Yield the rows of terms, then those of levels held in a school."""
    yield from _terms(stated)
    yield from _own_posts(stated)


def _terms(stated: Stated) -> Iterator[Expected]:
    """Yield the rows of terms: of the starts within any term's length, a leader makes at most one."""
    for leader, mine in _with_several_terms(stated):
        own = stated.starts.iloc[mine]
        for number, last in enumerate(sorted(own.unique())):
            first = pd.Timestamp(last) - pd.DateOffset(years=stated.case.scenario.time.term_years)
            members = mine[((own > first) & (own <= last)).to_numpy(dtype=bool)]
            yield on_pairs(("term", "term", (leader, number + 1)), ("<=", 1), members)


def _own_posts(stated: Stated) -> Iterator[Expected]:
    """Yield a row for each leader, school and level with several posts: the leader takes at most one of them."""
    problem, level = stated.claim.problem, stated.case.posts.posts["level"].to_numpy(dtype=object)
    for leader, mine in _with_several_terms(stated):
        held: dict[tuple[int, str], list[int]] = {}
        for pair in mine.tolist():
            held.setdefault((int(problem.urns[problem.post[pair]]), str(level[problem.post[pair]])), []).append(pair)
        for (urn, name), pairs in held.items():
            if len(pairs) > 1:
                members = np.array(pairs, dtype=np.int64)
                yield on_pairs(("own_post", "own_post", (leader, urn, name)), ("<=", 1), members)


def _with_several_terms(stated: Stated) -> Iterator[tuple[str, Ints]]:
    """Yield each leader who may start again after a term (not those of several posts at a time), with all pairs."""
    case, time, problem = stated.case, stated.case.scenario.time, stated.claim.problem
    support = (case.pool.leaders["level"] == SUPPORT).to_numpy(dtype=bool)
    leaders = np.unique(problem.leader) if time.years > time.term_years else np.zeros(0, dtype=np.int64)
    for leader in leaders[~stated.capacities.several[leaders] & ~support[leaders]].tolist():
        yield problem.leader_ids[leader], stated.of_leader(leader)


STRUCTURES = (StructureAudit(checks, rows, order=-1),)
