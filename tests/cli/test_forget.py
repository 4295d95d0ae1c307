"""`pilotage data forget`: rows go and every other byte stays, runs are listed, nobody else is named."""

import io
import os
import zipfile
from pathlib import Path
from typing import Literal

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from pilotage import cli
from pilotage.assets import Store
from pilotage.case.run_folder import SCHEMA_VERSION
from pilotage.case.writing.whole import written
from pilotage.sources.forget.csv_rows import without_leader

ROWS = (
    "leader_id,post_id,state,by",
    "L1,P1,refused,Ann",
    'L2,P1,offered,"a, ""b""\nc"',
    "L1,P2,offered,",
    "L10,P3,refused,x",
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PILOTAGE_CACHE", str(tmp_path / "cache"))
    return tmp_path


def _forget(*arguments: str, answer: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, ["data", "forget", *arguments], input=answer)
    said = done.output if done.exception is None or isinstance(done.exception, SystemExit) else str(done.exception)
    return getattr(done.exception, "exit_code", done.exit_code), said


def _csv(path: Path, text: str = "\n".join(ROWS) + "\n") -> Path:
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_only_the_rows_of_the_leader_go(delimiter: str, end: str, encoding: str) -> None:
    rows = ["Léaders of ours", f"Leader_ID {delimiter}post_id", f'"L1"{delimiter}P1', f" L1 {delimiter}é{end}"]
    rows += [f'"L1\nx"{delimiter}P2', f"L2{delimiter}", "", f"L11{delimiter}P4"]
    rows[3] = f" L1 {delimiter}é"
    kept = [row for number, row in enumerate(rows) if number not in (2, 3)]
    for last in ("", end):
        left = without_leader((end.join(rows) + last).encode(encoding), "L1")
        assert left is not None
        assert (left.content, left.rows) == ((end.join(kept) + last).encode(encoding), 2)


def test_rows_go_from_every_table_and_nobody_else_is_named(place: Path) -> None:
    first, second = _csv(place / "pairs.csv"), _csv(place / "more.csv", "post_id;leader_id\r\nP9;L1\r\nP8;L2\r\n")
    first.chmod(0o640)
    code, said = _forget("L1", "--answers", "pairs.csv", "--answers", "more.csv", "--yes")
    assert code == 0
    assert "L1 is erased from 2 tables of answers and 0 stored files." in said
    assert first.read_bytes() == "\n".join((ROWS[0], ROWS[2], ROWS[4], "")).encode()
    assert os.name == "nt" or first.stat().st_mode & 0o777 == 0o640
    assert second.read_bytes() == b"post_id;leader_id\r\nP8;L2\r\n"
    assert not {"L2", "L10", "Ann", "P1"} & set(said.replace(".", " ").split())
    assert sorted(path.name for path in place.iterdir()) == ["more.csv", "pairs.csv"]


def test_it_asks_first(place: Path) -> None:
    path = _csv(place / "pairs.csv")
    before = path.read_bytes()
    code, said = _forget("L1", "--answers", "pairs.csv", answer="n\n")
    assert (code, "pairs.csv: 2 rows of L1" in said, "Nothing was erased." in said) == (0, True, True)
    code, said = _forget("L1", "--answers", "pairs.csv", answer="")
    assert (code, "add --yes" in said) == (2, True)
    assert path.read_bytes() == before
    assert _forget("L1", "--answers", "pairs.csv", answer="y\n")[0] == 0
    assert b"L1," not in path.read_bytes()


def test_a_scenario_names_its_tables_and_its_leaders_stay_with_a_word(place: Path) -> None:
    _csv(place / "pairs.csv")
    _csv(place / "asks-1.csv", "leader_id,urn,answer\nL1,900001,no\nL2,900002,yes\n")
    _csv(place / "asks-2.csv", "leader_id,urn,answer\nL2,900003,no\nL1,900004,yes\n")
    leaders = _csv(place / "leaders.csv", "leader_id,name\nL1,Ann\n")
    (place / "own.yaml").write_text(
        "extends: baseline\nname: own\nwhy: w\n"
        "pool: {leaders: leaders.csv, pairs: pairs.csv, asks: [asks-1.csv, asks-2.csv]}\n",
        encoding="utf-8",
    )
    code, said = _forget("L1", "--scenario", "own.yaml", "--yes")
    assert (code, "leaders.csv still has L1: delete the row in it by hand." in said) == (0, True)
    assert "Ann" not in said
    assert leaders.read_bytes() == b"leader_id,name\nL1,Ann\n"
    for name in ("pairs", "asks-1", "asks-2"):
        assert b"L1," not in (place / f"{name}.csv").read_bytes()
        assert b"L2," in (place / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("engine", ["openpyxl", "xlsxwriter"])  # texts in the cells, and texts that cells share
def test_rows_of_a_workbook_become_blank_and_their_texts_go(
    place: Path, engine: Literal["openpyxl", "xlsxwriter"]
) -> None:
    rows = [("L1", "P1", "only Ann"), ("L2", "P1", "Bob"), ("L1", "P2", "Bob"), ("L3", "P1", "<si> & more")]
    with pd.ExcelWriter(place / "pairs.xlsx", engine=engine) as book:
        pd.DataFrame(rows, columns=["leader_id", "post_id", "by"]).to_excel(book, sheet_name="pairs", index=False)
        pd.DataFrame({"note": ["L10"]}).to_excel(book, sheet_name="notes", index=False)
    with zipfile.ZipFile(place / "pairs.xlsx") as parts:
        assert ("xl/sharedStrings.xml" in parts.namelist()) == (engine == "xlsxwriter")
    assert _forget("L1", "--answers", "pairs.xlsx", "--yes")[0] == 0
    again = openpyxl.load_workbook(place / "pairs.xlsx")
    left = [tuple(cell.value for cell in row) for row in again["pairs"].iter_rows()]
    assert [row for row in left if any(row)] == [("leader_id", "post_id", "by"), rows[1], rows[3]]
    assert again["notes"]["A2"].value == "L10"
    with zipfile.ZipFile(place / "pairs.xlsx") as parts:
        content = b"".join(parts.read(name) for name in parts.namelist())
    assert b"only Ann" not in content
    assert b">L1<" not in content


def test_runs_that_hold_the_leader_are_listed_and_kept(place: Path) -> None:
    texts = {
        "a/placements.csv": "leader_id,urn\r\nL1,7\r\n",
        "b/deep/unplaced.csv": "leader_id\r\nL10\r\n",
        "c/plan.json": '{"rules": [{"label": "without L2, L1 and L10"}]}',
        "d/FAILED-AUDIT-placements.csv": "leader_id\r\n'=L1\r\n",
        "e/scenario.resolved.yaml": "pool:\n  leave_out: [L1]  # own.yaml\n",
        "f/placements.csv": "leader_id\r\nL1-2\r\n",
    }
    for name, text in texts.items():
        file = place / "runs" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
        manifest = "FAILED-AUDIT-manifest.json" if name[0] == "d" else "manifest.json"
        (file.parent / manifest).write_text(f'{{"kind": "run", "schema_version": {SCHEMA_VERSION}}}')
    (place / "runs" / "not-ours").mkdir()
    (place / "runs" / "not-ours" / "placements.csv").write_text("leader_id\nL1\n")

    def listed(leader: str) -> list[str]:
        code, said = _forget(leader)
        assert code == 0, said
        return [Path(line.strip()).parts[1] for line in said.splitlines() if line.startswith("  ")]

    assert listed("L1") == ["a", "c", "d", "e"]
    assert listed("=L1") == ["d"]
    assert listed("L10") == ["b", "c"]
    code, said = _forget("7")
    assert (code, "7 - is in no table that was named, no stored file and no run below runs" in said) == (3, True)


def test_a_stored_file_that_holds_the_leader_goes(place: Path) -> None:
    store = Store(place / "cache")
    store.write("recognised/a.json", b'{"leader_id": "L1"}')
    store.write("recognised/b.json", b'{"leader_id": "L10"}')
    code, said = _forget("L1", "--yes")
    assert (code, "1 stored file with L1" in said) == (0, True)
    assert (store.read("recognised/a.json"), store.read("recognised/b.json")) == (None, b'{"leader_id": "L10"}')


def _bent_workbook() -> bytes:
    """Return a zip whose one part cannot be unpacked: its packed bytes are overwritten."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", "<worksheet>" * 1_000)
    start = content.getvalue().index(b"sheet1.xml") + len("sheet1.xml")
    return content.getvalue()[:start] + b"\xff" * 8 + content.getvalue()[start + 8 :]


def test_what_cannot_be_done_is_said_at_once_and_changes_nothing(place: Path) -> None:
    path = _csv(place / "pairs.csv")
    _csv(place / "posts.csv", "post_id\nP1\n")
    (place / "old.xls").write_bytes(b"x")
    (place / "broken.xlsx").write_bytes(b"x")
    (place / "cut.csv").write_bytes("leader_id\nL1\n".encode("utf-16")[:-1])
    (place / "bent.xlsx").write_bytes(_bent_workbook())
    names = ("pairs.csv", "posts.csv", "old.xls", "broken.xlsx", "none.csv", "cut.csv", "bent.xlsx")
    code, said = _forget("L1", *(part for name in names for part in ("--answers", name)), "--yes")
    assert code == 3
    for words in (
        "posts.csv - no column 'leader_id'",
        "old.xls - is in a form",
        "broken.xlsx - cannot be read (it is damaged",
        "cut.csv - cannot be read (it is cut off",
        "bent.xlsx - cannot be read (it is damaged",
        "none.csv - no such",
    ):
        assert words in said
    assert path.read_bytes() == ("\n".join(ROWS) + "\n").encode()
    code, said = _forget("L7", "--answers", "pairs.csv", "--yes")
    assert (code, "L7 - is in no table" in said, "L2" in said) == (3, True, False)


def test_a_table_has_its_mode_before_it_has_its_name(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, replaced, modes = _csv(place / "pairs.csv"), Path.replace, list[int]()
    path.chmod(0o640)

    def seen(aside: Path, target: Path) -> Path:
        modes.append(aside.stat().st_mode & 0o777)
        return replaced(aside, target)

    monkeypatch.setattr(Path, "replace", seen)
    assert _forget("L1", "--answers", "pairs.csv", "--yes")[0] == 0
    assert os.name == "nt" or modes == [0o640]
    assert Path("pairs.csv") in written()
