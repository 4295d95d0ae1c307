"""The decision in integers: what each pair is worth, and a row for each rule that counts over pairs.

Rules that bar or price single pairs are in ``eligibility``. Each writer of ``WRITERS`` makes the rows of one rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules import (
    AreaMaximum,
    AreaMinimum,
    Budget,
    Cap,
    CaseQuota,
    DeprivedShare,
    ExecutiveSpan,
    Moves,
    PhaseBalance,
    Teams,
)
from pilotage.config.scenario import Scenario
from pilotage.domain.forecast import ImpactMatrix, YearlyGains
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementProblem, SharedPupils
from pilotage.errors import DataError, Problem
from pilotage.placement.capacities import capacities
from pilotage.placement.context import open_posts
from pilotage.placement.drafts import Draft, Named, draft, numbered
from pilotage.placement.ground import SCALE, SUPPORT, Ground
from pilotage.placement.pins import check_names, pin_rows
from pilotage.placement.rule_counts import area_limit, caps, case_quota, phase_balance
from pilotage.placement.rule_spans import executive_span, span_rule, spanning
from pilotage.placement.rule_teams import teams
from pilotage.placement.rule_value import budget, deprived_share, moves
from pilotage.placement.shared_pupils import with_shared
from pilotage.placement.support import support_or_head
from pilotage.placement.terms import Days, starts_on

Ints = NDArray[np.int64]

MOST_UNITS = 2**32  # of a benefit: weighed by a share's denominator and summed over 200,000 posts it fits 64 bits

#: The writer of each rule that counts over pairs: (name, rule, ground) -> its row or rows.
WRITERS: dict[type[Any], Callable[[str, Any, Ground], Draft | Iterator[Draft]]] = {
    AreaMinimum: area_limit,
    AreaMaximum: area_limit,
    Cap: caps,
    Budget: budget,
    PhaseBalance: phase_balance,
    DeprivedShare: deprived_share,
    CaseQuota: case_quota,
    Moves: moves,
    ExecutiveSpan: executive_span,
    Teams: teams,
}


def placement_problem(
    impact: ImpactMatrix,
    panel: SchoolPanel,
    pool: LeaderPool,
    posts: Posts,
    scenario: Scenario,
    urns: Ints | None = None,
) -> PlacementProblem:
    """Return the problem whose pairs are the rows of ``impact.pairs``, in the same order.

    Parameters
    ----------
    urns
        Schools in scope; all of the panel where none are given.

    Raises
    ------
    ScenarioError
        For pins, bans and cases that name nobody, pins that contradict each other or a ban, and pins of barred pairs.
    """
    ground = ground_of(impact, panel, pool, posts, scenario, urns)
    check_names(scenario, pool, posts, panel)
    drafts = [*_drafts(ground), *pin_rows(ground, impact, pool, posts)]
    rows, auxiliaries = numbered(drafts)
    problem = PlacementProblem(
        leader_ids=tuple(pool.leaders["leader_id"]),
        post_ids=tuple(ground.table["post_id"]),
        urns=ground.table["urn"].to_numpy(dtype=np.int64),
        leader=ground.leader.astype(np.int32),
        post=ground.post.astype(np.int32),
        benefit=ground.benefit,
        scale=SCALE,
        rows=rows,
        capacity=ground.capacity,
        auxiliaries=auxiliaries,
    )
    return problem if impact.yearly is None else with_shared(problem, shared_gains(problem, impact.yearly))


def shared_gains(problem: PlacementProblem, yearly: YearlyGains) -> SharedPupils:
    """Return what pairs add in each year in integer units, by school; its auxiliaries have no number yet."""
    urns, school = np.unique(problem.urns[problem.post[yearly.pair]], return_inverse=True)
    pair = pd.DataFrame({"leader": problem.leader, "post": problem.post}).iloc[yearly.pair]
    gain = in_units(yearly.gain, pair["leader"], pair["post"])
    return SharedPupils(yearly.pair, school.astype(np.int64), yearly.units, gain, urns, np.zeros(len(urns), np.int64))


def ground_of(
    impact: ImpactMatrix,
    panel: SchoolPanel,
    pool: LeaderPool,
    posts: Posts,
    scenario: Scenario,
    urns: Ints | None = None,
) -> Ground:
    """Return what the scenario's rows are made from."""
    table = open_posts(panel, posts)
    return Ground(
        scenario=scenario,
        panel=panel,
        table=table,
        leaders=pool.leaders,
        pairs=impact.pairs,
        benefit=worth(impact.pairs),
        capacity=capacities(pool.leaders, scenario),
        urns=panel.schools["urn"].to_numpy(dtype=np.int64) if urns is None else urns,
        earlier=posts.earlier,
    )


def worth(pairs: pd.DataFrame) -> Ints:
    """Return what each pair is worth to a plan: its benefit less what priced rules charge, in integer units."""
    charged = pairs["price"].to_numpy() if "price" in pairs else 0.0
    return in_units(pairs["benefit"].to_numpy(dtype=np.float64) - charged, pairs["leader_index"], pairs["post_index"])


def in_units(months: NDArray[np.float64], leader: pd.Series, post: pd.Series) -> Ints:
    """Return pupil-months in integer units, rounded; a row for each pair, of these leaders and posts.

    Raises
    ------
    DataError
        For figures that are not numbers, or so large that sums of them would not fit 64 bits.
    """
    units = months * SCALE
    wrong = np.argwhere(~(np.abs(units) <= MOST_UNITS))
    if len(wrong):
        row, value = int(wrong[0, 0]), months[tuple(wrong[0])]
        where = f"leader {leader.iloc[row]:.0f}, post {post.iloc[row]:.0f} (rows of their tables, from 0)"
        told = f"{len(wrong):,} benefits are not numbers that can be planned with; the first is {value}"
        do = "look at the parameters and tables that it is made from"
        raise DataError(Problem(where, told, f"finite, at most {MOST_UNITS // SCALE:,} pupil-months", do))
    return np.rint(units).astype(np.int64)


def _drafts(ground: Ground) -> Iterator[Draft]:
    for name, rule in ground.scenario.rules.items():
        write = WRITERS.get(type(rule))
        made: Draft | Iterable[Draft] = () if write is None else write(name, rule, ground)
        yield from (made,) if isinstance(made, Draft) else made
    yield from support_or_head(ground)
    yield from one_term_at_a_time(ground)
    yield from once_at_a_level(ground)


def one_term_at_a_time(ground: Ground) -> Iterator[Draft]:
    """A leader who starts is bound for a term: of the starts within any term's length, at most one is made.

    An executive leader under a rule of spans is placed once in the plan, which its own rows say.
    """
    starts = starts_on(ground.leaders, ground.table, ground.leader, ground.post)
    for leader, mine in _starting_again(ground):
        yield from _terms(leader, mine, starts[mine], ground.scenario.time.term_years)


def once_at_a_level(ground: Ground) -> Iterator[Draft]:
    """A leader holds a level in a school once: a second term there is no move."""
    urn, level = ground.of_school("urn"), ground.of_school("level")
    for leader, mine in _starting_again(ground):
        held = pd.Series(list(zip(urn[mine].tolist(), level[mine], strict=True)), index=mine)
        for (school, name), pairs in held[held.duplicated(keep=False)].groupby(held):
            named = Named("own_post", "own_post", (leader, school, name), measure="structure")
            yield draft(named, "a leader holds a level in a school once", ("<=", 1), np.sort(pairs.index.to_numpy()))


def _starting_again(ground: Ground) -> Iterator[tuple[str, Ints]]:
    """Yield each leader who can start more than once in the plan, and the leader's pairs."""
    time = ground.scenario.time
    if time.years <= time.term_years:
        return  # nobody can start twice: a capacity of one says it all
    once = ~(spanning(ground.leaders, ground.scenario) & (span_rule(ground.scenario) is not None))
    for position in np.unique(ground.leader).tolist():
        if once[position] and ground.leaders["level"][position] != SUPPORT:
            yield str(ground.leaders["leader_id"][position]), ground.of_leader(position)


def _terms(leader: str, pairs: Ints, starts: Days, years: int) -> Iterator[Draft]:
    for number, last in enumerate(np.unique(starts)):
        first = np.datetime64(pd.Timestamp(last) - pd.DateOffset(years=years), "D")
        bound = pairs[(starts > first) & (starts <= last)]
        label = f"a leader starts once in {years} years"
        yield draft(Named("term", "term", (leader, number + 1), measure="structure"), label, ("<=", 1), bound)
