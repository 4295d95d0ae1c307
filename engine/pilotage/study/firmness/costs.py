"""What the plan loses without something that it has, or with something that it has not: each solved again, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.findings.explained import Forced
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.analysis.recurrence import Holding
from pilotage.placement.analysis.why_not.fewer_pairs import Change, Fewer, fewer, loss_over_fewer
from pilotage.placement.analysis.why_not.forced_in import Loss, Solve, loss, lost_at_least
from pilotage.study.explain.opened import Opened, as_forced, solver_of
from pilotage.study.firmness.each import Workers, each

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ground:
    """What every loss is calculated from.

    ``least``: what each pair loses at least, in units, None where the linear optimum left no prices. ``few``: the
    problem over the pairs that lose little; None where there are no prices, or where the worst draws count.
    """

    problem: PlacementProblem
    plan: PlacementPlan
    solve: Solve
    least: Floats | None
    few: Fewer | None


def ground_of(opened: Opened) -> Ground:
    """Return what the losses of a run are calculated from."""
    problem, plan = opened.problem, opened.plan
    least = lost_at_least(opened.solved, plan)
    most = float(problem.benefit[plan.chosen].max(initial=0))
    plain = least is not None and opened.stated.worst_draws is None
    few = fewer(problem, least, most, plan.chosen) if plain and least is not None else None
    return Ground(problem, plan, solver_of(opened), least, few)


def costs(
    opened: Opened, ground: Ground, change: Change, holdings: Sequence[Holding], doing: str, work: Workers
) -> list[Forced]:
    """Return what the best plan loses where a change is made on each holding's pairs, in their order."""
    shown = _over_fewer(ground, change, holdings, doing, work)
    unknown = [number for number, lost in enumerate(shown) if lost is None]
    tasks = (partial(loss, ground.plan, change(ground.problem, holdings[n].pairs), ground.solve) for n in unknown)
    solved = each(tasks, len(unknown), f"{doing}, over all pairs", work)
    every: dict[int, Loss] = {number: lost for number, lost in enumerate(shown) if lost is not None}
    every |= dict(zip(unknown, solved, strict=True))
    return [as_forced(opened, opened.problem, every[number]) for number in range(len(holdings))]


def _over_fewer(
    ground: Ground, change: Change, holdings: Sequence[Holding], doing: str, work: Workers
) -> list[Loss | None]:
    """Return the losses that few pairs show."""
    if ground.few is None:
        return [None for _ in holdings]
    plan, few, solve = ground.plan, ground.few, ground.solve
    tasks = (partial(loss_over_fewer, plan, few, change, holding.pairs, solve) for holding in holdings)
    return each(tasks, len(holdings), doing, work)


def least_cost(ground: Ground, holding: Holding) -> float:
    """Return what a plan with a holding loses at least, in units; 0 where that is not known."""
    return 0.0 if ground.least is None else float(ground.least[holding.pairs].min())
