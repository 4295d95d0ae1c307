"""The state of the areas: gaps and falls by hand, and the founding report's figures from the sample."""

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage import reviews
from pilotage.config.overlay import resolve
from pilotage.domain.findings.area_state import area_state, growth
from pilotage.domain.findings.areas import GAP_COLUMNS, LEADERSHIP_COLUMNS, AreaState
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import SD_PER_MONTH
from pilotage.report.areas.page import area_page, gap_tables, headline
from pilotage.report.folder import write_areas

WHOLE = "Opportunity areas (2016)"


@pytest.fixture(scope="module")
def state() -> AreaState:
    return reviews.areas(resolve("baseline"), "ks4")


def _last(state: AreaState, group: str, comparator: str) -> pd.Series:
    return growth(state, group, comparator).set_index("area").loc[WHOLE]


def test_the_sample_shows_the_founding_reports_figures(state: AreaState) -> None:
    """Each against the report's own comparator, within the interval that the product itself states."""
    persistent = _last(state, "persistently_disadvantaged", "england")
    others = _last(state, "other", "elsewhere")
    rows = state.gaps[(state.gaps["area"] == WHOLE) & (state.gaps["year"] == 2015)].set_index(
        ["pupil_group", "comparator"]
    )
    low, high = rows.loc[("persistently_disadvantaged", "england"), ["gap_low", "gap_high"]]
    assert low <= 20.1 <= high
    low, high = rows.loc[("other", "elsewhere"), ["gap_low", "gap_high"]]
    assert low <= 4.9 <= high
    assert persistent["growth"] == pytest.approx(8.3, abs=1.1)
    assert others["growth"] == pytest.approx(3.6, abs=0.7)
    assert persistent["every_year"]
    assert others["every_year"]
    fell = state.leadership.set_index("area").loc[WHOLE]
    assert fell["low"] <= 0.18 <= fell["high"]
    assert (fell["from_year"], fell["to_year"]) == (2010, 2016)


def test_the_files_have_their_columns_and_the_page_says_synthetic(state: AreaState, tmp_path: Path) -> None:
    out = write_areas(state, tmp_path / "areas", force=False)
    for name, columns in (("areas.csv", GAP_COLUMNS), ("leadership.csv", LEADERSHIP_COLUMNS)):
        raw = (out / name).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert tuple(next(csv.reader([raw.decode("utf-8-sig").splitlines()[0]]))) == columns
    page = (out / "areas.html").read_text(encoding="utf-8")
    assert "Synthetic England" in page
    assert "Blackpool" in page
    again = write_areas(state, tmp_path / "again", force=False)
    assert (again / "areas.html").read_bytes() == (out / "areas.html").read_bytes()


def _results(rows: list[tuple[int, str, float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["urn", "pupil_group", "pupils", "progress_sd"])
    return frame.assign(year=2015, known_on=pd.Timestamp("2016-02-01"), key_stage="ks4")


def _panel(results: pd.DataFrame, inspections: pd.DataFrame, snapshots: tuple[date, ...] = ()) -> SchoolPanel:
    schools = pd.DataFrame({"urn": [1, 2, 3, 4], "area": ["Derby", "Derby", None, None]})
    empty = pd.DataFrame({"year": []})
    return SchoolPanel(date(2016, 8, 31), schools, inspections, empty, results, empty, False, snapshots)


def _grades(rows: list[tuple[int, str, str, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["urn", "inspected_on", "known_on", "leadership_grade"])
    return frame.astype({"inspected_on": "datetime64[ns]", "known_on": "datetime64[ns]"})


NO_GRADES = _grades([])


def test_gaps_by_hand() -> None:
    rows = [
        (1, "other", 30, -0.2),
        (2, "other", 10, 0.2),
        (3, "other", 40, 0.3),
        (4, "other", 20, 0.0),
        (1, "disadvantaged", 10, -0.5),
        (2, "disadvantaged", 30, -0.9),
    ]
    gaps = area_state(_panel(_results(rows), NO_GRADES), "Two", "ks4").gaps.set_index(
        ["area", "pupil_group", "comparator"]
    )
    # other: England (30 x -.2 + 10 x .2 + 40 x .3) / 100 = .08; elsewhere 12 / 60 = .2; the areas -4 / 40 = -.1
    assert gaps.loc[("Two", "other", "england"), "gap_sd"] == pytest.approx(0.18)
    assert gaps.loc[("Derby", "other", "elsewhere"), "gap_sd"] == pytest.approx(0.3)
    assert gaps.loc[("Two", "disadvantaged", "england"), "gap_sd"] == pytest.approx(0.08 + 0.8)
    months = gaps.loc[("Two", "disadvantaged", "england"), "gap_months"]
    assert months == pytest.approx(0.88 / SD_PER_MONTH)
    assert gaps.loc[("Two", "disadvantaged", "england"), "pupils"] == 40


def test_another_list_is_shown_as_a_whole_against_its_own_elsewhere() -> None:
    found = reviews.areas(resolve("baseline"), "ks4", ["education_investment_areas"])
    told = found.gaps[found.gaps["area_list"] == "Education Investment Areas"]
    assert set(told["area"]) == {"Education Investment Areas"}
    alone = reviews.areas(resolve("baseline", ["data.area_list=education_investment_areas"]), "ks4").gaps
    whole = alone[alone["area"] == "Education Investment Areas"].reset_index(drop=True)
    pd.testing.assert_frame_equal(told.reset_index(drop=True), whole)
    assert found.leadership["area"].tolist()[-1] == "Education Investment Areas"
    assert found.leadership["area"].tolist()[0] == WHOLE


def test_the_headline_never_gives_another_lists_figure_as_its_own() -> None:
    state = reviews.areas(resolve("baseline"), "ks4", ["education_investment_areas"])
    assert "months behind" in headline(state)
    without = replace(state, gaps=state.gaps[state.gaps["area"] != state.label])
    assert "months behind" not in headline(without)


def test_suppressed_cells_and_later_years_are_left_out() -> None:
    rows = _results([(1, "other", 30, -0.2), (3, "other", 40, 0.3), (1, "disadvantaged", np.nan, np.nan)])
    late = rows.assign(year=2016, known_on=pd.Timestamp("2017-02-01"))
    gaps = area_state(_panel(pd.concat([rows, late]), NO_GRADES), "Two", "ks4").gaps
    assert set(gaps["pupil_group"]) == {"other"}
    assert set(gaps["year"]) == {2015}


def test_an_area_of_one_school_and_one_year_has_no_range_and_no_growth(tmp_path: Path) -> None:
    rows = _results(
        [(1, "other", 30, -0.2), (3, "other", 40, 0.3), (4, "other", 20, 0.0), (1, "disadvantaged", 10, -0.5)]
    )
    lone = area_state(_panel(rows, NO_GRADES), "Two", "ks4")
    whole = growth(lone, "disadvantaged", "england").set_index("area").loc["Two"]
    assert np.isnan(whole["growth"])
    assert not whole["every_year"]
    assert "months behind" in headline(lone)
    assert "first year" not in headline(lone)
    cells = [row for table in gap_tables(lone) for row in table["rows"]]
    assert {(row["range"], row["growth"]) for row in cells} == {("one school: no range", "")}
    out = write_areas(lone, tmp_path / "areas", force=False)
    for name in ("areas.csv", "areas.html"):
        words = re.findall(r"[a-z]+", (out / name).read_text(encoding="utf-8-sig").lower())
        assert not {"inf", "nan"} & set(words)


def test_falls_by_hand_from_dated_inspections() -> None:
    grades = _grades(
        [
            (1, "2010-03-01", "2010-04-01", 2),
            (1, "2016-01-01", "2016-02-01", 3),
            (2, "2010-03-01", "2010-04-01", 1),
            (3, "2010-03-01", "2010-04-01", 3),
            (4, "2015-03-01", "2015-04-01", 2),
            (2, "2016-08-01", "2016-09-15", 4),  # not known by the date
        ]
    )
    snapshots = (date(2015, 6, 30), date(2016, 8, 31))
    found = area_state(_panel(_results([]), grades, snapshots), "Two", "ks4").leadership.set_index("area")
    assert found.loc["Two", ["good_or_better", "fell", "share_fell"]].tolist() == [2, 1, 0.5]
    assert found.loc["Elsewhere in England", ["good_or_better", "fell"]].tolist() == [1, 0]
    low, high = found.loc["Two", ["low", "high"]]
    assert 0 < low < 0.5 < high < 1


def test_an_era_without_results_says_so_and_still_tells_of_leadership() -> None:
    grades = _grades([(1, "2010-03-01", "2010-04-01", 2)])
    found = area_state(_panel(_results([]), grades, (date(2015, 6, 30),)), "Two", "ks4")
    assert found.gaps.empty
    assert any("unavailable" in note for note in found.notes)
    assert "leadership fell below good in 0%" in headline(found)
    assert "Leadership that fell" in area_page(found)


def test_an_era_without_grades_says_nothing_of_leadership() -> None:
    # Results of 2016 alone, and no snapshot: there is no earlier day from which leadership could have fallen.
    groups = [(1, "other", 30, -0.2), (2, "other", 10, 0.2), (3, "other", 40, 0.3), (4, "other", 20, 0.0)]
    early = _results(groups).assign(year=2016, known_on=pd.Timestamp("2016-08-01"))
    state = area_state(_panel(early, NO_GRADES), "Two", "ks4")
    assert state.leadership.empty
    months = 0.3 / SD_PER_MONTH  # elsewhere 12 / 60 = .2, the areas -4 / 40 = -.1
    assert headline(state) == (f"Two: not disadvantaged pupils are {months:.1f} months behind.")
    page = area_page(state)
    assert "Leadership that fell" not in page
    assert page.count("<figure>") == 1


def test_no_school_that_was_good_has_no_share_that_fell_and_no_chart() -> None:
    grades = _grades([(1, "2010-03-01", "2010-04-01", 3), (3, "2010-03-01", "2010-04-01", 4)])
    state = area_state(_panel(_results([]), grades, (date(2015, 6, 30),)), "Two", "ks4")
    assert state.leadership["good_or_better"].tolist() == [0, 0]
    assert headline(state) == "Two: nothing is known by this date."
    page = area_page(state)
    assert "<figure>" not in page
    assert '<th scope="row">Two</th><td class="n">0</td><td class="n">–</td>' in page
