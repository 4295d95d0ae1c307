"""What planners really bring: each broken or odd file is read rightly, or refused with file, sheet and row."""

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotage.errors import DataError
from pilotage.sources.files.read import read_source, recognise

FILES = Path(__file__).parent / "files"
HEADER = ["URN", "TOTPUPSENDN", "PNUMEAL", "PNUMFSM", "PNUMFSMEVER", "PSENSAP", "PSENA"]
ROW = ["100001", "200", "1", "2", "3", "4", "5"]


def _csv(tmp_path: Path, *rows: list[str], name: str = "census_2013.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


def _book(tmp_path: Path, *rows: list[Any], merged: str | None = None, name: str = "census_2013.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Schools"
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    book.save(tmp_path / name)
    return tmp_path / name


def _pupils(path: Path) -> list[float]:
    assert recognise(path).source == "dfe_census"
    return read_source(path, "dfe_census").table["pupils"].tolist()


def test_stray_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    assert _pupils(_csv(tmp_path, ["School census, England"], ["Produced on 3 May"], HEADER, ROW)) == [200]


def test_a_header_merged_over_two_rows_is_read(tmp_path: Path) -> None:
    upper = ["URN", "Pupils", None, "Meals", None, "Needs", None]
    lower = [None, *HEADER[1:]]
    assert _pupils(_book(tmp_path, upper, lower, ROW, merged="B1:C1")) == [200]


def test_rows_of_totals_and_blank_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    totals = [["NAT", *["9"] * 6], ["Total", *["9"] * 6], [""] * 7]
    found = read_source(_csv(tmp_path, HEADER, ROW, *totals), "dfe_census")
    assert found.table["urn"].tolist() == [100001]
    assert found.left_out == {"without a key": 3, "given twice": 0}


def test_a_column_given_twice_is_refused_with_the_sheet(tmp_path: Path) -> None:
    path = _book(tmp_path, [*HEADER, "PNUMFSM"], [*ROW, "50"])
    with pytest.raises(DataError, match=r"sheet 'Schools' - columns given twice: pnumfsm - each column once"):
        read_source(path, "dfe_census")


def test_percent_and_pound_signs_and_thousands_are_read(tmp_path: Path) -> None:
    path = tmp_path / "swf_2013.csv"
    path.write_text('URN,NFTETEA,RATPUPTEA,SALARY\n100001,12,17.5,"£46,053"\n', encoding="utf-8")
    source = recognise(path).source
    assert source == "dfe_workforce", recognise(path).why_not
    assert read_source(path, source).table["mean_salary_gbp"].tolist() == [46053]
    assert read_source(_csv(tmp_path, HEADER, ["100001", "200", "46%", "0.5", "3", "4", "5"]), "dfe_census").table[
        "eal_share"
    ].tolist() == [0.46]


def test_a_percentage_over_a_hundred_is_out_of_range_never_a_share(tmp_path: Path) -> None:
    found = read_source(_csv(tmp_path, HEADER, ["100001", "200", "460%", "2", "3", "4", "5"]), "dfe_census")
    assert found.table["eal_share"].isna().all()
    assert found.absent.set_index("field")["reason"]["eal_share"] == "out_of_range"


def test_a_cell_that_is_neither_value_nor_code_is_refused_with_its_row(tmp_path: Path) -> None:
    path = _csv(tmp_path, HEADER, ROW, ["100002", "about 300", *ROW[2:]])
    with pytest.raises(
        DataError, match=r"census_2013.csv, row 3 - pupils = 'about 300' - a number, or a code for none"
    ):
        read_source(path, "dfe_census")


def test_a_workbook_with_a_password_is_told_as_such() -> None:
    assert "protected by a password" in recognise(FILES / "locked.xlsx").why_not
    with pytest.raises(DataError, match=r"locked.xlsx - is protected by a password - .* - open it in Excel"):
        read_source(FILES / "locked.xlsx", "dfe_census")


def test_an_old_workbook_named_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = Path(shutil.copy(FILES / "old_workbook.xls", tmp_path / "census_2013.csv"))
    assert _pupils(path) == [200]


def test_a_picture_named_csv_is_refused(tmp_path: Path) -> None:
    (tmp_path / "census_2013.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert "holds bytes that are no text" in recognise(tmp_path / "census_2013.csv").why_not


def test_an_unknown_table_is_told_with_the_nearest_source(tmp_path: Path) -> None:
    path = _csv(tmp_path, ["URN", "TOTPUPSENDN", "HEADTEACHER"], ["100001", "200", "x"])
    assert "nearest is" in recognise(path).why_not
    assert "of which it lacks" in recognise(path).why_not
