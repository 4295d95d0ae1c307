"""The checker itself: whatever is planted in a pack, it finds; and it finds nothing where nothing is."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.study.share.leaks import Secrets, leaks

SECRETS = Secrets(names=["Otter & Sons School", "SYN-L0106", "Park School"], numbers=["900123", "0.7514"])


def _book(path: Path, plant: Callable[[openpyxl.Workbook], None]) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Fine School"
    plant(book)
    book.save(path)


def _hidden(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("More")
    sheet["C9"] = 900123
    sheet.sheet_state = "veryHidden"


def _comment(book: openpyxl.Workbook) -> None:
    book.active["A1"].comment = Comment("like Otter & Sons School", "somebody")


def _property(book: openpyxl.Workbook) -> None:
    book.properties.keywords = "SYN-L0106"


PLANTED: dict[str, Callable[[Path], object]] = {
    "a reason in a list": lambda p: (p / "schools.csv").write_text("urn,reasons\n1,near otter & sons school\n"),
    "a figure in a list": lambda p: (p / "schools.csv").write_text("urn,need\n1,0.7514\n"),
    "markup": lambda p: (p / "pack.html").write_text("<p>Otter &amp; <b>Sons</b>&#32;School</p>"),
    "an attribute": lambda p: (p / "pack.html").write_text("<p title='URN 900123'></p>"),
    "JSON": lambda p: (p / "manifest.json").write_text('{"leaders": ["SYN-L0106"]}'),
    "escaped JSON": lambda p: (p / "manifest.json").write_text('{"note": "Otter \\u0026 Sons School"}'),
    "a name of a file": lambda p: (p / "900123.html").write_text(""),
    "a text": lambda p: (p / "README.txt").write_text("Not Park School."),
    "a hidden sheet": lambda p: _book(p / "schools.xlsx", _hidden),
    "a comment": lambda p: _book(p / "schools.xlsx", _comment),
    "a property": lambda p: _book(p / "schools.xlsx", _property),
    "the name of a sheet": lambda p: _book(p / "schools.xlsx", lambda book: book.create_sheet("Park School")),
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_what_is_planted_is_found(tmp_path: Path, plant: Callable[[Path], object]) -> None:
    plant(tmp_path)
    assert leaks(tmp_path, SECRETS)


def test_what_is_the_readers_own_is_no_leak(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text("urn,name\n1,Mill Park School\n", encoding="utf-8")
    assert leaks(tmp_path, SECRETS)
    own = Secrets(SECRETS.names, SECRETS.numbers, own=["Mill Park School"])
    assert leaks(tmp_path, own) == []
    (tmp_path / "manifest.json").write_text('{"sha256": "ab900123cd"}', encoding="utf-8")
    assert leaks(tmp_path, own) == []
