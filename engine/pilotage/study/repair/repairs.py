"""The repairs of a scenario that no plan keeps: each is planned again from the scenario itself, and priced."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.changed import value_at, with_changes
from pilotage.config.leaf import Key, nearest_place, places_of
from pilotage.config.overlay import Resolved
from pilotage.config.scenario import Scenario
from pilotage.domain.findings.repair import Ended, Repair, Repairs, SettingChange, Way
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.plan import PlacementProblem, Status
from pilotage.errors import InfeasibleError, NoPlanInTimeError
from pilotage.placement.analysis.infeasible.feasibility import OutOfTimeError
from pilotage.placement.eligibility.pruning import pruning_rules
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.valuation.benefit import impact_matrix, valued_pairs
from pilotage.study.counted import counted_benefit
from pilotage.study.repair.asked import Asked
from pilotage.study.repair.search import Values, repairs_of

SECONDS = 12.0  # for the search and the plans under what it finds
MOST = 8  # repairs that are looked for
Say = Callable[[str], None]


@dataclass(frozen=True)
class Broken:
    """A scenario that no plan keeps, with the case and the forecast that it was stated from.

    ``impacts``: benefits, by what bars pairs.
    """

    resolved: Resolved
    case: Case
    forecast: RiskForecast
    impacts: dict[str, ImpactMatrix] = field(default_factory=dict)

    @property
    def valued(self) -> bool:
        """Return whether the forecast knows anything of the schools."""
        return bool(self.forecast.need.notna().any())

    def restated(self, scenario: Scenario) -> PlacementProblem:
        """Return the problem of another scenario, valued anew where it bars other pairs."""
        case = replace(self.case, scenario=scenario)
        barring = [f"{key}={rule!r}" for key, rule, _ in pruning_rules(scenario)]
        name = repr((sorted(scenario.bans), barring, sorted(scenario.pins) if barring else ()))
        if name not in self.impacts:
            known = valued_pairs(case, self.forecast)
            self.impacts[name] = impact_matrix(case, self.forecast, known, ranges=False)
        return placement_problem(case, self.impacts[name])


def repairs(broken: Broken, say: Say) -> Repairs:
    """Return what the scenario may change so that a plan exists, best first: as few settings as can be, each least.

    Every repair is stated from the scenario as changed, and planned with its solver and limits: one that no plan keeps
    is not returned.
    """
    say("Looking for what would make a plan possible")
    deadline = time.monotonic() + SECONDS
    places = places_of(broken.resolved.leaves)
    asked = Asked(
        broken.case.scenario, broken.restated, lambda key: key in places, deadline, broken.case.scenario.solver.seed
    )
    made, ended = list[Repair](), Ended.ALL
    try:
        for values in repairs_of(asked):
            if len(made) == MOST:
                ended = Ended.MORE
                break
            made += _planned(broken, values, deadline)
    except OutOfTimeError:
        ended = Ended.OUT_OF_TIME
    best_first = sorted(made, key=lambda repair: (-(repair.benefit or 0), [change.key for change in repair.changes]))
    return Repairs(tuple(best_first), ended if made or ended is not Ended.ALL else Ended.NONE)


def _planned(broken: Broken, values: Values, deadline: float) -> Iterator[Repair]:
    """Yield the repair, if some plan keeps the scenario under it."""
    case = replace(broken.case, scenario=with_changes(broken.case.scenario, values))
    left = deadline - time.monotonic()
    if left <= 0:
        raise OutOfTimeError
    limit = min(case.scenario.solver.time_limit_seconds, left)
    quick = with_changes(case.scenario, {("solver", "time_limit_seconds"): limit})
    try:
        stated = pipeline.state(case, broken.forecast, valued_pairs(case, broken.forecast))
        decided = pipeline.decide(replace(broken.resolved, scenario=quick), stated)
    except InfeasibleError:
        return
    except NoPlanInTimeError:
        raise OutOfTimeError from None
    chosen = decided.plan.chosen
    offers = ~stated.impact.asks(chosen) & ~stated.impact.supports(chosen)
    yield Repair(
        changes=tuple(_change(broken, key, value) for key, value in values.items()),
        benefit=counted_benefit(stated, chosen) if broken.valued else None,
        placements=int(offers.sum()),
        proven=decided.plan.status is Status.OPTIMAL,
    )


def _change(broken: Broken, key: Key, value: Any) -> SettingChange:
    leaf = nearest_place(places_of(broken.resolved.leaves), key)
    place = "" if leaf is None else leaf.origin
    if value is None:
        return SettingChange(key, Way.REMOVE, place)
    now = value_at(broken.case.scenario, key)
    way = Way.SET if isinstance(value, str) else Way.RAISE if value > now else Way.LOWER
    return SettingChange(key, way, place, now, value)
