"""What the page holds of every school: one order, one length, nothing that the lists leave out."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.outcomes import FALL
from pilotage.report.lists.for_people import levels_of
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.page.schools.risk_words import gap_words, leadership_words, place_words
from pilotage.report.page.schools.school_data import SchoolData, filters, school_data
from pilotage.report.page.schools.sheet import PRINTED, PRIVATE, sheet
from pilotage.report.page.tabs import TABS, tabs_with
from pilotage.report.run.four_lists import four_lists


def _data(record: RunRecord) -> SchoolData:
    ranked = ranked_schools(record)
    lists = four_lists(record, placements(record))
    return school_data(record, ranked, lists.worry, lists.ask_next, levels_of(ranked))


def _values(data: SchoolData, name: str) -> list:
    column = data.columns[name]
    if "parts" in column:
        return [column["joined"].join(column["parts"][part] for part in row) for row in column["rows"]]
    return (
        [column["words"][code] if code >= 0 else "" for code in column["codes"]]
        if "codes" in column
        else column["values"]
    )


def test_every_school_stands_in_every_column_by_need(record: RunRecord) -> None:
    data = _data(record)
    assert data.columns["urn"]["values"] == [106, 104, 105, 102, 103, 108, 107, 101]
    assert {len(_values(data, name)) for name in data.columns} == {len(record.urns)} == {len(data.similar)}
    assert [row["urn"] for row in data.first_rows] == [str(urn) for urn in data.columns["urn"]["values"]]
    assert _values(data, "need")[:3] == ["90%", "60%", "40%"]
    assert _values(data, "need_order") == [7, 6, 5, 3, 3, 2, 1, None]
    assert _values(data, "risk") == ["90", "85", "30", "20", "20", "15", "10", ""]  # stuck in 70: (1 + 0.7) / 2
    assert _values(data, "status_order")[1:3] == [0, 0]


def test_a_column_without_a_word_is_left_out_and_so_is_its_filter(record: RunRecord) -> None:
    data = _data(record)
    assert {"area", "trust", "judged", "results"} & set(data.columns) == set()
    assert [(key, [name for name, _ in parts]) for key, _, parts in filters(data)] == [
        ("area", ["region", "authority"]),
        ("phase", ["phase"]),
        ("band", ["band"]),
        ("status", ["status"]),
    ]
    schools = record.panel.schools.assign(trust="Ark", area="Derby")
    named = filters(_data(replace(record, panel=replace(record.panel, schools=schools))))
    assert [key for key, *_ in named] == ["area", "phase", "band", "trust", "status"]


def test_bands_sort_with_the_top_first(record: RunRecord) -> None:
    table = record.forecast.table
    draws = np.full((len(table), 10), 0.1, dtype=np.float32)
    draws[table["urn"] == 106] = 0.9
    data = _data(replace(record, forecast=replace(record.forecast, draws={"p_fall_if_inspected": draws})))
    assert _values(data, "band")[0] == "top tenth"
    assert _values(data, "band_order")[0] == 0
    assert _values(data, "band_words")[0] == "surely in the top tenth"


ROW = dict.fromkeys(
    [
        *("p_fall_if_inspected", "p_fall_if_inspected_low", "p_fall_if_inspected_high", "p_stuck", "p_widens"),
        *("gap_months", "gap_months_at_horizon", "need", "need_rank", "need_rank_in_phase"),
    ]
)


@pytest.mark.parametrize(
    ("known", "leadership", "gap", "place"),
    [
        ({}, "", "", ""),
        ({"p_stuck": 0.7}, "about 70 in 100 schools like this: leadership stays below good", "", ""),
        (
            {"gap_months": 5.2, "gap_months_at_horizon": 6.1, "p_widens": 0.8},
            "",
            "5 months behind other pupils in England, 6 expected by the end of the forecast; widens in about 80 in "
            "100 schools like this",
            "",
        ),
        ({"need": 0.4}, "", "", "need 40%"),
        ({"need": 0.4, "need_rank_in_phase": 3}, "", "", "need 40%, number 3 of its phase"),
    ],
)
def test_risks_in_words_say_what_is_known(known: dict, leadership: str, gap: str, place: str) -> None:
    row = ROW | known
    assert (leadership_words(row), gap_words(row), place_words(row)) == (leadership, gap, place)


def test_a_sheet_names_columns_that_exist_and_prints_no_leader(record: RunRecord) -> None:
    facts = [fact for part in sheet(record)["parts"] for fact in part["facts"]]
    private = {name for _, name, kind in facts if kind == PRIVATE}
    assert {"could_go", "ask_next", "marks", "places"} == private
    known = set(_data(record).columns) | {"area", "trust", "judged", "judged_before", "results", "absence"}
    assert {name for _, name, _ in facts} <= known | {"within", "disadvantaged", "band_words", "ask_next"}
    assert set(PRINTED) == {"placed", "supported", "asked", "reserve", "not chosen", "ineligible", "unknown"}


@pytest.mark.parametrize(("months", "words"), [(24, "two years"), (12, "12 months")])
def test_a_sheet_says_the_horizon_of_the_scenario(make: Callable[..., RunRecord], months: int, words: str) -> None:
    record = make()
    outcome = record.scenario.outcomes[FALL.name].model_copy(update={"horizon_months": months})
    scenario = record.scenario.model_copy(update={"outcomes": {FALL.name: outcome}})
    titles = [fact[0] for part in sheet(replace(record, scenario=scenario))["parts"] for fact in part["facts"]]
    assert f"Falls in the next {words}, if inspected by then" in titles
    without = sheet(replace(record, scenario=record.scenario.model_copy(update={"outcomes": {}})))
    assert "in the next two years" in str(without)


def test_a_tab_without_content_is_left_out() -> None:
    assert tabs_with({}) == list(TABS)
    assert [tab.key for tab in TABS if tab not in tabs_with({"support": False, "ask-next": True})] == ["support"]


def test_history_stands_beside_each_school(record: RunRecord) -> None:
    years = pd.DataFrame({"urn": [105], "year": [2015], "known_on": [pd.Timestamp("2016-01-01")]})
    years = years.assign(ks2_expected_share=0.6, fsm6_share=0.2, fsm_share=0.2, persistent_absence_share=0.1)
    data = _data(replace(record, panel=replace(record.panel, school_years=years)))
    assert _values(data, "results")[2] == "2014/15: 60% reach the expected standard"
    assert _values(data, "absence")[2] == "2014/15: 10%"
    assert _values(data, "disadvantaged")[2] == "42"
