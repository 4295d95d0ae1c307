"""What a plan is worth, re-counted: benefits, equity weights and worst draws, pair by pair, without the solver.

``impact`` and the draws are the figures that the plan rests on; everything made of them is made here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain.explanation import Check
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import Posts, SchoolPanel
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.domain.tail import Tail

Ints = NDArray[np.int64]

UNITS = 1000  # integer units of a pupil-month
MEAN_TOLERANCE = 0.01  # pupil-months of a pair: rounding of its draws


def worth_checks(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    posts: Posts,
    panel: SchoolPanel,
    scenario: Scenario,
    urns: NDArray[np.int64] | None,
    tail: Tail | None,
) -> Iterator[Check]:
    """Yield the checks of every pair's benefit as solved, of the worst draws, and of the objective."""
    mean = _benefits(impact, posts, panel, scenario, urns)
    charged = _charges(impact)
    factor = 1 if tail is None else tail.weight.denominator * tail.worst
    part = 1 if tail is None else (tail.weight.denominator - tail.weight.numerator) * tail.worst
    expected = mean * part - charged * factor
    wrong = np.flatnonzero(expected != problem.benefit).tolist()
    scaled = problem.scale == UNITS * factor
    told = [f"pair {pair}" for pair in wrong[:10]] + ([] if scaled else [f"scale {problem.scale}"])
    yield Check("benefits", not told, "; ".join(told) or f"{len(mean):,} pairs, as valued and weighted")
    total = int(expected[plan.chosen].sum())
    for auxiliary, value in zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True):
        total += auxiliary.benefit * value
    if tail is not None:
        yield from _tail_checks(problem, plan, tail, mean, scenario)
    right = total == plan.objective
    found = "" if right else f", the plan says {plan.objective}"
    yield Check("objective", right, f"{total / problem.scale:,.1f} {objective_unit(scenario)}{found}")


def objective_unit(scenario: Scenario) -> str:
    """Return what objective, bound and prices are counted in."""
    return "weighted pupil-months" if scenario.objective.equity_weights.given else "pupil-months"


def _benefits(
    impact: ImpactMatrix, posts: Posts, panel: SchoolPanel, scenario: Scenario, urns: NDArray[np.int64] | None
) -> Ints:
    """Return what each pair counts in whole units: its benefit, times the weight of its school."""
    units = [round(float(benefit) * UNITS) for benefit in impact.pairs["benefit"]]
    plain = np.array(units, dtype=np.int64)
    if not scenario.objective.equity_weights.given:
        return plain
    urn = posts.posts["urn"].to_numpy()[impact.pairs["post_index"].to_numpy()]
    scope = panel.schools["urn"].to_numpy() if urns is None else urns
    weight = _weights(panel, scenario, scope)
    return np.array(
        [round(count * weight[one]) for count, one in zip(units, urn.tolist(), strict=True)], dtype=np.int64
    )


def _charges(impact: ImpactMatrix) -> Ints:
    """Return what priced rules take off each pair in whole units; whether they are owed is checked by ``audit``."""
    if "price" not in impact.pairs:
        return np.zeros(len(impact.pairs), dtype=np.int64)
    both = zip(impact.pairs["benefit"].tolist(), impact.pairs["price"].tolist(), strict=True)
    return np.array([round(b * UNITS) - round((b - price) * UNITS) for b, price in both], dtype=np.int64)


def _weights(panel: SchoolPanel, scenario: Scenario, scope: NDArray[np.int64]) -> dict[int, float]:
    """Return each school's equity weight, from the share of its pupils and its area, school by school."""
    given = scenario.objective.equity_weights
    share = _shares(panel, set(scope.tolist()))
    ordered = sorted(share.values())
    area = dict(zip(panel.schools["urn"].tolist(), panel.schools["area"].tolist(), strict=True))
    found = {}
    for urn in scope.tolist():
        below = np.searchsorted(ordered, share[urn], side="right") if urn in share else 0
        fifth = -(-5 * int(below) // max(1, len(ordered)))
        by_area = given.areas.get(area[urn], 1.0) if isinstance(area[urn], str) else 1.0
        found[urn] = given.deprivation_fifths.get(fifth, 1.0) * by_area
    return found


def _shares(panel: SchoolPanel, scope: set[int]) -> dict[int, float]:
    """Return the last known share of disadvantaged pupils: of six years where ever published, else of the year."""
    known = panel.school_years[panel.school_years["known_on"] <= pd.Timestamp(panel.as_of)].sort_values("year")
    shares: dict[int, float] = {}
    for column in ("fsm_share", "fsm6_share"):
        values = known.dropna(subset=[column])
        shares |= {
            int(urn): float(value)
            for urn, value in zip(values["urn"], values[column], strict=True)
            if int(urn) in scope
        }
    return shares


def _tail_checks(
    problem: PlacementProblem, plan: PlacementPlan, tail: Tail, mean: Ints, scenario: Scenario
) -> Iterator[Check]:
    asked = scenario.objective
    worth = [sum(int(tail.draws[draw, pair]) for pair in plan.chosen) for draw in range(len(tail.draws))]
    worst = sum(sorted(worth)[: tail.worst])
    told = int(plan.auxiliary[-1])
    wrong = [] if worst == told else [f"the worst draws sum to {worst}, the plan says {told}"]
    if (len(tail.draws), tail.worst, tail.weight) != (asked.draws, asked.worst, Fraction(str(asked.cvar_weight))):
        wrong.append(f"{tail.worst} of {len(tail.draws)} draws by {tail.weight} are not what the scenario asks for")
    off = np.abs(tail.draws.mean(axis=0) - mean) > MEAN_TOLERANCE * UNITS
    wrong += [f"the draws of pair {pair} do not average to its benefit" for pair in np.flatnonzero(off)[:5]]
    detail = f"{worst / (tail.worst * UNITS):,.1f} on average in the worst {tail.worst:,} of {len(tail.draws):,} draws"
    yield Check("worst_draws", not wrong, "; ".join(wrong) or detail)
    rows = [row for row in problem.rows if row.rule == "tail"]
    bad = [row.name for row in rows if not _is_tail_row(row.label, row.weights, tail)]
    yield Check(
        "worst_draws_rows", not bad, "; ".join(bad) or f"{len(rows)} rows, each the sum of {tail.worst:,} draws"
    )


def _is_tail_row(label: str, weights: Ints, tail: Tail) -> bool:
    """Return whether a row bounds the worst draws by the sum over as many draws as are the worst."""
    draws = [int(text) for text in re.findall(r"\d+", label)]
    summed = -tail.draws[draws].sum(axis=0, dtype=np.int64)
    return len(set(draws)) == tail.worst and bool((summed == weights).all())
