"""Tables and rules changed behind a plan, which the audit sees; and what the audit imports."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.placement.audit.audit import audit

TEAM = [{"team_id": "A"}, {"team_id": "A"}]


@pytest.mark.parametrize(
    ("keys", "check"),
    [
        ({"leaders": [{"current_urn": 1}, {}]}, "own_post"),
        ({"posts": [{"opens_on": pd.Timestamp("2017-09-01")}, {}]}, "late_posts"),
        ({"rules": {"r": {"rule": "need_threshold", "minimum": 0.5}}}, "rules.r"),
        ({"rules": {"r": {"rule": "region_cap", "count": 0}}}, "rules.r"),
        ({"rules": {"r": {"rule": "area_maximum", "count": 0}}}, "rules.r"),
        ({"rules": {"r": {"rule": "hold_back", "posts": 1}}}, "held_back"),
        ({"rules": {"r": {"rule": "teams"}}, "leaders": TEAM}, "rules.r"),
        ({"bans": {"b": {"urn": 1, "reason": "r", "author": "a"}}}, "bans.b"),
        ({"interventions": {"place": False, "support": {"capacity": {"East Midlands": 0}}}}, "eligibility"),
    ],
)
def test_tables_and_rules_changed_behind_the_plan_are_seen(
    world: Callable[..., Any], drawn_cases: ModuleType, keys: dict[str, Any], check: str
) -> None:
    free = drawn_cases.valued_world(world([{"area": "Derby"}, {"area": "Derby"}]))
    assert audit(free.case, free.problem, free.plan).clean
    given = {"schools": [{"area": "Derby"}, {"area": "Derby"}]} | keys
    strict = world(**given)
    case = replace(free.case, scenario=strict.scenario, pool=strict.pool, posts=strict.posts)
    broken = {one.name for one in audit(case, free.problem, free.plan).checks if not one.holds}
    assert {check, "eligibility"} <= broken or check in broken


def test_a_school_out_of_scope_is_seen(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}, {}]))
    case = replace(made.case, urns=np.array([2]))
    assert "scope" in {one.name for one in audit(case, made.problem, made.plan).checks if not one.holds}


def test_the_audit_imports_nothing_else_of_placement() -> None:
    import ast
    from pathlib import Path

    import pilotage.placement.audit as room

    for file in Path(room.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                placement = name.startswith("pilotage.placement")
                assert not placement or name.startswith("pilotage.placement.audit"), f"{file.name} imports {name}"
