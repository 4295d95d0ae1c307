"""What the reader of a table takes for a leader is erased as that leader; what cannot be read is told in our words."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotage.errors import DataError
from pilotage.sources.forget.tables import erase_rows, rows_of

HEADER = ["urn", "leader_id", "school"]
ROWS: list[list[Any]] = [[900010, "L1", "asked"], [900011, "L2", "asked"]]


def _erased(path: Path, leader: str) -> int:
    rows = rows_of([path], leader)[path]
    erase_rows(path, leader)
    assert rows_of([path], leader)[path] == 0
    return rows


def _book(path: Path, rows: list[list[Any]], merged: str | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    book.save(path)
    return path


def _told(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        rows_of([path], "L1")
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize("header", ["Leader ID", "LEADER-ID", "leaderId", " leader_id\u200b"])
def test_a_header_spelt_otherwise_is_the_same_column(tmp_path: Path, header: str) -> None:
    path = tmp_path / "asks.csv"
    path.write_text(f"urn,{header},school\n900010,L1,asked\n900011,L2,asked\n", encoding="utf-8")
    assert _erased(path, "L1") == 1
    assert path.read_text(encoding="utf-8") == f"urn,{header},school\n900011,L2,asked\n"
    assert _erased(_book(tmp_path / "asks.xlsx", [["urn", header, "school"], *ROWS]), "L1") == 1


@pytest.mark.parametrize("cell", ["L\u200b1", "\u00a0L1 ", "\x1b[31mL1\x1b[0m", "L1\x07"])
def test_what_cannot_be_seen_in_a_cell_hides_no_leader(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "asks.csv"
    path.write_text(f"urn,leader_id\n900010,{cell}\n900011,L2\n", encoding="utf-8")
    assert _erased(path, "L1") == 1


def test_a_number_of_a_workbook_is_the_leader_that_it_is_read_as(tmp_path: Path) -> None:
    path = _book(tmp_path / "asks.xlsx", [HEADER, [900010, 7.0, "asked"], [900011, 8, "asked"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v>7</v>", b"<v>7.0</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert _erased(path, "7") == 1


def test_a_leader_whose_cells_are_merged_is_not_half_erased(tmp_path: Path) -> None:
    told = _told(_book(tmp_path / "asks.xlsx", [HEADER, *ROWS], "B2:B3"))
    assert "cells of the column leader_id are merged: take the merging off" in told
    assert _erased(_book(tmp_path / "other.xlsx", [HEADER, *ROWS], "C2:C3"), "L1") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfeu", "cut off, or holds bytes that are no text"),
        ("urn,leader_id\n900010,L1\n".encode("utf-16-le"), "its letters are in a form that is not changed here"),
        (b"urn,leader_id\n" + b"x" * 200_000 + b",L1\n", "a quote in row 2 is not closed"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_in_our_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "asks.csv"
    path.write_bytes(content)
    assert words in _told(path)


def test_a_workbook_that_cannot_be_read_is_told_in_our_words(tmp_path: Path) -> None:
    whole = _book(tmp_path / "asks.xlsx", [HEADER, *ROWS]).read_bytes()
    start = whole.index(b"xl/worksheets/sheet1.xml") + 30
    odd = io.BytesIO()
    with zipfile.ZipFile(odd, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet><row")
    for content in (
        whole[:200],
        whole[:start] + b"\xff" * 40 + whole[start + 40 :],
        b"urn,leader_id\n",
        odd.getvalue(),
    ):
        (tmp_path / "asks.xlsx").write_bytes(content)
        assert "cannot be read (it is damaged, cut off, or of another kind)" in _told(tmp_path / "asks.xlsx")
