"""The decision in integers: what each pair is worth, and a row for each rule that counts over pairs.

Rules that bar or price single pairs are in ``eligibility``. Each writer of ``WRITERS`` makes the rows of one rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum
from pilotage.config.rules.budget import Budget
from pilotage.config.rules.cap import Cap
from pilotage.config.rules.case_quota import CaseQuota
from pilotage.config.rules.deprived_share import DeprivedShare
from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.moves import Moves
from pilotage.config.rules.phase_balance import PhaseBalance
from pilotage.config.rules.teams import Teams
from pilotage.domain.forecast import ImpactMatrix, YearlyGains
from pilotage.domain.plan import PlacementProblem, SharedPupils
from pilotage.errors import DataError, Problem
from pilotage.placement.candidates import SCALE, Candidates
from pilotage.placement.formulation.capacities import capacities
from pilotage.placement.formulation.pins import check_names, pin_rows
from pilotage.placement.formulation.shared_pupils import with_shared
from pilotage.placement.horizon import Days, starts_on
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, numbered
from pilotage.placement.rules.counts import area_limit, caps, case_quota, phase_balance
from pilotage.placement.rules.executive_span import executive_span, span_rule, spanning
from pilotage.placement.rules.support import support_or_head
from pilotage.placement.rules.teams import teams
from pilotage.placement.rules.value import budget, deprived_share, moves
from pilotage.placement.support import leaders_and_regions, posts_and_schools

Ints = NDArray[np.int64]

MOST_UNITS = 2**32  # of a benefit: weighed by a share's denominator and summed over 200,000 posts it fits 64 bits

#: The writer of each rule that counts over pairs: (name, rule, candidates) -> its row or rows.
WRITERS: dict[type[Any], Callable[[str, Any, Candidates], Constraint | Iterator[Constraint]]] = {
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


def placement_problem(case: Case, impact: ImpactMatrix) -> PlacementProblem:
    """Return the problem whose pairs are the rows of ``impact.pairs``, in the same order.

    Raises
    ------
    ScenarioError
        For pins, bans and cases that name nobody, pins that contradict each other or a ban, and pins of barred pairs.
    """
    candidates = candidates_of(case, impact)
    check_names(case)
    constraints = [*_constraints(candidates), *pin_rows(candidates, impact)]
    rows, auxiliaries = numbered(constraints)
    problem = PlacementProblem(
        leader_ids=tuple(candidates.leaders["leader_id"]),
        post_ids=tuple(candidates.table["post_id"]),
        urns=candidates.table["urn"].to_numpy(dtype=np.int64),
        leader=candidates.leader.astype(np.int32),
        post=candidates.post.astype(np.int32),
        benefit=candidates.benefit,
        scale=SCALE,
        rows=rows,
        capacity=candidates.capacity,
        auxiliaries=auxiliaries,
    )
    return problem if impact.yearly is None else with_shared(problem, shared_gains(problem, impact.yearly))


def shared_gains(problem: PlacementProblem, yearly: YearlyGains) -> SharedPupils:
    """Return what pairs add in each year in integer units, by school; its auxiliaries have no number yet."""
    urns, school = np.unique(problem.urns[problem.post[yearly.pair]], return_inverse=True)
    pair = pd.DataFrame({"leader": problem.leader, "post": problem.post}).iloc[yearly.pair]
    gain = in_units(yearly.gain, pair["leader"], pair["post"])
    return SharedPupils(yearly.pair, school.astype(np.int64), yearly.units, gain, urns, np.zeros(len(urns), np.int64))


def candidates_of(case: Case, impact: ImpactMatrix) -> Candidates:
    """Return what the scenario's rows are made from."""
    capacity = capacities(case.pool.leaders, case.scenario)
    if impact.support is not None:
        capacity = np.concatenate([capacity, impact.support.regions["capacity"].to_numpy(dtype=np.int64)])
    return Candidates(
        scenario=case.scenario,
        panel=case.panel,
        table=posts_and_schools(case, impact.support),
        leaders=leaders_and_regions(case, impact.support),
        people=len(case.pool.leaders),
        posts=len(case.posts.posts),
        pairs=impact.pairs,
        benefit=worth(impact.pairs),
        capacity=capacity,
        urns=case.urns,
        earlier=case.posts.earlier,
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


def _constraints(candidates: Candidates) -> Iterator[Constraint]:
    for name, rule in candidates.scenario.rules.items():
        write = WRITERS.get(type(rule))
        made: Constraint | Iterable[Constraint] = () if write is None else write(name, rule, candidates)
        yield from (made,) if isinstance(made, Constraint) else made
    yield from support_or_head(candidates)
    yield from one_term_at_a_time(candidates)
    yield from once_at_a_level(candidates)


def one_term_at_a_time(candidates: Candidates) -> Iterator[Constraint]:
    """A leader who starts is bound for a term: of the starts within any term's length, at most one is made.

    An executive leader under a rule of spans is placed once in the plan, which its own rows say.
    """
    starts = starts_on(candidates.leaders, candidates.table, candidates.leader, candidates.post)
    for leader, mine in _starting_again(candidates):
        yield from _terms(leader, mine, starts[mine], candidates.scenario.time.term_years)


def once_at_a_level(candidates: Candidates) -> Iterator[Constraint]:
    """A leader holds a level in a school once: a second term there is no move."""
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
    once = ~(spanning(candidates.leaders, candidates.scenario) & (span_rule(candidates.scenario) is not None))
    for position in np.unique(candidates.leader).tolist():
        if once[position] and position < candidates.people:
            yield str(candidates.leaders["leader_id"][position]), candidates.of_leader(position)


def _terms(leader: str, pairs: Ints, starts: Days, years: int) -> Iterator[Constraint]:
    for number, last in enumerate(np.unique(starts)):
        first = np.datetime64(pd.Timestamp(last) - pd.DateOffset(years=years), "D")
        bound = pairs[(starts > first) & (starts <= last)]
        label = f"a leader starts once in {years} years"
        yield constraint(RowName("term", "term", (leader, number + 1), measure="structure"), label, ("<=", 1), bound)
