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
from pilotage.report.workbook.printed import MOST_ROWS, print_list
from pilotage.report.workbook.typed import MEANINGS, WIDTHS, Typing, asked_in, expect

KEY_MEANING = (
    "What the row is about, as the run wrote it. Please leave it as it is: it shows where a sort has torn rows apart. "
    "A row of your own leaves it blank."
)
ROW_CHECK_WIDTH = 30
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
    widths = dict(zip(places, (column.width for column in shown), strict=True))
    for position, column in zip(places, shown, strict=True):
        sheet.write_string(0, position, column.heading, made.heading)
        sheet.write_comment(0, position, f"{column.name} ({column.kind}): {column.meaning}", {"x_scale": 2})
        _fill(sheet, position, frame[column.name].tolist(), column, made)
        if column.name in BARRED:
            _bars(sheet, position, len(frame))
        if column.name == "status":
            _mark_placed(made, sheet, position, len(frame))
    if at is not None:
        widths |= _write_typed(made, sheet, at, Typing(record).cells(frame), len(frame))
        widths |= _write_keys(made, sheet, len(widths), frame)
    for position, width in widths.items():
        sheet.set_column(position, position, width)
    sheet.set_row(0, 48)
    sheet.freeze_panes(1, what.frozen)
    sheet.autofilter(0, 0, max(len(frame), 1), len(widths) - 1)
    print_list(sheet, record, [widths[position] for position in sorted(widths)], len(frame))


def _fill(sheet: Any, position: int, values: list[Any], column: Column, made: Book) -> None:
    for row, value in enumerate(values, start=1):
        if absent(value) or value == "":
            continue
        form = (made.wrapped if row <= MOST_ROWS else made.forms)[column.form]
        if column.form == "text":
            sheet._write_string(row, position, value, form)  # write_string, without reading its cell as "A1" first
        else:
            sheet._write_number(row, position, whole(value, column.form), form)


def _write_typed(made: Book, sheet: Any, at: int, cells: pd.DataFrame, rows: int) -> dict[int, int]:
    """Write the columns to type in with what was noted before; return their widths by position."""
    for position, name in enumerate(TYPED, start=at):
        sheet.write_string(0, position, HEADINGS[name], made.typed_heading)
        sheet.write_comment(0, position, MEANINGS[name], {"x_scale": 2})
        values = cells[name].tolist() or [None] * rows
        for row, value in enumerate(values, start=1):
            if isinstance(value, date):
                sheet.write_datetime(row, position, value, made.typed)
            elif absent(value):
                sheet.write_blank(row, position, None, made.typed)
            else:
                sheet.write_string(row, position, value, made.typed)
        expect(sheet, position, name, rows)
    return {position: WIDTHS[name] for position, name in enumerate(TYPED, start=at)}


def _write_keys(made: Book, sheet: Any, position: int, frame: pd.DataFrame) -> dict[int, int]:
    """Write the last column: the key of each row; return its width by position."""
    sheet.write_string(0, position, ROW_CHECK_HEADING, made.heading)
    sheet.write_comment(0, position, KEY_MEANING, {"x_scale": 2})
    for row, asked in enumerate(asked_in(frame), start=1):
        key = row_key(asked.leader_id, asked.post_id, asked.urn, asked.level)
        sheet._write_string(row, position, key, made.small)
    return {position: ROW_CHECK_WIDTH}


def _bars(sheet: Any, position: int, rows: int) -> None:
    look = {"type": "data_bar", "bar_color": BAR, "bar_solid": True, "min_type": "num", "max_type": "num"}
    sheet.conditional_format(1, position, max(rows, 1), position, look | {"min_value": 0, "max_value": 1})


def _mark_placed(made: Book, sheet: Any, position: int, rows: int) -> None:
    look = {"type": "cell", "criteria": "==", "value": '"placed"', "format": made.marked}
    sheet.conditional_format(1, position, max(rows, 1), position, look)
