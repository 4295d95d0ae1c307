"""Support beside a new head, in a plan altered by hand."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from pilotage.placement.audit.audit import audit

OFFER = {"support": {"capacity": {"East Midlands": 1}, "cost_gbp": 0}}


def test_a_school_supported_and_led_is_refused(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}], interventions=OFFER))
    assert audit(made.case, made.problem, made.plan).clean
    plan = replace(made.plan, chosen=np.arange(2))
    broken = {check.name: check.detail for check in audit(made.case, made.problem, plan).checks if not check.holds}
    assert broken["support_or_head"] == "1 is supported and led"


def test_the_row_is_asked_for(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}], interventions=OFFER))
    rows = tuple(row for row in made.problem.rows if row.rule != "support_or_head")
    problem, plan = replace(made.problem, rows=rows), replace(made.plan, row_duals=np.zeros(len(rows)))
    broken = {check.name: check.detail for check in audit(made.case, problem, plan).checks if not check.holds}
    assert broken["constraints"] == "support, 1 is missing"
