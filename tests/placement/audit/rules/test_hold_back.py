"""Schools drawn by lot, in a plan that was made without the draw or under another one."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pandas as pd

from pilotage.config.rules.hold_back import HELD_BACK
from pilotage.placement.audit.audit import audit

RULES = {"r": {"rule": "hold_back", "posts": 1}}


def test_posts_that_were_not_held_back_are_refused(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    assert refused(world([{}, {}]), [[5, 1], [1, 4]], rules=RULES) == {
        "rules.r": "0 posts held back of the 1 asked for"
    }


def test_another_post_than_the_lots_drew_is_refused(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}, {}, {}], [{}], rules=RULES))
    assert audit(made.case, made.problem, made.plan).clean
    ineligible = made.case.impact.ineligible
    held = int(ineligible.loc[ineligible["reason"] == HELD_BACK.code, "post_index"].iloc[0])
    swapped = ineligible.assign(post_index=pd.Series([(held + 1) % 3]))
    case = replace(made.case, impact=replace(made.case.impact, ineligible=swapped))
    checks = {check.name: check for check in audit(case, made.problem, made.plan).checks}
    assert not checks["held_back"].holds
    assert "drawn and stated differ" in checks["held_back"].detail


def test_a_placement_beside_a_post_held_back_is_refused(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}, {}, {}], rules=RULES))
    post = int(made.problem.post[made.plan.chosen[0]])
    ineligible = made.case.impact.ineligible.iloc[:1].assign(post_index=post, reason=HELD_BACK.code)
    case = replace(made.case, impact=replace(made.case.impact, ineligible=ineligible))
    checks = {check.name: check for check in audit(case, made.problem, made.plan).checks}
    leader = int(made.problem.leader[made.plan.chosen[0]])
    assert checks["rules.r"].detail == f"L{leader + 1} in P{post + 1}, whose school is held back"
