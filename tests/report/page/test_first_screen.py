"""The first screen: who is matched, who is not and why, what is spent; only what there is to say."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Audit, Check
from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.domain.plan import PlacementPlan, Status
from pilotage.report.page.first_screen import _pounds, checked_line, headline, unmatched


def test_the_headline_has_leaders_acceptances_and_money(record: RunRecord) -> None:
    assert headline(record) == "2 of 3 leaders matched; about 2 acceptances expected; £16k of £20k."  # 2 x 0.8


def test_an_empty_plan_without_budget_says_only_that_nobody_is_matched(make: Callable[..., RunRecord]) -> None:
    nobody = PlacementPlan(Status.OPTIMAL, np.array([], dtype=np.int64), 0, 0, 0.0)
    assert headline(make(plan=nobody, rule_states=())) == "0 of 3 leaders matched."


def test_asks_are_told_with_how_many_come_true(make: Callable[..., RunRecord], worlds: ModuleType) -> None:
    impact = worlds.impact()
    opens = pd.array([None, None, 0.5, *[None] * 4], dtype="float64")
    pairs = impact.pairs.assign(chance_open=opens, chance=[0.8, 0.8, 0.4, 0.8, 0.8, 0.8, 0.8])
    table = make().posts.posts.assign(prospect=[False, True, *[False] * 4])
    asking = make(impact=replace(impact, pairs=pairs), posts=replace(make().posts, posts=table), rule_states=())
    assert headline(asking) == (
        "1 of 3 leaders matched; 1 ask to make, of which about 0 come true; about 1 acceptance expected."
    )


def test_support_in_post_is_told_and_without_leaders_nobody_is_counted(make: Callable[..., RunRecord]) -> None:
    record = make(rule_states=())
    supported = replace(record, impact=replace(record.impact, posts=1))  # from the second on, posts are heads in post
    assert headline(supported) == "1 of 3 leaders matched; about 1 acceptance expected; 1 head in post supported."
    nobody = replace(supported, pool=replace(record.pool, leaders=record.pool.leaders.head(0)))
    assert headline(nobody) == "about 1 acceptance expected; 1 head in post supported."


def test_few_unmatched_leaders_are_named_each_with_the_reason(record: RunRecord) -> None:
    assert unmatched(record) == (
        "Could not be matched: L3 (a better use elsewhere: the best post open to this leader goes to L1)."
    )
    assert unmatched(replace(record, unplaced=())) == ""


def test_many_unmatched_leaders_are_told_by_their_most_frequent_reasons(record: RunRecord) -> None:
    many = (*[Unplaced(0, Why.BETTER_USE)] * 4, *[Unplaced(1, Why.BUDGET)] * 2, Unplaced(2, Why.BAN))
    text = unmatched(replace(record, unplaced=many))
    assert text == (
        "7 leaders could not be matched. Most often: a better use elsewhere: every post open to the leader goes to "
        "another (4); the budget is spent (2)."
    )


def test_a_failed_check_is_never_called_checked(record: RunRecord) -> None:
    assert checked_line(record) == "All rules checked independently: 1 of 1 checks hold."
    failed = Audit((Check("budget", False, ""), Check("pins", True, "")))
    assert checked_line(replace(record, audit=failed)) == ""


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "£0"), (9_999, "£9,999"), (94_400, "£94k"), (999_600, "£1m"), (1_250_000, "£1.25m"), (12_500_000, "£12.5m")],
)
def test_money_is_short(amount: int, words: str) -> None:
    assert _pounds(amount) == words
