"""How many schools an executive leader leads, in plans altered by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.placement.audit.capacities import capacities_of

SCHOOLS = [{"trust": "Ark"}, {"trust": "Oak"}, {"trust": "Ark"}, {}]
LEADERS = [{"level": "executive", "span": 2}, {"level": "executive", "team_id": "A"}]
POSTS = [{"urn": urn, "level": "executive"} for urn in (1, 2, 3, 4, 3)]
RULES = {"r": {"rule": "executive_span", "minimum": 2}}
BENEFIT = [[5, 4, 3, 2, 1]]


@pytest.mark.parametrize(
    ("chosen", "keys", "wrong"),
    [
        ([0], {}, "L1 leads 1, under 2"),
        ([0, 1, 2], {}, "L1 leads 3, over 2"),
        ([2, 4], {}, "L1 leads a school twice"),
        ([0, 1], {"one_trust": True}, "L1 leads schools of more than one trust"),
        ([0, 3], {"one_trust": True}, "L1 leads schools of more than one trust"),
        ([0, 2], {"one_trust": True}, None),
        ([0, 1], {}, None),
        ([], {}, None),
    ],
)
def test_numbers_and_trusts_that_no_leader_may_have(
    world: Callable[..., Any], chosen: list[int], keys: dict[str, Any], wrong: str | None
) -> None:
    small = world(SCHOOLS, LEADERS[:1], POSTS, {"r": RULES["r"] | keys})
    problem, impact = small.problem(BENEFIT), small.impact(BENEFIT)
    plan = replace(small.plan(BENEFIT), chosen=np.array(chosen, dtype=np.int64))
    check = next(check for check in small.recount(problem, plan, impact).checks if check.name == "rules.r")
    assert (None if check.holds else check.detail) == wrong


@pytest.mark.parametrize(
    ("keys", "missing"),
    [
        ({}, ["once in, 3", "most", "least"]),
        ({"one_trust": True}, ["once in, 3", "no trust", "Ark, most", "Ark, least", "Oak, most", "Oak, least"]),
    ],
)
def test_the_rows_are_asked_for(world: Callable[..., Any], keys: dict[str, Any], missing: list[str]) -> None:
    small = world(SCHOOLS, LEADERS[:1], POSTS, {"r": RULES["r"] | keys})
    problem, impact = small.problem(BENEFIT), small.impact(BENEFIT)
    bare, plan = replace(problem, rows=()), replace(small.plan(BENEFIT), row_duals=np.zeros(0))
    broken = {check.name: check.detail for check in small.audit(bare, plan, impact).checks if not check.holds}
    rows = [f"r, L1, {row} is missing" for row in missing]
    assert broken["constraints"] == "; ".join([*rows, "r, L1, one trust is missing"] if keys else rows)


@pytest.mark.parametrize(("team", "several"), [({}, [True, True]), ({"t": {"rule": "teams"}}, [True, False])])
def test_who_leads_several_schools(world: Callable[..., Any], team: dict[str, Any], several: list[bool]) -> None:
    small = world(SCHOOLS, LEADERS, POSTS, RULES | team)
    capacities = capacities_of(small.case(small.impact(BENEFIT)))
    assert capacities.several.tolist() == several
    assert capacities.most.tolist() == [2, 3 if several[1] else 1]  # the rule's span where the leader has none
    assert capacities.fewest.tolist() == [2, 2 if several[1] else 1]
