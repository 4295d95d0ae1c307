"""Schools that somebody supports already: who is left out, of what, on which day."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from pilotage.domain.known_schools import COLUMNS, KnownSchools
from pilotage.placement.audit.audit import audit

SUPPORT = {"support": {"capacity": {"East Midlands": 3}}}
CELLS = {1: ("RISE; Hub", None), 2: ("Hub", "2016-08-31"), 3: ("RISE", "2016-08-30")}  # the plan is of 31 August 2016


def _with_supporters(small: Any) -> Any:
    """Return the world in which schools 1 and 2 are supported on the day, 3 no longer and 4 not."""
    rows = [{"urn": urn, "supported_by": by, "supported_until": until} for urn, (by, until) in CELLS.items()]
    table = pd.DataFrame(rows).reindex(columns=["urn", *COLUMNS]).set_index("urn")
    known = KnownSchools(table.astype({"supported_until": "datetime64[ns]"}))
    return replace(small, posts=replace(small.posts, schools=known))


def _served(made: Any) -> tuple[list[int], list[int]]:
    """Return the schools with a pair of a leader, and those with support of their leader in post."""
    problem = made.problem
    urns, support = problem.urns[problem.post], problem.post >= 4
    return sorted(set(urns[~support].tolist())), sorted(urns[support].tolist())


@pytest.mark.parametrize(
    ("keys", "placed", "supported"),
    [
        ({}, [3, 4], [3, 4]),
        ({"by": ["rise"]}, [2, 3, 4], [2, 3, 4]),
        ({"by": ["HUB ", "Rise"]}, [3, 4], [3, 4]),
        ({"what": "place"}, [3, 4], [1, 2, 3, 4]),
        ({"what": "support", "by": ["Hub"]}, [1, 2, 3, 4], [3, 4]),
    ],
)
def test_schools_supported_on_the_day_are_left_out(
    world: Callable[..., Any], drawn_cases: ModuleType, keys: Any, placed: list[int], supported: list[int]
) -> None:
    rules = {"level": {"rule": "level"}, "r": {"rule": "leave_out_supported"} | keys}
    pool = {"source": "files", "schools": "schools.csv"}
    small = world([{}] * 4, [{}] * 4, rules=rules, pool=pool, interventions=SUPPORT)
    made = drawn_cases.valued_world(_with_supporters(small))
    assert _served(made) == (placed, supported)
    assert all(check.holds for check in audit(made.case, made.problem, made.plan).checks)
    reasons = made.case.impact.ineligible
    assert set(reasons["reason"]) <= {"supported_already"}
    assert set(reasons["rule"]) <= {"r"}


@pytest.mark.parametrize("what", ["place", "support", "both"])
def test_the_audit_refuses_a_plan_made_without_the_rule(
    world: Callable[..., Any], drawn_cases: ModuleType, what: str
) -> None:
    small = _with_supporters(world([{}] * 4, [{}] * 2, rules={"level": {"rule": "level"}}, interventions=SUPPORT))
    made = drawn_cases.valued_world(small)
    pool = {"source": "files", "schools": "schools.csv"}
    rules = {"level": {"rule": "level"}, "r": {"rule": "leave_out_supported", "what": what}}
    stricter = replace(made.case, scenario=small.with_rules(rules, pool=pool, interventions=SUPPORT).scenario)
    broken = {check.name: check.detail for check in audit(stricter, made.problem, made.plan).checks if not check.holds}
    assert set(broken) >= {"eligibility", "rules.r"}
    told = broken["rules.r"]
    assert ("support: East Midlands in support: " in told) == (what != "place")
    assert ("L1 in P" in told or "L2 in P" in told) == (what != "support")
