"""Raw files and column maps: every trap of the real files, in small invented ones."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from pilotage.errors import DataError
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.files.read import read_source, recognise
from pilotage.sources.opening import contents

LEADERSHIP = "The effectiveness of leadership and management in embedding ambition and driving improvement"
HEADER = [
    "urn",
    "School name",
    "Government Office Region",
    "Local Authority",
    "Type of school",
    "Ofsted Phase",
    "Latest inspection date",
    "Overall effectiveness: how good is the school",
    LEADERSHIP,
]
ROW = [100001, "Elm School", "London", "Camden", "Community School", "Primary", date(2013, 3, 1), 2, 1]


def workbook(path: Path, header: list[str], rows: list[list[Any]], sheet: str = "Provider level data") -> Path:
    """Write a workbook like Ofsted's, with a stray cell a million rows down."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    dates = book.add_worksheet("Dates")
    dates.write_row(0, 0, ["End date:", "30 April 2013"])
    page = book.add_worksheet(sheet)
    for number, row in enumerate([header, *rows]):
        page.write_row(number, 0, row)
    page.write_blank(1_000_000, 0, None, book.add_format({"bold": True}))
    book.close()
    return path


def zipped(path: Path, *inside: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for one in inside:
            archive.write(one, one.name)
    return path


def test_a_workbook_in_a_zip_is_read_with_its_day(tmp_path: Path) -> None:
    inside = workbook(tmp_path / "mi.xlsx", HEADER, [ROW], "Provider Level  Data")
    found = read_source(zipped(tmp_path / "mi.zip", inside), "ofsted_mi")
    assert recognise(tmp_path / "mi.zip").source == "ofsted_mi"
    assert found.dated == date(2013, 4, 30)
    assert found.table.loc[0, ["urn", "overall_grade", "leadership_grade"]].tolist() == [100001, 2, 1]
    assert found.table.loc[0, "inspected_on"] == pd.Timestamp("2013-03-01")


@pytest.mark.parametrize(("cell", "grade"), [("2", 2), (2.0, 2), (9, None), (0, None), ("-", None), ("", None)])
def test_grades_are_numbers_text_or_no_grade(tmp_path: Path, cell: Any, grade: int | None) -> None:
    found = read_source(workbook(tmp_path / "mi.xlsx", HEADER, [[*ROW[:-1], cell]]), "ofsted_mi")
    value = found.table.loc[0, "leadership_grade"]
    assert (pd.isna(value) and grade is None) or value == grade


@pytest.mark.parametrize("cell", [date(2013, 3, 1), 41334, "01/03/2013", "2013-03-01", "01-03-2013"])
def test_days_are_cells_serial_numbers_or_text(tmp_path: Path, cell: Any) -> None:
    row = [*ROW[:6], cell, *ROW[7:]]
    found = read_source(workbook(tmp_path / "mi.xlsx", HEADER, [row]), "ofsted_mi")
    assert found.table.loc[0, "inspected_on"] == pd.Timestamp("2013-03-01")


def _refused(path: Path, source: str, *words: str) -> None:
    with pytest.raises(DataError) as caught:
        read_source(path, source)
    for word in words:
        assert word in str(caught.value), str(caught.value)


def test_a_workbook_without_the_leadership_column_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "mi.xlsx", HEADER[:-1], [ROW[:-1]])
    _refused(path, "ofsted_mi", "mi.xlsx, sheet 'Provider level data'", "leadership_grade", "embedding ambition")


def test_a_workbook_with_a_urn_twice_is_told_with_the_row(tmp_path: Path) -> None:
    path = workbook(tmp_path / "mi.xlsx", HEADER, [ROW, [100002, *ROW[1:]], [*ROW[:-1], 3]])
    _refused(path, "ofsted_mi", "row 4", "URN 100001 again")


def test_a_row_given_twice_word_for_word_is_one_row(tmp_path: Path) -> None:
    path = workbook(tmp_path / "mi.xlsx", HEADER, [ROW, ROW, [100002, *ROW[1:]]])
    assert read_source(path, "ofsted_mi").table["urn"].tolist() == [100001, 100002]


def test_a_workbook_without_the_sheet_is_told(tmp_path: Path) -> None:
    _refused(workbook(tmp_path / "mi.xlsx", HEADER, [ROW], "Other"), "ofsted_mi", "sheets Dates, Other")


def test_a_truncated_zip_is_told(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", workbook(tmp_path / "mi.xlsx", HEADER, [ROW])).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    _refused(tmp_path / "cut.zip", "ofsted_mi", "cut.zip", "truncated or damaged zip", "download it again")
    assert "truncated" in recognise(tmp_path / "cut.zip").why_not


def test_a_zip_of_two_workbooks_is_told(tmp_path: Path) -> None:
    two = [workbook(tmp_path / f"{name}.xlsx", HEADER, [ROW]) for name in ("a", "b")]
    _refused(zipped(tmp_path / "two.zip", *two), "ofsted_mi", "a zip of 2 workbooks")


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LARGEST_BYTES", 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mi.xlsx", b"0" * 2000)
    (tmp_path / "bomb.zip").write_bytes(buffer.getvalue())
    _refused(tmp_path / "bomb.zip", "ofsted_mi", "would unpack to")


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.xlsx").write_text("<html>not found</html>", encoding="utf-8")
    _refused(tmp_path / "page.xlsx", "ofsted_mi", "page.xlsx", "is a web page, not a table")
    (tmp_path / "text.xlsx").write_text("URN,School name\n", encoding="utf-8")
    _refused(tmp_path / "text.xlsx", "ofsted_mi", "text.xlsx", "not a readable workbook: it holds text")


CENSUS = "URN,TOTPUPSENDN,PNUMEAL,PNUMFSM,PNUMFSMEVER,PSENSAP,PSENA\n"


def _census(tmp_path: Path, text: str | bytes, folder: str = "2013", name: str = "england_census.csv") -> Path:
    (tmp_path / folder).mkdir(exist_ok=True)
    path = tmp_path / folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_codes_keep_their_reason_and_are_never_zero(tmp_path: Path) -> None:
    rows = "100001,200,SUPP,12.5,NE,1,2%\n100002,LOWCOV,0.0,NP,,NA,x\nNAT,9,9,9,9,9,9\n"
    found = read_source(_census(tmp_path, CENSUS + rows), "dfe_census")
    table = found.table.set_index("urn")
    assert table.index.tolist() == [100001, 100002]
    assert table.loc[100001, ["pupils", "fsm_share", "sen_action_share"]].tolist() == [200, 0.125, 0.02]
    assert table.loc[100002, "eal_share"] == 0
    reasons = found.absent.set_index(["urn", "field"])["reason"].to_dict()
    assert reasons == {
        (100001, "eal_share"): "suppressed",
        (100001, "fsm6_share"): "not_applicable",
        (100002, "pupils"): "not_published",
        (100002, "fsm_share"): "not_published",
        (100002, "fsm6_share"): "not_published",
        (100002, "sen_statement_share"): "not_applicable",
        (100002, "sen_action_share"): "not_published",
    }


@pytest.mark.parametrize(
    "form",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: (text + "Caf\xe9,1,1,1,1,1,1\n").encode("cp1252"),
    ],
)
def test_marks_line_ends_tabs_and_old_encodings_are_read(tmp_path: Path, form: Any) -> None:
    path = _census(tmp_path, form(CENSUS + "100001,200,1,2,3,4,5\n"))
    assert recognise(path).source == "dfe_census"
    assert read_source(path, "dfe_census").table["pupils"].tolist() == [200]


def test_the_year_comes_from_the_folder_or_the_name_and_must_be_there(tmp_path: Path) -> None:
    text = CENSUS + "100001,200,1,2,3,4,5\n"
    assert recognise(_census(tmp_path, text)).year == 2013
    assert recognise(_census(tmp_path, text, "files", "census_2012.csv")).year == 2012
    lost = recognise(_census(tmp_path, text, "files", "census.csv"))
    assert lost.source is None
    assert "neither folder nor name gives its year" in lost.why_not


def test_a_file_cut_off_in_the_middle_of_a_row_keeps_what_is_whole_or_is_told(tmp_path: Path) -> None:
    path = _census(tmp_path, CENSUS + '100001,200,1,2,3,4,5\n100002,"200,1')
    _refused(path, "dfe_census", "not a table")


def test_links_with_quotes_and_commas_inside_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    lines = [
        '"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"',
        '1,2,"St. "Mary\'s", Upper School","Predecessor","01-09-2012"',
        '2,1,"New","Successor",""',
    ]
    path.write_bytes("\n".join(lines).encode("cp1252"))
    table = read_source(path, "gias_links").table
    assert table["link_type"].tolist() == ["Predecessor", "Successor"]
    assert table["link_urn"].tolist() == [2, 1]
    path.write_bytes("\n".join([*lines, '3,4,"a",b,c,d,e']).encode())
    with pytest.raises(DataError, match=r"row 4 - 7 cells under a header of 5"):
        read_source(path, "gias_links")


def test_every_column_map_says_what_it_is_of() -> None:
    for column_map in column_maps().values():
        assert column_map.label
        assert any(column.name == column_map.key_column and column.required for column in column_map.columns)


def test_a_key_with_a_comma_of_thousands_is_the_same_key(tmp_path: Path) -> None:
    rows = [["110,000", *ROW[1:]], ["110001", *ROW[1:]], [110002, *ROW[1:]], ["n/a", *ROW[1:]]]
    found = read_source(workbook(tmp_path / "mi.xlsx", HEADER, rows), "ofsted_mi")
    assert found.table["urn"].tolist() == [110_000, 110_001, 110_002]
