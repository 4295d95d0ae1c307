"""Schools to worry about: by need alone, the same bytes whatever leaders, posts and rules there are."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.findings.ask_values import AskStep, AskValue
from pilotage.report.folder import write_run
from pilotage.report.lists.worry_about import WORRY_ABOUT, worry_about

COLUMNS = [
    *("need_rank", "need_rank_in_phase", "urn", "name", "area", "authority", "region", "trust", "phase", "pupils"),
    *("disadvantaged_pupils", "current_grade", "current_scale", "inspected_on", "band"),
    *("need", "p_fall_if_inspected", "p_fall_if_inspected_low", "p_fall_if_inspected_high", "p_fall_within_horizon"),
    *("p_stuck", "p_below_good", "gap_months", "gap_months_at_horizon", "gap_change_months", "p_widens", "p_gap_wide"),
    *("reasons", "data_age_years", "missing", "marks"),
]


def test_highest_need_first_and_unknown_last(record: RunRecord) -> None:
    listed = worry_about(record)
    assert list(listed) == COLUMNS == [column.name for column in WORRY_ABOUT]
    assert listed["urn"].tolist() == [106, 104, 105, 102, 103, 108, 107, 101]
    assert listed["need_rank"].tolist() == [1, 2, 3, 4, 4, 6, 7, pd.NA]


def test_marks_say_nothing_of_posts(record: RunRecord) -> None:
    assert not worry_about(record)["marks"].str.contains("eligible|post").any()


def _bytes(record: RunRecord, folder: Path) -> bytes:
    return (write_run(record, folder, force=False) / "worry_about.csv").read_bytes()


def test_leaders_posts_and_rules_change_no_byte(
    make: Callable[..., RunRecord], worlds: ModuleType, tmp_path: Path
) -> None:
    plain = make()
    value = AskValue(102, "head", AskStep.KEEP_WARM, "L3", 20.0, acceptance=0.4)
    nobody = replace(plain.plan, chosen=np.zeros(0, dtype=np.int64), objective=0, bound=0)
    refused = plain.posts.posts.assign(consent="no")
    others = (
        make(ask_values=(value,)),
        make(plan=nobody),
        make(posts=replace(plain.posts, posts=refused)),
        make(pool=replace(plain.pool, leaders=plain.pool.leaders.assign(max_travel_km=1.0))),
        make(scenario=worlds.scenario(rules={})),
        make(impact=replace(plain.impact, ineligible=plain.impact.ineligible.head(0))),
    )
    expected = _bytes(plain, tmp_path / "plain")
    assert [_bytes(other, tmp_path / f"{number}") == expected for number, other in enumerate(others)] == [True] * 6
