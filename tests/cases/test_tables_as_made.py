"""Cases 02, 10, 13, 15 to 17, 19, 21, 25, sec-07, sec-08, sec-13: tables as people make them, through the command."""

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

POSTS = [{}]


def _refused(case: Any, leaders: list[dict[str, Any]], posts: list[dict[str, Any]], *settings: str) -> list[str]:
    done = case.place(leaders, posts, *settings)
    assert done.code == 3, done
    assert "Traceback" not in done.err
    assert not (case.work / "out").exists()
    return [line.removeprefix("error: ") for line in done.err.splitlines() if line.startswith("error: ")]


def _check(case: Any, *settings: str) -> Any:
    given = (f"data.folder={case.folder.as_posix()}", "rules.need-floor=null", *settings)
    named = [part for setting in given for part in ("--set", setting)]
    return case.pilotage("check", "baseline", "--quiet", *named)


def _tables(case: Any) -> dict[str, Path]:
    case.place([{"level": "boss"}], [{}])  # writes both tables, and ends at the level
    (case.work / "leaders.csv").write_text(
        (case.work / "leaders.csv").read_text(encoding="utf-8").replace("boss", "head"), encoding="utf-8"
    )
    return {name: case.work / f"{name}.csv" for name in ("leaders", "posts")}


def _settings(paths: dict[str, Path]) -> list[str]:
    return [f"pool.{name}={path.as_posix()}" for name, path in paths.items()]


@pytest.mark.parametrize("km", ["2,5", "2.5", "2,5 km"])
def test_a_decimal_comma_is_a_decimal_comma(case: Any, km: str) -> None:
    """The school is 10 km away: 2.5 km do not reach it, 25 would."""
    near = {"easting": 458_500, "northing": 316_600, "max_travel_km": km}
    assert case.place([near], POSTS, "rules.need-floor=null").code == 0
    assert case.placements() == []


def test_a_number_with_two_readings_is_refused_with_both(case: Any) -> None:
    told = _refused(case, [{"max_travel_km": "1,500"}], POSTS)
    assert len(told) == 1
    assert "row 2 - max_travel_km = '1,500'" in told[0]
    assert told[0].endswith("write 1500 or 1.5: it can be read as both")


def test_an_unknown_region_is_refused_with_the_nearest(case: Any) -> None:
    told = _refused(case, [{"willing_regions": "East-Midlands;Nowhere"}, {"willing_regions": "north wst"}], POSTS)
    assert len(told) == 2
    assert "row 2 - willing_regions = 'East-Midlands;Nowhere'" in told[0]
    assert told[1].endswith("did you mean 'North West'?")


@pytest.mark.parametrize(
    ("change", "encoding"),
    [
        (lambda text: text.replace(";", "/").replace(",", ";").replace("/", ","), "utf-8"),
        (lambda text: "sep=;\n" + text.replace(";", "/").replace(",", ";").replace("/", ","), "utf-8"),
        (lambda text: text.replace(",", "\t"), "cp1252"),
        (lambda text: text.replace(",", "|"), "utf-16"),
        (lambda text: "\n" + re.sub("\n", ",,\n", text) + ",,,,\n\n", "utf-8-sig"),
    ],
)
def test_separators_encodings_and_blank_cells_do_no_harm(case: Any, change: Any, encoding: str) -> None:
    paths = _tables(case)
    text = paths["leaders"].read_text(encoding="utf-8")
    paths["leaders"].write_bytes(change(text).encode(encoding))
    done = _check(case, *_settings(paths))
    assert done.code == 0, done.err


def test_blank_rows_of_a_workbook_and_excels_true_do_no_harm(case: Any) -> None:
    book = openpyxl.Workbook()
    book.active.append(["post_id", "urn", "level", "opens_on", "consent"])
    book.active.append(["P1", 900004, "Headteacher", "1 September 2016", True])
    for row in range(3, 40):
        book.active.cell(row, 1, " ")
    book.save(case.work / "posts.xlsx")
    done = _check(case, *_settings(_tables(case) | {"posts": case.work / "posts.xlsx"}))
    assert done.code == 0, done.err


def test_consent_is_read_in_all_forms_and_shown_as_it_is(case: Any) -> None:
    told = _refused(
        case, [{}], [{"consent": "Y"}, {"urn": 900006, "consent": "TRUE"}, {"urn": 900011, "consent": "Pending"}]
    )
    assert len(told) == 1
    assert "row 4 - consent = 'Pending' - one of 'yes', 'no', 'unknown'" in told[0]


def test_a_base_is_found_in_the_sample_or_refused_by_name(case: Any) -> None:
    based = {"easting": None, "northing": None, "max_travel_km": 700}
    told = _refused(case, [based | {"base": "LE1"}, based | {"base": "Leicester"}], POSTS)
    assert len(told) == 1
    assert "row 3 - base = 'Leicester' - a postcode or its first half" in told[0]


@pytest.mark.parametrize(("east", "north"), [(0, 0), (458.5, 306.6), (806_600, 258_500), (306_600, 458_500)])
def test_a_place_outside_england_is_refused_by_name(case: Any, east: float, north: float) -> None:
    told = _refused(case, [{"easting": east, "northing": north}], POSTS)
    assert len(told) == 1
    assert f"row 2 - easting = {east:g}, northing = {north:g} - a place in England" in told[0]


@pytest.mark.parametrize("table", ["leaders", "posts"])
def test_a_table_without_rows_is_refused_by_name(case: Any, table: str) -> None:
    paths = _tables(case)
    text = paths[table].read_text(encoding="utf-8")
    paths[table].write_text(text.splitlines()[0] + "\n", encoding="utf-8")
    done = _check(case, *_settings(paths))
    assert (done.code, done.err.count("error: ")) == (3, 1)
    assert f"{table}.csv - has no rows" in done.err


def test_a_row_of_too_many_cells_is_refused_by_name(case: Any) -> None:
    paths = _tables(case)
    (case.work / "pairs.csv").write_text("leader_id,post_id,state\n7,L1,P1,refused\n", encoding="utf-8")
    done = _check(case, *_settings(paths | {"pairs": case.work / "pairs.csv"}))
    assert (done.code, done.err.count("error: ")) == (3, 1)
    assert "pairs.csv, row 2 - not a table: 4 cells under a header of 3" in done.err


def test_no_colour_code_of_a_table_reaches_the_terminal(case: Any) -> None:
    done = case.place([{"level": "\x1b[31mboss\x1b[0m\x07", "willing_regions": "\x1b]0;title\x07Wales"}], POSTS)
    assert done.code == 3
    assert "level = 'boss'" in done.err
    assert "\x1b" not in done.err
    assert "\x07" not in done.err
    assert "title" not in done.err


@pytest.mark.parametrize("value", ["8.000,50", "£8,000.50"])
def test_money_in_either_convention_is_read(case: Any, value: str) -> None:
    paths = _tables(case)
    case.write(
        "leaders",
        [
            {"leader_id": "L1", "phases": "primary", "level": "Head Teacher", "base": "LE1 1AA"}
            | {
                "max_travel_km": 30,
                "available_from": "01/09/2016",
                "cost_gbp": value,
            }
        ],
    )
    assert _check(case, *_settings(paths)).code == 0
