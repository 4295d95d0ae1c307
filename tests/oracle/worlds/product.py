"""What the product makes of a world: its pairs, its plan, and what the audit says of it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from pilotage import pipeline
from pilotage.domain.plan import Status
from pilotage.errors import DataError, InfeasibleError, NoPlanInTimeError, ScenarioError
from pilotage.placement.audit.audit import audit
from pilotage.placement.support import leaders_and_regions, posts_and_schools, support_offer
from pilotage.placement.valuation.benefit import impact_matrix
from tests.oracle.worlds import tables
from tests.oracle.worlds.best import Tail
from tests.oracle.worlds.tables import Name, World

REFUSALS = (InfeasibleError, ScenarioError, DataError, NoPlanInTimeError)


@dataclass(frozen=True)
class Answer:
    """What the product said: its pairs with benefit and cost, a plan with its objective, or an error's kind and words.

    ``wrong``: checks of the audit that do not hold. ``fractional``: the linear optimum exceeds the best plan.
    """

    pairs: dict[Name, tuple[float, float]] | None = None
    tail: Tail | None = None
    plan: frozenset[Name] = frozenset()
    objective: float | None = None
    status: Status | None = None
    wrong: tuple[str, ...] = ()
    fractional: bool = False
    error: str | None = None
    words: str = ""


def answer(world: World) -> Answer:
    """Return what the product says of a world."""
    made = Answer()
    try:
        known, forecast = tables.known(world), tables.risks(world)
        stated = pipeline.state(known, forecast)
        made = _stated(stated)
        decided = pipeline.decide(cast(Any, SimpleNamespace(scenario=known.scenario)), stated)
    except REFUSALS as error:
        pairs = _pairs_of(world) if made.pairs is None else made.pairs
        return Answer(pairs, made.tail, error=type(error).__name__, words=str(error))
    problem, plan = decided.problem, decided.plan
    checked = audit(pipeline.audit_case(known, forecast, stated), problem, plan)
    objective, bound = plan.objective or 0, plan.bound_lp
    return Answer(
        made.pairs,
        made.tail,
        frozenset(_names(problem, plan.chosen)),
        objective / problem.scale,
        plan.status,
        tuple(f"{check.name}: {check.detail}" for check in checked.checks if not check.holds),
        bound is not None and bound - objective >= 1,
    )


def _pairs_of(world: World) -> dict[Name, tuple[float, float]] | None:
    """Return the pairs of a world that is refused only once they are valued: lots are drawn among them."""
    try:
        known, forecast = tables.known(world), tables.risks(world)
        pairs = impact_matrix(known, forecast).pairs
    except REFUSALS:
        return None
    offer = support_offer(known)
    leaders = leaders_and_regions(known, offer)["leader_id"]
    posts = posts_and_schools(known, offer)["post_id"]
    names = zip(leaders.iloc[pairs["leader_index"]], posts.iloc[pairs["post_index"]], strict=True)
    return dict(zip(names, zip(pairs["benefit"], pairs["cost_gbp"], strict=True), strict=True))


def _names(problem: Any, pairs: Any) -> list[Name]:
    leaders, posts = problem.leader[pairs], problem.post[pairs]
    return [(problem.leader_ids[one], problem.post_ids[other]) for one, other in zip(leaders, posts, strict=True)]


def _stated(stated: pipeline.Stated) -> Answer:
    problem, pairs = stated.problem, stated.impact.pairs
    names = _names(problem, slice(None))
    worth = zip(pairs["benefit"].tolist(), pairs["cost_gbp"].tolist(), strict=True)
    given = stated.worst_draws
    tail = None
    if given is not None:
        draws = (given.draws.T / problem.scale).tolist()
        tail = Tail(dict(zip(names, draws, strict=True)), given.worst, float(given.weight))
    return Answer(dict(zip(names, worth, strict=True)), tail)
