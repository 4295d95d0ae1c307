"""Figures of official files as a file writes them: a decimal comma, thousands in URNs, what is not clear."""

from pathlib import Path

import pytest

from pilotage.errors import DataError
from pilotage.sources.files.read import read_source, recognise
from pilotage.sources.files.status import data_status

HEADER = ["URN", "TOTPUPSENDN", "PNUMEAL", "PNUMFSM"]


def _census(tmp_path: Path, separator: str, *rows: str) -> Path:
    path = tmp_path / "census_2013.csv"
    path.write_text("\n".join((separator.join(HEADER), *rows)) + "\n", encoding="utf-8")
    assert recognise(path).source == "dfe_census"
    return path


def _read(tmp_path: Path, separator: str, *rows: str) -> list[list[float]]:
    table = read_source(_census(tmp_path, separator, *rows), "dfe_census").table
    return table[["urn", "pupils", "eal_share", "fsm_share"]].to_numpy().tolist()


def test_a_decimal_comma_is_one(tmp_path: Path) -> None:
    found = _read(tmp_path, ";", "100001;210;31,2;8,3", "100002;1.234;46;9,25%")
    assert found == [[100001, 210, pytest.approx(0.312), pytest.approx(0.083)], [100002, 1234, 0.46, 0.0925]]


def test_a_file_of_two_columns_of_figures_is_parted_by_its_semicolons(tmp_path: Path) -> None:
    assert _read(tmp_path, ";", "100001;210;1,5;2,5")[0][2:] == [0.015, 0.025]


def test_a_point_is_one_and_a_comma_marks_thousands_where_the_publisher_writes_so(tmp_path: Path) -> None:
    assert _read(tmp_path, ",", '100001,"1,234",31.2,8.3') == [
        [100001, 1234, pytest.approx(0.312), pytest.approx(0.083)]
    ]


def test_a_figure_that_can_be_read_as_two_is_refused_with_its_row(tmp_path: Path) -> None:
    path = _census(tmp_path, ";", "100001;210;31;8", "100002;1.234;46;9")
    with pytest.raises(DataError, match=r"row 3 - pupils = '1.234' - a number"):
        read_source(path, "dfe_census")


@pytest.mark.parametrize("urn", ['"100,001"', "100001.0", '"100 001"', " 100001 "])
def test_a_urn_as_excel_shows_it_is_read(tmp_path: Path, urn: str) -> None:
    assert _read(tmp_path, ",", f"{urn},210,31.2,8.3")[0][0] == 100001


@pytest.mark.parametrize("urn", ["10000l1", "100001-2", "-100001", "100001.5", "1e9"])
def test_a_urn_that_is_none_is_refused_with_its_row(tmp_path: Path, urn: str) -> None:
    path = _census(tmp_path, ",", "100001,210,31.2,8.3", f"{urn},210,31.2,8.3")
    with pytest.raises(DataError, match=r"row 3 - urn = "):
        read_source(path, "dfe_census")


def test_rows_without_a_urn_and_columns_not_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "census_2013.csv"
    path.write_text("URN,TOTPUPSENDN,PNUMEAL,SHOE,HAT\nNAT,9,9,9,9\n100001,90,60,1,2\n", encoding="utf-8")
    assert data_status(tmp_path / "files", tmp_path / "cache")[0].said == (
        "yes; 1 row without a key; columns not read: shoe, hat"
    )


def test_of_many_bad_cells_twenty_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    path = _census(tmp_path, ",", *(f"{100001 + row},many,1,2" for row in range(50)))
    with pytest.raises(DataError) as caught:
        read_source(path, "dfe_census")
    assert len(caught.value.problems) == 21
    assert "and 30 more problems" in str(caught.value)
