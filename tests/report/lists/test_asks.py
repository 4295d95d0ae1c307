"""What the plan asks: a list of its own, and nothing of it where there are no prospects."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.report.folder import write_run
from pilotage.report.lists.asks import ASKS, asks
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.run.plan_json import plan_facts
from pilotage.report.terminal import summary_text
from pilotage.report.words import headline

COLUMNS = [
    *("leader_id", "urn", "school", "level", "chance_open", "acceptance", "chance", "benefit", "travel_km"),
    "responsible_body",
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
