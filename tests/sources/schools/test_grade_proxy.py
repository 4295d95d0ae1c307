"""Overall grades as a named proxy for leadership, over the DfE's list of schools of the day."""

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pilotage.config.overlay import resolve
from pilotage.errors import DataError, ScenarioError
from pilotage.sources.assemble import load_panel
from pilotage.sources.schools.authorities import authorities
from pilotage.sources.schools.grade_proxy import proxied_panel
from pilotage.sources.schools.overall_history import overall_history, with_kinds

REAL = os.environ.get("PILOTAGE_REAL_DATA")
real_files = pytest.mark.skipif(not REAL, reason="PILOTAGE_REAL_DATA is not set")
SPINE = "URN,LA,LAESTAB,SCHNAME,POSTCODE,OPENDATE,CLOSEDATE,MINORGROUP,SCHOOLTYPE,ISPRIMARY,ISSECONDARY"
SCHOOLS = (
    "1,202,2024104,Elm,NW1 1AA,,,Maintained school,Community school,0,1",
    "2,202,2024105,Ash,NW1 1AA,,31-08-2019,Maintained school,Community school,0,1",  # closed before the day
    "3,202,2024106,Oak,NW1 1AA,,31-08-2021,Academy,Academy sponsor led,0,1",  # closed after it
    "4,202,2024107,Fir,NW1 1AA,01-09-2021,,Academy,Free schools,1,1",  # opened after it
    "5,890,8904108,Yew,FY1 1AA,,,Academy,Academy converter,1,1",
    "6,202,2024109,Box,NW1 1AA,,,Independent school,Other independent school,1,1",
    "7,202,2024110,Bay,NW1 1AA,,,Special school,Community special school,1,1",
    "8,202,2024111,May,NW1 1AA,,,Maintained school,Pupil referral unit,0,1",
    "9,702,7024112,Far,,,,Other,Service children's education,1,0",  # abroad: of no authority
)
HISTORY = ("1,Good,20130418", "1,Requires Improvement,20180110", "3,Inadequate,20190305", "2,Good,20100101")


def _folder(tmp_path: Path, spine: tuple[str, ...] = SCHOOLS, history: tuple[str, ...] | None = HISTORY) -> Path:
    year = tmp_path / "performance-tables" / "2019"
    year.mkdir(parents=True)
    (year / "england_school_information.csv").write_text("\n".join([SPINE, *spine, ""]), encoding="utf-8")
    if history is not None:
        text = "\n".join(["URN,Rating,Inspection Date", *history, ""])
        (tmp_path / "history.csv").write_text(text, encoding="utf-8")
    return tmp_path


def _panel(folder: Path, as_of: date = date(2020, 2, 29)):
    cache = folder / "cache"
    return proxied_panel(folder, as_of, "opportunity_areas_2016", "overall_grade", cache=cache, say=lambda _said: None)


def test_the_schools_are_the_state_funded_ones_open_on_the_day(tmp_path: Path) -> None:
    panel = _panel(_folder(tmp_path))
    schools = panel.schools.set_index("urn")
    assert schools["phase"].to_dict() == {1: "secondary", 3: "secondary", 5: "all_through", 7: "special", 8: "pru"}
    assert schools.loc[3, "sponsor_led"]
    assert schools.loc[5, ["authority", "region", "area"]].tolist() == ["Blackpool", "North West", "Blackpool"]
    assert panel.snapshots == ()


def test_a_school_that_closes_later_is_in_the_list_and_one_that_opens_later_is_not(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    assert {2, 3} <= set(_panel(folder, date(2019, 8, 30)).schools["urn"])
    later = set(_panel(folder, date(2021, 9, 2)).schools["urn"])
    assert 4 in later
    assert not later & {2, 3}


def test_the_overall_grade_stands_for_leadership_and_everything_says_so(tmp_path: Path) -> None:
    panel = _panel(_folder(tmp_path))
    rows = panel.inspections
    assert rows["leadership_grade"].tolist() == rows["overall_grade"].tolist() == [2, 3, 4]
    assert rows["urn"].tolist() == [1, 1, 3]
    assert rows["teaching_grade"].isna().all()
    assert panel.grade_proxy == "overall_grade"
    assert panel.notes[0].startswith("Proxy: the overall grade stands for the leadership grade")
    told = panel.absences[panel.absences["field"] == "leadership_grade"]
    assert set(told["urn"]) == set(panel.schools["urn"])


def test_a_list_that_was_not_public_by_the_day_says_what_it_lacks(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    assert any("not public by then" in note for note in _panel(folder, date(2018, 8, 31)).notes)
    assert not any("not public by then" in note for note in _panel(folder).notes)


def _days(*rows: tuple[int, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["urn", "inspected_on", "overall_grade"])
    return frame.assign(inspected_on=pd.to_datetime(frame["inspected_on"]))


def test_an_inspection_is_known_from_its_publication_else_after_the_days_assumed() -> None:
    history = _days((1, "2016-01-10", 2), (1, "2018-03-01", 3))
    listed = _days((1, "2018-03-02", 3)).assign(published_on=pd.Timestamp("2018-05-20"))
    found = overall_history(history, listed, [], 60)
    assert found["inspected_on"].tolist() == [pd.Timestamp("2016-01-10"), pd.Timestamp("2018-03-01")]
    assert found["known_on"].tolist() == [pd.Timestamp("2016-03-10"), pd.Timestamp("2018-05-20")]


def test_lists_that_give_an_inspections_last_day_do_not_count_it_twice() -> None:
    history = _days((1, "2013-01-10", 2))
    workbook = _days((1, "2013-01-11", 2), (1, "2010-06-01", 3), (9, "2012-01-01", 4))
    found = overall_history(history, None, [workbook, workbook], 60)
    assert found[["urn", "leadership_grade"]].to_numpy().tolist() == [[1, 3], [1, 2], [9, 4]]


def _kinds(history: pd.DataFrame, listed: pd.DataFrame, homes: dict[int, int]) -> list[list[object]]:
    """Return urn, overall grade, leadership grade and kind of each inspection (0 and "" where null)."""
    rows = overall_history(history, listed.assign(published_on=listed["inspected_on"]), [], 60)
    found = with_kinds(rows.assign(urn=rows["urn"].map(homes)))
    filled = found[["urn", "overall_grade", "leadership_grade"]].fillna(0).astype(int).assign(kind=found["kind"])
    return filled.fillna("").to_numpy().tolist()


def test_a_visit_that_only_the_list_has_and_that_confirms_was_short() -> None:
    history = _days((1, "2012-01-10", 2), (2, "2012-01-10", 2))
    listed = _days((1, "2017-03-01", 2), (2, "2017-03-01", 3))
    homes = {1: 1, 2: 2}
    confirmed = [[1, 2, 2, ""], [1, 2, 0, "short_visit"]]
    assert _kinds(history, listed, homes) == [*confirmed, [2, 2, 2, ""], [2, 3, 3, "graded"]]
    earlier = _days((1, "2015-07-01", 2))  # before the first short visits
    assert _kinds(history, earlier, homes) == [[1, 2, 2, ""], [1, 2, 2, ""], [2, 2, 2, ""]]


def test_of_a_school_that_the_history_leaves_out_the_kind_is_unclear_whatever_was_found() -> None:
    listed = _days((1, "2017-03-01", 2), (2, "2017-03-01", 4))
    assert _kinds(_days((9, "2012-01-10", 2)), listed, {1: 1, 2: 2, 9: 9})[:2] == [
        [1, 2, 2, "unclear"],
        [2, 4, 4, "unclear"],
    ]


def test_one_inspection_under_two_urns_of_a_school_counts_once() -> None:
    history = _days((7, "2017-03-01", 2))
    listed = _days((1, "2017-03-02", 2))
    assert _kinds(history, listed, {1: 7, 7: 7}) == [[7, 2, 2, ""]]


def test_a_folder_without_history_or_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no history of overall grades in it, which data\.grade_proxy needs"):
        _panel(_folder(tmp_path / "a", history=None))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "history.csv").write_text("URN,Rating,Inspection Date\n1,Good,20130418\n", encoding="utf-8")
    with pytest.raises(DataError, match="no DfE list of schools that can be read"):
        _panel(tmp_path / "b")


def test_a_proxy_for_the_sample_is_told(tmp_path: Path) -> None:
    scenario = resolve("baseline", ["data.grade_proxy=overall_grade"]).scenario
    with pytest.raises(ScenarioError, match="the sample has leadership grades of its own"):
        load_panel(scenario, cache=tmp_path, say=print)


def test_every_authority_has_a_region_of_nine() -> None:
    places = authorities()
    assert len({region for _, region in places.values()}) == 9
    assert places[202] == ("Camden", "London")
    assert {835, 838, 839, 909, 928, 942} <= set(places)  # before and after reorganisations


def test_schools_without_a_gap_for_what_came_later_are_told(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    rows = ("1,-0.1,100,40,-0.3,0.1,,,", "3,-0.9,100,,,,,,", "5,0.2,100,,,,,,")
    header = "urn,p8_2019,n_p8_2019,n_p8_pp_2019,p8_pp_2019,p8_nonpp_2019,p8_2023,p8_pp_2023,p8_nonpp_2023"
    (folder / "gap.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    panel = _panel(folder)
    assert any(note.startswith("2 schools have a result of all pupils and none by dis") for note in panel.notes)


@pytest.mark.realdata
@real_files
def test_the_real_list_and_history_give_the_secondary_schools_of_2020() -> None:
    scenario = resolve("england-2019-secondary").scenario
    from pilotage import assets

    panel = load_panel(scenario, cache=assets.cache(), say=print)
    secondary = panel.schools[panel.schools["phase"].isin(["secondary", "all_through"])]
    assert 3_300 < len(secondary) < 3_500
    graded = panel.inspections[panel.inspections["urn"].isin(secondary["urn"])]
    assert graded["urn"].nunique() > 0.95 * len(secondary)
    assert (panel.inspections["known_on"] > panel.inspections["inspected_on"]).all()
    gaps = panel.results[(panel.results["pupil_group"] == "disadvantaged") & (panel.results["year"] == 2023)]
    assert len(gaps) > 1_700
    assert (gaps["known_on"] == pd.Timestamp("2024-02-01")).all()
