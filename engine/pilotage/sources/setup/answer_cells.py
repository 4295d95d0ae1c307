"""The answers of the sheet Question as text, and the workbook with other answers, in which all else stays as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
from python_calamine import CalamineWorkbook

from pilotage.errors import DataError, Problem, Spot, raise_all
from pilotage.sources.cells.grid import clean
from pilotage.sources.cells.without_value import sheet_parts
from pilotage.sources.cells.workbook import book_grids
from pilotage.sources.files.tables import letters_of, read_text_table, sheet_of, where_of
from pilotage.sources.opening.archive import with_parts
from pilotage.sources.opening.contents import content_of, reading_workbook
from pilotage.sources.setup.questions import questions
from pilotage.sources.setup.scenario import ALLOWED, ANSWER, ASKED, COLUMNS, PLACE, QUESTION_SHEETS, SETTING

FIRST_ROW = 2  # what the reader of tables takes from a row's number
IN_FIGURES = ("pounds", "km", "whole")  # kinds of answers of which a whole number is written as one
WHOLE = re.compile(r"[1-9][0-9]{0,8}|0")
CELL = r'<((?:\w+:)?)c\b([^>]*?)\sr="{}"([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)'
ROW = r'<(?:\w+:)?row\b[^>]*?\sr="{}"[^>]*?(?<!/)>(.*?)</((?:\w+:)?)row>'
ANY_CELL = re.compile(r'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]+)\d+"')
KIND = re.compile(r'\st="[^"]*"')
FORMULA = re.compile(r'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]+\d+)"[^>]*?(?<!/)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)')
NAMED = re.compile(r"<(?:\w+:)?definedName\b([^>]*)>([^<]*)<")
BUILT_IN = 'name="_xlnm.'  # print areas, titles and filters
BOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class AnswerCells:
    """The answers of a setup workbook as its sheet has them.

    Attributes
    ----------
    cells
        Question, answer, place and how to write it, as text; the index is the number of each row as Excel shows it.
    where, sheet
        The file and its sheet as messages name them, and the sheet's own name.
    letters
        Of each column, as Excel shows them.
    in_figures
        The rows whose answer is a figure.
    """

    path: Path
    cells: pd.DataFrame
    where: str
    sheet: str
    letters: dict[str, str]
    in_figures: frozenset[int]


def answer_cells(path: Path) -> AnswerCells:
    """Return the answers of a setup workbook, those that cannot be used too.

    Raises
    ------
    DataError
        Where the workbook, or the form of its sheet Question, cannot be read.
    """
    frame = read_text_table(path, QUESTION_SHEETS, COLUMNS)
    sheet, where = sheet_of(frame), where_of(frame, path)
    lacking = [name for name in (ASKED, ANSWER, SETTING) if name not in frame]
    do = "put it back, as a new setup workbook has it"
    raise_all(DataError, (Problem(where, f"no column {name!r}", ", ".join(COLUMNS), do) for name in lacking))
    letters = letters_of(frame)
    asked = frame[frame[SETTING].notna() | frame[ANSWER].notna()]
    asked = asked.set_index(asked.index + FIRST_ROW)
    figures = {each.key for each in questions() if each.kind in IN_FIGURES}
    cells = asked[[name for name in (ASKED, ANSWER, PLACE, ALLOWED) if name in asked]].astype(object)
    cells.attrs = {}  # of the reader; the screen can't hand them on
    in_figures = frozenset(cells.index[asked[SETTING].isin(figures)].tolist())
    return AnswerCells(path, cells.where(cells.notna(), None), where, sheet or "", letters, in_figures)


def with_answers(answers: AnswerCells, cells: pd.DataFrame) -> bytes:
    """Return the workbook with the answers of ``cells`` in the place of its own.

    Raises
    ------
    DataError
        Where formulas may rest on an answer, since only Excel works them out; and where the workbook would not be read
        as it was, with these answers alone changed.
    """
    content = content_of(answers.path)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(part).decode("utf-8") for name, part in sheet_parts(archive).items()}
        part = sheet_parts(archive)[answers.sheet]
        raise_all(DataError, _formulas(answers, parts, archive.read(BOOK).decode("utf-8")))
    text, changed = parts[answers.sheet], dict[str, str]()
    for column in (ANSWER, PLACE):
        for row in _differing(answers, cells, column):
            value = clean(str(cells[column].loc[row] or ""))
            cell = f"{answers.letters[column]}{row}"
            is_figure = column == ANSWER and row in answers.in_figures and WHOLE.fullmatch(value) is not None
            text, changed[cell] = _with_cell(text, cell, value, is_figure=is_figure), value
    made = with_parts(content, {part: text.encode("utf-8")})
    _expect_same(answers, content, made, changed)
    return made


def _differing(answers: AnswerCells, cells: pd.DataFrame, column: str) -> Iterator[int]:
    """Yield the rows of which the answer, or the place, is another one."""
    if column in answers.cells:
        pairs = zip(answers.cells.index.tolist(), answers.cells[column], cells[column], strict=True)
        yield from (row for row, before, now in pairs if (before or "") != (now or ""))


def _with_cell(text: str, cell: str, value: str, *, is_figure: bool) -> str:
    """Return the text of a sheet's part with another value in a cell, which keeps its style."""
    found = re.search(CELL.format(cell), text, re.DOTALL)
    if found is not None:
        kept = KIND.sub("", f"{found[2]}{found[3]}")
        return text[: found.start()] + _cell(found[1], cell, kept, value, is_figure=is_figure) + text[found.end() :]
    row = re.search(ROW.format(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), text, re.DOTALL)
    if row is None:
        return text  # what was made does not say the answer then, which is refused
    column = cell.rstrip("0123456789")
    after = (each for each in ANY_CELL.finditer(row[1]) if (len(each[1]), each[1]) > (len(column), column))
    place = row.start(1) + next((each.start() for each in after), len(row[1]))
    return text[:place] + _cell(row[2], cell, "", value, is_figure=is_figure) + text[place:]


def _cell(prefix: str, cell: str, kept: str, value: str, *, is_figure: bool) -> str:
    """Return a cell as it is written in a sheet's part."""
    start = f'<{prefix}c r="{cell}"{kept}'
    if not value:
        return f"{start}/>"
    if is_figure:
        return f"{start}><{prefix}v>{value}</{prefix}v></{prefix}c>"
    inline = f'<{prefix}is><{prefix}t xml:space="preserve">{escape(value)}</{prefix}t></{prefix}is>'
    return f'{start} t="inlineStr">{inline}</{prefix}c>'


def _formulas(answers: AnswerCells, parts: Mapping[str, str], book: str) -> Iterator[Problem]:
    """Yield each formula that may rest on an answer: those of the sheet itself, and others that name it."""
    title = answers.sheet.casefold()
    does, do = "holds a formula, which may rest on an answer", "correct the answer in Excel, save it, and open it again"
    allowed = "answers that no formula rests on, since only Excel works formulas out"
    for sheet, text in parts.items():
        for cell, formula in FORMULA.findall(text):
            said = unescape(formula).casefold()
            if sheet == answers.sheet or title in said or "indirect" in said:
                where = f"{answers.path}, sheet {sheet!r}"
                yield Problem(f"{where}, cell {cell}", does, allowed, do, at=Spot(where, cell=cell))
    for attributes, meant in NAMED.findall(book):
        if BUILT_IN not in attributes and title in unescape(meant).casefold():
            yield Problem(str(answers.path), "a name of the workbook stands for an answer", allowed, do)


def _expect_same(answers: AnswerCells, before: bytes, made: bytes, changed: Mapping[str, str]) -> None:
    """Raise where the workbook that was made is not read as the one before, with some answers changed."""
    cells, faults = _read(answers.path, before)
    cells |= {(answers.sheet, cell): value for cell, value in changed.items()}
    if ({place: text for place, text in cells.items() if text}, faults) != _read(answers.path, made):
        do = "correct them in Excel, save it, and open it again"
        raise DataError(Problem(answers.where, "these answers cannot be written into a copy of it", "", do))


def _read(path: Path, content: bytes) -> tuple[dict[tuple[str, str], str], list[tuple[str, str, str]]]:
    """Return every cell of a workbook that is filled, by sheet and name, and the cells without a value."""
    with reading_workbook(path):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    grids = book_grids(path, book, content)
    filled = {
        (grid.sheet or "", grid.cell_name(row, column)): text
        for grid in grids
        for row, cells in enumerate(grid.rows)
        for column, text in enumerate(cells)
        if text
    }
    return filled, [(grid.sheet or "", cell, what) for grid in grids for cell, what in grid.faults]
