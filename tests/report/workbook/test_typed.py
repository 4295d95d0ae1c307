"""The cells to type in: what they take, what stands in them from before, and what a list looks like on paper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from pilotage.case.record import RunRecord
from pilotage.domain.answers import AGREED, ASKED, DECISION, NOTED, REFUSED, STARTED, WITHDRAWN, Answer, Asked
from pilotage.report.folder import write_run
from pilotage.report.workbook.printed import MOST_POINTS, WIDEST, printed_columns, set_height
from pilotage.report.workbook.typed import Typing

HEADINGS = ("Asked", "Agreed", "Refused", "Owner", "Note", "Decide by")
Rows = list[dict[str, Any]]


def _written(record: RunRecord, tmp_path: Path) -> Workbook:
    return openpyxl.load_workbook(write_run(record, tmp_path / "run", force=False) / "report.xlsx")


def _rows(book: Workbook, name: str) -> Rows:
    headings, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def _answer(asked: Asked, said: str, on: date | None = None, **more: Any) -> Answer:
    return Answer(asked, DECISION, said, on, more.pop("by", None), None, Path("d.csv"), 2, **more)


def _with(record: RunRecord, *answers: Answer, ended: tuple[Answer, ...] = ()) -> RunRecord:
    return replace(record, posts=replace(record.posts, answers=answers, ended=ended))


def test_each_list_in_which_something_is_asked_has_the_cells_and_no_other(record: RunRecord, tmp_path: Path) -> None:
    book = _written(record, tmp_path)
    typed = [name for name in book.sheetnames if set(HEADINGS) <= {cell.value for cell in book[name][1]}]
    assert typed == ["Placements"]  # the run has nobody to ask, and no support
    assert [row["Row check"] for row in _rows(book, "Placements")] == ["L1 | P0 | 105 | head", "L2 | P1 | 104 | head"]
    assert not any(sheet.protection.sheet for sheet in book)  # people sort and filter


def test_a_cell_says_what_it_takes_and_what_was_wrong(record: RunRecord, tmp_path: Path) -> None:
    sheet = _written(record, tmp_path)["Placements"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    places = {cell.value: cell.coordinate.replace("1", "2") for cell in sheet[1]}
    assert set(rules) == {places[heading] for heading in HEADINGS}
    assert rules[places["Agreed"]].type == "custom"
    assert rules[places["Decide by"]].type == "date"
    assert all(rule.prompt and rule.error.startswith("Please") for rule in rules.values())
    fills = {sheet[places[heading]].fill.fgColor.rgb for heading in HEADINGS}
    assert fills == {"FFFFF9D6"}


def test_what_was_noted_before_stands_in_its_row_again(record: RunRecord, tmp_path: Path) -> None:
    first = Asked(105, "head", "L1", "P0")
    yes = _answer(first, AGREED, date(2016, 5, 3), by="Kim", reason="=1+1", decide_by=date(2016, 5, 9))
    note = _answer(Asked(104, "head", "L2", "P1"), NOTED, by="Lee", reason="<b>call</b> 😀")
    asked = _answer(first, ASKED, date(2016, 5, 1))
    book = _written(_with(record, yes, note, ended=(asked,)), tmp_path)
    one, two = ([row[heading] for heading in HEADINGS] for row in _rows(book, "Placements"))
    days = [datetime(2016, 5, day) for day in (1, 3, 9)]
    assert one == [days[0], days[1], None, "Kim", "=1+1", days[2]]
    assert two == [None, None, None, "Lee", "<b>call</b> 😀", None]
    assert book["Placements"]["I2"].data_type == "s"
    assert [row["Decide by"] for row in _rows(book, "Ledger")] == ["2016-05-09", None, None]


@pytest.mark.parametrize(("said", "heading"), [(STARTED, "agreed"), (WITHDRAWN, "refused"), (REFUSED, "refused")])
def test_words_without_a_column_stand_under_the_one_that_means_them(record: RunRecord, said: str, heading: str) -> None:
    frame = pd.DataFrame({"urn": [105], "level": ["head"], "leader_id": ["L1"]})  # the school's only post is meant
    cells = Typing(_with(record, _answer(Asked(105, "head", "L1", "P0"), said))).cells(frame)
    assert cells.iloc[0].dropna().to_dict() == {heading: "yes"}


def test_an_answer_about_the_level_is_found_from_the_post(record: RunRecord) -> None:
    frame = pd.DataFrame({"urn": [105], "level": ["head"], "leader_id": [None], "post_id": ["P0"]})
    cells = Typing(_with(record, _answer(Asked(105, "head"), REFUSED))).cells(frame)
    assert cells.iloc[0].dropna().to_dict() == {"refused": "yes"}


def test_lists_print_in_columns_that_fit_a_page_with_a_heading(record: RunRecord, tmp_path: Path) -> None:
    sheet = _written(record, tmp_path)["Placements"]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddHeader.center.text == "Internal"
    assert "as of 31 August 2016" in str(sheet.oddHeader.left.text)
    last = sheet.print_area.split(":")[1].replace("$", "").rstrip("0123456789")
    headings = [cell.value for cell in sheet[1]]
    printed = headings[: openpyxl.utils.column_index_from_string(last)]
    assert {*HEADINGS, "Why this leader here"} <= set(printed)
    assert "Row check" not in printed


def test_a_page_holds_as_many_columns_as_fit() -> None:
    assert printed_columns([WIDEST - 10, 10, 1]) == 2
    assert printed_columns([WIDEST + 1, 5]) == 1  # one at least
    assert printed_columns([5, 5]) == 2


def test_a_row_is_as_high_as_its_longest_text_and_no_higher_than_excel_allows() -> None:
    heights: dict[int, float] = {}

    class Rows:
        def set_row(self, row: int, height: float) -> None:
            heights[row] = height

    set_height(Rows(), 1, [("short", 10), (5, 1)])
    set_height(Rows(), 2, [("x" * 100, 52), ("x", 9)])
    set_height(Rows(), 3, [("x" * 100_000, 52)])
    assert heights == {2: 30, 3: MOST_POINTS}


def test_need_has_bars_from_nought_to_one(record: RunRecord, tmp_path: Path) -> None:
    book = _written(record, tmp_path)
    bars = [rule for each in book["Worry about"].conditional_formatting for rule in each.rules if rule.dataBar]
    assert [[float(limit.val) for limit in rule.dataBar.cfvo] for rule in bars] == [[0, 1]]


def test_hostile_names_are_shown_as_they_are_in_every_list(
    make: Callable[..., RunRecord], worlds: ModuleType, tmp_path: Path
) -> None:
    record = make()
    long, emoji = f"{'A very long name ' * 18}end", " ＝1+1 😀 Schule"
    names = record.panel.schools["name"].replace({"Alder School": long, "Beech School": emoji})
    hostile = replace(record, panel=replace(record.panel, schools=record.panel.schools.assign(name=names)))
    book = _written(hostile, tmp_path)
    shown = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {long, emoji, worlds.HOSTILE, worlds.FORMULA} <= shown
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert [row["School"] for row in _rows(book, "Placements")] == [long, worlds.HOSTILE]
