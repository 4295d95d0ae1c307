"""Breaches planted in plans, problems and valuations: the audit refuses each under the name of its own check."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import Auxiliary, ProvenBy, Row, Status
from pilotage.placement.audit.audit import audit
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.cp_sat import value_of
from pilotage.placement.solver.incumbent import completed
from pilotage.placement.solver.solve import solve

SCHOOLS = [
    {"area": "Derby", "trust": "Ark"},
    {"trust": "Ark", "authority": "Oldham"},
    {"authority": "Oldham", "easting": 9_000.0},
    {"authority": "Hull", "pupils": 420, "phase": "secondary"},
]
LEADERS = [{}, {"current_urn": 3, "phases": "primary;secondary"}, {}, {"level": "senior"}]
POSTS = [{"urn": 1}, {"urn": 1}, {"urn": 2}, {"urn": 3, "consent": "no"}, {"urn": 4}, {"urn": 1, "level": "senior"}]
RULES: dict[str, Any] = {
    **{name: {"rule": name} for name in ("consent", "level", "phase", "travel")},
    "faith": {"rule": "requirement", "price": 2.0},
    "cap": {"rule": "authority_cap", "count": 1, "price": 0.5},
    "area": {"rule": "area_minimum", "areas": ["area: Derby"], "count": 2},
    "money": {"rule": "budget", "total_gbp": 40_000},
}
PINS = {"p": {"leader_id": "L2", "post_id": "P5", "reason": "r", "author": "a"}}


@pytest.fixture(scope="module")
def made(world: Callable[..., Any], drawn_cases: ModuleType) -> Any:
    """Return a hand-made world: two leaders share the pupils of school 1, since two must be in Derby."""
    return drawn_cases.valued_world(world(SCHOOLS, LEADERS, POSTS, RULES, pins=PINS))


@pytest.fixture(scope="module")
def hedged(world: Callable[..., Any], drawn_cases: ModuleType) -> Any:
    """Return a world whose objective looks at worst draws, with equity weights and a price."""
    objective = {"measure": "mean_less_cvar", "cvar_weight": 0.5, "cvar_share": 0.25, "draws": 8}
    objective |= {"equity_weights": {"areas": {"area: Derby": 1.5}}}
    return drawn_cases.valued_world(world(SCHOOLS, LEADERS, POSTS, RULES, objective=objective))


def _broken(made: Any) -> set[str]:
    return {check.name for check in audit(made.case, made.problem, made.plan).checks if not check.holds}


def test_the_worlds_without_a_breach_are_accepted(made: Any, hedged: Any) -> None:
    assert _broken(made) == set()
    assert _broken(hedged) == set()
    assert made.plan.auxiliary[made.problem.shared.auxiliary].tolist() != [0]  # pupils are shared in school 1
    assert made.plan.cuts
    assert {row.key for row in made.problem.rows} >= {"cap", "area", "money", "pins.p"}


def _plan(made: Any, **changes: Any) -> Any:
    return replace(made, plan=replace(made.plan, **changes))


def _problem(made: Any, **changes: Any) -> Any:
    return replace(made, problem=replace(made.problem, **changes))


def _impact(made: Any, **changes: Any) -> Any:
    impact = replace(made.case.impact, **changes)
    return replace(made, case=replace(made.case, impact=impact))


def _column(name: str, pair: int, by: float) -> Callable[[Any], Any]:
    def plant(made: Any) -> Any:
        pairs = made.case.impact.pairs.copy()
        pairs.loc[pair, name] += by
        return _impact(made, pairs=pairs)

    return plant


def _columns(made: Any, **values: Any) -> Any:
    return _impact(made, pairs=made.case.impact.pairs.assign(**values))


def _members(row: Row, part: slice) -> Row:
    return replace(row, members=row.members[part], weights=row.weights[part])


def _row(key: str, change: Callable[[Row], Row]) -> Callable[[Any], Any]:
    def plant(made: Any) -> Any:
        assert key in {row.key for row in made.problem.rows}
        return _problem(made, rows=tuple(change(row) if row.key == key else row for row in made.problem.rows))

    return plant


def _auxiliary(kind: str, **changes: Any) -> Callable[[Any], Any]:
    def plant(made: Any) -> Any:
        others = made.problem.auxiliaries
        assert kind in {one.kind for one in others}
        return _problem(made, auxiliaries=tuple(replace(one, **changes) if one.kind == kind else one for one in others))

    return plant


def _unchosen(made: Any) -> int:
    return int(np.setdiff1d(np.arange(len(made.problem.benefit)), made.plan.chosen)[0])


def _without(made: Any, chosen: np.ndarray, **more: Any) -> Any:
    """Return the plan with other pairs, honest in all but its bound: worth what they are, and called optimal."""
    choice = completed(made.problem, chosen)
    value = value_of(made.problem, choice)
    return _plan(made, chosen=chosen, auxiliary=choice.auxiliary, objective=value, bound=value, **more)


def _yearly(made: Any, field: str) -> Any:
    yearly = made.case.impact.yearly
    return _impact(made, yearly=replace(yearly, **{field: getattr(yearly, field) + 1}))


def _shared(made: Any, field: str) -> Any:
    shared = made.problem.shared
    return _problem(made, shared=replace(shared, **{field: getattr(shared, field) + 1}))


def _loss(made: Any) -> Any:
    auxiliary = made.plan.auxiliary.copy()
    auxiliary[made.problem.shared.auxiliary[0]] -= 1
    return _plan(made, auxiliary=auxiliary, objective=made.plan.objective + 1)


def _cut(made: Any, **changes: Any) -> Any:
    first, *rest = made.plan.cuts
    return _plan(made, cuts=(replace(first, **changes), *rest))


def _second_of_a_leader(made: Any) -> Any:
    problem, chosen = made.problem, made.plan.chosen
    more = [p for p in range(len(problem.benefit)) if p not in chosen and problem.leader[p] in problem.leader[chosen]]
    return _plan(made, chosen=np.sort(np.append(chosen, more[0])))


def _second_in_a_post(made: Any) -> Any:
    problem, chosen = made.problem, made.plan.chosen
    more = [p for p in range(len(problem.benefit)) if p not in chosen and problem.post[p] in problem.post[chosen]]
    return _plan(made, chosen=np.sort(np.append(chosen, more[0])))


def _one_pair_fewer(made: Any) -> Any:
    """Leave an eligible pair out of the whole story, as a fault in eligibility would, and solve what is left."""
    case = made.case
    pairs = case.impact.pairs.drop(index=_unchosen(made)).reset_index(drop=True)
    impact = replace(case.impact, pairs=pairs, yearly=None)
    problem = placement_problem(case, impact)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    return replace(made, case=replace(case, impact=impact), problem=problem, plan=plan)


PLANTED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    # the plan
    "a leader twice": ("one_post_per_leader", _second_of_a_leader),
    "a post twice": ("one_leader_per_post", _second_in_a_post),
    "a pair twice": ("chosen_pairs", lambda m: _plan(m, chosen=np.sort(np.append(m.plan.chosen, m.plan.chosen[0])))),
    "a pair of no problem": ("chosen_pairs", lambda m: _plan(m, chosen=np.append(m.plan.chosen, 10_000))),
    "a variable too few": ("chosen_variables", lambda m: _plan(m, auxiliary=m.plan.auxiliary[1:])),
    "the objective raised": ("objective", lambda m: _plan(m, objective=m.plan.objective + 1)),
    "a bound below the objective": ("bound", lambda m: _plan(m, bound=m.plan.objective - 1)),
    "a bound above what duals prove": ("bound", lambda m: _plan(m, bound=m.plan.bound * 2)),
    "another linear bound": ("bound_lp", lambda m: _plan(m, bound_lp=m.plan.bound_lp + 1)),
    "duals left out": ("bound_lp", lambda m: _plan(m, post_duals=m.plan.post_duals[1:])),
    "duals of 0": ("bound_lp", lambda m: _plan(m, row_duals=m.plan.row_duals * 0, post_duals=m.plan.post_duals * 0)),
    "duals that are no numbers": ("bound_lp", lambda m: _plan(m, row_duals=m.plan.row_duals * np.nan)),
    "a breach not paid": ("prices", lambda m: _plan(m, auxiliary=np.where(_kind(m, "breach"), 0, m.plan.auxiliary))),
    # the status
    "optimal with a gap": ("status", lambda m: _plan(m, bound=m.plan.objective + 500, status=Status.OPTIMAL)),
    "the empty plan called optimal": ("status", lambda m: _without(m, np.zeros(0, dtype=np.int64))),
    "a placement dropped": ("status", lambda m: _without(m, m.plan.chosen[1:])),
    "half a plan called optimal": ("status", lambda m: _without(m, m.plan.chosen[::2])),
    "a plan called infeasible": ("status", lambda m: _plan(m, status=Status.INFEASIBLE)),
    "said to be proven by the linear programme": (
        "status",
        lambda m: _without(m, np.zeros(0, dtype=np.int64), proven_by=ProvenBy.LINEAR),
    ),
    # the tables and the pairs
    "a capacity raised": ("capacities", lambda m: _problem(m, capacity=m.problem.capacities + 1)),
    "leaders renamed": ("pairs", lambda m: _problem(m, leader_ids=m.problem.leader_ids[::-1])),
    "another school of a post": ("pairs", lambda m: _problem(m, urns=m.problem.urns + 1)),
    "pairs of others": ("pairs", lambda m: _problem(m, post=m.problem.post[::-1])),
    "an eligible pair left out": ("eligibility", _one_pair_fewer),
    # what pairs are worth
    "a benefit as solved": ("benefits", lambda m: _problem(m, benefit=m.problem.benefit + 1)),
    "a benefit not chosen": ("values", lambda m: _column("benefit", _unchosen(m), 0.01)(m)),
    "a benefit chosen": ("values", lambda m: _column("benefit", int(m.plan.chosen[0]), 0.01)(m)),
    "benefits tripled": ("values", lambda m: _columns(m, benefit=lambda pairs: pairs["benefit"] * 3)),
    "costs of 0": ("values", lambda m: _columns(m, cost_gbp=0.0)),
    "a cost not chosen": ("values", lambda m: _column("cost_gbp", _unchosen(m), 1.0)(m)),
    "a price": ("values", lambda m: _column("price", _unchosen(m), 0.5)(m)),
    **{
        f"another {name}": ("factors", lambda m, name=name: _column(name, _unchosen(m), 0.1)(m))
        for name in ("acceptance", "stay", "effect_months", "pupils", "origin_loss", "fall_value", "travel_km")
    },
    **{
        f"another {name}": ("factors", lambda m, name=name: _column(name, _unchosen(m), 0.1)(m))
        for name in ("benefit_low", "benefit_high", "effect_spread", "counterfactual_weight", "fall_weight")
    },
    # pupils shared
    "gains by year": ("yearly_gains", lambda m: _yearly(m, "gain")),
    "units by year": ("yearly_gains", lambda m: _yearly(m, "units")),
    "pairs by year": ("positions", lambda m: _yearly(m, "pair")),
    "gains as solved": ("shared_gains", lambda m: _shared(m, "gain")),
    "units as solved": ("shared_gains", lambda m: _shared(m, "units")),
    "no school shares": ("shared_gains", lambda m: _problem(m, shared=None)),
    "a loss understated": ("shared_pupils", _loss),
    "a cut too tight": ("cuts", lambda m: _cut(m, rhs=m.plan.cuts[0].rhs - 1)),
    "a cut of other weights": ("cuts", lambda m: _cut(m, weights=m.plan.cuts[0].weights + 1)),
    "a cut of other rates": ("cuts", lambda m: _cut(m, part=(*m.plan.cuts[0].part[:-1], 7))),
    "a cut of no rule": ("cuts", lambda m: _cut(m, rule="budget")),
    # constraints and variables
    "a limit": ("constraint_weights", _row("money", lambda row: replace(row, rhs=row.rhs - 1))),
    "a weight": ("constraint_weights", _row("money", lambda row: replace(row, weights=row.weights + 1))),
    "a sense": ("constraint_weights", _row("area", lambda row: replace(row, sense="="))),
    "fewer members": ("constraint_weights", _row("area", lambda row: _members(row, slice(1, None)))),
    "a breach that weighs more": (
        "constraint_weights",
        _row("cap", lambda row: replace(row, auxiliary_weights=row.auxiliary_weights * 2)),
    ),
    "a row left out": ("constraints", lambda m: _problem(m, rows=m.problem.rows[1:])),
    "a row twice": ("constraints", lambda m: _problem(m, rows=(*m.problem.rows, m.problem.rows[0]))),
    "a row of no rule": ("constraints", _row("money", lambda row: replace(row, key="more"))),
    "a price of a breach": ("variables", _auxiliary("breach", benefit=-1)),
    "a breach that may not be": ("variables", _auxiliary("breach", upper=0)),
    "a loss at no cost": ("variables", _auxiliary("shared_pupils", benefit=0)),
    "a variable of no rule": (
        "variables",
        lambda m: _plan(
            _problem(m, auxiliaries=(*m.problem.auxiliaries, Auxiliary("free", 9, 9))),
            auxiliary=np.append(m.plan.auxiliary, 0),
        ),
    ),
}


def _kind(made: Any, kind: str) -> list[bool]:
    return [one.kind == kind for one in made.problem.auxiliaries]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_breach_is_refused_by_its_own_check(made: Any, name: str) -> None:
    check, plant = PLANTED[name]
    assert check in _broken(plant(made))


def _cvar(made: Any, **changes: Any) -> Any:
    return replace(made, case=replace(made.case, cvar=replace(made.case.cvar, **changes)))


def _worst(made: Any, by: int) -> Any:
    value = made.plan.auxiliary + by * np.array(_kind(made, "worst_draws"))
    return _plan(made, auxiliary=value, objective=made.plan.objective + by * made.case.cvar.weight.numerator)


HEDGED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "worst draws overstated": ("worst_draws", lambda m: _worst(m, 40)),
    "draws that miss the mean": ("worst_draws", lambda m: _cvar(m, draws=m.case.cvar.draws + 100)),
    "a price in the draws": ("worst_draws", lambda m: _cvar(m, draws=m.case.cvar.draws - 2_000)),
    "another mean": ("worst_draws", lambda m: _cvar(m, mean=m.case.cvar.mean + 1)),
    "fewer worst draws": ("worst_draws", lambda m: _cvar(m, worst=1)),
    "a sum of other draws": (
        "cuts",
        _row("worst_draws", lambda row: replace(row, part=tuple(7 - d for d in row.part))),
    ),
    "a sum too tight": ("cuts", _row("worst_draws", lambda row: replace(row, rhs=row.rhs - 1))),
    "equity weights forgotten": (
        "benefits",
        lambda m: _problem(m, benefit=(m.problem.benefit / 1.5).astype(np.int64)),
    ),
    "the sum's worth": ("variables", _auxiliary("worst_draws", benefit=9)),
    "the sum's limit": ("variables", _auxiliary("worst_draws", upper=0)),
}


@pytest.mark.parametrize("name", HEDGED)
def test_a_breach_of_draws_and_weights_is_refused_by_its_own_check(hedged: Any, name: str) -> None:
    check, plant = HEDGED[name]
    assert check in _broken(plant(hedged))
