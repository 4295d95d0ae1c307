"""Ofsted's lists that cannot be right: each is refused with its file, its row or column, and what to do."""

from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from pilotage.errors import DataError
from pilotage.sources.files.read import read_source, recognise

BUILDER = Path(__file__).parents[1] / "sources" / "schools" / "lists" / "of_ofsted.py"
DAY = date(2026, 6, 1)
BEFORE = {
    "Inspection start date of latest OEIF graded inspection": "14/01/2026",
    "Publication date of latest OEIF graded inspection": "20/02/2026",
}


@pytest.fixture(scope="module")
def ofsted() -> ModuleType:
    spec = spec_from_file_location("lists_of_ofsted", BUILDER)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_card_before_the_old_grade_of_its_row(ofsted: ModuleType, tmp_path: Path) -> None:
    path = ofsted.write(
        tmp_path / ofsted.CARDS.format("31_May_2026"), ofsted.card(), ofsted.card(URN="110001", **BEFORE)
    )
    words = (
        r"31_May_2026.csv, row 3 - Inspection start date = 13/01/2026, before Inspection start date of latest OEIF "
        r"graded inspection - 14/01/2026 or later - please correct this cell, or download the file again"
    )
    with pytest.raises(DataError, match=words):
        read_source(path, "ofsted_report_cards")


def test_a_card_before_the_grade_of_another_list(ofsted: ModuleType, tmp_path: Path) -> None:
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    early = {"Inspection start date": "09/03/2025", "Leadership and governance - date of grade": "09/03/2025"}
    ofsted.write(tmp_path / "files" / ofsted.CARDS.format("31_May_2026"), ofsted.card(**early))
    words = (
        r"31_May_2026.csv - school 110000 has a report card of 09/03/2025, and a grade of 10/03/2025 in .*August_2025"
    )
    with pytest.raises(DataError, match=words):
        ofsted.panel(tmp_path / "files", DAY)


@pytest.mark.parametrize(
    ("name", "cells", "words"),
    [
        ("31_May_2026", {"Inspection start date": "01/06/2026"}, "after the day of the list - 31/05/2026 or earlier"),
        ("31_May_2026", {"Publication date": "09/02/2062"}, "Publication date = 09/02/2062, after the day of the list"),
        ("31_May_2026", {"Publication date": "12/01/2026"}, "before Inspection start date - 13/01/2026 or later"),
        ("31_May_2026", {"Date of latest ungraded inspection": "01/07/2026"}, "Date of latest ungraded inspection ="),
        ("no_day", {"Inspection start date": "13/01/2027", "Publication date": "NULL"}, "09/02/2026 or earlier"),
    ],
)
def test_a_day_that_cannot_be(ofsted: ModuleType, tmp_path: Path, name: str, cells: dict[str, str], words: str) -> None:
    later = {"Leadership and governance - date of grade": "NULL"}
    path = ofsted.write(
        tmp_path / ofsted.CARDS.format(name), ofsted.card(), ofsted.card(URN="110001", **later, **cells)
    )
    with pytest.raises(DataError, match=words) as caught:
        read_source(path, "ofsted_report_cards")
    assert all(", row 3" in problem.where for problem in caught.value.problems)


def test_two_lists_of_one_day_that_disagree(ofsted: ModuleType, tmp_path: Path) -> None:
    same = ofsted.GRADED | {"URN": "110001"}
    ofsted.write(tmp_path / "files" / f"a_{ofsted.AUGUST_2025}", ofsted.GRADED, same)
    other = ofsted.GRADED | {"Effectiveness of leadership and management": "2"}
    ofsted.write(tmp_path / "files" / f"b_{ofsted.AUGUST_2025}", other, same)
    words = (
        r"a_State.* - school 110000 has leadership_grade = 3, and 2 in .*b_State.* - one answer in two lists of "
        r"2025-08-31 - take one of the two files away"
    )
    with pytest.raises(DataError, match=words) as caught:
        ofsted.panel(tmp_path / "files", DAY)
    assert len(caught.value.problems) == 1


def test_two_lists_of_one_day_that_agree_are_read(ofsted: ModuleType, tmp_path: Path) -> None:
    for name in ("a", "b"):
        ofsted.write(tmp_path / "files" / f"{name}_{ofsted.AUGUST_2025}", ofsted.GRADED)
    assert len(ofsted.panel(tmp_path / "files", DAY).inspections) == 2


def test_a_list_with_a_renamed_column_is_named_with_the_nearest(ofsted: ModuleType, tmp_path: Path) -> None:
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    renamed = {
        name.replace("Leadership and governance", "Leadership & governance"): cell
        for name, cell in ofsted.card().items()
    }
    path = ofsted.write(tmp_path / "files" / ofsted.CARDS.format("31_May_2026"), renamed)
    assert recognise(path).source is None
    words = (
        r"31_May_2026.csv - .*it lacks Leadership and governance \(it has Leadership & governance\) - the columns of"
    )
    with pytest.raises(DataError, match=words):
        ofsted.panel(tmp_path / "files", DAY)


def test_a_judgement_that_is_none_of_the_five(ofsted: ModuleType, tmp_path: Path) -> None:
    path = ofsted.write(tmp_path / "cards.csv", ofsted.card(Inclusion="Good"))
    words = (
        r"cards.csv, row 2 - inclusion_judgement = 'Good' - Urgent improvement, Needs attention, .* or a code for none"
    )
    with pytest.raises(DataError, match=words):
        read_source(path, "ofsted_report_cards")
