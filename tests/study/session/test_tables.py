"""Tables that are dropped in: put into a folder, shown with their rows' numbers, mended, refused."""

from pathlib import Path

import pytest

from pilotage import assets
from pilotage.errors import DataError, UsageError
from pilotage.study.session.question import opened
from pilotage.study.session.tables import TableRole, mended, open_table, put_into, tables_of

LEADERS = (assets.sample() / "leaders.csv").read_bytes()


def test_the_same_file_is_put_once_and_another_of_its_name_beside_it(tmp_path: Path) -> None:
    first = put_into(tmp_path, "leaders.csv", LEADERS)
    assert put_into(tmp_path, "leaders.csv", LEADERS) == first
    assert put_into(tmp_path, "leaders.csv", LEADERS + b"\r\n").name == "leaders-2.csv"
    assert put_into(tmp_path, "leaders.csv", b"x").name == "leaders-3.csv"
    assert put_into(tmp_path, "leaders.csv", LEADERS + b"\r\n").name == "leaders-2.csv"
    assert first.read_bytes() == LEADERS
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_that_cannot_be_written_to_its_end_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pilotage.study.session.tables.write_whole", full)
    with pytest.raises(UsageError, match="No space left on device"):
        put_into(tmp_path, "leaders.csv", LEADERS)
    assert list(tmp_path.iterdir()) == []


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    path = put_into(tmp_path / "tables", "../../up & away.csv", LEADERS)
    assert path.parent == tmp_path / "tables"
    assert path.name == "up - away.csv"


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
    assert again.path.name == "leaders-2.csv"
    once_more = again.cells.copy()
    once_more.loc[3, "level"] = "senior"
    assert mended(again, once_more, tmp_path).path.name == "leaders-3.csv"


def test_a_blank_row_is_left_out_and_an_emptied_cell_is_blank(tmp_path: Path) -> None:
    table = open_table(TableRole.LEADERS, put_into(tmp_path, "leaders-2027.csv", LEADERS))
    cells = table.cells.fillna("")
    cells.loc[2, "level"] = ""
    cells.loc[len(cells) + 2] = ""
    cells.loc[len(cells) + 2] = None
    again = mended(table, cells, tmp_path)
    assert again.path.name == "leaders-2027-2.csv"
    assert len(again.cells) == len(table.cells)
    assert again.cells.loc[2, "level"] is None


def test_the_tables_that_a_scenario_names_are_open(tmp_path: Path) -> None:
    for name in ("leaders.csv", "first.csv", "last.csv"):
        (tmp_path / name).write_bytes(
            LEADERS if name == "leaders.csv" else b"urn,level,school_answer\r\n1,head,yes\r\n"
        )
    pool = "pool: {leaders: leaders.csv, posts: nowhere.csv, asks: [first.csv, last.csv]}\n"
    (tmp_path / "own.yaml").write_text(f"extends: baseline\nname: own\n{pool}", encoding="utf-8")
    tables = tables_of(opened(str(tmp_path / "own.yaml")))
    assert {role.value: table.path.name for role, table in tables.items()} == {
        "leaders": "leaders.csv",
        "asks": "last.csv",
    }
