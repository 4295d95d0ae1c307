"""Raw files as sheets of rows: by what they hold, not by their names. No meaning is given to a cell here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

from pilotage.errors import DataError, Problem
from pilotage.sources.files.column_maps import every_header_key
from pilotage.sources.opening.contents import MOST_CELLS, WORKBOOK, ZIP, content_of, reading_workbook
from pilotage.sources.opening.decoded import decoded
from pilotage.sources.opening.text_rows import MOST_COLUMNS, text_rows

START_BYTES = 65_536  # of a text file, to tell what it is
OLE = b"\xd0\xcf\x11\xe0"  # the start of an old workbook, and of a workbook with a password
DAY_WORDS = re.compile(
    r"(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})"
)


@dataclass(frozen=True)
class Sheet:
    """Rows of cells: text, or what a workbook holds.

    ``first`` is the number of the first row as Excel shows it; ``separator`` parts the cells of a text (null: it is a
    workbook).
    """

    name: str | None
    rows: list[list[Any]]
    first: int = 1
    separator: str | None = None

    def where(self, path: Path, row: int | None = None) -> str:
        """Return where in a file a row (by its position) is, for a message."""
        sheet = f", sheet {self.name!r}" if self.name else ""
        return f"{path}{sheet}" + ("" if row is None else f", row {row + self.first}")


@dataclass(frozen=True)
class Raw:
    """A file opened: its sheets are read when asked for; a text file has one without a name."""

    path: Path
    names: tuple[str, ...]
    book: CalamineWorkbook | None
    text: str

    def sheets(self, wanted: str | None = None) -> Iterator[Sheet]:
        """Yield the sheets, or the one whose plain name is wanted.

        Raises
        ------
        DataError
            When a sheet is damaged, or larger than a table may be.
        """
        if self.book is None:
            rows, separator = text_rows(self.path, self.text, every_header_key())
            yield Sheet(None, rows, separator=separator)
            return
        for name in self.names:
            if wanted is None or plain_name(name) == wanted:
                yield self._sheet(name)

    def _sheet(self, name: str) -> Sheet:
        page, rows = self._page(name)
        first = 1 + (page.start or (0, 0))[0]
        width = max((len(row) for row in rows[:1]), default=0)
        if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
            what = f"is {width:,} columns wide and {len(rows):,} long"
            allowed = f"at most {MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells"
            raise DataError(Problem(f"{self.path}, sheet {name!r}", what, allowed, "keep the table alone"))
        return Sheet(name, rows, first)

    def _page(self, name: str) -> tuple[CalamineSheet, list[list[Any]]]:
        assert self.book is not None
        with reading_workbook(self.path):
            page = self.book.get_sheet_by_name(name)
            return page, page.to_python(skip_empty_area=True)

    def stated_day(self) -> date | None:
        """Return the day as at which a workbook of management information speaks: its Cover's, else its Dates'."""
        for name in ("Cover", "Dates"):
            if self.book is not None and name in self.names:
                day = _day_beside(self._page(name)[1][:15])
                if day:
                    return day
        return None


def plain_name(name: str) -> str:
    """Return a sheet's name without case and repeated blanks."""
    return re.sub(r"\s+", " ", name).strip().lower()


def opened(path: Path, *, start_only: bool = False) -> Raw:
    """Return a file opened as what it holds: a workbook, a zip of one file, or a text of rows.

    Raises
    ------
    DataError
        When it is damaged, protected by a password, larger than ``opening.contents`` allows, or neither a workbook nor
        a text.
    """
    content = content_of(path)
    if content.startswith((ZIP, OLE)):
        book = _workbook(path, content)
        return Raw(path, tuple(book.sheet_names), book, "")
    whole = len(content) <= START_BYTES or not start_only
    text = decoded(path, content if whole else content[: content.rfind(b"\n", 0, START_BYTES) + 1 or START_BYTES])
    if path.suffix.lower() in WORKBOOK:
        what = "is not a readable workbook: it holds text"
        raise DataError(Problem(str(path), what, "an Excel workbook", "download it again, or name it .csv"))
    return Raw(path, (), None, text)


def _workbook(path: Path, content: bytes) -> CalamineWorkbook:
    protected = "is protected by a password", "a workbook without one", "open it in Excel and save it without one"
    if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise DataError(Problem(str(path), *protected))
    with reading_workbook(path):
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(content))
        except PasswordError:
            raise DataError(Problem(str(path), *protected)) from None


def _day_beside(rows: list[list[Any]]) -> date | None:
    """Return the day beside a label such as "End date", "As at Date" or "Period covered"."""
    for row in rows:
        label = " ".join(str(cell) for cell in row[:1]).lower()
        if label.startswith(("end date", "as at", "period covered")):
            for cell in row[1:]:
                if isinstance(cell, date):
                    return cell.date() if isinstance(cell, datetime) else cell
                words = DAY_WORDS.search(str(cell))
                if words:
                    return datetime.strptime(" ".join(words.groups()), "%d %B %Y").date()
    return None
