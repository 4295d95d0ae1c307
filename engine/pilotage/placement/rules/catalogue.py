"""The catalogue of what rules do: it reads the traits that the modules of this folder list in ``RULES``.

Modules are read when the catalogue is first asked, so that a rule may ask it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pandas as pd

from pilotage.config.discover import declared_in
from pilotage.config.rules.rule_model import RuleModel
from pilotage.config.scenario import Scenario
from pilotage.errors import Problem
from pilotage.placement.candidates import Candidates
from pilotage.placement.context import Context
from pilotage.placement.rules.constraint import Constraint, RowName
from pilotage.placement.rules.traits import RuleTraits, Spans


class NamedRule(NamedTuple):
    """A rule of the scenario, with its name there and its traits."""

    key: str
    rule: RuleModel
    traits: RuleTraits


@cache
def all_traits() -> tuple[RuleTraits, ...]:
    """Return the traits of every rule, by module and then as each lists them."""
    return tuple(declared_in(__package__ or "", "RULES"))


@cache
def _by_model() -> dict[type[RuleModel], RuleTraits]:
    return {model: traits for traits in all_traits() for model in traits.models}


def traits_of(rule: RuleModel) -> RuleTraits:
    """Return the traits of a scenario's rule."""
    return _by_model()[type(rule)]


def rules_of(scenario: Scenario) -> list[NamedRule]:
    """Return the scenario's rules in its order."""
    return [NamedRule(key, rule, traits_of(rule)) for key, rule in scenario.rules.items()]


def hard_rules(scenario: Scenario) -> list[NamedRule]:
    """Return the scenario's rules that may not be broken: in the order of the catalogue, then of the scenario."""
    hard = [named for named in rules_of(scenario) if named.rule.breach_price() is None]
    return sorted(hard, key=lambda named: all_traits().index(named.traits))


def faults(context: Context) -> Iterator[Problem]:
    """Yield what makes rules of the scenario useless for these schools and leaders, rule by rule."""
    for key, rule, traits in rules_of(context.scenario):
        if traits.faults is not None:
            yield from traits.faults(key, rule, context)


def rule_rows(candidates: Candidates) -> Iterator[Constraint]:
    """Yield the constraints of the scenario's rules in its order, then those that every plan has."""
    for key, rule, traits in rules_of(candidates.scenario):
        if traits.rows is not None:
            yield from traits.rows(RowName(rule.rule, key, (), traits.measure, traits.unit), rule, candidates)
    for traits in all_traits():
        if traits.always is not None:
            yield from traits.always(candidates)


def spans_of(leaders: pd.DataFrame, scenario: Scenario) -> Spans | None:
    """Return the leaders who take several posts or none, and by which rule; None where no rule is about that."""
    for key, rule, traits in rules_of(scenario):
        if traits.spans is not None:
            return traits.spans(key, rule, leaders, scenario)
    return None
