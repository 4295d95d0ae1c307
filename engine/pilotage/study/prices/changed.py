"""A case with one thing changed: what a planner would change in the scenario or the tables, and run again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pilotage.case.case import Case
from pilotage.config.rules.area_limit import InAreas
from pilotage.config.rules.hold_back import HoldBack
from pilotage.config.rules.rule_model import RuleModel
from pilotage.config.rules.travel import Travel
from pilotage.config.scenario import Scenario
from pilotage.domain.findings.prices import FARTHER_KM, PriceKind, PriceQuestion
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.analysis.loosened import Changes, looser
from pilotage.placement.eligibility.answered import with_answers
from pilotage.placement.rules.catalogue import traits_of
from pilotage.study.prices.typical import with_copies

LIMITS = (PriceKind.PLACE, PriceKind.MONEY)


def row_changes(scenario: Scenario, problem: PlacementProblem, question: PriceQuestion) -> Changes | None:
    """Return what a change makes of the rows of the problem, where it makes nothing else of it; else None."""
    rule = scenario.rules.get(question.key)
    if rule is None or question.kind not in (*LIMITS, PriceKind.RULE):
        return None
    rows = {number: row for number, row in enumerate(problem.rows) if (row.key, row.rule) == (question.key, rule.rule)}
    if question.kind in LIMITS:
        return {number: looser(row) for number, row in rows.items() if row.part == question.part}
    return dict.fromkeys(rows) if _only_counts(rule) else None


def _only_counts(rule: RuleModel) -> bool:
    """Return whether a rule does nothing but write rows of its own."""
    traits = traits_of(rule)
    return traits.acts == "counts" and traits.measure != "structure" and not rule.put_forward()


def leaders_alone(scenario: Scenario) -> bool:
    """Return whether a leader more changes nothing for the others: no rule counts the pool or draws lots."""
    return not any(
        isinstance(rule, HoldBack) or (isinstance(rule, InAreas) and rule.share is not None and rule.of == "pool")
        for rule in scenario.rules.values()
    )


def changed(case: Case, question: PriceQuestion) -> Case:
    """Return the case with the one change that a question is about; of a limit that is no key of the scenario, none."""
    return CHANGES[question.kind](case, question.key)


def _with(case: Case, **keys: Any) -> Case:
    return replace(case, scenario=case.scenario.model_copy(update=keys))


def _with_a_copy(case: Case, leader_id: str) -> Case:
    return with_copies(case, [leader_id])


def _more_support(case: Case, region: str) -> Case:
    offers = case.scenario.interventions
    if offers.support is None:
        return case
    capacity = {**offers.support.capacity, region: offers.support.capacity[region] + 1}
    support = offers.support.model_copy(update={"capacity": capacity})
    return _with(case, interventions=offers.model_copy(update={"support": support}))


def _farther(case: Case, _key: str) -> Case:
    """Return the case with every leader's own travel limit higher, and so every rule's ceiling."""
    leaders = case.pool.leaders
    leaders = leaders.assign(max_travel_km=leaders["max_travel_km"] + FARTHER_KM)
    rules = {key: _with_ceiling(rule) for key, rule in case.scenario.rules.items()}
    return replace(_with(case, rules=rules), pool=replace(case.pool, leaders=leaders))


def _with_ceiling(rule: RuleModel) -> RuleModel:
    if not isinstance(rule, Travel) or rule.max_km is None:
        return rule
    return rule.model_copy(update={"max_km": rule.max_km + FARTHER_KM})


def _without_pin(case: Case, name: str) -> Case:
    """Return the case without a pin; an answer that says the same then makes one."""
    return with_answers(_with(case, pins=_without(case.scenario.pins, name)))


def _without_ban(case: Case, name: str) -> Case:
    return _with(case, bans=_without(case.scenario.bans, name))


def _without_rule(case: Case, key: str) -> Case:
    return _with(case, rules=_without(case.scenario.rules, key))


def _without(entries: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: entry for key, entry in entries.items() if key != name}


CHANGES: dict[PriceKind, Callable[[Case, str], Case]] = {
    PriceKind.LEADER: _with_a_copy,
    PriceKind.SUPPORT: _more_support,
    PriceKind.DISTANCE: _farther,
    PriceKind.PIN: _without_pin,
    PriceKind.BAN: _without_ban,
    PriceKind.RULE: _without_rule,
}
