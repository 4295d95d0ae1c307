"""The decision in integers: what each pair is worth, and a row for each rule that counts over pairs.

Rules that bar or price single pairs act in ``eligibility``; ``rules.catalogue`` has what the rules that count write.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.forecast import ImpactMatrix, YearlyGains
from pilotage.domain.plan import PlacementProblem, SharedPupils
from pilotage.errors import DataError, Problem
from pilotage.placement.candidates import SCALE, Candidates
from pilotage.placement.formulation.capacities import capacities
from pilotage.placement.formulation.names import check_names
from pilotage.placement.formulation.pins import pin_rows
from pilotage.placement.formulation.shared_pupils import by_school, with_shared
from pilotage.placement.rules.catalogue import rule_rows
from pilotage.placement.rules.constraint import numbered
from pilotage.placement.support import Tables, both_tables

Ints = NDArray[np.int64]

MOST_UNITS = 2**32  # of a benefit: weighed by a share's denominator and summed over 200,000 posts it fits 64 bits


def placement_problem(case: Case, impact: ImpactMatrix, tables: Tables | None = None) -> PlacementProblem:
    """Return the problem whose pairs are the rows of ``impact.pairs``, in the same order.

    ``tables``: of leaders and posts, where they were put together already (``Eligible.tables_of``).

    Raises
    ------
    ScenarioError
        For pins, bans and cases that name nobody, pins that contradict each other or a ban, and pins of barred pairs.
    """
    candidates = candidates_of(case, impact, tables)
    check_names(case)
    constraints = [*rule_rows(candidates), *pin_rows(candidates, impact)]
    rows, auxiliaries = numbered(constraints)
    problem = PlacementProblem(
        leader_ids=tuple(candidates.leaders["leader_id"].tolist()),
        post_ids=tuple(candidates.table["post_id"].tolist()),
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
    pair = pd.DataFrame({"leader": problem.leader, "post": problem.post}).iloc[yearly.pair]
    gain = in_units(yearly.gain, pair["leader"], pair["post"])
    return by_school(problem, yearly, gain)


def candidates_of(case: Case, impact: ImpactMatrix, tables: Tables | None = None) -> Candidates:
    """Return what the scenario's rows are made from; ``tables``: as of ``placement_problem``."""
    leaders, posts = both_tables(case, impact.support) if tables is None else tables
    capacity = capacities(case.pool.leaders, case.scenario)
    if impact.support is not None:
        capacity = np.concatenate([capacity, impact.support.regions["capacity"].to_numpy(dtype=np.int64)])
    return Candidates(
        scenario=case.scenario,
        panel=case.panel,
        table=posts,
        leaders=leaders,
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
        fault = f"{len(wrong):,} benefits are not numbers that can be planned with; the first is {value}"
        do = "look at the parameters and tables that it is made from"
        raise DataError(Problem(where, fault, f"finite, at most {MOST_UNITS // SCALE:,} pupil-months", do))
    return np.rint(units).astype(np.int64)
