"""Every rule mixed with every other: the optimum is the best of all plans, by a plain re-reading of each rule.

The judge below knows leaders, posts, schools and rules, and nothing of rows, auxiliaries or the audit.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementProblem, Status
from pilotage.placement.audit.audit import audit_as_valued
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.rules.catalogue import all_traits
from pilotage.placement.solver.solve import solve
from pilotage.sources.evidence import load_evidence

MIXED = settings(max_examples=100, deadline=None, derandomize=True)
MANY = settings(max_examples=2500, deadline=None, derandomize=True)
AUDITED = settings(max_examples=40, deadline=None, derandomize=True)

AREA, TRUST = ["Derby", None], ["Ark", "Oak", None]
FREE = pd.Timestamp("2016-09-01")
OPENS = [pd.Timestamp(day) for day in ("2016-09-01", "2017-09-01", "2018-09-01")]


@dataclass(frozen=True)
class Small:
    leaders: pd.DataFrame
    posts: pd.DataFrame
    schools: pd.DataFrame
    benefit: dict[tuple[int, int], int]
    cost: dict[tuple[int, int], int]
    scenario: Scenario
    earlier: frozenset[tuple[int, int]]

    def problem(self) -> PlacementProblem:
        impact, known = self.tables()
        return placement_problem(known, impact)

    def tables(self) -> tuple[ImpactMatrix, Case]:
        pairs = sorted(self.benefit)
        rows = {
            "leader_index": [leader for leader, _ in pairs],
            "post_index": [post for _, post in pairs],
            "benefit": [self.benefit[pair] / 1000 for pair in pairs],
            "cost_gbp": [self.cost[pair] for pair in pairs],
        }
        impact = ImpactMatrix(pd.DataFrame(rows), pd.DataFrame({"post_index": [], "reason": []}), ())
        urns = self.schools["urn"]
        years = pd.DataFrame({"urn": urns, "year": 2015, "known_on": pd.Timestamp("2016-02-01"), "pupils": 210.0})
        shares = years.assign(fsm6_share=urns / 100, fsm_share=0.1)
        empty = pd.DataFrame()
        panel = SchoolPanel(date(2016, 8, 31), self.schools, empty, shares, empty, empty, True)
        named = [(f"L{leader}", f"P{post}") for leader, post in sorted(self.earlier)]
        earlier = {"moves": pd.DataFrame(named, columns=["leader_id", "post_id"])}
        posts = Posts(self.posts, True, earlier=earlier)
        urns = self.schools["urn"].to_numpy(dtype=np.int64)
        return impact, Case(self.scenario, panel, urns, LeaderPool(self.leaders, True), posts, load_evidence({}))


@st.composite
def worlds(draw: st.DrawFn) -> Small:
    leaders, posts, schools = draw(st.integers(1, 4)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    every = [(leader, post) for leader in range(leaders) for post in range(posts)]
    pairs = sorted(draw(st.sets(st.sampled_from(every), min_size=1, max_size=12)))
    rules = draw(_rules())
    years = draw(st.integers(1, 3))
    keys = {
        **{"name": "small", "why": "a test", "as_of": date(2016, 8, 31), "data": {"source": "sample"}},
        **{"outcomes": {"leadership_fall": {}}, "pool": {"source": "files"}, "rules": rules},
        "time": {"years": years, "term_years": draw(st.integers(1, 3))},
    }
    opens = st.sampled_from(OPENS[:years])
    return Small(
        _leaders(draw, leaders),
        _posts(draw, posts, schools, opens),
        _schools(draw, schools),
        {pair: draw(st.integers(-2000, 9000)) for pair in pairs},
        {pair: draw(st.integers(0, 4)) * 700 for pair in pairs},
        Scenario.model_validate(keys),
        frozenset(draw(st.sets(st.sampled_from(every), max_size=2))),
    )


def _leaders(draw: st.DrawFn, count: int) -> pd.DataFrame:
    rows = [
        {
            **{"leader_id": f"L{number}", "phases": "primary", "easting": 0.0, "northing": 0.0, "max_travel_km": 1.0},
            **{"relocates": False, "available_from": FREE},
            "level": draw(st.sampled_from(["head", "executive"])),
            "span": draw(st.sampled_from([None, 2, 3])),
            "team_id": draw(st.sampled_from([None, None, "A"])),
        }
        for number in range(count)
    ]
    return tables.validated(tables.LEADERS, pd.DataFrame(rows), "t")


def _posts(draw: st.DrawFn, count: int, schools: int, opens: st.SearchStrategy[pd.Timestamp]) -> pd.DataFrame:
    rows = [
        {
            **{"post_id": f"P{number}", "level": "head", "consent": "yes", "created": False},
            **{"urn": draw(st.integers(1, schools)), "opens_on": draw(opens)},
        }
        for number in range(count)
    ]
    return tables.validated(tables.POSTS, pd.DataFrame(rows), "t")


def _schools(draw: st.DrawFn, count: int) -> pd.DataFrame:
    rows = [
        {
            **{"urn": number, "name": "A school", "authority": "Derby", "region": "East Midlands"},
            **{"easting": 0.0, "northing": 0.0, "place_source": "sample", "pupils": 210, "sponsor_led": False},
            "phase": draw(st.sampled_from(["primary", "secondary"])),
            "area": draw(st.sampled_from(AREA)),
            "trust": draw(st.sampled_from(TRUST)),
        }
        for number in range(1, count + 1)
    ]
    return tables.validated(tables.SCHOOLS, pd.DataFrame(rows), "t")


SPAN = {"rule": "executive_span", "minimum": 2, "span_when_blank": 2}
SHARES = st.sampled_from([0.0, 0.25, 0.5, 0.6, 1.0])
COUNTS = st.integers(0, 3)


@st.composite
def _rules(draw: st.DrawFn) -> dict[str, Any]:
    makers: dict[str, Any] = {
        "least": lambda: {"rule": "area_minimum", "areas": ["area: Derby"]} | _limit(draw),
        "most": lambda: {"rule": "area_maximum"} | _limit(draw),
        "cap": lambda: {"rule": draw(st.sampled_from(["trust_cap", "authority_cap"])), "count": draw(COUNTS)},
        "money": lambda: _budget(draw),
        "phases": lambda: {"rule": "phase_balance", "shares": {"primary": _between(draw)}},
        "deprived": lambda: {"rule": "deprived_share", "share": draw(SHARES), "most_deprived": 0.5},
        "cases": lambda: _case_quota(draw),
        "moves": lambda: {"rule": "moves", "earlier_plan": "p.csv", "count": draw(st.integers(0, 1))},
        "span": lambda: SPAN | {"one_trust": draw(st.booleans())},
        "teams": lambda: {"rule": "teams", "together": draw(st.sampled_from(["school", "authority"]))},
    }
    chosen = draw(st.lists(st.sampled_from(sorted(makers)), unique=True, max_size=4))
    priced = {name: draw(st.sampled_from([None, None, 0.5, 2.0])) for name in chosen}
    return {name: makers[name]() | {"price": priced[name]} for name in chosen}


def _limit(draw: st.DrawFn) -> dict[str, Any]:
    by = draw(st.sampled_from(["count", "placements", "pool"]))
    return {"count": draw(COUNTS)} if by == "count" else {"share": draw(SHARES), "of": by}


def _between(draw: st.DrawFn) -> dict[str, float]:
    low, high = sorted((draw(SHARES), draw(SHARES)))
    return {"minimum": low, "maximum": high}


def _budget(draw: st.DrawFn) -> dict[str, Any]:
    return {"rule": "budget", "total_gbp": draw(st.integers(0, 4)) * 1100, "per_year": draw(st.booleans())}


def _case_quota(draw: st.DrawFn) -> dict[str, Any]:
    cases = {"c": {"urn": 1, "reason": "r", "author": "a"}}
    return {"rule": "case_quota", "cases": cases, "minimum_count": draw(COUNTS), "maximum_share": draw(SHARES)}


def _plans(small: Small) -> Iterator[tuple[tuple[int, int], ...]]:
    pairs = sorted(small.benefit)
    for count in range(min(len(small.posts), len(pairs)) + 1):
        for chosen in combinations(pairs, count):
            if len({post for _, post in chosen}) == count and _bound_once(small, chosen):
                yield chosen


def _bound_once(small: Small, chosen: tuple[tuple[int, int], ...]) -> bool:
    """Return whether every leader who is no executive under a span starts once a term, and holds a level once."""
    term = small.scenario.time.term_years
    for leader in {leader for leader, _ in chosen}:
        if not _spans(small, leader):
            mine = [post for one, post in chosen if one == leader]
            starts = sorted(small.posts["opens_on"][post].year for post in mine)
            held = {(small.posts["urn"][post], small.posts["level"][post]) for post in mine}
            if any(after - before < term for before, after in pairwise(starts)) or len(held) < len(mine):
                return False
    return True


def _spans(small: Small, leader: int) -> bool:
    rules = small.scenario.rules
    in_team = "teams" in rules and pd.notna(small.leaders["team_id"][leader])
    return "span" in rules and small.leaders["level"][leader] == "executive" and not in_team


def _value(small: Small, chosen: tuple[tuple[int, int], ...]) -> int | None:
    """Return what a plan is worth less what it pays; None where it breaks a hard rule."""
    total = sum(small.benefit[pair] for pair in chosen)
    for name, rule in small.scenario.rules.items():
        breach = JUDGES[name](small, rule, chosen)
        if breach is None or (breach and rule.price is None):
            return None
        total -= breach * round((rule.price or 0) * 1000)
    return total


def _of(small: Small, chosen: Any, column: str) -> list[Any]:
    by_urn = small.schools.set_index("urn")[column] if column != "urn" else None
    urns = [int(small.posts["urn"][post]) for _, post in chosen]
    return urns if by_urn is None else [by_urn[urn] for urn in urns]


def _area(small: Small, rule: Any, chosen: Any) -> int:
    inside = sum(pd.notna(area) for area in _of(small, chosen, "area"))
    whole = len(chosen) if rule.of == "placements" else len(small.leaders)
    limit = Fraction(rule.count) if rule.count is not None else Fraction(str(rule.share)) * whole
    if rule.rule == "area_minimum":
        return max(0, math.ceil(limit) - inside)
    return max(0, math.ceil(inside - (math.floor(limit) if rule.of == "pool" else limit)))


def _cap(small: Small, rule: Any, chosen: Any) -> int:
    groups = [group for group in _of(small, chosen, rule.rule.removesuffix("_cap")) if pd.notna(group)]
    return sum(max(0, groups.count(group) - rule.count) for group in set(groups))


def _money(small: Small, rule: Any, chosen: Any) -> int:
    year = [small.posts["opens_on"][post].year if rule.per_year else 0 for _, post in chosen]
    sums = [sum(small.cost[pair] for pair, own in zip(chosen, year, strict=True) if own == one) for one in set(year)]
    return sum(max(0, math.ceil(Fraction(one - rule.total_gbp, 1000))) for one in sums)


def _share(inside: int, whole: int, low: float | None, high: float | None) -> int:
    under = math.ceil(Fraction(str(low)) * whole) - inside if low is not None else 0
    over = math.ceil(inside - Fraction(str(high)) * whole) if high is not None else 0
    return max(0, under) + max(0, over)


def _phases(small: Small, rule: Any, chosen: Any) -> int:
    limits = rule.shares["primary"]
    return _share(_of(small, chosen, "phase").count("primary"), len(chosen), limits.minimum, limits.maximum)


def _deprived(small: Small, rule: Any, chosen: Any) -> int:
    count = round(0.5 * len(small.schools))  # share = urn / 100: the highest URNs are the most deprived
    most = sorted(small.schools["urn"], reverse=True)[:count]
    worth = {pair: small.benefit[pair] for pair in chosen}
    inside = sum(value for (_, post), value in worth.items() if small.posts["urn"][post] in most)
    return max(0, math.ceil((Fraction(str(rule.share)) * sum(worth.values()) - inside) / 1000))


def _quota(small: Small, rule: Any, chosen: Any) -> int:
    inside = _of(small, chosen, "urn").count(1)
    return max(0, rule.minimum_count - inside) + _share(inside, len(chosen), None, rule.maximum_share)


def _moves(small: Small, rule: Any, chosen: Any) -> int:
    return max(0, len(small.earlier - set(chosen)) - rule.count)


def _span(small: Small, rule: Any, chosen: Any) -> int | None:
    short = 0
    for leader in {leader for leader, _ in chosen if _spans(small, leader)}:
        mine = [pair for pair in chosen if pair[0] == leader]
        limit = small.leaders["span"][leader]
        trusts, urns = _of(small, mine, "trust"), _of(small, mine, "urn")
        if len(mine) > (2 if pd.isna(limit) else limit) or len(set(urns)) < len(urns):
            return None
        if rule.one_trust and (any(pd.isna(one) for one in trusts) or len(set(trusts)) > 1):
            return None
        short += max(0, rule.minimum - len(mine))
    return short


def _teams(small: Small, rule: Any, chosen: Any) -> int:
    members = {number for number, team in enumerate(small.leaders["team_id"]) if team == "A"}
    placed = [pair for pair in chosen if pair[0] in members]
    if len(members) < 2 or not placed:
        return 0
    where = _of(small, placed, "urn" if rule.together == "school" else "authority")
    years = [small.posts["opens_on"][post].year for _, post in placed]  # everybody is free before, each 1 September
    places = list(zip(where, years, strict=True))
    counts = [sum(1 for pair, own in zip(placed, places, strict=True) if pair[0] == member and own == one)
              for one in set(places) for member in members]  # fmt: skip
    return 0 if len(set(counts)) == 1 else 1


JUDGES: dict[str, Any] = {
    **{"least": _area, "most": _area, "cap": _cap, "money": _money, "phases": _phases, "deprived": _deprived},
    **{"cases": _quota, "moves": _moves, "span": _span, "teams": _teams},
}


@MIXED
@given(worlds())
def test_the_optimum_of_mixed_rules_is_the_best_plan_of_all(small: Small) -> None:
    _solved_as_judged(small)


@pytest.mark.slow
@MANY
@given(worlds())
def test_the_optimum_of_many_mixed_rules_is_the_best_plan_of_all(small: Small) -> None:
    _solved_as_judged(small)


def _solved_as_judged(small: Small) -> None:
    values = [value for value in (_value(small, chosen) for chosen in _plans(small)) if value is not None]
    plan = solve(small.problem(), time_limit_seconds=60, seed=1)
    assert plan.objective == max(values, default=None)
    assert plan.status is (Status.OPTIMAL if values else Status.INFEASIBLE)
    assert plan.bound == plan.objective


@AUDITED
@given(worlds())
def test_the_audit_accepts_every_plan_of_mixed_rules(small: Small) -> None:
    problem = small.problem()
    plan = solve(problem, time_limit_seconds=60, seed=1)
    if plan.objective is not None:
        impact, known = small.tables()
        table = pd.DataFrame({"urn": known.urns, "need": 0.5, "p_fall_if_inspected": 0.1})
        forecast = RiskForecast(known.panel.as_of, table, {}, {})
        case = AuditCase.of(known, forecast, impact)
        found = audit_as_valued(case, problem, plan)
        assert found.clean, [check for check in found.checks if not check.holds]


def test_the_judge_knows_every_rule_that_counts() -> None:
    judged = {"area_minimum", "area_maximum", "trust_cap", "authority_cap", "budget", "phase_balance"}
    judged |= {"deprived_share", "case_quota", "moves", "executive_span", "teams"}
    models = [model for traits in all_traits() if traits.rows for model in traits.models]
    kinds = {kind for model in models for kind in get_args(model.model_fields["rule"].annotation)}
    assert kinds - {"region_cap"} == judged  # a region is capped as an authority is
