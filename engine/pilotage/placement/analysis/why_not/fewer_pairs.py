r"""What a changed problem loses, solved over the pairs that matter only.

By the certified prices a plan that holds pair q loses at least c(q) (``lost_at_least``). Let the changed problem, over
the pairs with ``c(q) <= T`` alone, lose L. A plan with another pair loses more than T: so where ``L <= T``, L is the
loss over all pairs. Otherwise all are solved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.findings.explained import Certainty
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, SharedPupils
from pilotage.placement.analysis.why_not.forced_in import Loss, Solve, loss

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Change = Callable[[PlacementProblem, Ints], PlacementProblem]  # ``with_one_of`` or ``with_none_of``


@dataclass(frozen=True)
class Fewer:
    """A problem over some of its pairs (``pairs``, positions in the whole one); the others lose more than ``most``."""

    problem: PlacementProblem
    pairs: Ints
    most: float


def fewer(problem: PlacementProblem, least: Floats, most: float, chosen: Ints) -> Fewer:
    """Return the problem over the pairs that lose ``most`` units at most, and those chosen.

    ``least``: what each pair loses at least (``lost_at_least``), shape (pairs,).
    """
    pairs = np.union1d(np.flatnonzero(least <= most), chosen).astype(np.int64)
    return Fewer(over(problem, pairs), pairs, most)


def over(problem: PlacementProblem, pairs: Ints) -> PlacementProblem:
    """Return a problem over some of its pairs (positions, ascending), with every row, leader and post."""
    return replace(
        problem,
        leader=problem.leader[pairs],
        post=problem.post[pairs],
        benefit=problem.benefit[pairs],
        rows=tuple(_row(row, pairs) for row in problem.rows),
        shared=None if problem.shared is None else _shared(problem.shared, pairs),
    )


def _row(row: Row, pairs: Ints) -> Row:
    if row.over != "pair":
        return row
    stays = np.isin(row.members, pairs)
    return replace(row, members=np.searchsorted(pairs, row.members[stays]), weights=row.weights[stays])


def _shared(shared: SharedPupils, pairs: Ints) -> SharedPupils:
    stays = np.isin(shared.pair, pairs)
    return replace(
        shared,
        pair=np.searchsorted(pairs, shared.pair[stays]),
        school=shared.school[stays],
        units=shared.units[stays],
        gain=shared.gain[stays],
    )


def loss_over_fewer(plan: PlacementPlan, few: Fewer, change: Change, pairs: Ints, solve: Solve) -> Loss | None:
    """Return what the plan loses where a change is made on some pairs (positions in the whole problem).

    The new plan's pairs are positions in the whole problem. None where fewer pairs do not show it.
    """
    inside = np.searchsorted(few.pairs, pairs[np.isin(pairs, few.pairs)])
    made = loss(plan, change(few.problem, inside), solve)
    if made.certainty is not Certainty.EXACT or made.plan is None or (made.units or 0) > few.most:
        return None
    return replace(made, plan=replace(made.plan, chosen=few.pairs[made.plan.chosen]))
