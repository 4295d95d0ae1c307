"""A share of the benefit for the most deprived schools: by hand, and counted again by the audit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pilotage.domain.plan import Status
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve

BENEFIT = [[9, 8, 1], [9, 8, 2]]


def test_a_share_of_the_benefit_reaches_the_most_deprived(world: Callable[..., Any]) -> None:
    # One school in five is the fifth: the third. Freely 9 + 8. Two in ten of the benefit: 9 + 2 has 2 of 11 there, too
    # little; 8 + 2 has two of ten, just enough.
    schools = [{}, {}, {}, {}, {}]
    rule = {"rule": "deprived_share", "share": 0.2}
    small = world(schools, leaders=[{}, {}], posts=[{}, {}, {}], rules={"deprived": rule})
    small.panel.school_years.loc[2, "fsm6_share"] = 0.9
    assert small.with_rules({}).plan(BENEFIT).objective == 17_000
    assert small.plan(BENEFIT).objective == 10_000
    assert small.audited(BENEFIT).clean
    assert small.broken(BENEFIT, before=small.with_rules({})) == {"rules.deprived"}


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
