"""Odd files, small and invented: a workbook that is none, text in UTF-16, rows too long, and the day of a workbook."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pilotage.errors import DataError
from pilotage.sources.files.raw import opened
from pilotage.sources.files.read import read_source, recognise

CENSUS = "URN,TOTPUPSENDN,PNUMEAL\n"


def _book(path: Path, **sheets: list[list[Any]]) -> Path:
    """Write a workbook of the sheets; a day is written as Excel writes one."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return path


def _census(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "census_2013.csv"
    path.write_bytes(content)
    return path


def test_a_zip_that_only_looks_like_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(DataError) as caught:
        opened(path)
    problem = caught.value.problems[0]
    assert problem.where == str(path)
    assert problem.what.startswith("is not a readable workbook (")
    assert (problem.allowed, problem.do) == ("an Excel workbook", "download it again")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_in_utf_16_with_a_mark_is_read(tmp_path: Path, encoding: str) -> None:
    path = _census(tmp_path, ("\ufeff" + CENSUS + "100001,200,50\n").encode(encoding))
    assert recognise(path).source == "dfe_census"
    assert read_source(path, "dfe_census").table[["urn", "pupils"]].to_numpy().tolist() == [[100001, 200]]


def test_blank_cells_beyond_the_header_are_cut_off(tmp_path: Path) -> None:
    path = _census(tmp_path, (CENSUS + "100001,200,50\n100002,80,20,,\n100003,90,30\n").encode())
    sheet = next(opened(path).sheets())
    assert sheet.rows[2] == ["100002", "80", "20"]
    assert read_source(path, "dfe_census").table["pupils"].tolist() == [200, 80, 90]


@pytest.mark.parametrize(
    "sheets",
    [
        {"Cover": [["End date", date(2013, 4, 30)]]},
        {"Cover": [["As at Date", datetime(2013, 4, 30, 12, 15)]]},
        {"Cover": [["As at Date", "the end of", "30 April 2013"]]},
        {"Cover": [["End date"], ["Period covered", "1 to 30 April 2013"]]},
        {"Cover": [["Management information"]], "Dates": [["End date", "30 April 2013"]]},
    ],
    ids=["day", "day-and-hour", "second-cell", "second-label", "second-sheet"],
)
def test_the_day_of_a_workbook_stands_beside_its_label(tmp_path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    assert opened(_book(tmp_path / "mi.xlsx", **sheets)).stated_day() == date(2013, 4, 30)


def test_a_workbook_whose_cover_and_dates_give_no_day_states_none(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {"Cover": [["Published", date(2013, 4, 30)]], "Dates": [["End date", "soon"]]}
    assert opened(_book(tmp_path / "mi.xlsx", **sheets)).stated_day() is None
