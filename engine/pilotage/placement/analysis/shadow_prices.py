"""Why a plan is as it is: how every rule of the scenario stands, and what one unit more of a limit is worth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pilotage.config.part import fraction
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.explanation import RuleState
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.candidates import SCALE
from pilotage.placement.eligibility.broken import broken_at_a_price
from pilotage.placement.formulation.coefficients import activity, weights_of
from pilotage.placement.formulation.problem import worth
from pilotage.placement.rules.catalogue import traits_of
from pilotage.placement.solver.cvar import RULE as WORST_DRAWS

Rows = dict[str, list[tuple[int, Row]]]


def rule_states(case: PlanCase) -> tuple[RuleState, ...]:
    """Return how every rule, pin and ban of the scenario stands, in the scenario's order; a rule may have many rows.

    What settings ask beyond the rules (terms, support instead of a head) and pins come after the rules, bans last.
    """
    scenario, rows = case.context.scenario, _by_key(case.problem)
    breaches = _broken_placements(case)
    states: list[RuleState] = []
    for name, rule in scenario.rules.items():
        if traits_of(rule).acts == "bars":
            states.append(_barring(case, RuleState(name, rule.rule, breach=breaches.get(name, 0)), rule.breach_price()))
        else:
            states += _counting(case, name, rule, rows.pop(name, []))
    for some in rows.values():
        states += _of_rows(case.problem, case.plan, some)
    states += [_barring(case, RuleState(f"bans.{name}", "ban"), None) for name in scenario.bans]
    return tuple(states)


def row_states(problem: PlacementProblem, plan: PlacementPlan) -> list[RuleState]:
    """Return what the plan makes of each row, by rule; rows of structure say one thing together.

    The price is the dual of the linear optimum over all pairs, in the objective's pupil-months: a plan under a limit
    raised by one unit scores at most ``bound_lp`` plus the price. It is the plan's own where the plan reaches that
    optimum; where it falls short of it, a guide.
    """
    return [state for some in _by_key(problem).values() for state in _of_rows(problem, plan, some)]


def _by_key(problem: PlacementProblem) -> Rows:
    """Return the rows with their numbers by the name of their rule, in order; those of worst draws state no rule."""
    rows: Rows = {}
    for number, row in enumerate(problem.rows):
        if row.rule != WORST_DRAWS:
            rows.setdefault(row.key or row.name, []).append((number, row))
    return rows


def _of_rows(problem: PlacementProblem, plan: PlacementPlan, rows: list[tuple[int, Row]]) -> Iterator[RuleState]:
    """Yield the states of the rows of one rule."""
    if rows and rows[0][1].measure == "structure":
        row = rows[0][1]
        pinned = row.sense == "="
        label = row.label if len(rows) == 1 else ""
        yield RuleState(
            row.key or row.name,
            row.rule,
            label,
            measure="structure",
            unit=row.unit,
            binding=pinned,
            breach=_breach(problem, plan, row.key),
        )
        return
    for number, row in rows:
        yield _of_row(problem, plan, number, row)


def _of_row(problem: PlacementProblem, plan: PlacementPlan, number: int, row: Row) -> RuleState:
    with_breach = activity(problem, row, plan.chosen, plan.auxiliary)
    step = int(np.abs(row.weights).min(initial=1)) if row.unit != "pound" else 1
    price = _price(problem, plan, number) if row.measure == "number" else None
    of_plan = plan.bound_lp is not None and plan.objective is not None and plan.objective >= math.floor(plan.bound_lp)
    return RuleState(
        row.key or row.name,
        row.rule,
        row.label,
        row.part,
        measure=row.measure,
        unit=row.unit,
        sense=row.sense,
        activity=int(weights_of(problem, row, plan.chosen).sum()),
        limit=row.rhs,
        binding=bool(row.sense == "=" or abs(row.rhs - with_breach) < max(1, step)),
        breach=_breach(problem, plan, row.key, row.part),
        price=price,
        price_of_plan=price is not None and of_plan,
    )


def _breach(problem: PlacementProblem, plan: PlacementPlan, key: str, part: tuple[str | int, ...] | None = None) -> int:
    """Return by how many units a rule is broken, or its row ``part``."""
    values = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=False)
    mine = ((extra, value) for extra, value in values if extra.kind == "breach" and extra.key == key)
    return sum(value for extra, value in mine if part is None or extra.part == part)


def _price(problem: PlacementProblem, plan: PlacementPlan, number: int) -> float | None:
    """Return a row's price; None where the linear optimum was not reached."""
    if not plan.iterations or len(plan.row_duals) < len(problem.rows):
        return None
    return float(plan.row_duals[number]) / problem.scale + 0.0


def _counting(case: PlanCase, name: str, rule: RuleModel, rows: list[tuple[int, Row]]) -> Iterator[RuleState]:
    """Yield the states of a rule that counts; one that no plan could break has no row, and one state that says so."""
    closed, price = _closed_posts(case, name), rule.breach_price()
    if not rows:
        yield RuleState(name, rule.rule, can_bind=False, breach_price=price, closed_posts=closed)
    by_part = {row.part: row for _, row in rows}
    for state in _of_rows(case.problem, case.plan, rows):
        whole = replace(state, breach_price=price, closed_posts=closed)
        yield whole if state.measure != "share" else _with_share(case, whole, by_part[state.part])


def _with_share(case: PlanCase, state: RuleState, row: Row) -> RuleState:
    """Return the state of a share with what is inside, the whole, and the real share; pupil-months not in integers."""
    limit = row.share or 0.0
    part, chosen = fraction(limit), case.plan.chosen
    if row.unit == "pupil_month":
        whole, unit = int(worth(case.impact.pairs)[chosen].sum()), SCALE
    else:
        posts = case.problem.post[chosen]
        whole, unit = int(np.isin(posts, row.members).sum()), 1
    inside = (int(state.activity or 0) + part.numerator * whole) // part.denominator
    share = inside / whole if whole > 0 else None
    return replace(state, activity=inside / unit, whole=whole / unit, share=share, share_limit=limit, limit=None)


def _barring(case: PlanCase, state: RuleState, price: float | None) -> RuleState:
    """Return the state of a rule or ban that bars: what it alone bars, and the posts that nobody may take for it."""
    counts = [count for count in case.impact.bars if count.rule == state.key]
    alone = sum(count.alone for count in counts) if counts and price is None else None
    closed = _closed_posts(case, state.key)
    return replace(
        state,
        acts="bars",
        unit=counts[0].unit if counts else "pair",
        binding=bool(alone or closed or state.breach),
        breach_price=price,
        barred_alone=alone,
        closed_posts=closed,
    )


def _closed_posts(case: PlanCase, key: str) -> int:
    """Return how many posts nobody may take because of a rule."""
    return int((case.impact.ineligible["rule"] == key).sum())


def _broken_placements(case: PlanCase) -> dict[str, int]:
    """Return how many of the plan's pairs break each priced rule on pairs."""
    chosen = case.plan.chosen
    pairs = case.problem.leader[chosen], case.problem.post[chosen]
    return {
        name: int(broken.sum()) for name, broken in broken_at_a_price(case.context, pairs, case.impact.support).items()
    }
