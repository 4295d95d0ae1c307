"""Official files to panel: chaining, lineage, places; and the real files where they are at hand."""

import os
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pilotage import reviews
from pilotage.config.overlay import resolve
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.files.status import cells, data_status, import_folder
from pilotage.sources.schools.lineage import buildings, present_urns, reached, successors
from pilotage.sources.schools.lists.inspections import chained
from pilotage.sources.schools.official import official_panel
from pilotage.sources.schools.places import osgb36, placed
from pilotage.sources.schools.snapshots import GRADES, Snapshot, renamed, schools_of

REAL = os.environ.get("PILOTAGE_REAL_DATA")
real_files = pytest.mark.skipif(not REAL, reason="PILOTAGE_REAL_DATA is not set")


def _snapshot(dated: date, *rows: dict[str, object]) -> Snapshot:
    base = {
        "name": "Elm",
        "region": "London",
        "authority": "Camden",
        "school_type": "Community School",
        "phase": "Primary",
        "postcode": None,
        "pupils": 200.0,
        **dict.fromkeys(GRADES),
        "previous_inspected_on": None,
        "previous_overall_grade": None,
    }
    table = pd.DataFrame([base | row for row in rows])
    days = {name: pd.to_datetime(table[name]) for name in ("inspected_on", "previous_inspected_on")}
    return Snapshot(dated, table.assign(**days).astype(dict.fromkeys([*GRADES, "previous_overall_grade"], float)))


def test_an_inspection_is_known_from_the_first_snapshot_that_shows_its_grade() -> None:
    one = {"urn": 1, "inspected_on": "2013-03-01"}
    found = chained(
        [
            _snapshot(date(2013, 4, 30), one | {"overall_grade": 2}),
            _snapshot(date(2013, 7, 31), one | {"overall_grade": 2, "leadership_grade": 1}),
            _snapshot(date(2013, 12, 31), {"urn": 1, "inspected_on": "2013-11-01", "leadership_grade": 3}),
        ]
    )
    assert found["known_on"].tolist() == [pd.Timestamp("2013-07-31"), pd.Timestamp("2013-12-31")]
    assert found["leadership_grade"].tolist() == [1, 3]


def test_the_inspection_before_is_a_row_without_a_leadership_grade() -> None:
    row = {"urn": 1, "inspected_on": "2013-03-01", "leadership_grade": 2, "overall_grade": 2}
    found = chained(
        [_snapshot(date(2013, 4, 30), row | {"previous_inspected_on": "2009-01-05", "previous_overall_grade": 3})]
    )
    assert found["overall_grade"].tolist() == [3, 2]
    assert found["leadership_grade"].isna().tolist() == [True, False]


def test_the_csv_form_gives_both_inspections_with_their_own_publication_and_urn() -> None:
    row = {
        "urn": 5,
        "inspected_on": "2019-03-01",
        "published_on": pd.Timestamp("2019-04-02"),
        "urn_then": 5.0,
        "leadership_grade": 3,
        "overall_grade": 3,
        "previous_inspected_on": "2014-01-10",
        "previous_published_on": pd.Timestamp("2014-02-11"),
        "previous_urn_then": 4.0,
        "previous_leadership_grade": 2.0,
        "previous_overall_grade": 2,
    }
    never = {"urn": 6, "inspected_on": None, "published_on": None, "urn_then": None, "previous_published_on": None}
    snapshot = _snapshot(date(2023, 8, 31), row, never)
    found = chained([snapshot])
    assert found["urn"].tolist() == [4, 5]
    assert found["known_on"].tolist() == [pd.Timestamp("2014-02-11"), pd.Timestamp("2019-04-02")]
    assert found["leadership_grade"].tolist() == [2, 3]
    assert renamed([snapshot]) == {4: 5}


def test_the_schools_are_those_of_the_latest_snapshot_known_and_keep_an_earlier_postcode() -> None:
    rows = [{"urn": 1, "inspected_on": "2012-01-01", "postcode": "AB1 2CD"}, {"urn": 2, "inspected_on": "2012-01-01"}]
    snapshots = [
        _snapshot(date(2013, 4, 30), *rows),
        _snapshot(date(2013, 7, 31), rows[0] | {"postcode": None, "school_type": "Academy Sponsor Led"}),
        _snapshot(date(2014, 7, 31), {"urn": 3, "inspected_on": "2012-01-01"}),
    ]
    found = schools_of(snapshots, date(2014, 4, 30))
    assert found["urn"].tolist() == [1]
    assert found["postcode"].tolist() == ["AB1 2CD"]
    assert found["sponsor_led"].tolist() == [True]


def _links(*rows: tuple[int, int, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["urn", "link_urn", "link_type"])


def test_links_are_taken_from_either_side_once_and_only_one_to_one() -> None:
    found = successors(_links((2, 1, "Predecessor"), (1, 2, "Successor"), (5, 3, "Predecessor"), (5, 4, "Predecessor")))
    assert found == {1: 2}
    assert successors(_links((2, 1, "Predecessor - merged"))) == {}


def test_merged_schools_lend_their_place_but_not_their_history() -> None:
    links = _links(
        (2, 1, "Predecessor - merged"), (4, 3, "Result of Amalgamation"), (6, 5, "Predecessor - Split School")
    )
    assert buildings(links) == {1: 2, 3: 4}
    assert successors(links) == {}


def test_a_urn_belongs_to_the_school_of_the_date_before_or_after_it() -> None:
    links = {1: 2, 2: 3, 10: 11}
    assert present_urns([1, 2, 3, 11, 99], {2, 10}, links, set()) == {1: 2, 2: 2, 3: 2, 11: 10}
    assert present_urns([3, 11], {2, 10}, links, {11}) == {3: 2}  # 11 is a new, sponsor-led school


def test_a_building_keeps_its_place_along_its_chain() -> None:
    assert reached([1, 4], {3}, {1: 2, 2: 3}) == {1: 3}


def test_degrees_become_the_grid_of_the_ordnance_survey() -> None:
    east, north = osgb36(pd.Series([52.65800783]), pd.Series([1.71607397]))  # Caister water tower, OS guide
    assert east[0] == pytest.approx(651409.9, abs=10)
    assert north[0] == pytest.approx(313177.3, abs=10)


def test_places_come_from_gias_then_coordinates_then_the_outcode() -> None:
    schools = pd.DataFrame({"urn": [1, 2, 3, 4], "postcode": ["AB1 1AA", "AB1 2BB", "AB1 3CC", None]})
    gias = pd.DataFrame({"urn": [9], "easting": [100.0], "northing": [200.0], "district": ["Camden"]})
    coordinates = pd.DataFrame({"urn": [2], "latitude": [52.658], "longitude": [1.716]})
    found = placed(schools, gias, coordinates, {1: 9})
    assert found["place_source"].tolist() == ["gias", "coords_2025", "outcode", "none"]
    assert found.loc[2, "easting"] == pytest.approx((100 + found.loc[1, "easting"]) / 2, abs=1)
    assert found["district"].tolist()[:3] == ["Camden"] * 3  # the commonest of the outcode, where no source has one
    assert pd.isna(found.loc[3, "district"])
    assert np.isnan(found.loc[3, "easting"])


def _panel(folder: Path, cache: Path, as_of: date = date(2014, 4, 30)) -> SchoolPanel:
    return official_panel(folder, as_of, "opportunity_areas_2016", cache=cache, say=lambda _message: None)


def test_a_folder_that_is_missing_or_without_workbooks_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        _panel(tmp_path / "nowhere", tmp_path)
    with pytest.raises(DataError, match="no list of Ofsted's with leadership grades"):
        _panel(tmp_path, tmp_path)


def test_a_ks4_table_given_as_census_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "performance-tables" / "2013"
    folder.mkdir(parents=True)
    (folder / "england_census.csv").write_text("URN,TOTPUPS,PTAC5EM,TOTATT8\n100000,90,60,48\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        _panel(tmp_path, tmp_path / "cache")
    for word in ("england_census.csv", "is not DfE performance tables, school census", "PNUMEAL"):
        assert word in str(caught.value)


def test_import_copies_what_is_recognised_and_says_why_not_the_rest(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    (source / "2013").mkdir(parents=True)
    (source / "2013" / "census.csv").write_text("URN,TOTPUPSENDN,PNUMEAL\n100000,90,60\n", encoding="utf-8")
    (source / "notes.txt").write_text("a,b\n", encoding="utf-8")
    said: list[str] = []
    assert import_folder(source, out, said.append) == 1
    assert [path.name for path in out.rglob("*.csv")] == ["census.csv"]
    assert any("notes.txt: left out: its columns are of no known source" in line for line in said)
    (out / "2013" / "census.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="is there already and differs"):
        import_folder(source, out, said.append)
    assert (out / "2013" / "census.csv").read_text(encoding="utf-8") == "mine"


def test_status_tells_of_every_file(tmp_path: Path) -> None:
    (tmp_path / "2013").mkdir()
    (tmp_path / "2013" / "census.csv").write_text("URN,TOTPUPSENDN,PNUMEAL\n100000,90,60\n", encoding="utf-8")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    facts = {fact.file: fact for fact in data_status(tmp_path, tmp_path / "cache")}
    assert facts["2013/census.csv"].rows == 1
    assert facts["2013/census.csv"].year == "2013"
    assert "truncated" in facts["broken.zip"].said


def test_status_counts_schools_by_whether_a_list_or_a_successor_has_them(tmp_path: Path) -> None:
    (tmp_path / "2013").mkdir()
    census = "URN,TOTPUPSENDN,PNUMEAL\n100000,90,60\n100001,80,50\n100002,70,40\n"
    (tmp_path / "2013" / "census.csv").write_text(census, encoding="utf-8")
    links = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n100001,200001,B,Successor,01-09-2013\n"
    (tmp_path / "links.csv").write_text(links, encoding="utf-8")
    fact = next(f for f in data_status(tmp_path, tmp_path / "cache", {100000, 200001}) if f.source == "dfe_census")
    assert (fact.matched, fact.unmatched) == (2, 1)
    assert fact.known_on == date(2014, 2, 1)
    assert cells(fact, date(2015, 2, 1))[3] == "1.0"
    assert cells(fact, date(2013, 6, 1))[3] == "known later"


@pytest.mark.realdata
@real_files
def test_status_says_what_a_scenario_still_lacks() -> None:
    resolved = resolve("england-2014", [f"data.folder={REAL}"])
    figures = {one.figure: one for one in reviews.covered(resolved).figures}
    assert figures["leadership grade"].schools == 21_033
    assert figures["absence share"].newest_year == 2013  # a table of 2014 is public in 2015
    lacking = figures["progress of disadvantaged pupils at key stage 4"]
    assert lacking.lacking
    assert "DfE performance tables, key stage 4" in lacking.sources


@pytest.mark.slow
@pytest.mark.realdata
@real_files
def test_the_history_counts_are_those_of_the_raw_workbooks(tmp_path: Path) -> None:
    """Every dated inspection of every workbook, re-read here without any code of the product."""
    folder = Path(REAL or "")
    panel = _panel(folder, tmp_path)
    shown: dict[tuple[int, date], date] = {}
    for path in sorted((folder / "ofsted-mi").iterdir()):
        if path.suffix == ".csv":
            continue
        dated, rows = _independent(path)
        for urn, day in rows:
            shown[urn, day] = min(dated, shown.get((urn, day), dated))
    present = set(panel.schools["urn"])
    mine = panel.inspections[
        panel.inspections["urn_at_time"].isin(present) & panel.inspections["leadership_grade"].notna()
    ]
    found = {
        (int(u), d.date()): k.date()
        for u, d, k in mine[["urn_at_time", "inspected_on", "known_on"]].itertuples(index=False)
    }
    assert found == {key: known for key, known in shown.items() if key[0] in present}
    assert len(panel.schools) > 20_000


def _independent(path: Path) -> tuple[date, list[tuple[int, date]]]:
    """Return the day on a workbook's cover, and URN and date of each row that has a leadership grade."""
    if zipfile.is_zipfile(path) and path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            book = CalamineWorkbook.from_filelike(archive.open(archive.namelist()[0]))
    else:
        book = CalamineWorkbook.from_path(str(path))
    told = " ".join(str(cell) for row in book.get_sheet_by_name("Cover").to_python() for cell in row)
    stated = re.search(r"Latest inspections .*? (\d{1,2} \w+ \d{4})", told)
    assert stated
    sheet = next(name for name in book.sheet_names if name.lower() == "provider level data")
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=True)
    header = [str(cell).lower() for cell in rows[0]]
    urn, day = header.index("urn"), header.index("latest inspection date")
    grade = next(n for n, text in enumerate(header) if text.startswith("the effectiveness of leadership"))
    kept = [(int(r[urn]), r[day]) for r in rows[1:] if r[urn] != "" and str(r[grade])[:1] in "1234" and str(r[grade])]
    return pd.Timestamp(stated.group(1)).date(), [(u, d) for u, d in kept if isinstance(d, date)]


@pytest.mark.slow
@pytest.mark.realdata
@real_files
def test_nearly_every_real_school_has_a_place_and_says_from_where(tmp_path: Path) -> None:
    panel = _panel(Path(REAL or ""), tmp_path)
    mainstream = panel.schools[panel.schools["phase"].isin(["primary", "secondary"])]
    assert (mainstream["place_source"] == "gias").mean() >= 0.99
    counts = Counter(panel.schools["place_source"])
    assert counts["none"] < 20
    told = panel.absences[panel.absences["field"] == "place"]
    assert len(told) == counts["none"] + counts["outcode"]


@pytest.mark.slow
@pytest.mark.realdata
@real_files
def test_the_csv_form_of_2023_is_read_and_left_out_of_earlier_dates(tmp_path: Path) -> None:
    late = _panel(Path(REAL or ""), tmp_path, date(2023, 10, 31))
    assert len(late.schools) == 529
    graded = late.inspections[late.inspections["leadership_grade"].notna()]
    assert graded["urn"].nunique() > 520
    assert (graded["known_on"] > graded["inspected_on"]).mean() > 0.99
    assert (late.inspections["urn"] != late.inspections["urn_at_time"]).sum() > 50
    early = _panel(Path(REAL or ""), tmp_path, date(2014, 4, 30))
    assert early.inspections["inspected_on"].max() < pd.Timestamp("2015-01-01")
    stale = _panel(Path(REAL or ""), tmp_path, date(2016, 8, 31))
    assert any("bring a newer one" in note for note in stale.notes)


@pytest.mark.slow
@pytest.mark.realdata
@real_files
def test_a_date_before_the_first_snapshot_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"as_of = 2013-04-29, before any data - 2013-04-30 or later"):
        _panel(Path(REAL or ""), tmp_path, date(2013, 4, 29))
