"""How sheets print on A4: their first columns at a size that can be read, and their first rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pilotage.case.record import RunRecord
from pilotage.report.run.proof import NOT_TO_BE_USED, failure
from pilotage.report.words import banner, day

WIDEST = 232  # characters across a page in landscape, at about seven points
MOST_ROWS = 500  # printed of a list
A4 = 9  # as Excel numbers paper
LINE_POINTS = 15  # height of a line
MOST_POINTS = 409  # height of a row, as Excel allows


def print_set_up(sheet: Any, record: RunRecord) -> None:
    """Set paper, heading and footer: the name of the run, its day, that it is internal, the sheet and the page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    name = record.scenario.name.replace("&", "&&")
    stamp = NOT_TO_BE_USED if failure(record) else (banner(record) or "").split(":")[0]
    sheet.set_header(f"&L{name}, as of {day(record)}&CInternal&R{stamp}")
    sheet.set_footer("&L&A&RPage &P of &N")


def print_list(sheet: Any, record: RunRecord, widths: Sequence[int], rows: int) -> None:
    """Set a list to print with its heading on each page: the columns that fit a page, and no more than some rows."""
    print_set_up(sheet, record)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(min(rows, MOST_ROWS), 1), printed_columns(widths) - 1)


def printed_columns(widths: Sequence[int]) -> int:
    """Return how many of the first columns fit a page."""
    across = 0
    for number, width in enumerate(widths):
        across += width
        if across > WIDEST and number:
            return number
    return len(widths)


def set_height(sheet: Any, row: int, cells: Iterable[tuple[object, int]]) -> None:
    """Make a row as high as the longest of its texts needs in its width; other programs do not do so on opening."""
    lines = max((_lines(text, width) for text, width in cells if isinstance(text, str)), default=1)
    if lines > 1:
        sheet.set_row(row, min(LINE_POINTS * lines, MOST_POINTS))


def _lines(text: str, width: int) -> int:
    return -(-len(text) // max(width - 2, 1)) if len(text) > width else 1
