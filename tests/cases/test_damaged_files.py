"""Whatever stands in a folder of official files is one line of `data status`, in words, and never a crash."""

import io
import itertools
import os
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from pilotage import cli
from pilotage.sources.files.status import Fact, data_status

CENSUS = "URN,TOTPUPSENDN,PNUMEAL\n"
NAME = "census_2013"


def _only(folder: Path) -> Fact:
    facts = data_status(folder, folder.parent / "cache")
    assert len(facts) == 1
    return facts[0]


def _said(tmp_path: Path, name: str, content: bytes) -> str:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / name).write_bytes(content)
    return _only(folder).said


def _book(*cells: tuple[int, int, str]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for cell in cells:
            sheet.write(*cell)
    return content.getvalue()


def _zip(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "."), part)
    return content.getvalue()


def _lying(content: bytes, name: bytes, size: int) -> bytes:
    """Return a zip whose list of parts says that the part ``name`` unpacks to ``size`` bytes."""
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(name))
    return content[: entry + 24] + struct.pack("<I", size) + content[entry + 28 :]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (f"{NAME}.xlsx", _book((0, 0, "URN"))[:2000], "is not a readable workbook"),
        (f"{NAME}.zip", _zip(a__csv=b"x" * 5000)[:100], "a truncated or damaged zip"),
        (f"{NAME}.xlsx", CENSUS.encode(), "is not a readable workbook: it holds text"),
        (f"{NAME}.xls", b"<html><table></table></html>", "is a web page, not a table"),
        (f"{NAME}.csv", b"\n <!DOCTYPE html>\n<html>", "is a web page, not a table"),
        (f"{NAME}.csv", b"", "it is empty"),
        (f"{NAME}.csv", bytes(range(256)) * 20, "holds bytes that are no text"),
        (f"{NAME}.csv", CENSUS.encode() + b"10\x000001,90,60\n", "holds bytes that are no text"),
        (f"{NAME}.csv", (CENSUS + '"100001,90,60\n' + "100002,9,6\n" * 20_000).encode(), "not a table: "),
        (f"{NAME}.csv", (CENSUS + "1" * 3_000_000 + ",90,60\n").encode(), "a cell of more than 131,072 characters"),
        (f"{NAME}.csv", (CENSUS.strip() + ",x" * 20_000 + "\n").encode(), "20,003 columns"),
        (f"{NAME}.csv", (CENSUS + "0x1F,90,60\n").encode(), "urn = '0x1F'"),
        (f"{NAME}.csv", (CENSUS + "1e300,90,60\n").encode(), "urn = '1e300'"),
        (f"{NAME}.zip", _zip(a__csv=b"URN", b__csv=b"URN"), "a zip of 2 workbooks or CSV files"),
        (f"{NAME}.zip", _zip(a__csv=_zip(b__csv=b"URN")), "a zip"),
        (f"{NAME}.xlsx", _book((0, 0, "URN"), (1_048_575, 16_383, "x")), "has cells as far as row 1,048,576"),
        (f"{NAME}.zip", _zip(a__xlsx=_book((0, 0, "URN"), (1_048_575, 16_383, "x"))), "has cells as far as"),
        (f"{NAME}.pdf", b"%PDF-1.4", "files of type .pdf are not read"),
    ],
    ids=map(str, itertools.count()),
)
def test_a_damaged_or_hostile_file_is_one_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    assert words in _said(tmp_path, name, content)


def test_a_zip_that_unpacks_to_more_than_it_says_is_damaged(tmp_path: Path) -> None:
    bomb = _lying(_zip(a__csv=b"0" * 20_000_000), b"a.csv", 100)
    assert "a truncated or damaged zip" in _said(tmp_path, f"{NAME}.zip", bomb)


def test_a_zip_that_says_that_it_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    bomb = _lying(_zip(a__csv=b"0"), b"a.csv", 4_000_000_000)
    assert "would unpack to 4,000 MB" in _said(tmp_path, f"{NAME}.zip", bomb)


def test_a_sheet_with_a_million_formatted_rows_is_read_all_the_same(tmp_path: Path) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate((["URN", "TOTPUPSENDN", "PNUMEAL"], ["100001", "90", "60"])):
            sheet.write_row(row, 0, cells)
        sheet.write_blank(1_048_000, 40, None, book.add_format({"bold": True}))
    assert _said(tmp_path, f"{NAME}.xlsx", content.getvalue()) == "yes"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_folders_named_like_files_and_links_that_lead_nowhere_are_lines(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "census_2013.csv").mkdir(parents=True)
    (folder / "circle.csv").symlink_to(folder / "circle.csv")
    (folder / "up.csv").symlink_to(folder)
    os.mkfifo(folder / "pipe.csv")
    said = {fact.file: fact.said for fact in data_status(folder, tmp_path / "cache")}
    assert said == {
        "census_2013.csv": "no: is a folder",
        "circle.csv": "no: is a link that leads nowhere or in a circle",
        "pipe.csv": "no: is no file, but a device or a pipe",
        "up.csv": "no: is a link to a folder, which is not followed",
    }


def test_a_file_that_may_not_be_read_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Callable[[Path], bytes] = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: _refuse() if path.suffix == ".csv" else whole(path))
    assert "cannot be opened by this user" in _said(tmp_path, f"{NAME}.csv", CENSUS.encode())


def _refuse() -> bytes:
    raise PermissionError(13, "Permission denied")


def test_brackets_and_odd_signs_in_names_are_shown_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "[[bold]x.csv").write_text("[/bold],\x1b[31m\n", encoding="utf-8")
    cli.app(args=["data", "status", "--folder", str(tmp_path)], standalone_mode=False)
    printed = capsys.readouterr().out
    assert "[[bold]x.csv" in printed
    assert "\x1b" not in printed
