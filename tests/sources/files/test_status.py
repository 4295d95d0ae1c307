"""What a folder of files holds, and what an import leaves as it is."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from pilotage.errors import DataError
from pilotage.sources.files.status import cells, data_status, import_folder

LEADERSHIP = "The effectiveness of leadership and management in embedding ambition and driving improvement"
HEADER = {
    "URN": 100001,
    "School name": "Elm",
    "Region": "London",
    "Local Authority": "Camden",
    "Type of school": "Community School",
    "Phase": "Primary",
    "Latest inspection date": date(2013, 3, 1),
    "Overall effectiveness: how good is the school": 2,
    LEADERSHIP: 1,
}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        data_status(tmp_path / "nowhere", tmp_path / "cache")
    wanted = f"{tmp_path / 'nowhere'} - no such folder - a folder of official files - check the path"
    assert str(caught.value.problems[0]) == wanted


def test_the_figures_of_a_workbook_are_known_from_the_day_that_it_states(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "mi.xlsx"), {"default_date_format": "dd/mm/yyyy"})
    book.add_worksheet("Dates").write_row(0, 0, ["End date", "30 April 2013"])
    page = book.add_worksheet("Provider level data")
    page.write_row(0, 0, list(HEADER))
    page.write_row(1, 0, list(HEADER.values()))
    book.close()
    fact = data_status(tmp_path, tmp_path / "cache")[0]
    assert (fact.source, fact.year, fact.known_on, fact.rows) == ("ofsted_mi", "2013-04-30", date(2013, 4, 30), 1)


def test_a_file_that_is_not_recognised_has_no_age(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    fact = data_status(tmp_path, tmp_path / "cache")[0]
    texts = cells(fact, date(2014, 4, 30))
    assert texts[:7] == ("notes.csv", "-", "", "", "", "", "")
    assert texts[-1].startswith("no: its columns are of no known source")


def test_an_import_leaves_the_same_file_of_an_earlier_import_as_it_is(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "census_2013.csv").write_text("URN,TOTPUPSENDN,PNUMEAL\n100000,90,60\n", encoding="utf-8")
    import_folder(source, out, lambda _message: None)
    before = (out / "census_2013.csv").stat()
    (source / "census_2013.csv").touch()
    assert import_folder(source, out, lambda _message: None) == 1
    after = (out / "census_2013.csv").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_results_of_trusts_are_recognised_and_said_to_be_unused(tmp_path: Path) -> None:
    header = "TIME_PERIOD,TRUST_NAME,TRUST_UID,TPUP_MATPTINC,P8MEA_WGTAVG"
    (tmp_path / "trusts.csv").write_text(f"{header}\n202223,TIDE LEARNING,4321,647,-0.68\n", encoding="utf-8")
    (fact,) = data_status(tmp_path, tmp_path.parent / "cache")
    assert fact.source == "dfe_trusts_ks4"
    assert fact.said.startswith("yes, but not used: results of whole trusts say nothing of one school")
    assert fact.rows == 1
    assert fact.matched is None  # no school in it
