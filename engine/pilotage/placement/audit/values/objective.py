"""The objective's figures, made again for every pair: benefits in whole units, weights of schools, worst draws.

They are made of the benefits in ``ImpactMatrix``, which ``sample`` compares with the tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.config.objective import NEED_WEIGHT_DECIMALS
from pilotage.domain.findings.explanation import Check
from pilotage.domain.statistics.cvar import Cvar
from pilotage.placement.audit.case import UNITS, AuditCase, Claim, Ints
from pilotage.placement.audit.places import schools_in
from pilotage.placement.audit.values.figures import last_known

Floats = NDArray[np.float64]

MEAN_TOLERANCE = 0.01  # pupil-months of a pair: rounding of its draws


def objective_checks(case: AuditCase, claim: Claim) -> Iterator[Check]:
    """Yield the checks of every pair's benefit as solved, of the worst draws, and of the objective."""
    problem, plan = claim.problem, claim.plan
    mean = mean_units(case, claim)
    expected = solved_units(case, mean)
    wrong = np.flatnonzero(expected != problem.benefit)[:10].tolist()
    texts = [f"pair {pair}: {problem.benefit[pair]:,}, calculated {expected[pair]:,}" for pair in wrong]
    texts += [] if problem.scale == UNITS * case.scaled else [f"scale {problem.scale}"]
    yield Check("benefits", not texts, "; ".join(texts) or f"{len(mean):,} pairs, as valued and weighted")
    if case.cvar is not None:
        yield _worst_draws_check(case, claim, mean)
    total = int(expected[plan.chosen].sum())
    values = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True)
    total += sum(variable.benefit * value for variable, value in values)
    right = total == plan.objective
    differs = "" if right else f", the plan says {plan.objective}"
    yield Check("objective", right, f"{total / problem.scale:,.1f} {case.unit}{differs}")


def mean_units(case: AuditCase, claim: Claim) -> Ints:
    """Return the expected benefit of each pair times the weight of its school, in whole units, shape (pairs,)."""
    exact = case.impact.pairs["benefit"].to_numpy(dtype=np.float64) * UNITS
    weight = pair_weights(case, claim)
    units: Ints = np.rint(exact if weight is None else exact * weight).astype(np.int64)
    return units


def solved_units(case: AuditCase, mean: Ints) -> Ints:
    """Return what each pair counts in the objective: its mean, less what priced rules charge, in the finer unit."""
    if case.cvar is None:
        return np.subtract(mean, _charged_units(case)) if "price" in case.impact.pairs else mean
    weight = case.cvar.weight
    part = (weight.denominator - weight.numerator) * case.cvar.worst
    return np.subtract(mean * part, _charged_units(case) * case.scaled)


def benefit_units(case: AuditCase) -> Ints:
    """Return each pair's benefit in whole units: without weights, and whatever priced rules charge."""
    units: Ints = np.rint(case.impact.pairs["benefit"].to_numpy(dtype=np.float64) * UNITS).astype(np.int64)
    return units


def _charged_units(case: AuditCase) -> Ints:
    """Return by how much what priced rules charge lowers the whole units of each pair."""
    pairs = case.impact.pairs
    charged = pairs["price"].to_numpy(dtype=np.float64) if "price" in pairs else 0.0
    less = np.rint((pairs["benefit"].to_numpy(dtype=np.float64) - charged) * UNITS).astype(np.int64)
    return np.subtract(benefit_units(case), less)


def pair_weights(case: AuditCase, claim: Claim) -> Floats | None:
    """Return the weight of each pair's school, by equity and need; None where no school is weighted."""
    if not case.scenario.objective.weighted:
        return None
    equity, need = _school_weights(case), _need_weights(case)
    of_post = np.array([equity.get(urn, 1.0) * need.get(urn, 1.0) for urn in case.posts.posts["urn"].tolist()])
    return of_post[claim.problem.post]


def _school_weights(case: AuditCase) -> dict[int, float]:
    """Return each school's equity weight, from the share of its pupils and the places it lies in."""
    given, scope = case.scenario.objective.equity_weights, set(case.urns.tolist())
    shares = last_known(case, "fsm_share") | last_known(case, "fsm6_share")
    share = {urn: value for urn, value in shares.items() if urn in scope}
    ordered, weights = sorted(share.values()), {}
    places = [(weight, schools_in(case, [name])) for name, weight in sorted(given.areas.items())]
    for urn in scope:
        below = np.searchsorted(ordered, share[urn], side="right") if urn in share else 0
        fifth = -(-5 * int(below) // max(1, len(ordered)))
        weights[urn] = given.deprivation_fifths.get(fifth, 1.0)
        for weight, schools in places:
            weights[urn] *= weight if urn in schools else 1.0
    return weights


def _need_weights(case: AuditCase) -> dict[int, float]:
    """Return the weight of each school in scope by its need, or by the mean of its phase where need is not known."""
    need, phase = case.need.to_dict(), case.schools["phase"].to_dict()
    known: dict[str, list[float]] = {}
    for urn in case.urns.tolist():
        if not math.isnan(need.get(urn, math.nan)):
            known.setdefault(phase[urn], []).append(need[urn])
    means = {name: sum(values) / len(values) for name, values in known.items()}
    own = {urn: need.get(urn, math.nan) for urn in case.urns.tolist()}
    counted = {urn: means.get(phase[urn], 0.0) if math.isnan(value) else value for urn, value in own.items()}
    weight = case.scenario.objective.need_weight
    return {urn: float(np.round(1 + weight * value, NEED_WEIGHT_DECIMALS)) for urn, value in counted.items()}


def _worst_draws_check(case: AuditCase, claim: Claim, mean: Ints) -> Check:
    """Return whether draws average to benefits (so that no price is in them), and sum as the plan says."""
    drawn, asked = _draws(case), case.scenario.objective
    sums = sorted(sum(int(drawn.draws[draw, pair]) for pair in claim.plan.chosen) for draw in range(len(drawn.draws)))
    worst, said = sum(sums[: drawn.worst]), _said(claim)
    wrong = [] if worst == said else [f"the worst draws sum to {worst}, the plan says {said}"]
    if (len(drawn.draws), drawn.worst, drawn.weight) != (asked.draws, asked.worst, Fraction(str(asked.cvar_weight))):
        wrong.append(f"{drawn.worst} of {len(drawn.draws)} draws by {drawn.weight} are not what the scenario asks for")
    odd = np.flatnonzero(drawn.mean != mean)[:5].tolist()
    wrong += [f"the mean of pair {pair} is {drawn.mean[pair]:,}, calculated {mean[pair]:,}" for pair in odd]
    off = np.abs(drawn.draws.mean(axis=0) - mean) > MEAN_TOLERANCE * UNITS
    wrong += [f"the draws of pair {pair} do not average to its benefit" for pair in np.flatnonzero(off)[:5]]
    detail = (
        f"{worst / (drawn.worst * UNITS):,.1f} on average in the worst {drawn.worst:,} of {len(drawn.draws):,} draws"
    )
    return Check("worst_draws", not wrong, "; ".join(wrong) or detail)


def _draws(case: AuditCase) -> Cvar:
    if case.cvar is None:
        raise ValueError("the objective does not look at draws")
    return case.cvar


def _said(claim: Claim) -> int | None:
    """Return the sum of the worst draws that the plan states, None where it states none."""
    values = zip(claim.problem.auxiliaries, claim.plan.auxiliary.tolist(), strict=True)
    return next((value for auxiliary, value in values if auxiliary.kind == "worst_draws"), None)
