"""The current judgement of each school in words, in both lists and on the page."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.report.lists.judgements import judgement_line, judgements
from pilotage.report.lists.ranked_schools import ranked_schools
from pilotage.report.lists.worry_about import worry_about
from pilotage.report.run.four_lists import worry_cells

COLUMNS = ["current_grade", "current_scale", "inspected_on"]
INSPECTIONS = pd.DataFrame(
    {
        "urn": [101, 102, 103],
        "urn_at_time": [101, 102, 103],
        "inspected_on": pd.to_datetime(["2012-08-31", "2012-09-01", "2016-03-02"]),
        "known_on": pd.to_datetime(["2012-09-30", "2012-10-01", "2016-04-01"]),
        "leadership_grade": pd.Series([3, 3, None], dtype="Int64"),
        "leadership_judgement": [None, None, "strong_standard"],
    }
)
WORDS = {
    101: ["Satisfactory", "ofsted_1_4", "2012-08-31"],
    102: ["Requires improvement", "ofsted_1_4", "2012-09-01"],
    103: ["Strong standard", "report_card", "2016-03-02"],
}


@pytest.fixture
def judged(make: Callable[..., RunRecord]) -> RunRecord:
    record = make()
    years = pd.DataFrame(
        {"urn": [101, 102], "year": 2015, "known_on": pd.Timestamp("2016-02-01"), "fsm6_share": [0.25, None]}
    ).assign(fsm_share=[0.1, 0.5])
    schools = record.panel.schools.assign(
        pupils=[float("nan") if urn == 104 else 242.0 for urn in record.panel.schools["urn"]]
    )
    panel = replace(record.panel, schools=schools, inspections=INSPECTIONS, school_years=years)
    return replace(record, panel=panel)


def test_each_scale_has_its_own_words_and_satisfactory_its_time(judged: RunRecord) -> None:
    made = judgements(judged)
    assert {urn: made.loc[urn, COLUMNS].tolist() for urn in made.index} == WORDS


@pytest.mark.parametrize("make_list", [ranked_schools, worry_about])
def test_both_lists_have_it_and_leave_it_blank_where_nobody_judged(
    judged: RunRecord, make_list: Callable[[RunRecord], pd.DataFrame]
) -> None:
    listed = make_list(judged).set_index("urn")
    assert {urn: listed.loc[urn, COLUMNS].tolist() for urn in WORDS} == WORDS
    assert listed.loc[104, COLUMNS].isna().all()


def test_disadvantaged_pupils_are_pupils_times_the_share_and_unknown_is_blank(judged: RunRecord) -> None:
    listed = ranked_schools(judged).set_index("urn")
    assert listed.loc[101, "disadvantaged_pupils"] == 60  # a quarter of 242, to the nearest even number
    assert listed.loc[102, "disadvantaged_pupils"] == 121  # those eligible now, as no other share is known
    assert listed.loc[[103, 104], "disadvantaged_pupils"].isna().all()


def test_a_line_says_it_beside_the_school(judged: RunRecord) -> None:
    rows = {row["urn"]: judgement_line(row) for _, row in worry_about(judged).iterrows()}
    assert rows[103] == "leadership Strong standard by report card, Mar 2016"
    assert rows[101] == "leadership Satisfactory, Aug 2012"
    assert rows[104] == ""


def test_the_cells_of_a_school_to_worry_about_say_it_too(judged: RunRecord) -> None:
    cells = {row["urn"]: worry_cells(row) for _, row in worry_about(judged).iterrows()}
    assert cells[101]["judged"] == "leadership Satisfactory, Aug 2012"
    assert cells[104]["judged"] == ""
    assert cells[101]["about"].startswith("URN 101")
    assert all("URN" in each["about"] and each["name"] for each in cells.values())
