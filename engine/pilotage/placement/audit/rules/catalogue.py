"""The catalogue: every rule that the audit knows, found in the modules of this folder.

A module says what it knows in ``AUDITS`` (rules of the scenario) or ``STRUCTURES`` (rules that every plan keeps). A
new rule is a new module; there is no list to extend.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pilotage.config.discover import declared_in
from pilotage.config.scenario import Scenario
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.audit.rule_audit import RuleAudit, StructureAudit

AUDITS: tuple[RuleAudit[Any], ...] = tuple(declared_in(__package__ or "", "AUDITS"))
STRUCTURES: tuple[StructureAudit, ...] = tuple(declared_in(__package__ or "", "STRUCTURES"))
BY_MODEL: dict[type[Any], RuleAudit[Any]] = {model: audit for audit in AUDITS for model in audit.models}


def audit_of(rule: object) -> RuleAudit[Any]:
    """Return what the audit knows of a rule of a scenario.

    Raises
    ------
    TypeError
        For a rule that has no module in this folder.
    """
    if type(rule) not in BY_MODEL:
        raise TypeError(f"the audit does not know the rule {type(rule).__name__}")
    return BY_MODEL[type(rule)]


def audited(scenario: Scenario) -> Iterator[tuple[str, Any, RuleAudit[Any]]]:
    """Yield each rule of a scenario, in its order: its name, the rule, and what the audit knows of it."""
    for name, rule in scenario.rules.items():
        yield name, rule, audit_of(rule)


def exempt_schools(scenario: Scenario) -> frozenset[int]:
    """Return the schools (URNs) that may receive a leader whatever their need."""
    rules_that_exempt = ((rule, audit.exempts) for _, rule, audit in audited(scenario))
    return frozenset(urn for rule, exempts in rules_that_exempt if exempts is not None for urn in exempts(rule))


def said_to_be_held_back(case: AuditCase) -> tuple[str, ...]:
    """Return the posts (post_id) that the plan says are held back by lot, by any rule that the audit knows."""
    return tuple(post for audit in AUDITS if audit.lots is not None for post in audit.lots.stated(case))
