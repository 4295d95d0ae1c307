"""Report cards and crosswalks; and what planners should know of a school's standing by the date."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage.errors import ScenarioError
from pilotage.sources.files.read import read_source, recognise
from pilotage.sources.schools.events import marked
from pilotage.sources.schools.lists.inspections import chained
from pilotage.sources.schools.regimes import crosswalk
from pilotage.sources.schools.snapshots import Snapshot, graded

REAL = os.environ.get("PILOTAGE_REAL_DATA")
CARD = (
    "URN,School name,Local authority,Region,Type of education,Ofsted phase,Inspection end date,Publication date,"
    "Leadership and governance,Achievement\n"
    "100001,Elm,Camden,London,Community School,Primary,20/11/2025,15/01/2026,Needs attention,Strong standard\n"
)


def _cards(tmp_path: Path) -> Snapshot:
    path = tmp_path / "cards.csv"
    path.write_text(CARD, encoding="utf-8")
    assert recognise(path).source == "ofsted_report_cards"
    return Snapshot(date(2026, 1, 31), read_source(path, "ofsted_report_cards").table)


def test_a_report_card_is_no_grade_by_default(tmp_path: Path) -> None:
    found = chained([graded(_cards(tmp_path), crosswalk(None))])
    assert found["leadership_grade"].isna().all()
    assert found["known_on"].tolist() == [pd.Timestamp("2026-01-15")]


@pytest.mark.parametrize(("name", "leadership", "achievement"), [("cautious", 3, 1), ("strict", 3, 2)])
def test_a_named_crosswalk_gives_grades(tmp_path: Path, name: str, leadership: int, achievement: int) -> None:
    found = chained([graded(_cards(tmp_path), crosswalk(name))])
    assert found[["leadership_grade", "achievement_grade"]].to_numpy().tolist() == [[leadership, achievement]]


def test_an_unknown_crosswalk_is_told_with_the_nearest() -> None:
    with pytest.raises(
        ScenarioError, match=r"no crosswalk 'cautius' - dfe_stuck_threshold, cautious, strict - did you mean 'cautious'"
    ):
        crosswalk("cautius")


def _told(*arguments: Any) -> list[str | None]:
    return [None if pd.isna(text) else str(text) for text in marked(*arguments)]


SCHOOLS = pd.DataFrame({"urn": [1, 2, 3], "opened_on": pd.to_datetime(["2013-09-01", "2001-09-01", None])})
DAY = date(2014, 4, 30)


def test_a_school_opened_lately_says_so_and_an_old_one_does_not() -> None:
    assert _told(SCHOOLS, DAY, None, None, None) == ["opened 1 Sep 2013", None, None]


def test_links_are_marks_of_the_school_that_is_open() -> None:
    rows = [
        (1, 91, "Predecessor", "2013-09-01"),
        (2, 92, "Merged - change in age range", "2014-01-01"),
        (3, 93, "Predecessor - Split School", "2013-01-01"),
        (3, 94, "Predecessor", "2010-01-01"),  # too long ago
        (2, 95, "Predecessor", "2014-09-01"),  # not yet
    ]
    links = pd.DataFrame(rows, columns=["urn", "link_urn", "link_type", "linked_on"])
    told = marked(
        SCHOOLS.assign(opened_on=pd.NaT), DAY, links.assign(linked_on=pd.to_datetime(links["linked_on"])), None, None
    )
    assert told.tolist() == ["replaced 91 on 1 Sep 2013", "merged with 92 on 1 Jan 2014", "split from 93 on 1 Jan 2013"]


def test_joining_a_trust_and_changing_it_are_told_apart() -> None:
    rows = [(1, "2013-05-01", "A"), (2, "2011-05-01", "A"), (2, "2014-01-01", "B"), (3, "2014-09-01", "C")]
    groups = pd.DataFrame(rows, columns=["urn", "joined_on", "group_name"]).assign(group_type="Multi-academy trust")
    groups["joined_on"] = pd.to_datetime(groups["joined_on"])
    told = _told(SCHOOLS.assign(opened_on=pd.NaT), DAY, None, groups, None)
    assert told == ["joined a trust 1 May 2013", "changed trust 1 Jan 2014", None]


def test_closing_is_told_only_by_a_list_that_is_not_of_a_later_day() -> None:
    gias = pd.DataFrame(
        {
            "urn": [1, 2, 3],
            "status": ["Open", "Open, but proposed to close", "Open, but proposed to close"],
            "opened_on": pd.to_datetime(["2013-09-01", "2001-09-01", None]),
            "closed_on": pd.to_datetime([None, "2014-08-31", None]),
        }
    )
    schools = SCHOOLS.assign(opened_on=pd.NaT)
    assert _told(schools, DAY, None, None, gias) == [None, "closing 31 Aug 2014", "proposed to close"]
    late = gias.assign(opened_on=pd.to_datetime(["2022-01-01", "2001-09-01", None]))
    assert marked(schools, DAY, None, None, late).isna().all()
    blank = gias.assign(status=pd.Series(["Open", "Open, but proposed to close", None], dtype=object))
    assert _told(schools, DAY, None, None, blank) == [None, "closing 31 Aug 2014", None]


@pytest.mark.realdata
@pytest.mark.skipif(not REAL, reason="PILOTAGE_REAL_DATA is not set")
def test_every_real_file_is_recognised_or_refused_with_a_reason() -> None:
    every = [recognise(path) for path in sorted(Path(REAL or "").rglob("*")) if path.is_file()]
    known = [one for one in every if one.source]
    assert len(known) > 70
    assert all(one.why_not for one in every if not one.source)
    lost = {one.path.name for one in every if not one.source and not one.path.name.endswith(("_meta.csv", ".md"))}
    assert lost == set()


@pytest.mark.realdata
@pytest.mark.skipif(not REAL, reason="PILOTAGE_REAL_DATA is not set")
def test_the_real_links_mark_schools_that_merged_or_were_replaced() -> None:
    path = Path(REAL or "") / "gias" / "links_edubasealldata.csv"
    links = read_source(path, "gias_links").table
    recent = links[(links["linked_on"] > "2012-04-30") & (links["linked_on"] <= "2014-04-30")]
    schools = pd.DataFrame({"urn": recent["urn"].unique(), "opened_on": pd.NaT})
    told = marked(schools, DAY, links, None, None).dropna()
    assert told.str.contains("merged with").sum() > 20
    assert told.str.contains("replaced").sum() > 500
