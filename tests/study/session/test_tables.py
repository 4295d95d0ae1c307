"""Tables that are dropped in: put into a folder, shown with their rows' numbers, mended, refused."""

from pathlib import Path

import pytest

from pilotage import assets
from pilotage.errors import DataError, UsageError
from pilotage.study.session.tables import TableRole, mended, open_table, put_into

LEADERS = (assets.sample() / "leaders.csv").read_bytes()


def test_the_same_file_is_put_once_and_another_of_its_name_beside_it(tmp_path: Path) -> None:
    first = put_into(tmp_path, "leaders.csv", LEADERS)
    assert put_into(tmp_path, "leaders.csv", LEADERS) == first
    assert put_into(tmp_path, "leaders.csv", LEADERS + b"\r\n") != first
    assert len(list(tmp_path.iterdir())) == 2


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    path = put_into(tmp_path / "tables", "../../up & away.csv", LEADERS)
    assert path.parent == tmp_path / "tables"
    assert path.name.startswith("up---away-")


@pytest.mark.parametrize("name", ["letter.docx", "leaders"])
def test_what_is_no_table_by_its_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="CSV or an Excel workbook"):
        put_into(tmp_path, name, b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        put_into(tmp_path / "tables", "leaders.csv", LEADERS)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(200), b"a,b\r\n1,2\r\n", b""])
def test_what_holds_no_such_table_is_refused(content: bytes, tmp_path: Path) -> None:
    path = put_into(tmp_path, "leaders.csv", content)
    with pytest.raises(DataError):
        open_table(TableRole.LEADERS, path)


def test_rows_have_the_numbers_of_excel_and_a_cell_is_mended_in_a_new_file(tmp_path: Path) -> None:
    table = open_table(TableRole.LEADERS, put_into(tmp_path, "leaders.csv", LEADERS))
    assert table.cells.index[0] == 2
    cells = table.cells.copy()
    cells.loc[3, "level"] = "head"
    again = mended(table, cells, tmp_path)
    assert again.cells.loc[3, "level"] == "head"
    assert again.cells.drop(index=3).equals(table.cells.drop(index=3))
    assert again.path != table.path
    assert table.path.read_bytes() == LEADERS
    assert mended(again, again.cells, tmp_path).path.name.startswith("leaders-")
