"""A new setup workbook: a sheet that explains, the questions, and the tables of leaders, posts and answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from pilotage.assets import write_whole
from pilotage.domain.words import typed
from pilotage.errors import Problem, UsageError
from pilotage.sources.pool.templates import FIRST_DAY, described, explain_columns, row_height, table_sheet
from pilotage.sources.setup.example import Row, example
from pilotage.sources.setup.questions import Question, questions
from pilotage.sources.setup.scenario import ANSWERS, COLUMNS, LEADERS, POSTS, QUESTION, SUFFIXES

READ_ME = "Read me"
FIGURE = re.compile(r"-?[0-9]{1,9}(\.[0-9]+)?")
TEMPLATES = {LEADERS: "leaders", POSTS: "posts", ANSWERS: "asks"}
WIDTHS = (17, 30, 24, 20, 56, 24, 27)
HEADER = 3  # row of the questions' header, from 0
FORMATS = {"pounds": "money", "share": "share"}
DATES = ("available_from", "opens_on", "school_date", "body_date", "leader_date")
WHAT = (
    "This workbook is a question to Pilotage: where could these leaders go, under these rules?",
    "The leaders, posts and answers in it are invented, so that you can try it. Put your own in their place.",
    "1. Answer the questions in the sheet Question. A blank cell keeps what the plan has that you start from.",
    "2. Fill in the sheets Leaders, Posts and Answers, one row for each. Write no in takes_part to leave a leader out.",
    "3. Save the workbook, and run it: pilotage run {name}",
    "The results are written beside the workbook, into a folder that is named after it. Open report.html there.",
    "If a cell cannot be read, a copy of the workbook is written beside it. There it is coloured and says why.",
    "You may move and hide rows and columns, add columns of your own to the sheet Question, and add sheets.",
    "Please keep the names of the four sheets, the headers, and the column Setting.",
)


@dataclass(frozen=True)
class _Looks:
    """How cells look, by what they are."""

    book: Any

    def of(self, kind: str) -> Any:
        """Return a format of the workbook."""
        answer = {"bg_color": "#fff6d6", "border": 1, "border_color": "#8a6d00", "text_wrap": True}
        answer |= {"valign": "top", "align": "left"}
        looks = {
            "title": {"bold": True, "font_size": 14},
            "bold": {"bold": True, "bg_color": "#d5dde5", "valign": "top", "text_wrap": True},
            "wrap": {"text_wrap": True, "valign": "top"},
            "quiet": {"font_color": "#5a5a5a", "valign": "top"},
            "answer": answer,
            "money": answer | {"num_format": "£#,##0"},
            "share": answer | {"num_format": "0%"},
            "day": {"num_format": "dd/mm/yyyy", "align": "left"},
            "figure": {"align": "left"},
        }
        return self.book.add_format(looks[kind])


def write_setup(path: Path) -> Path:
    """Write a setup workbook that runs as it is; return its path.

    Raises
    ------
    UsageError
        When the file is there already, or its name is not that of an Excel workbook.
    """
    if path.suffix.casefold() != SUFFIXES[0]:
        do = "name a file such as plan.xlsx"
        raise UsageError(Problem(str(path), "is not the name of an Excel workbook", "a name that ends in .xlsx", do))
    if path.exists():
        what, do = "is there already: it may be filled in", "name another file, or move this one"
        raise UsageError(Problem(str(path), what, "a file that is not there yet", do))
    write_whole(path, setup_book(path.name))
    return path


def setup_book(name: str) -> bytes:
    """Return a setup workbook filled with an example; ``name``: of the file, for its own instructions."""
    content, given = BytesIO(), example()
    with xlsxwriter.Workbook(content) as book:
        book.set_properties({"title": "Setup of a plan", "created": FIRST_DAY})
        looks = _Looks(book)
        _read_me(book.add_worksheet(READ_ME), name, looks)
        _ask(book.add_worksheet(QUESTION), looks)
        for sheet, rows in ((LEADERS, given.leaders), (POSTS, given.posts), (ANSWERS, given.answers)):
            _fill(book, sheet, rows, looks)
        book.worksheets()[1].activate()
    return content.getvalue()


def _read_me(sheet: Any, name: str, looks: _Looks) -> None:
    sheet.write_string(0, 0, "Setup of a plan", looks.of("title"))
    for row, text in enumerate(WHAT, 1):
        sheet.write_string(row, 0, text.format(name=typed(name)))
    row, bold, wrap = len(WHAT) + 2, looks.of("bold"), looks.of("wrap")
    for table, template in TEMPLATES.items():
        sheet.write_string(row, 0, f"Columns of the sheet {table}", looks.of("title"))
        row = explain_columns(sheet, row + 1, described()[template], bold, wrap) + 1
    _print(sheet)


def _ask(sheet: Any, looks: _Looks) -> None:
    sheet.write_string(0, 0, "What should the plan answer?", looks.of("title"))
    sheet.write_string(1, 0, "Type into the yellow cells. A blank cell keeps what the plan has that you start from.")
    for place, (title, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.write_string(HEADER, place, title, looks.of("bold"))
        sheet.set_column(place, place, width)
    cells = {kind: looks.of(kind) for kind in ("wrap", "quiet", "answer", "money", "share")}
    for row, question in enumerate(questions(), HEADER + 1):
        said = (question.about, question.question, str(question.example or ""), "", question.means, question.how, "")
        sheet.set_row(row, row_height(said, WIDTHS))
        texts = (question.about, question.question, None, None, question.means, question.how, question.key)
        for place, text in enumerate(texts):
            if text is not None:
                sheet.write_string(row, place, text, cells["quiet" if place == len(texts) - 1 else "wrap"])
        _write(sheet, (row, 2), question.example, cells[FORMATS.get(question.kind, "answer")])
        if question.place is not None:
            _write(sheet, (row, 3), question.in_place, cells["answer"])
        _offer(sheet, row, question)
    sheet.freeze_panes(HEADER + 1, 2)
    _print(sheet)


def _offer(sheet: Any, row: int, question: Question) -> None:
    """Give an answer its drop-down, where it has one: others are allowed where the question is open."""
    if question.listed:
        listed: dict[str, Any] = {"validate": "list", "source": list(question.listed)}
        sheet.data_validation(row, 2, row, 2, listed | {"show_error": not question.open})


def _write(sheet: Any, cell: tuple[int, int], value: Any, look: Any) -> None:
    """Write a value as what it is: a text is never a formula."""
    if value is None:
        sheet.write_blank(*cell, None, look)
    elif isinstance(value, str):
        sheet.write_string(*cell, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(*cell, value, look)
    else:
        sheet.write_number(*cell, value, look)


def _fill(book: Any, title: str, rows: Sequence[Row], looks: _Looks) -> None:
    columns = described()[TEMPLATES[title]]
    sheet = table_sheet(book, title, columns, looks.of("bold"))
    look = {True: looks.of("day"), False: looks.of("figure")}
    for place, name in enumerate(columns):
        longest = max((len(str(row.get(name, ""))) for row in rows), default=0)
        sheet.set_column(place, place, min(48, max(len(name) + 3, longest + 2)), look[name in DATES])
        for number, row in enumerate(rows, 1):
            if name in row:
                _write(sheet, (number, place), _typed(row[name], is_day=name in DATES), look[name in DATES])
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    sheet.freeze_panes(1, 1)
    _print(sheet)


def _typed(text: Any, *, is_day: bool) -> Any:
    """Return the text of a cell as what it is: a day, a figure or a text."""
    if is_day:
        return date.fromisoformat(str(text))
    return float(text) if FIGURE.fullmatch(str(text)) else str(text)


def _print(sheet: Any) -> None:
    """Let a sheet be printed on as many A4 pages as it needs, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
