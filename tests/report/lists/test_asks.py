"""What the plan asks: a list of its own, and nothing of it where there are no prospects."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.answers import ANSWER_COLUMNS, WRITTEN_BESIDE, Answer, Asked
from pilotage.domain.findings.asking import Asking
from pilotage.report.folder import write_run
from pilotage.report.lists.asks import ASKS, asks
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.run.plan_json import plan_facts
from pilotage.report.terminal import summary_text
from pilotage.report.words import headline

COLUMNS = [
    *("leader_id", "ask_order", "urn", "name", "level"),
    *("school", "school_date", "school_by", "school_condition"),
    *("body", "body_date", "body_by", "body_condition"),
    *("leader", "leader_date", "leader_by", "leader_condition"),
    *("chance_open", "acceptance", "chance", "benefit", "travel_km", "responsible_body"),
    *("reserve_1", "reserve_2", "next_urn", "next_school", "starts_on", "decide_by", "marks"),
]


@pytest.fixture
def asking(make: Callable[..., RunRecord], worlds: ModuleType) -> RunRecord:
    """Return a run whose plan places L1 at 105 and asks at 104 and 102; pairs 2 to 4 are of prospects."""
    impact = worlds.impact()
    opens = [None, None, 0.5, 0.25, 0.25, None, None]
    pairs = impact.pairs.assign(chance_open=pd.array(opens, dtype="float64"), chance=0.8)
    pairs.loc[[2, 3, 4], "chance"] = [0.4, 0.2, 0.2]
    base = make()
    table = base.posts.posts.assign(prospect=[False, True, True, True, False, False])
    return make(
        scenario=worlds.scenario(pool={"source": "files", "prospects": {"levels": ["head"]}}),
        impact=replace(impact, pairs=pairs),
        posts=replace(base.posts, posts=table),
        plan=replace(base.plan, chosen=pd.Series([0, 2, 4]).to_numpy(dtype="int64")),
    )


def test_asks_are_listed_by_responsible_body_then_benefit(asking: RunRecord) -> None:
    schools = asking.panel.schools
    trust = schools["trust"].where(schools["urn"] != 102, "Ark")
    listed = asks(replace(asking, panel=replace(asking.panel, schools=schools.assign(trust=trust))))
    assert list(listed) == COLUMNS == [column.name for column in ASKS]
    assert listed["responsible_body"].tolist() == ["Ark", "Derby"]  # the trust, else the authority
    assert listed["urn"].tolist() == [102, 104]
    assert listed["leader_id"].tolist() == ["L3", "L2"]
    assert asks(asking)["benefit"].tolist() == [7.25, 7.0]  # of one body: highest first
    assert asks(asking)["chance_open"].tolist() == [0.5, 0.25]
    assert asks(asking)["chance"].tolist() == [0.4, 0.2]


def test_each_ask_says_which_it_is_and_what_comes_after_a_no(asking: RunRecord, tmp_path: Path) -> None:
    known = Asking(ask_order={2: 2, 4: 1}, next_pair={0: 5, 2: None, 4: 3})  # 5 is at 105, 3 at 103
    record = replace(asking, asking=known)
    listed = asks(record).set_index("urn")
    assert listed["ask_order"].to_dict() == {104: 2, 102: 1}
    assert listed["next_urn"].isna().to_dict() == {104: True, 102: False}
    assert (listed["next_urn"][102], listed["next_school"][102]) == (103, "=HYPERLINK(1)")
    assert (listed["reserve_1"][104], listed["reserve_2"][104]) == ("none", "none")
    assert placements(record)[["next_urn", "next_school"]].iloc[0].tolist() == [105, "Alder School"]
    page = (write_run(record, tmp_path / "run", force=False) / "report.html").read_text(encoding="utf-8")
    assert "<small>ask 2</small>" in page
    assert "<small>L1 next: Alder School</small>" in page


def test_an_ask_is_no_placement(asking: RunRecord) -> None:
    assert placements(asking)["urn"].tolist() == [105]
    status = ranked_schools(asking).set_index("urn")["status"].to_dict()
    assert [status[urn] for urn in (105, 104, 102)] == ["placed", "asked", "asked"]
    assert list(status.values()).count("reserve") == 1  # as many as there are placements
    facts = plan_facts(asking)
    assert (facts["placements"], facts["asks"]) == (1, 2)
    assert headline(asking).startswith(
        "Placing 1 leader in 1 school and asking 2 schools about posts that may come open"
    )
    reason = ranked_schools(asking).set_index("urn")["placement_reason"][104]
    assert reason.startswith("To ask: head for a primary head's post, 10 km away")
    line = "The plan asks: 2 posts that may come open, for 2 leaders (asks.csv). About 0.6 of them are expected"
    assert f"{line} to come true, at a cost of about £4,800." in summary_text(asking)  # 0.4 and 0.2 of 8,000
    assert facts["expected"]["offers"] == 1
    assert facts["expected"]["asks_come_true"] == pytest.approx(0.6)


def test_the_run_folder_has_the_asks(asking: RunRecord, tmp_path: Path) -> None:
    folder = write_run(asking, tmp_path / "run", force=False)
    listed: Any = pd.read_csv(folder / "asks.csv")
    assert listed["urn"].tolist() == [104, 102]
    assert "Asks" in openpyxl.load_workbook(folder / "report.xlsx").sheetnames
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What the plan asks: 2" in page
    assert "asked: 2" in page


def test_without_prospects_nothing_speaks_of_asks(record: RunRecord, tmp_path: Path) -> None:
    folder = write_run(record, tmp_path / "run", force=False)
    assert not (folder / "asks.csv").exists()
    assert "Asks" not in openpyxl.load_workbook(folder / "report.xlsx").sheetnames
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What the plan asks" not in page
    assert "<dt>asked" not in page
    assert "asks" not in plan_facts(record)
    assert not [line for line in summary_text(record) if "The plan asks" in line]


def test_a_run_s_asks_can_be_given_back_unchanged() -> None:
    taken = {"leader_id", "urn", "level", *ANSWER_COLUMNS}
    assert {column.name for column in ASKS} - taken == set(WRITTEN_BESIDE)


def _answered(asking: RunRecord, *answers: tuple[Asked, str, str, str | None]) -> RunRecord:
    known = tuple(
        Answer(asked, party, said, date(2016, 6, 1), "governors", condition, Path("asks.csv"), 2)
        for asked, party, said, condition in answers
    )
    return replace(asking, posts=replace(asking.posts, answers=known))


def test_what_was_answered_already_is_carried_along(asking: RunRecord, tmp_path: Path) -> None:
    given = _answered(
        asking,
        (Asked(104, "head", "L2"), "school", "interested", "from January"),
        (Asked(104, "head", "L3"), "school", "refused", None),  # of another leader
        (Asked(102, "head"), "body", "agreed", None),
    )
    listed = asks(given).set_index("urn")
    cells = ["school", "school_date", "school_by", "school_condition"]
    assert listed.loc[104, cells].tolist() == ["interested", "2016-06-01", "governors", "from January"]
    assert listed.loc[102, ["body", "school", "leader"]].tolist() == ["agreed", None, None]
    page = (write_run(given, tmp_path / "run", force=False) / "report.html").read_text(encoding="utf-8")
    assert "Answered: the school interested" in page


def test_conditions_and_a_day_for_notice_that_has_passed_are_told_of_a_placement(asking: RunRecord) -> None:
    late = replace(asking, scenario=asking.scenario.model_copy(update={"as_of": date(2016, 10, 1)}))
    assert placements(asking)["marks"].tolist() == [""]  # 30 September is to come
    assert placements(late)["marks"].tolist() == ["the last day for the leader to give notice was 30 September 2016"]
    given = _answered(late, (Asked(105, "head", "L1"), "school", "agreed", "from January"))
    assert (
        placements(given)["marks"]
        .iloc[0]
        .endswith("; agreed by the school on 01 Jun 2016 on the condition: from January")
    )
    started = _answered(late, (Asked(105, "head", "L1"), "leader", "started", None))
    assert placements(started)["marks"].tolist() == [""]
