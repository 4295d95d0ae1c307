"""The placements of a run, each judged by the draws that have it again and by what a plan without it loses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pilotage.domain.findings.explained import Certainty, Forced
from pilotage.domain.findings.firmness import (
    TIED_COST,
    Draws,
    Kind,
    PlacementFirmness,
    PlanFirmness,
    Recurrence,
    Tied,
    firm,
    is_tied,
)
from pilotage.placement.analysis.recurrence import Holding, leaders_at_schools, schools
from pilotage.placement.analysis.why_not.forced_in import with_none_of, with_one_of
from pilotage.study.explain.opened import Opened
from pilotage.study.firmness.costs import Ground, costs, ground_of, least_cost
from pilotage.study.firmness.draws import Again, plans_of_draws, recurs, to_be_had
from pilotage.study.firmness.each import Workers, workers

MOST_TRIED = 100  # schools that may be tied with those of the plan


@dataclass(frozen=True)
class Judging:
    """What every judgement rests on: the plans of the draws, and what a placement is worth on average."""

    plans: list[Again]
    per_placement: float

    @property
    def solved(self) -> int:
        """Return in how many draws a plan was found."""
        return sum(again.chosen is not None for again in self.plans)


def firmness(opened: Opened, draws: int, say: Callable[[str], None], jobs: int | None = None) -> PlanFirmness:
    """Return how firm the placements of a run are.

    Parameters
    ----------
    draws
        How many draws of the forecast are asked for.
    jobs
        How many processes solve; None: as many as are worth it. The result is the same.
    """
    problem, chosen = opened.problem, opened.plan.chosen
    work = workers(len(problem.benefit), say) if jobs is None else Workers(jobs, say)
    months = max(0, int(problem.benefit[chosen].sum())) / problem.scale
    taken = to_be_had(opened.run.forecast, draws, len(problem.benefit)) if len(chosen) else 0
    judging = Judging(plans_of_draws(opened, taken, work) if taken else [], months / max(1, len(chosen)))
    ground = ground_of(opened)
    tied, undecided = _tied(opened, ground, judging, work) if len(chosen) else ((), 0)
    proven = sum(again.proven for again in judging.plans)
    return PlanFirmness(
        draws=Draws(draws, taken, judging.solved, proven),
        placements=_placements(opened, ground, judging, work),
        tied=tied,
        undecided=undecided,
        plan_months=months,
        per_placement=judging.per_placement,
        worst_draws=opened.stated.worst_draws is not None,
    )


def _placements(opened: Opened, ground: Ground, judging: Judging, work: Workers) -> tuple[PlacementFirmness, ...]:
    here = leaders_at_schools(opened.problem, opened.plan.chosen)
    served = schools(opened.problem, opened.plan.chosen, inside=True)
    alone = costs(opened, ground, with_none_of, here, "Leaving out each placement", work)
    without = costs(opened, ground, with_none_of, served, "Leaving out each school", work)
    of_school = {
        holding.urn: _recurrence(judging, holding, cost) for holding, cost in zip(served, without, strict=True)
    }
    return tuple(
        _placement(opened, holding, _recurrence(judging, holding, cost), of_school[holding.urn])
        for holding, cost in zip(here, alone, strict=True)
    )


def _recurrence(judging: Judging, holding: Holding, without: Forced) -> Recurrence:
    count = recurs(holding, judging.plans)
    return Recurrence(count, without, firm(count, judging.solved, without, judging.per_placement))


def _placement(opened: Opened, holding: Holding, here: Recurrence, served: Recurrence) -> PlacementFirmness:
    problem, pairs = opened.problem, [pair for pair in opened.plan.chosen.tolist() if pair in holding.pairs]
    return PlacementFirmness(
        leader_id=problem.leader_ids[problem.leader[pairs[0]]],
        post_ids=tuple(problem.post_ids[problem.post[pair]] for pair in pairs),
        kind=_kind(opened, pairs[0]),
        urn=holding.urn,
        school=opened.schools.get(holding.urn, ""),
        here=here,
        served=served,
    )


def _kind(opened: Opened, pair: int) -> Kind:
    impact = opened.stated.impact
    if impact.asks()[pair]:
        return Kind.ASK
    return Kind.SUPPORT if impact.supports()[pair] else Kind.PLACE


def _tied(opened: Opened, ground: Ground, judging: Judging, work: Workers) -> tuple[tuple[Tied, ...], int]:
    """Return the schools outside the plan that are tied with those inside, and how many more may be."""
    most = TIED_COST * judging.per_placement * opened.scale
    outside = schools(opened.problem, opened.plan.chosen, inside=False)
    least = {holding.urn: least_cost(ground, holding) for holding in outside}
    near = sorted((each for each in outside if least[each.urn] <= most), key=lambda each: (least[each.urn], each.urn))
    tried = near[:MOST_TRIED]
    forced = costs(opened, ground, with_one_of, tried, "Forcing in schools that may be tied", work)
    found = [
        Tied(holding.urn, opened.schools.get(holding.urn, ""), cost)
        for holding, cost in zip(tried, forced, strict=True)
        if is_tied(cost, judging.per_placement)
    ]
    tied = tuple(sorted(found, key=lambda each: (each.forced.months or 0.0, each.urn)))
    return tied, len(near) - len(tried) + sum(_open(cost, most / opened.scale) for cost in forced)


def _open(cost: Forced, most: float) -> bool:
    """Return whether a cost may be ``most`` or less, without being known."""
    if cost.certainty is Certainty.AT_LEAST and cost.months is not None:
        return cost.months <= most
    return cost.certainty is Certainty.UNKNOWN
