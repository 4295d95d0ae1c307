"""The answers of the sheet Question as text, and the workbook with other answers, in which all else stays as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineWorkbook

from pilotage.errors import DataError, Problem, Spot, raise_all
from pilotage.sources.cells.grid import clean, sheet_words
from pilotage.sources.cells.workbook import book_grids
from pilotage.sources.files.tables import at_most, letters_of, read_text_table, sheet_of, where_of
from pilotage.sources.opening.contents import content_of, reading_workbook
from pilotage.sources.setup.corrections import UNCOPIED, copy_of
from pilotage.sources.setup.questions import questions
from pilotage.sources.setup.scenario import ALLOWED, ANSWER, ASKED, COLUMNS, PLACE, QUESTION_SHEETS, SETTING

FIRST_ROW = 2  # what the reader of tables takes from a row's number
IN_FIGURES = ("pounds", "km", "whole")  # kinds of answers of which a whole number is written as one
WHOLE = re.compile(r"[1-9][0-9]{0,8}|0")
FORMULA, TEXT = "f", "s"  # kinds of cells, as openpyxl has them


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
    """Return a copy of the workbook with the answers of ``cells`` in the place of its own.

    Raises
    ------
    DataError
        Where it holds formulas, since only Excel works them out; and where the copy would not be read as the workbook
        is, with these answers alone changed.
    """
    path = answers.path
    try:
        book = copy_of(path)
        raise_all(DataError, at_most(_formulas(answers, book), str(path)))
        changed = dict(_put(answers, cells, book[answers.sheet]))
        made = BytesIO()
        book.save(made)
    except UNCOPIED:
        raise _not_written(answers) from None
    _expect_same(answers, content_of(path), made.getvalue(), changed)
    return made.getvalue()


def _put(answers: AnswerCells, cells: pd.DataFrame, sheet: Any) -> Iterator[tuple[str, str]]:
    """Write the answers that differ; yield the name of each cell and its new text."""
    for column in (ANSWER, PLACE):
        for row in _differing(answers, cells, column):
            value = clean(str(cells[column].loc[row] or ""))
            is_figure = column == ANSWER and row in answers.in_figures and WHOLE.fullmatch(value) is not None
            cell = sheet[f"{answers.letters[column]}{row}"]
            cell.value = int(value) if is_figure else value or None
            if cell.data_type == FORMULA:
                cell.data_type = TEXT  # an answer that begins with "=" is a text
            yield cell.coordinate, value


def _differing(answers: AnswerCells, cells: pd.DataFrame, column: str) -> Iterator[int]:
    """Yield the rows of which the answer, or the place, is another one."""
    if column in answers.cells:
        pairs = zip(answers.cells.index.tolist(), answers.cells[column], cells[column], strict=True)
        yield from (row for row, before, now in pairs if (before or "") != (now or ""))


def _formulas(answers: AnswerCells, book: Any) -> Iterator[Problem]:
    """Yield each formula: a copy would have no value of it."""
    does, do = "holds a formula, which may rest on an answer", "correct the answer in Excel, save it, and open it again"
    allowed = "a workbook without formulas, since only Excel works them out"
    for sheet in book.worksheets:
        where = sheet_words(answers.path, sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == FORMULA:
                    place = f"{where}, cell {cell.coordinate}"
                    yield Problem(place, does, allowed, do, at=Spot(where, cell=cell.coordinate))


def _not_written(answers: AnswerCells) -> DataError:
    do = "correct them in Excel, save it, and open it again"
    return DataError(Problem(answers.where, "these answers cannot be written into a copy of it", "", do))


def _expect_same(answers: AnswerCells, before: bytes, made: bytes, changed: Mapping[str, str]) -> None:
    """Raise where the workbook that was made is not read as the one before, with some answers changed."""
    cells, faults = _read(answers.path, before)
    cells |= {(answers.sheet, cell): value for cell, value in changed.items()}
    if ({place: text for place, text in cells.items() if text}, faults) != _read(answers.path, made):
        raise _not_written(answers)


def _read(path: Path, content: bytes) -> tuple[dict[tuple[str, str], str], list[tuple[str, str, str]]]:
    """Return every cell of a workbook that is filled, by sheet and name, and the cells without a value."""
    with reading_workbook(path):
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    grids = book_grids(path, book, content)
    filled = {
        (grid.sheet or "", grid.cell_name(row, column)): text
        for grid in grids
        for row, cells in enumerate(grid.rows)
        for column, text in enumerate(cells)
        if text
    }
    return filled, [(grid.sheet or "", cell, what) for grid in grids for cell, what in grid.faults]
