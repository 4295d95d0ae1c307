"""Rules on cost, on whom the benefit reaches, and on an earlier plan: each by hand, and counted by the audit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from pilotage.domain.explanation import Audit
from pilotage.domain.plan import Status
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix

BENEFIT = [[9, 8, 1], [9, 8, 2]]


def _audit(small: Any, before: Any = None, benefit: Any = None) -> Audit:
    made, worth = before or small, benefit or BENEFIT
    check = small.recount if before else small.audit
    return check(made.problem(worth), made.plan(worth), made.impact(worth))


def _broken(found: Audit) -> set[str]:
    return {check.name for check in found.checks if not check.holds}


def test_a_share_of_the_benefit_reaches_the_most_deprived(world: Callable[..., Any]) -> None:
    # One school in five is the fifth: the third. Freely 9 + 8. Two in ten of the benefit: 9 + 2 has 2 of 11 there, too
    # little; 8 + 2 has two of ten, just enough.
    schools = [{}, {}, {}, {}, {}]
    rule = {"rule": "deprived_share", "share": 0.2}
    small = world(schools, leaders=[{}, {}], posts=[{}, {}, {}], rules={"deprived": rule})
    small.panel.school_years.loc[2, "fsm6_share"] = 0.9
    assert small.with_rules({}).plan(BENEFIT).objective == 17_000
    assert small.plan(BENEFIT).objective == 10_000
    assert _audit(small).clean
    assert _broken(_audit(small, before=small.with_rules({}))) == {"rules.deprived"}


def test_a_school_of_unknown_deprivation_is_not_among_the_most_deprived(world: Callable[..., Any]) -> None:
    small = world([{}] * 5, leaders=[{}, {}], posts=[{}, {}, {}], rules={"d": {"rule": "deprived_share", "share": 0.5}})
    small.panel.school_years.loc[2, ["fsm6_share", "fsm_share"]] = None
    small.panel.school_years.loc[0, "fsm6_share"] = 0.6
    assert small.plan([[9, 8, 30], [9, 8, 30]]).objective == 17_000  # half of 17 or less: school 1's 9 must be half


def test_what_priced_rules_charge_is_no_part_of_the_benefit_that_is_shared(world: Callable[..., Any]) -> None:
    # L1 is worth 9 in school 1, less a charge of 20; all benefit is to be in school 2, and there is none to be had.
    rule = {"rule": "deprived_share", "share": 1.0, "most_deprived": 0.5}
    pin = {"p": {"leader_id": "L1", "post_id": "P1", "reason": "r", "author": "a"}}
    small = world([{}, {}], leaders=[{}], posts=[{}], rules={"d": rule}, pins=pin)
    small.panel.school_years.loc[1, "fsm6_share"] = 0.9
    impact = small.impact([[9]])
    charged = replace(impact, pairs=impact.pairs.assign(price=20.0))
    problem = placement_problem(small.known(), charged)
    assert problem.benefit.tolist() == [-11_000]
    assert solve(problem, time_limit_seconds=30, seed=1).status is Status.INFEASIBLE


def _with_earlier(small: Any, *pairs: tuple[str, str]) -> Any:
    earlier = pd.DataFrame(list(pairs), columns=["leader_id", "post_id"])
    return replace(small, posts=replace(small.posts, earlier={"moves": earlier}))


def test_no_more_moves_than_allowed_against_the_earlier_plan(world: Callable[..., Any]) -> None:
    rule = {"rule": "moves", "earlier_plan": "placements.csv", "count": 0}
    benefit = [[9, 1], [1, 9]]  # freely 18; the earlier plan had them the other way round, worth 2
    small = _with_earlier(world([{}, {}], rules={"moves": rule}), ("L1", "P2"), ("L2", "P1"))
    assert small.plan(benefit).objective == 2_000
    one = small.with_rules({"moves": rule | {"count": 1}})
    assert one.plan(benefit).objective == 2_000  # moving one leader needs the other's post: one may drop out, 1 + 0
    two = small.with_rules({"moves": rule | {"count": 2}})
    assert two.plan(benefit).objective == 18_000
    assert _audit(small, benefit=benefit).clean
    assert _broken(_audit(small, before=two, benefit=benefit)) == {"rules.moves"}


def test_an_earlier_placement_that_is_barred_now_is_a_move(world: Callable[..., Any]) -> None:
    rule = {"rule": "moves", "earlier_plan": "placements.csv", "count": 1}
    small = _with_earlier(world([{}, {}], rules={"moves": rule}), ("L1", "P1"), ("L2", "P2"))
    plan = small.plan([[None, 5], [9, 1]])  # L1 may no longer take P1: that is the one move, so L2 stays in P2, worth 1
    assert plan.objective == 1_000


def test_a_yearly_budget_binds_in_its_year(world: Callable[..., Any]) -> None:
    posts = [{}, {}, {"opens_on": pd.Timestamp("2017-09-01")}]  # they cost 1,000, 2,000 and 3,000
    rule = {"rule": "budget", "total_gbp": 3000, "per_year": True}
    keys = {"time": {"years": 2, "term_years": 3}}
    small = world([{}] * 3, leaders=[{}] * 3, posts=posts, rules={"money": rule}, **keys)
    benefit = [[5, 0, 0], [0, 6, 0], [0, 0, 7]]
    assert small.plan(benefit).objective == 18_000
    tight = small.with_rules({"money": rule | {"total_gbp": 2999}}, **keys)
    assert tight.plan(benefit).objective == 6_000
    assert _audit(tight, benefit=benefit).clean
    assert _broken(_audit(tight, before=small, benefit=benefit)) == {"rules.money"}


def test_the_salary_of_a_post_counts_in_its_cost(world: Callable[..., Any]) -> None:
    from pilotage.domain.forecast import RiskForecast

    small = world([{}, {}], leaders=[{"cost_gbp": 5000}], posts=[{"salary_gbp": 2500}, {}])
    table = pd.DataFrame({"urn": [1, 2], "need": 0.4, "p_fall_if_inspected": 0.1})
    forecast = RiskForecast(small.panel.as_of, table, {}, {})
    pairs = impact_matrix(small.known(), forecast).pairs
    assert pairs["cost_gbp"].tolist() == [7500, 5000]
