"""Several leaders at one school share its pupils: what they would count twice is lost.

In finishing year t of school s, the pair p of the plan takes ``a(p, t)`` units of the school's pupils, at most its own
``u(p, t)``, and all pairs together at most ``WHOLE``. With ``g(p, t)`` what the pair adds with all its units, the
school is worth the most that a sharing of its pupils gives, and loses

``L(s) = sum over t of [sum over p of g(p, t) - max over a of sum over p of g(p, t) a(p, t) / u(p, t)]``

The best sharing serves the pairs with the highest ``g / u`` first. By linear duality the loss is the largest of

``sum over t of [sum over p of min(g(p, t), r(t) u(p, t)) - WHOLE r(t)]``

over all rates ``r(t) >= 0``: one linear row for each choice of rates, and the rates that matter are those of the pair
with which the units run out. So the loss is an integer variable at least as large as the rows say that an answer
breaks; all rows hold where it is at least ``L(s)``, rounded up to a whole unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.forecast import YearlyGains
from pilotage.domain.plan import WHOLE, Auxiliary, PlacementProblem, Row, SharedPupils

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rates = tuple[tuple[int, int], ...]  # of each year: gain and units of the pair with which the units run out

RULE = "shared_pupils"
BROKEN = 1e-6  # of a school's loss: a fractional answer that falls short of it by more breaks a row


def with_shared(problem: PlacementProblem, shared: SharedPupils) -> PlacementProblem:
    """Return the problem with the schools' losses as auxiliaries; ``shared`` need not number them.

    Schools whose posts together never take more than ``WHOLE`` units in a year lose nothing, and are left out.
    """
    several = _crowded(problem, shared)
    stays = np.isin(shared.school, several)
    school = np.searchsorted(several, shared.school[stays])
    first = len(problem.auxiliaries)
    ours = SharedPupils(
        shared.pair[stays],
        school,
        shared.units[stays],
        shared.gain[stays],
        shared.urns[several],
        np.arange(first, first + len(several), dtype=np.int64),
    )
    if not len(several):
        return problem
    most = zip(ours.urns.tolist(), _most_lost(problem, ours).tolist(), strict=True)
    losses = (Auxiliary(f"{RULE}: {urn}", loss, -1, kind="shared_pupils", key=RULE, part=(urn,)) for urn, loss in most)
    return replace(problem, auxiliaries=(*problem.auxiliaries, *losses), shared=ours)


def _crowded(problem: PlacementProblem, shared: SharedPupils) -> Ints:
    """Return the schools (positions in ``shared.urns``) whose posts could take more than ``WHOLE`` units in a year."""
    post = problem.post[shared.pair]
    posts, of_pair = np.unique(post, return_inverse=True)
    most = np.zeros((len(posts), shared.units.shape[1]), dtype=np.int64)
    np.maximum.at(most, of_pair, np.where(shared.gain > 0, shared.units, 0))
    of_school = np.zeros((len(shared.urns), most.shape[1]), dtype=np.int64)
    school = np.zeros(len(posts), dtype=np.int64)
    school[of_pair] = shared.school
    np.add.at(of_school, school, most)
    crowded: Ints = np.flatnonzero((of_school > WHOLE).any(axis=1)).astype(np.int64)
    return crowded


def _most_lost(problem: PlacementProblem, shared: SharedPupils) -> Ints:
    """Return the most that each school may lose: what the best pair of each of its posts adds, shape (schools,)."""
    posts, of_pair = np.unique(problem.post[shared.pair], return_inverse=True)
    best = np.zeros(len(posts), dtype=np.int64)
    np.maximum.at(best, of_pair, shared.gain.sum(axis=1))
    school = np.zeros(len(posts), dtype=np.int64)
    school[of_pair] = shared.school
    most = np.zeros(len(shared.urns), dtype=np.int64)
    np.add.at(most, school, best)
    return most


def losses(shared: SharedPupils, chosen: Ints) -> Ints:
    """Return what each school loses in a plan (pairs ascending), in whole units, rounded up; shape (schools,)."""
    lost = np.zeros(len(shared.urns), dtype=np.int64)
    for school, pairs in _of_schools(shared, chosen):
        lost[school] = math.ceil(sum(sum(part) for part in _cut_off(shared, pairs)))
    return lost


def lost_by_pair(shared: SharedPupils, chosen: Ints) -> dict[int, float]:
    """Return what each pair of a plan loses to other leaders of its school, in integer units, if it loses anything."""
    lost: dict[int, float] = {}
    for _, pairs in _of_schools(shared, chosen):
        by_pair = zip(pairs.tolist(), zip(*_cut_off(shared, pairs), strict=True), strict=True)
        lost |= {int(shared.pair[pair]): float(sum(parts)) for pair, parts in by_pair if any(parts)}
    return lost


def _of_schools(shared: SharedPupils, chosen: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each school with several chosen pairs, and their positions in ``shared``."""
    held = np.flatnonzero(np.isin(shared.pair, chosen))
    held = held[np.argsort(shared.school[held], kind="stable")]
    for pairs in np.split(held, np.flatnonzero(np.diff(shared.school[held])) + 1):
        if len(pairs) > 1:
            yield int(shared.school[pairs[0]]), pairs


def _cut_off(shared: SharedPupils, pairs: Ints) -> list[list[Fraction]]:
    """Return for each year what each of a school's pairs loses, exactly; of equals the later pair loses first."""
    return [_shared_out(shared.gain[pairs, year], shared.units[pairs, year]) for year in range(shared.gain.shape[1])]


def _shared_out(gain: Ints, units: Ints) -> list[Fraction]:
    rates = [Fraction(gained, taken) for gained, taken in zip(gain.tolist(), units.tolist(), strict=True)]
    left, lost = WHOLE, [Fraction(0)] * len(rates)
    for pair in sorted(range(len(rates)), key=lambda pair: (-rates[pair], pair)):
        own = int(units[pair]) if rates[pair] > 0 else 0
        taken = min(left, own)
        lost[pair], left = rates[pair] * (own - taken), left - taken
    return lost


def with_losses(problem: PlacementProblem, chosen: Ints, auxiliary: Ints) -> Ints:
    """Return the auxiliaries' values of a plan with every school's true loss among them."""
    if problem.shared is None:
        return auxiliary
    true = auxiliary.copy()
    true[problem.shared.auxiliary] = losses(problem.shared, chosen)
    return true


def understated(problem: PlacementProblem, chosen: Ints, auxiliary: Ints) -> bool:
    """Return whether an answer states a smaller loss than the plan has."""
    if problem.shared is None:
        return False
    return bool((auxiliary[problem.shared.auxiliary] < losses(problem.shared, chosen)).any())


def broken_rows(problem: PlacementProblem, columns: Ints, taken: Floats, auxiliary: Floats) -> list[Row]:
    """Return the row of each school whose loss an answer understates: the one that it breaks most.

    Parameters
    ----------
    columns, taken
        Pairs (ascending) and the share of each that the answer takes.
    auxiliary
        The answer's values of the auxiliaries.
    """
    shared = problem.shared
    if shared is None:
        return []
    share = _shares(shared, columns, taken)
    total = np.zeros((len(shared.urns), shared.units.shape[1]))
    np.add.at(total, shared.school, share[:, None] * np.where(shared.gain > 0, shared.units, 0))
    broken = []
    for school in np.flatnonzero((total > WHOLE * (1 + BROKEN)).any(axis=1)).tolist():
        mine = np.flatnonzero((shared.school == school) & (share > 0))
        rates = tuple(_rate(shared, mine, share[mine], year) for year in range(shared.units.shape[1]))
        loss = _loss_at(shared, mine, share[mine], rates)
        if loss > float(auxiliary[shared.auxiliary[school]]) + BROKEN * max(1.0, loss):
            broken.append(row_of(problem, school, rates))
    return broken


def _shares(shared: SharedPupils, columns: Ints, taken: Floats) -> Floats:
    place = np.minimum(np.searchsorted(columns, shared.pair), max(0, len(columns) - 1))
    if not len(columns):
        return np.zeros(len(shared.pair))
    share: Floats = np.where(columns[place] == shared.pair, taken[place], 0.0)
    return share


def _rate(shared: SharedPupils, mine: Ints, share: Floats, year: int) -> tuple[int, int]:
    """Return gain and units of the pair with which a school's units run out; (0, 1) where they last."""
    gain, units = shared.gain[mine, year], shared.units[mine, year]
    order = np.lexsort((mine, -gain / units))
    used = np.cumsum(share[order] * np.where(gain[order] > 0, units[order], 0))
    over = np.flatnonzero(used > WHOLE * (1 + BROKEN))
    if not len(over):
        return 0, 1
    critical = order[over[0]]
    return int(gain[critical]), int(units[critical])


def _loss_at(shared: SharedPupils, mine: Ints, share: Floats, rates: Rates) -> float:
    rate = np.array([gain / units for gain, units in rates])
    held = np.minimum(shared.gain[mine], rate * shared.units[mine])
    return float(share @ held.sum(axis=1) - WHOLE * rate.sum())


def row_of(problem: PlacementProblem, school: int, rates: Rates) -> Row:
    """Return the row of a school (position in ``shared.urns``) for the given rates, in whole numbers."""
    shared = problem.shared
    if shared is None:
        raise ValueError("no school of this problem shares its pupils")
    mine = np.flatnonzero(shared.school == school)
    times = math.lcm(*(units for _, units in rates))
    rate = [times // units * gain for gain, units in rates]
    held = np.minimum(times * shared.gain[mine], np.array(rate, dtype=np.int64) * shared.units[mine]).sum(axis=1)
    urn = int(shared.urns[school])
    part = (urn, *(number for pair in rates for number in pair))
    return Row(
        name=f"{RULE}: {urn}",
        rule=RULE,
        label=f"the leaders of school {urn} share its pupils",
        sense="<=",
        rhs=WHOLE * sum(rate),
        members=shared.pair[mine],
        weights=held,
        auxiliaries=shared.auxiliary[school : school + 1],
        auxiliary_weights=np.array([-times], dtype=np.int64),
        key=RULE,
        part=part,
        measure="structure",
        unit="pupil_month",
    )


def restated(problem: PlacementProblem, row: Row) -> Row:
    """Return a row of this kind, made for a problem with fewer pairs, for the pairs of ``problem``."""
    shared, part = problem.shared, [int(piece) for piece in row.part]
    if shared is None:
        return row
    school = int(np.searchsorted(shared.urns, part[0]))
    return row_of(problem, school, tuple(zip(part[1::2], part[2::2], strict=True)))


def moved(shared: SharedPupils, place: Ints) -> SharedPupils:
    """Return the same for a problem in which pair p stands at ``place[p]``, or is not there where that is below 0."""
    at = place[shared.pair]
    stays = at >= 0
    order = np.argsort(at[stays], kind="stable")
    source = np.flatnonzero(stays)[order]
    return replace(
        shared, pair=at[source], school=shared.school[source], units=shared.units[source], gain=shared.gain[source]
    )


def weighted(problem: PlacementProblem, yearly: YearlyGains, weight: Floats) -> PlacementProblem:
    """Return the problem with what schools lose counted by the weight of their pairs, shape (pairs,).

    What pairs add is rounded once, after it is weighted; so the schools that can lose something are found again.
    """
    gain = np.rint(yearly.gain * problem.scale * weight[yearly.pair][:, None]).astype(np.int64)
    other = tuple(auxiliary for auxiliary in problem.auxiliaries if auxiliary.kind != RULE)
    plain = replace(problem, auxiliaries=other, shared=None)
    return with_shared(plain, by_school(plain, yearly, gain))


def by_school(problem: PlacementProblem, yearly: YearlyGains, gain: Ints) -> SharedPupils:
    """Return what pairs add in each year, by school: ``gain`` in integer units; its auxiliaries have no number yet."""
    urns, school = np.unique(problem.urns[problem.post[yearly.pair]], return_inverse=True)
    unnumbered = np.zeros(len(urns), dtype=np.int64)
    return SharedPupils(yearly.pair, school.astype(np.int64), yearly.units, gain, urns, unnumbered)
