"""The workbook of a pack: a sheet that explains, and the list; plain values, no formulas and no links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

import pandas as pd
import xlsxwriter

from pilotage.domain.findings.packs import Stamp
from pilotage.report.columns import Column
from pilotage.report.share import words
from pilotage.report.share.page import notes_of, title_of
from pilotage.report.words import absent
from pilotage.report.workbook.looks import Book, Sheet

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
READ_ME = "Read me"
NAME_WIDTH, TEXT_WIDTH, LINE_POINTS = 30, 90, 15
PAGE_WIDTH = 180  # characters that a page across can be read with


def write_pack_workbook(stamp: Stamp, name: str, table: pd.DataFrame, columns: Sequence[Column], path: Path) -> None:
    """Write a list of a pack as a workbook; ``name``: of its sheet. The same pack gives the same bytes."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.worksheet_class = Sheet
        created = datetime.combine(stamp.as_of, time())
        book.set_properties({"title": "Pilotage: a pack", "author": "Pilotage", "created": created})
        made = Book(book)
        _read_me(made, stamp, columns)
        _list(made, stamp, name, table, columns)
    path.write_bytes(content.getvalue())


def _read_me(made: Book, stamp: Stamp, columns: Sequence[Column]) -> None:
    sheet = made.book.add_worksheet(READ_ME)
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, 1, title_of(stamp)[:255], made.title)
    notes = notes_of(stamp)
    warnings = [line for line in (stamp.banner, stamp.caution) if line]
    about = [
        ("Made for", words.made_for(stamp)),
        ("Signed off", words.sign_off(stamp)),
        ("Run", words.made_from(stamp)),
    ]
    pairs = [
        *(("Please note", line) for line in warnings),
        *about,
        ("How to read it", notes[0]),
        *(("", note) for note in notes[1:]),
        *((column.heading, column.meaning) for column in columns),
    ]
    for row, (name, text) in enumerate(pairs, start=2):
        sheet.write_string(row, 0, name, made.bold)
        sheet.write_string(row, 1, text, made.text)
        sheet.set_row(row, LINE_POINTS * max(_lines(name, NAME_WIDTH), _lines(text, TEXT_WIDTH)))
    _for_print(sheet, stamp, wide=1)
    sheet.fit_to_pages(1, 1)


def _list(made: Book, stamp: Stamp, name: str, table: pd.DataFrame, columns: Sequence[Column]) -> None:
    sheet = made.book.add_worksheet(name)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.heading, made.heading)
        sheet.set_column(place, place, column.width)
        _fill(made, sheet, place, column, table[column.name].tolist())
    sheet.set_row(0, 48)
    for row, cells in enumerate(table.itertuples(index=False), start=1):
        lines = (_lines(str(cell), column.width) for cell, column in zip(cells, columns, strict=True))
        sheet.set_row(row, LINE_POINTS * max(lines))
    names = 2 if columns[0].form == "integer" else 1  # columns that stay in sight
    sheet.freeze_panes(1, names)
    sheet.autofilter(0, 0, max(len(table), 1), len(columns) - 1)
    sheet.repeat_columns(0, names - 1)
    _for_print(sheet, stamp, wide=2 if sum(column.width for column in columns) > PAGE_WIDTH else 1)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column, at the least one; words leave a tenth of a line empty."""
    return max(-(-len(text) * 10 // (width * 9)), 1)


def _fill(made: Book, sheet: Sheet, place: int, column: Column, values: list[object]) -> None:
    """Write the cells of a column: whole numbers as numbers, texts as texts that nothing runs."""
    for row, value in enumerate(values, start=1):
        if absent(value) or value == "":
            continue
        if column.form == "integer":
            sheet.write_number(row, place, int(str(value)), made.forms["integer"])
        else:
            sheet.write_string(row, place, str(value), made.text)


def _for_print(sheet: Sheet, stamp: Stamp, wide: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(wide, 0)
    sheet.repeat_rows(0)
    state = "Draft, not signed off" if stamp.signed_off_by is None else "Signed off"
    sheet.set_header(f"&LConfidential: see {READ_ME}&R{state}")
    sheet.set_footer("&L&A&RPage &P of &N")
