"""A copy of a setup workbook in which each cell that cannot be used is coloured and says why, with a list of all."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from pilotage.assets import write_whole
from pilotage.domain.words import printable
from pilotage.errors import PilotageError, Problem, Spot
from pilotage.sources.cells.grid import clean, sheet_words
from pilotage.sources.cells.headers import header_key
from pilotage.sources.cells.locate import DEEPEST
from pilotage.sources.opening.archive import DAMAGED
from pilotage.sources.pool.templates import row_height

LIST = "To correct"
WRONG, WAY_OUT = "F8CBAD", "DDEBF7"  # fills: orange and blue, told apart by all who see colours, and by their notes
HEADERS = ("Sheet", "Cell", "What is there", "What is allowed", "What to do")
WAY_HEADERS = ("Sheet", "Cell", "Change", "", "What the plan is then worth")
WIDTHS = (13, 8, 52, 44, 44)
FONT = "Calibri"
TITLE = "Please correct these cells in your own workbook ({name}), save it, and run it again. This copy is not read."
WAYS_OUT = "No plan keeps all the rules together. Each of these changes would make one possible, the best first:"
PLEASE = "Please correct this cell."
LONGEST = 900  # letters of a note
NAMES = 20  # of copies, where earlier ones are open in Excel
UNCOPIED = (*DAMAGED, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError)


def write_corrections(path: Path, error: PilotageError) -> Path | None:
    """Write the copy beside the workbook, which stays as it is; return its path, None where it cannot be written."""
    try:
        content = corrections(path, error)
    except (OSError, *UNCOPIED):
        return None
    first = first_copy(path)
    for copy in (first, *(first.with_stem(f"{first.stem}-{number}") for number in range(2, NAMES + 1))):
        try:
            write_whole(copy, content)
        except OSError:  # open in Excel, which lets nobody else write it
            continue
        return copy
    return None


def first_copy(path: Path) -> Path:
    """Return the copy of a workbook in which its faults are marked, where none of an earlier try is open in Excel."""
    return path.with_stem(f"{path.stem}-to-correct")


def corrections(path: Path, error: PilotageError) -> bytes:
    """Return a copy of a workbook with the problems of an error in it."""
    book = copy_of(path)
    if LIST in book.sheetnames:
        del book[LIST]
    marking = _Marking({str(Path(sheet_words(path, sheet.title))): sheet for sheet in book.worksheets})
    found = [(problem, marking.mark(problem, WRONG)) for problem in error.problems]
    ways = [(problem, marking.mark(problem, WAY_OUT)) for problem in error.ways_out]
    _list(book.create_sheet(LIST, 0), path.name, found, ways)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def copy_of(path: Path) -> openpyxl.Workbook:
    """Return a copy of a workbook to be written into; raises one of ``UNCOPIED`` where it cannot be made."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a copy cannot have, such as a slicer: the workbook itself keeps it
        return openpyxl.load_workbook(path, keep_vba=path.suffix.casefold() == ".xlsm")


@dataclass(frozen=True)
class _Marking:
    """The sheets of a workbook, by what messages call them."""

    sheets: dict[str, Any]

    def mark(self, problem: Problem, fill: str) -> Any:
        """Colour the cell that a problem is about, and note it there; return the cell, None where there is none."""
        sheet = None if problem.spot is None else self.sheets.get(str(Path(problem.spot.table)))
        if problem.spot is None or sheet is None:
            return None
        cell = _unmerged(sheet, _cell_of(sheet, problem.spot))
        told = (("", problem.what), ("Allowed: ", problem.allowed), ("What to do: ", problem.do))
        note = "\n".join([PLEASE, *(f"{label}{_said(text)}" for label, text in told if text)])
        before = [] if cell.comment is None else [cell.comment.text]
        note = Comment("\n\n".join([*before, note])[:LONGEST], "Pilotage", height=160, width=360)
        cell.comment, cell.fill = note, PatternFill("solid", start_color=fill)
        return cell


def _cell_of(sheet: Any, spot: Spot) -> Any:
    """Return the cell of a place: of a header the first that is spelt so, of a row its first cell that is filled."""
    if spot.cell:
        return sheet[spot.cell]
    header = _header(sheet, spot.column)
    row = spot.row or (header.row if header is not None else 1)
    if header is not None:
        return sheet.cell(row, header.column)
    filled = (cell for cell in sheet[row] if cell.value is not None)
    return next(filled, sheet.cell(row, 1))


def _header(sheet: Any, column: str) -> Any:
    key = header_key(column)
    cells = (cell for row in sheet.iter_rows(max_row=min(DEEPEST, sheet.max_row)) for cell in row)
    return next((cell for cell in cells if key and header_key(clean(str(cell.value or ""))) == key), None)


def _unmerged(sheet: Any, cell: Any) -> Any:
    """Return the cell, or the first of the range that it is merged into: no other holds a note."""
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return cell


Marked = tuple[Problem, Any]


def _list(sheet: Any, name: str, found: Iterable[Marked], ways: list[Marked]) -> None:
    """Write what is wrong, row by row, each with a link to its cell; then what may be changed instead."""
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _write(sheet, 1, (TITLE.format(name=name),), bold=True)
    row = _rows(sheet, 3, HEADERS, found)
    if ways:
        _write(sheet, row + 1, (WAYS_OUT,), bold=True)
        _rows(sheet, row + 2, WAY_HEADERS, ways)
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _rows(sheet: Any, first: int, headers: tuple[str, ...], marked: Iterable[Marked]) -> int:
    """Write a header and a row for each problem; return the row below."""
    _write(sheet, first, headers, bold=True)
    row = first
    for row, (problem, cell) in enumerate(_once(marked), first + 1):
        place = ("", "") if cell is None else (cell.parent.title, cell.coordinate)
        what = problem.what if cell is not None else f"{problem.where}: {problem.what}"
        texts = (*place, what, problem.allowed, problem.do)
        _write(sheet, row, texts)
        sheet.row_dimensions[row].height = row_height(texts, WIDTHS)
        if cell is not None:
            link = sheet.cell(row, 2)
            title = cell.parent.title.replace("'", "''")
            link.hyperlink, link.font = (
                f"#'{title}'!{cell.coordinate}",
                Font(name=FONT, color="0563C1", underline="single"),
            )
    return row + 1


def _once(marked: Iterable[Marked]) -> Iterator[Marked]:
    """Yield each problem once."""
    yield from {str(problem): (problem, cell) for problem, cell in marked}.values()


def _write(sheet: Any, row: int, texts: tuple[str, ...], *, bold: bool = False) -> None:
    """Write texts as texts, whatever they begin with."""
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        cell.value = _said(text)
        cell.data_type, cell.quotePrefix = "s", True
        cell.font = Font(name=FONT, bold=bold)
        cell.alignment = Alignment(wrap_text=len(texts) > 1, vertical="top")


def _said(text: str) -> str:
    return printable(text)
