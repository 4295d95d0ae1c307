"""One list as a sheet: frozen and filtered heading, number formats, bars, cells to type in, print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.decision_rows import HEADINGS, ROW_CHECK_HEADING, TYPED, row_key
from pilotage.report.columns import LATER, Column
from pilotage.report.lists.for_people import whole
from pilotage.report.words import absent
from pilotage.report.workbook.looks import BAR, Book
from pilotage.report.workbook.printed import MOST_ROWS, print_list, printed_columns, set_height
from pilotage.report.workbook.typed import MEANINGS, Typing, asked_in, expect
from pilotage.report.workbook.typed import WIDTHS as TYPED_WIDTHS

KEY_MEANING = (
    "What the row is about, as the run wrote it. Please leave it as it is: it shows where a sort has torn rows apart. "
    "A row of your own leaves it blank."
)
ROW_CHECK_WIDTH = 30
#: Of columns that would take too much of a page, in characters.
WIDTHS = {"leader_id": 13, "name": 30, "school": 30, "authority": 20, "body": 26, "responsible_body": 26}
WIDTHS |= {"level": 10, "urn": 9, "band": 22, "benefit": 11, "value_if_asked": 11, "placement_reason": 44, "why": 44}
BARRED = ("need",)  # figures with a bar, from nought to one


@dataclass(frozen=True)
class ListSheet:
    """A list to be written.

    Attributes
    ----------
    name
        Of the sheet.
    first
        Names of the columns that come first, in their order; the others follow as they are.
    typed_after
        After how many columns those to type in stand; None: nothing is asked in this list.
    frozen
        How many columns stay in sight.
    """

    name: str
    first: tuple[str, ...] = ()
    typed_after: int | None = None
    frozen: int = 3


def ordered(columns: Sequence[Column], first: Sequence[str]) -> list[Column]:
    """Return columns with some first; those that a later version fills are left out."""
    own = {column.name: column for column in columns if column.kind != LATER}
    return [*(own[name] for name in first if name in own), *(own[name] for name in own if name not in first)]


def write_list(made: Book, record: RunRecord, what: ListSheet, frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Write a list as a sheet of its own."""
    sheet = made.book.add_worksheet(what.name)
    shown, at = ordered(columns, what.first), what.typed_after
    places = range(len(shown)) if at is None else [n if n < at else n + len(TYPED) for n in range(len(shown))]
    widths = dict(zip(places, (WIDTHS.get(column.name, column.width) for column in shown), strict=True))
    if at is not None:
        widths |= {position: TYPED_WIDTHS[name] for position, name in enumerate(TYPED, start=at)}
        widths[len(widths)] = ROW_CHECK_WIDTH
    across = [widths[position] for position in sorted(widths)]
    printed = printed_columns(across)
    for position, column in zip(places, shown, strict=True):
        sheet.write_string(0, position, column.heading, made.heading)
        sheet.write_comment(0, position, f"{column.name} ({column.kind}): {column.meaning}", {"x_scale": 2})
        _fill(sheet, position, frame, column, (made.wrapped if position < printed else made.forms, made.forms))
        if column.name in BARRED:
            _bars(sheet, position, len(frame))
        if column.name == "status":
            _mark_placed(made, sheet, position, len(frame))
    texts = {position: frame[column.name] for position, column in zip(places, shown, strict=True)}
    if at is not None:
        cells = Typing(record).cells(frame)
        _write_typed(made, sheet, at, cells, len(frame))
        _write_keys(made, sheet, len(across) - 1, frame)
        texts |= {position: cells[name] for position, name in enumerate(TYPED, start=at)}
    for position, width in enumerate(across):
        sheet.set_column(position, position, width)
    columns_printed = [texts[position].tolist() for position in range(printed) if position in texts]
    for row, printed_cells in enumerate(zip(*columns_printed, strict=True), start=1):
        if row <= MOST_ROWS:
            set_height(sheet, row, zip(printed_cells, across, strict=False))
    sheet.set_row(0, 48)
    sheet.freeze_panes(1, what.frozen)
    sheet.autofilter(0, 0, max(len(frame), 1), len(widths) - 1)
    print_list(sheet, record, across, len(frame))


def _fill(sheet: Any, position: int, frame: pd.DataFrame, column: Column, forms: Sequence[dict[str, Any]]) -> None:
    """Write a column; ``forms``: of the rows that are printed, and of the others."""
    wrapped, plain = forms
    for row, value in enumerate(frame[column.name].tolist(), start=1):
        if absent(value) or value == "":
            continue
        form = (wrapped if row <= MOST_ROWS else plain)[column.form]
        if column.form == "text":
            sheet._write_string(row, position, value, form)  # write_string, without reading its cell as "A1" first
        else:
            sheet._write_number(row, position, whole(value, column.form), form)


def _write_typed(made: Book, sheet: Any, at: int, cells: pd.DataFrame, rows: int) -> None:
    """Write the columns to type in with what was noted before."""
    for position, name in enumerate(TYPED, start=at):
        sheet.write_string(0, position, HEADINGS[name], made.typed_heading)
        sheet.write_comment(0, position, MEANINGS[name], {"x_scale": 2})
        for row, value in enumerate(cells[name].tolist() or [None] * rows, start=1):
            if isinstance(value, date):
                sheet.write_datetime(row, position, value, made.typed)
            elif absent(value):
                sheet.write_blank(row, position, None, made.typed)
            else:
                sheet._write_string(row, position, value, made.typed)
        expect(sheet, position, name, rows)


def _write_keys(made: Book, sheet: Any, position: int, frame: pd.DataFrame) -> None:
    """Write the last column: the key of each row."""
    sheet.write_string(0, position, ROW_CHECK_HEADING, made.heading)
    sheet.write_comment(0, position, KEY_MEANING, {"x_scale": 2})
    for row, asked in enumerate(asked_in(frame), start=1):
        key = row_key(asked.leader_id, asked.post_id, asked.urn, asked.level)
        sheet._write_string(row, position, key, made.small)


def _bars(sheet: Any, position: int, rows: int) -> None:
    look = {"type": "data_bar", "bar_color": BAR, "min_type": "num", "max_type": "num"}
    sheet.conditional_format(1, position, max(rows, 1), position, look | {"min_value": 0, "max_value": 1})


def _mark_placed(made: Book, sheet: Any, position: int, rows: int) -> None:
    look = {"type": "cell", "criteria": "==", "value": '"placed"', "format": made.marked}
    sheet.conditional_format(1, position, max(rows, 1), position, look)
