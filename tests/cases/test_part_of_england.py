"""A list of schools that covers a part of England is refused unless accepted, and every first screen says so."""

import json
import re
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from pilotage.config.overlay import resolve
from pilotage.domain.cover import Cover, part_words
from pilotage.errors import DataError
from pilotage.report.run.data import caution_line, data_line
from pilotage.sources.assemble import whole_panel
from pilotage.sources.files.status import data_status
from pilotage.sources.schools.authorities import authorities
from pilotage.sources.schools.cover import cover_of, plain_authority

DAY = date(2024, 9, 1)


def _schools(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return pd.DataFrame({"authority": frame["Local authority"], "phase": frame["Ofsted phase"].str.lower()})


def _cover(official: ModuleType, but: tuple[str, ...] = ()) -> Cover:
    return cover_of(_schools(official.every_authority(but)), DAY, DAY)


def test_a_list_of_all_england_is_whole(official: ModuleType) -> None:
    cover = _cover(official)
    assert (cover.absent, cover.short) == ((), ())
    assert not cover.is_part(())


def test_one_authority_that_is_absent_makes_a_part(official: ModuleType) -> None:
    cover = _cover(official, ("Kent",))
    assert (cover.absent, cover.absent_authorities) == (("Kent",), 1)
    assert cover.is_part(("primary",))


def test_a_region_that_is_absent_is_named_as_a_whole(official: ModuleType) -> None:
    london = tuple(name for name, region in authorities().values() if region == "London")
    cover = _cover(official, (*london, "Kent"))
    assert cover.absent == ("all of London", "Kent")
    assert "(absent: all of London, Kent)" in part_words(cover, ())


def test_authorities_of_one_school_may_be_absent(official: ModuleType) -> None:
    assert not _cover(official, ("City of London", "Isles of Scilly")).is_part(())


def test_a_list_of_one_school_in_six_is_short_where_the_phase_is_in_scope(official: ModuleType) -> None:
    rows = [row for row in official.every_authority() if row["Ofsted phase"] == "Primary"]
    cover = cover_of(_schools(rows), DAY, DAY)
    assert cover.short == (("secondary", 0, 3268),)
    assert cover.is_part(())
    assert cover.is_part(("all_through",))
    assert not cover.is_part(("primary", "special"))


@pytest.mark.parametrize(
    ("day", "there", "absent"),
    [
        (date(2014, 4, 30), "Cumbria", ("Cumberland", "Westmorland and Furness", "North Northamptonshire")),
        (date(2026, 1, 1), "Cumberland", ("Cumbria", "Northamptonshire", "Poole")),
        (date(2006, 1, 1), "Kent", ("Bedford", "Central Bedfordshire", "Cheshire East", "Cheshire West and Chester")),
        (date(2022, 9, 1), "Kent", ("Cumbria", "Cumberland", "Northamptonshire", "North Northamptonshire")),
    ],
)
def test_authorities_count_only_while_they_last(
    official: ModuleType, day: date, there: str, absent: tuple[str, ...]
) -> None:
    schools = _schools(official.every_authority(absent))
    assert not cover_of(schools, day, day).is_part(())
    assert there in set(schools["authority"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bristol City of", "Bristol, City of"),
        ("Durham", "County Durham"),
        ("Herefordshire", "Herefordshire, County of"),
        ("St Helens", "St. Helens"),
        ("Southend on Sea", "Southend-on-Sea"),
        ("Bournemouth, Christchurch & Poole", "Bournemouth, Christchurch and Poole"),
        ("Isles Of Scilly", "Isles of Scilly"),
    ],
)
def test_the_publishers_spellings_of_an_authority_are_one(one: str, other: str) -> None:
    assert plain_authority(one) == plain_authority(other)


def test_no_two_authorities_are_spelt_alike() -> None:
    names = {name for name, _ in authorities().values() if name != "Dorset (before 2019)"}
    assert len({plain_authority(name) for name in names}) == len(names)


def test_a_part_is_refused_unless_the_scenario_accepts_it(official: ModuleType, tmp_path: Path) -> None:
    official.write(tmp_path / "files" / "mi.csv", [official.GRADED | {"URN": 110000}])
    settings = [f"data.folder={tmp_path / 'files'}", "as_of=2023-10-01"]
    scenario = resolve("england-2014", settings).scenario
    with pytest.raises(
        DataError, match=r"covers a part of England: 1 of 1\d\d local authorities.*data.partial: accept"
    ):
        whole_panel(scenario, cache=tmp_path / "cache", say=print)
    accepted = resolve("england-2014", [*settings, "data.partial=accept"]).scenario
    panel = whole_panel(accepted, cache=tmp_path / "cache", say=print)
    assert panel.cover is not None
    assert panel.cover.is_part(())
    line = caution_line(panel, accepted)
    assert line is not None
    assert line.startswith("Part of England: ")
    assert data_line(panel, panel.schools["urn"].to_numpy()) == (
        "Data: list of schools of 20 June 2019, 4.3 years before the date. Known of the 1 schools in scope: leadership "
        "grade of 100%, share of disadvantaged pupils of 0%, results by disadvantage of 0%; no yearly table."
    )


def _graded_twice(official: ModuleType) -> list[dict[str, Any]]:
    """Return 400 schools of two authorities, each with two graded inspections, no two of the features constant."""
    rows = []
    for number in range(400):
        first, second = 1 + number % 2, 1 + number % 3
        day = f"{1 + number % 28:02d}/0{1 + number % 6}"
        place = {"Region": "North West", "Local authority": "Blackpool"} if number % 5 else {}
        phase = {"Ofsted phase": "Primary" if number % 4 else "Secondary"}
        before = {"Previous inspection end date": f"{day}/2014", "Previous publication date": f"{day}/2015"}
        grades = {
            "Effectiveness of leadership and management": second,
            "Previous effectiveness of leadership and management": first,
        }
        dates = {"Inspection end date": f"{day}/2019", "Publication date": f"{day}/2020"}
        elsewhere = {"Region": "South East", "Local authority": "Kent"}
        rows.append(official.GRADED | elsewhere | place | phase | before | grades | dates | {"URN": 110000 + number})
    return rows


def test_a_forecast_of_a_part_runs_and_says_first_what_is_absent(
    official: ModuleType, tmp_path: Path, pilotage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTAGE_CACHE", str(tmp_path / "cache"))
    official.write(tmp_path / "files" / "mi.csv", _graded_twice(official))
    named = ["--set", f"data.folder={(tmp_path / 'files').as_posix()}", "--set", "as_of=2023-10-01"]
    done = pilotage("forecast", "england-2014", "--quiet", "--out", str(tmp_path / "out"), *named)
    assert done.code == 0, done.err
    assert done.out.startswith(
        "Part of England: the list of schools has 2 of 147 local authorities (absent: all of East Midl"
    )
    assert "400 schools written to" in done.out
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["data"][0].startswith("Part of England: ")


@pytest.mark.parametrize("command", ["run", "check"])
def test_what_places_is_refused_on_a_part_with_all_that_its_files_lack(
    official: ModuleType, tmp_path: Path, pilotage: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PILOTAGE_CACHE", str(tmp_path / "cache"))
    official.write(tmp_path / "files" / "mi.csv", [official.GRADED | {"URN": 110000}])
    named = ["--set", f"data.folder={(tmp_path / 'files').as_posix()}", "--set", "as_of=2023-10-01"]
    done = pilotage(command, "england-2014", "--quiet", *named)
    assert (done.code, done.err.count("error: ")) == (3, 3)
    for words in ("covers a part of England", "no school has coordinates", "bring DfE performance tables, school cens"):
        assert words in done.err


def test_the_status_of_a_list_says_which_part_it_covers(official: ModuleType, tmp_path: Path) -> None:
    official.write(tmp_path / "files" / "mi.csv", [official.GRADED | {"URN": 110000}])
    (fact,) = data_status(tmp_path / "files", tmp_path / "cache")
    assert re.match(r"yes; a part of England: 1 of 1\d\d local authorities \(absent: all of East Midlands", fact.said)
