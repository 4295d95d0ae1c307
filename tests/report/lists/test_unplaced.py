"""Leaders without a post: every reason in words, the list, the sheet and the page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.config.rules.catalogue import BARS, NO_POSTS
from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.report.columns import UNPLACED_COLUMNS
from pilotage.report.folder import write_run
from pilotage.report.lists.unplaced import CLOSED, GROUPS, WORDS, unplaced_groups, unplaced_leaders

FAR: dict[str, Any] = {"post": 4, "distance_km": 54.2, "within_km": 55.0, "limit_km": 40.0}
NOUN = "primary or secondary head post"


def _reason(record: RunRecord, one: Unplaced) -> str:
    return str(unplaced_leaders(replace(record, unplaced=(one,)))["reason"].iloc[0])


def test_every_reason_has_words_and_a_group() -> None:
    assert set(WORDS) == set(GROUPS) == set(Why)
    assert not set(NO_POSTS) & set(Why)
    assert all(reason.group and reason.words for reason in NO_POSTS.values())


@pytest.mark.parametrize(
    ("why", "figures", "words"),
    [
        (Why.OUT_OF_REACH, FAR | {"posts": 3}, f"no {NOUN} within 40 km; at 55 km there are three"),
        (Why.OUT_OF_REACH, FAR | {"posts": 1}, f"no {NOUN} within 40 km; at 55 km there is one"),
        (Why.OUT_OF_REACH, {"limit_km": 40.0}, f"no {NOUN} on the list has a known place"),
        (
            Why.CLOSED,
            {"bar": "consent_refused", "posts": 2},
            f"no {NOUN} in reach is at a school that consents (two refused)",
        ),
        (Why.OWN_POST, {"posts": 1}, "holds that level already at the only post in reach"),
        (Why.BAN, {"posts": 2, "rule": "bans.x"}, "barred from 2 posts in reach by bans.x"),
        (
            Why.NOT_FREE,
            {"posts": 2},
            f"no {NOUN} in reach is open when the leader is free (1 September 2016): both open earlier",
        ),
        (Why.NOT_FREE, {}, "free only from 1 September 2016, after the plan's last year"),
        (
            Why.BUDGET,
            {"cost_gbp": 12_000, "left_gbp": 3200, "rule": "budget"},
            "budget spent: the cheapest post costs £12,000, £3,200 is left",
        ),
        (
            Why.BUDGET,
            {"cost_gbp": 9000, "left_gbp": 0, "rule": "budget", "part": ("year", 2)},
            "budget spent: the cheapest post costs £9,000, £0 is left in planning year 2",
        ),
        (Why.BETTER_USE, {"holder": 1}, "a better use elsewhere: the best post open to this leader goes to L2"),
        (
            Why.RULE,
            {"rule": "cap", "part": ("Derby",)},
            "the best free post would break the rule cap: at most 2 placements in Derby",
        ),
        (Why.BELOW_ZERO, {}, "the benefit would not be above zero, at the best post too"),
        ("no_post_of_level", {}, "no head post is on the list"),
        ("no_post_in_phase", {}, f"no {NOUN} is on the list"),
        ("no_post_of_subject", {}, f"no {NOUN} on the list is of the leader's subjects (none given)"),
    ],
)
def test_a_reason_in_words(record: RunRecord, why: str, figures: dict[str, Any], words: str) -> None:
    assert _reason(record, Unplaced(0, why, **figures)) == words


@pytest.mark.parametrize("why", [*Why, *NO_POSTS])
def test_every_reason_can_be_said(record: RunRecord, why: str) -> None:
    assert _reason(record, Unplaced(0, why))


@pytest.mark.parametrize("bar", [*CLOSED, *(code for code, bar in BARS.items() if bar.wanted)])
def test_every_reason_for_closed_posts_can_be_said(record: RunRecord, bar: str) -> None:
    assert f"no {NOUN} in reach " in _reason(record, Unplaced(0, Why.CLOSED, bar=bar, posts=1))


def test_regions_that_keep_a_leader_are_named(record: RunRecord) -> None:
    leaders = record.pool.leaders.assign(willing_regions="London;South East", relocates=True)
    one = replace(record, pool=replace(record.pool, leaders=leaders))
    words = (
        f"no {NOUN} in reach where the leader is willing to work (London, South East); elsewhere, at 55 km there is one"
    )
    assert _reason(one, Unplaced(0, Why.OUT_OF_REACH, posts=1, **FAR)) == words


def test_the_list_and_the_groups(record: RunRecord) -> None:
    frame = unplaced_leaders(record)
    assert tuple(frame.columns) == UNPLACED_COLUMNS
    (row,) = frame.to_dict("records")
    assert row == {
        "leader_id": "L3",
        "level": "head",
        "phases": "primary;secondary",
        "max_travel_km": 40.0,
        "reason_code": "better_use_elsewhere",
        "reason": "a better use elsewhere: the best post open to this leader goes to L1",
        "nearest_post_id": "P0",
        "nearest_urn": 105,
        "distance_km": 10.25,
    }
    more = (*record.unplaced, Unplaced(0, "no_post_of_level"), Unplaced(1, "no_post_of_level"))
    groups = unplaced_groups(replace(record, unplaced=more))
    assert [(group["count"], group["example"][:4]) for group in groups] == [("2", "L1: "), ("1", "L3: ")]


def test_no_leader_without_a_post_is_an_empty_list(record: RunRecord, tmp_path: Path) -> None:
    folder = write_run(replace(record, unplaced=()), tmp_path / "run", force=False)
    assert pd.read_csv(folder / "unplaced.csv").empty
    assert "Every leader of the pool has a post." in (folder / "report.html").read_text(encoding="utf-8")
