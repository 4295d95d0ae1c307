"""Asks beyond what a leader may hold, and other chances and prospects than those of the tables, planted by hand."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from pilotage.placement.audit.audit import audit
from pilotage.placement.solver.cp_sat import value_of
from pilotage.placement.solver.incumbent import completed

RULES: dict[str, Any] = {name: {"rule": name} for name in ("consent", "level", "phase", "travel")}
HALF = {"acceptance_consent_unknown": 0.5, "acceptance_consent_yes": 0.5}  # at the leader's own base
ASKED = {"levels": ["head"], "chance_open": 0.9}
POOL = {"source": "files", "prospects": ASKED}


def _asking(world: Callable[..., Any]) -> Any:
    return world([{} for _ in range(4)], [{}], [{"urn": 1}], RULES, pool=POOL)


def _chosen(made: Any) -> list[str]:
    return [made.problem.post_ids[post] for post in made.problem.post[made.plan.chosen]]


def _broken(made: Any) -> set[str]:
    return {check.name for check in audit(made.case, made.problem, made.plan).checks if not check.holds}


@pytest.fixture(scope="module")
def made(world: Callable[..., Any], drawn_cases: ModuleType) -> Any:
    """Return a world with a known post and three schools to ask, of which the plan asks two (2 x 450 thousandths)."""
    made = drawn_cases.valued_world(_asking(world), **HALF)
    assert len(_chosen(made)) == 2
    assert _broken(made) == set()
    return made


def _with_chosen(made: Any, names: list[str]) -> Any:
    chosen = np.array([pair for pair, post in enumerate(made.problem.post) if made.problem.post_ids[post] in names])
    free = replace(made.problem, rows=())
    choice = completed(free, chosen)
    plan = replace(made.plan, chosen=chosen, objective=value_of(free, choice), auxiliary=choice.auxiliary)
    return replace(made, plan=plan)


@pytest.mark.parametrize("names", [["ask: 2 head", "ask: 3 head", "ask: 4 head"], ["P1", "ask: 2 head"]])
def test_the_audit_refuses_asks_beyond_what_a_leader_may_hold(made: Any, names: list[str]) -> None:
    assert _broken(_with_chosen(made, names)) >= {"asks", "constraints_kept"}


def test_the_audit_refuses_a_row_of_asks_left_out_or_loosened(made: Any) -> None:
    kept = made.problem.rows
    assert {row.part[1] for row in kept} == {"known", "chance"}
    for number, row in enumerate(kept):
        without = replace(made, problem=replace(made.problem, rows=(*kept[:number], *kept[number + 1 :])))
        assert "constraints" in _broken(without)
        looser = replace(row, weights=np.maximum(row.weights - 1, 0))
        rows = (*kept[:number], looser, *kept[number + 1 :])
        assert "constraint_weights" in _broken(replace(made, problem=replace(made.problem, rows=rows)))


@pytest.mark.parametrize(("column", "check"), [("chance", "values"), ("chance_open", "factors"), ("benefit", "values")])
def test_the_audit_refuses_another_chance(made: Any, column: str, check: str) -> None:
    pairs = made.case.impact.pairs.copy()
    pairs[column] = pairs[column] * 1.1
    case = replace(made.case, impact=replace(made.case.impact, pairs=pairs))
    assert check in _broken(replace(made, case=case))


def test_the_audit_refuses_other_prospects_and_other_capacities(made: Any) -> None:
    ids = (*made.problem.post_ids[:-1], "ask: 9 head")
    assert "pairs" in _broken(replace(made, problem=replace(made.problem, post_ids=ids)))
    most = replace(made.problem, capacity=made.problem.capacities + 1)
    assert "capacities" in _broken(replace(made, problem=most))


def test_the_audit_counts_each_ask_by_its_chance_rounded_up(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    # Two asks of 450 thousandths of 10,009: 4,504.05, rounded up 4,505 each
    small = world([{} for _ in range(4)], [{"cost_gbp": 10_009}], [{"urn": 1, "consent": "no"}], RULES, pool=POOL)
    made = drawn_cases.valued_world(small, **HALF)
    assert len(_chosen(made)) == 2
    for total, broken in ((9_010, False), (9_009, True)):
        money = {"money": {"rule": "budget", "total_gbp": total, "basis": "expected"}}
        scenario = small.with_rules(RULES | money, pool=POOL).scenario
        strict = replace(made, case=replace(made.case, scenario=scenario))
        assert ("rules.money" in _broken(strict)) == broken
