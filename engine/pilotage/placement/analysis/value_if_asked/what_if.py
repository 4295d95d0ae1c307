"""The what-if case: at each school that could be asked, a known post that has consented, and the pairs that it opens.

Everything else stays as it is. Rules that bar pairs by what all pairs together are (teams, several schools for one
leader, lots) would bar other pairs too if a post were added; so they are left out here, and so are the leaders whom
they are about. Schools held back by lot stay held back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.rules.catalogue import BARS
from pilotage.config.scenario import Scenario
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.plan import PlacementProblem, Row
from pilotage.domain.prospects import OPENS_BY, PROSPECT, prospects_in, with_last_days
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.candidates import SCALE
from pilotage.placement.cohorts import finishers
from pilotage.placement.eligibility.pairs import Eligible, eligible_pairs
from pilotage.placement.formulation.equity import pair_weights, weighted
from pilotage.placement.formulation.problem import candidates_of
from pilotage.placement.prospects import last_opening_day, opening_day
from pilotage.placement.rules.catalogue import rule_rows, rules_of
from pilotage.placement.rules.constraint import numbered
from pilotage.placement.support import Tables
from pilotage.placement.valuation.benefit import impact_matrix

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

BASE = "base"  # column of the what-if posts: the position of the post that each stands for; null: the school has none
MOST_PAIRS = 5_000_000  # of leaders and posts looked at together


@dataclass(frozen=True)
class WhatIf:
    """What-if posts, and the pairs that they open.

    Attributes
    ----------
    posts
        In the columns of the posts, and ``BASE``.
    eligible
        Pairs of a leader with a row of ``posts``.
    impact, problem
        What the pairs are worth, and the rows that they weigh in: of these pairs alone, without pins.
    """

    posts: pd.DataFrame
    eligible: Eligible
    impact: ImpactMatrix
    problem: PlacementProblem


def what_if_posts(case: Case) -> pd.DataFrame:
    """Return a post for each school and level that someone could be asked about, sorted by URN and level.

    These are the known posts in scope whose consent is unknown, and every level asked for at which a school in scope
    has no known post: the levels of ``pool.prospects``, else those of the leaders.
    """
    posts = with_last_days(case.posts.posts)
    known = posts[~prospects_in(posts)]
    taken = set(zip(known["urn"].tolist(), known["level"].tolist(), strict=True))
    place = {key: n for n, key in enumerate(zip(posts["urn"].tolist(), posts["level"].tolist(), strict=True))}
    asked = [(int(urn), level) for urn in case.urns.tolist() for level in levels_asked(case)]
    free = [key for key in asked if key not in taken]
    made = pd.DataFrame(
        {
            "post_id": [f"ask: {urn} {level}" for urn, level in free],
            "urn": np.array([urn for urn, _ in free], dtype=np.int64),
            "level": [level for _, level in free],
            "opens_on": opening_day(case.scenario.as_of),
            OPENS_BY: last_opening_day(case.scenario.as_of),
            "created": False,
        }
    )
    here = known[(known["consent"] == "unknown") & known["urn"].isin(case.urns)]
    base = [*here.index.tolist(), *(place.get(key) for key in free)]
    both = pd.concat([here, made.reindex(columns=list(posts.columns))], ignore_index=True)
    changed = {"consent": "yes"} | ({PROSPECT: False} if PROSPECT in posts else {})
    typed = both.assign(**changed).astype(posts.dtypes.to_dict()).assign(**{BASE: pd.array(base, dtype="Int64")})
    return typed.sort_values(["urn", "level", "post_id"], ignore_index=True)


def levels_asked(case: Case) -> tuple[str, ...]:
    """Return the levels at which schools are asked: those of the prospects, else those of the leaders."""
    stated = case.scenario.pool.prospects
    return tuple(sorted(case.pool.leaders["level"].unique())) if stated is None else stated.levels


def what_ifs(case: Case, forecast: RiskForecast, solved: PlanCase, posts: pd.DataFrame) -> Iterator[WhatIf]:
    """Yield the what-if posts with their pairs, so many at a time that memory lasts."""
    step = max(1, MOST_PAIRS // max(1, len(case.pool.leaders)))
    for start in range(0, len(posts), step):
        yield _opened(case, forecast, solved, posts.iloc[start : start + step].reset_index(drop=True))


def _opened(case: Case, forecast: RiskForecast, solved: PlanCase, posts: pd.DataFrame) -> WhatIf:
    there = _with_posts(case, posts.drop(columns=BASE))
    pupils = finishers(case.panel, case.evidence)
    valued = np.intersect1d(case.urns, pupils.index[pupils.notna()].to_numpy())
    open_to_all = eligible_pairs(there, np.setdiff1d(valued, list(held_back(solved))), forecast.need)
    eligible = some_pairs(open_to_all, ~not_alone(case)[open_to_all.leader])
    impact = replace(impact_matrix(there, forecast, eligible, ranges=False), yearly=None)
    return WhatIf(posts, eligible, impact, _problem(there, forecast, impact, eligible.tables_of(there)))


def _with_posts(case: Case, posts: pd.DataFrame) -> Case:
    """Return the case with other posts, without support and the rules that look at all pairs together."""
    scenario, names = case.scenario, set(posts["post_id"])
    rules = {key: rule for key, rule, traits in rules_of(scenario) if traits.prunes is None}
    interventions = scenario.interventions.model_copy(update={"support": None})
    earlier = {key: plan[plan["post_id"].isin(names)] for key, plan in case.posts.earlier.items()}
    plain = scenario.model_copy(update={"rules": rules, "interventions": interventions})
    return replace(case, scenario=plain, posts=replace(case.posts, posts=posts, earlier=earlier))


def not_alone(case: Case) -> Bools:
    """Return the leaders of teams and those of several schools, where a rule is about them, shape (leaders,)."""
    leaders, bound = case.pool.leaders, np.zeros(len(case.pool.leaders), dtype=bool)
    for _, _, traits in rules_of(case.scenario):
        if traits.prunes is not None and traits.about is not None:
            bound |= np.asarray(traits.about(leaders, case.scenario), dtype=bool)
    return bound


def held_back(solved: PlanCase) -> dict[int, str]:
    """Return the schools that lots hold back, by URN, with the code that says so."""
    barred = solved.impact.ineligible
    drawn = barred[barred["reason"].isin([code for code, bar in BARS.items() if bar.by_lot])]
    urns = solved.problem.urns[drawn["post_index"].to_numpy(dtype=np.int64)]
    return dict(zip(urns.tolist(), drawn["reason"].astype(str), strict=True))


def some_pairs(eligible: Eligible, stays: Bools | Ints) -> Eligible:
    """Return some of the pairs: those of a mask, or those at some positions."""
    return replace(
        eligible,
        leader=eligible.leader[stays],
        post=eligible.post[stays],
        travel_km=eligible.travel_km[stays],
        relocates=eligible.relocates[stays],
        price=eligible.price[stays] if len(eligible.price) else eligible.price,
    )


def _problem(case: Case, forecast: RiskForecast, impact: ImpactMatrix, tables: Tables) -> PlacementProblem:
    """Return the pairs with the rows of the rules that count, weighted as the objective weighs them."""
    candidates = candidates_of(case, impact, tables)
    rows, auxiliaries = numbered(rule_rows(candidates))
    plain = PlacementProblem(
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
    return weighted(plain, impact, pair_weights(case, plain, forecast.need))


def rows_by_name(problem: PlacementProblem) -> dict[tuple[str, str, tuple[str | int, ...]], Row]:
    """Return the rows by rule, key and part."""
    return {(row.rule, row.key, row.part): row for row in problem.rows}


def _named(names: tuple[str, ...], name: str | None) -> Bools:
    return np.array([each == name for each in names], dtype=bool)


def allowed_by_pins(scenario: Scenario, whatif: WhatIf) -> Iterator[tuple[str, Bools]]:
    """Yield each pin with the pairs that it would allow, shape (pairs,)."""
    problem = whatif.problem
    for name, pin in scenario.pins.items():
        at = problem.urns == pin.urn if pin.urn is not None else _named(problem.post_ids, pin.post_id)
        mine = _named(problem.leader_ids, pin.leader_id)
        yield f"pins.{name}", np.asarray(mine[problem.leader] & at[problem.post], dtype=bool)
