"""A file that is missing is asked for by name, beside the files that were not recognised; a forecast needs no pool."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from pilotage import pipeline
from pilotage.config.overlay import Resolved, resolve
from pilotage.errors import DataError

PLACE = {
    "EstablishmentName": "Elm",
    "LA (name)": "Blackpool",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "",
    "CloseDate": "",
    "Easting": "331000",
    "Northing": "436000",
    "DistrictAdministrative (name)": "Blackpool",
}


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PILOTAGE_CACHE", str(tmp_path / "cache"))


def _resolved(folder: Path) -> Resolved:
    settings = [f"data.folder={folder}", "as_of=2023-10-01", "data.partial=accept"]
    return resolve("england-2014", settings)


def _said(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        pipeline.gather(_resolved(folder))
    return str(caught.value)


def _grades(official: ModuleType, folder: Path) -> None:
    official.write(folder / "mi.csv", [official.GRADED | {"URN": 110000 + number} for number in range(5)])


def test_a_folder_without_a_list_of_ofsted_names_what_was_not_recognised(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "mine.csv").write_text("URN,Grade\n1,2\n", encoding="utf-8")
    (tmp_path / "files" / "page.csv").write_text("<html>", encoding="utf-8")
    said = _said(tmp_path / "files")
    assert "no list of Ofsted's with leadership grades in it; these files were not recognised: mine.csv (its" in said
    assert "page.csv (is a web page, not a table)" in said
    assert "form of 2015-2018" in said


def test_the_list_of_ofsted_alone_lacks_places_and_pupils(official: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    _grades(official, folder)
    said = _said(folder)
    assert "no school has coordinates" in said
    assert "edubasealldata" in said
    assert "of no school the disadvantaged pupils are known" in said


def test_without_a_census_the_census_alone_is_asked_for(official: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    _grades(official, folder)
    official.write(folder / "gias.csv", [{"URN": 110000 + number} | PLACE for number in range(5)])
    (folder / "census.csv.txt").write_text("URN,Meals\n1,2\n", encoding="utf-8")
    said = _said(folder)
    assert "coordinates" not in said
    assert re.search(r"pupils are known; these files were not recognised: census\.csv\.txt .* bring DfE", said)


def test_a_forecast_asks_for_grades_and_not_for_places_or_a_pool(official: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    _grades(official, folder)
    resolved = _resolved(folder)
    panel, urns = pipeline.schools(resolved)
    with pytest.raises(DataError, match="only 0 pairs of leadership grades are known by the date"):
        pipeline.foresee_schools(resolved, panel, urns)
