"""What leaders of one school would count twice, calculated anew and exactly; and the rows that say so.

In each finishing year the leaders of a school share ``WHOLE`` units of its pupils, who gains most for a unit first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.findings.explanation import Check
from pilotage.domain.forecast import YearlyGains
from pilotage.domain.plan import WHOLE, Row, SharedPupils
from pilotage.placement.audit.case import UNITS, AuditCase, Claim, Ints
from pilotage.placement.audit.values.objective import pair_weights

RULE = "shared_pupils"


def share_checks(case: AuditCase, claim: Claim) -> Iterator[Check]:
    """Yield whether yearly gains are counted as valued and weighted, and schools lose what the plan says."""
    yearly = case.impact.yearly
    if yearly is None:
        return
    yield _gains_check(case, claim, yearly)
    gain = _yearly_units(case, claim, yearly)
    said = _said(claim)
    wrong, lost = [], 0
    for urn, rows in _schools_of(claim, yearly.pair).items():
        true = school_loss(gain[rows], yearly.units[rows])
        lost += true
        if said.pop(urn, 0) != true:
            wrong.append(f"school {urn} loses {true:,} units, the plan says otherwise")
    wrong += [f"school {urn} loses nothing, the plan says {value:,}" for urn, value in said.items() if value]
    detail = f"{lost / UNITS:,.1f} {case.unit} would be counted twice, and are taken off"
    yield Check(RULE, not wrong, "; ".join(wrong[:10]) or detail)


def _yearly_units(case: AuditCase, claim: Claim, yearly: YearlyGains) -> Ints:
    """Return what pairs of ``ImpactMatrix.yearly`` add in each year in whole units, weighted as their benefits are."""
    weight = pair_weights(case, claim)
    exact = yearly.gain * UNITS
    return np.rint(exact if weight is None else exact * weight[yearly.pair][:, None]).astype(np.int64)


def _gains_check(case: AuditCase, claim: Claim, yearly: YearlyGains) -> Check:
    """Return whether the problem's shared schools have the pairs, gains and units that their valuation has."""
    shared, problem = claim.problem.shared, claim.problem
    if shared is None:
        crowded = _crowded(case, claim, yearly)
        texts = [f"school {urn} can have more leaders than pupils, and no loss is stated" for urn in crowded]
        return Check("shared_gains", not texts, "; ".join(texts[:10]) or "no school's leaders share pupils")
    place = np.minimum(np.searchsorted(yearly.pair, shared.pair), len(yearly.pair) - 1)
    wrong = [] if (yearly.pair[place] == shared.pair).all() else ["pairs that share no pupils"]
    gain = _yearly_units(case, claim, yearly)[place]
    wrong += [f"pair {pair}: gains" for pair in shared.pair[(gain != shared.gain).any(axis=1)][:5]]
    wrong += [f"pair {pair}: units" for pair in shared.pair[(yearly.units[place] != shared.units).any(axis=1)][:5]]
    urn = problem.urns[problem.post[shared.pair]]
    wrong += [f"pair {pair}: school" for pair in shared.pair[shared.urns[shared.school] != urn][:5]]
    missing = set(_crowded(case, claim, yearly)) - set(shared.urns.tolist())
    wrong += [f"school {school} is left out" for school in sorted(missing)[:5]]
    several = np.isin(problem.urns[problem.post[yearly.pair]], shared.urns)
    wrong += ["pairs of these schools are left out"] if int(several.sum()) != len(shared.pair) else []
    return Check("shared_gains", not wrong, "; ".join(wrong) or f"{len(shared.urns):,} schools, {len(place):,} pairs")


def _crowded(case: AuditCase, claim: Claim, yearly: YearlyGains) -> list[int]:
    """Return the schools whose posts together could take more than all pupils in some year."""
    problem = claim.problem
    post = problem.post[yearly.pair].astype(np.int64)
    most = np.zeros((len(problem.post_ids), yearly.units.shape[1]), dtype=np.int64)
    np.maximum.at(most, post, np.where(_yearly_units(case, claim, yearly) > 0, yearly.units, 0))
    urns, school = np.unique(problem.urns, return_inverse=True)
    of_school = np.zeros((len(urns), most.shape[1]), dtype=np.int64)
    np.add.at(of_school, school, most)
    return [int(urn) for urn in urns[(of_school > WHOLE).any(axis=1)]]


def _said(claim: Claim) -> dict[int, int]:
    """Return what the plan says that each school loses."""
    shared = claim.problem.shared
    if shared is None:
        return {}
    values = claim.plan.auxiliary[shared.auxiliary].tolist()
    return dict(zip(shared.urns.tolist(), values, strict=True))


def _schools_of(claim: Claim, pairs: Ints) -> dict[int, list[int]]:
    """Return the rows of ``pairs`` that the plan chooses, by school, where a school has several."""
    problem, schools = claim.problem, dict[int, list[int]]()
    for row in np.flatnonzero(np.isin(pairs, claim.plan.chosen)).tolist():
        schools.setdefault(int(problem.urns[problem.post[pairs[row]]]), []).append(row)
    return {urn: rows for urn, rows in schools.items() if len(rows) > 1}


def school_loss(gain: Ints, units: Ints) -> int:
    """Return what pairs of one school, shape (pairs, years), count twice, rounded up to whole units."""
    years = range(gain.shape[1])
    return math.ceil(sum((_year_loss(gain[:, year], units[:, year]) for year in years), Fraction(0)))


def _year_loss(gain: Ints, units: Ints) -> Fraction:
    """Return what is lost in a year: all gains, less the best use of the pupils there are."""
    offers = [(Fraction(worth, of), of, worth) for worth, of in zip(gain.tolist(), units.tolist(), strict=True)]
    left, used = WHOLE, Fraction(0)
    for rate, of, _ in sorted(offers, reverse=True):
        taken = min(left, of)
        used, left = used + rate * taken, left - taken
    return sum((Fraction(worth) for _, _, worth in offers), Fraction(0)) - used


Rates = Sequence[tuple[int, int]]


def rates_of(row: Row, years: int) -> tuple[int, Rates] | None:
    """Return the school of a row on shared pupils, and for each year gain and units of its rate; None if unreadable."""
    part = [number for number in row.part if isinstance(number, int)]
    if len(part) != len(row.part) or len(part) != 1 + 2 * years:
        return None
    rates = list(zip(part[1::2], part[2::2], strict=True))
    sound = all(gain >= 0 and units >= 1 for gain, units in rates)
    return (part[0], rates) if sound else None


def cut_of(shared: SharedPupils, school: int, rates: Rates) -> tuple[int, NDArray[np.object_], int]:
    """Return limit, weights of the school's pairs and weight of its loss, in the row that rates make."""
    mine = np.flatnonzero(shared.school == school)
    times = math.lcm(*(units for _, units in rates))
    rate = [times // units * gain for gain, units in rates]
    weights = np.zeros(len(mine), dtype=object)
    for year, per_unit in enumerate(rate):
        gain, units = (part[mine, year].astype(object) for part in (shared.gain, shared.units))
        weights += np.minimum(times * gain, per_unit * units)
    return WHOLE * sum(rate), weights, -times


def with_most_broken(shared: SharedPupils, school: int, chosen: Ints) -> Rates:
    """Return the rates that show what a school loses in a plan: those of the pairs with which its units run out."""
    mine = np.flatnonzero((shared.school == school) & np.isin(shared.pair, chosen))
    return [_critical(shared.gain[mine, year], shared.units[mine, year]) for year in range(shared.gain.shape[1])]


def _critical(gain: Ints, units: Ints) -> tuple[int, int]:
    offers = [(Fraction(worth, of), of, worth) for worth, of in zip(gain.tolist(), units.tolist(), strict=True)]
    left = WHOLE
    for rate, of, worth in sorted(offers, reverse=True):
        left -= of if rate > 0 else 0
        if left < 0:
            return worth, of
    return 0, 1
