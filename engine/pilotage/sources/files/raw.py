"""Raw files as sheets of rows: by what they hold, not by their names. No meaning is given to a cell here."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from pilotage.errors import DataError, Problem

LARGEST_BYTES = 400_000_000  # of an archive unpacked: the largest real workbook has 9 million
START_BYTES = 65_536  # of a text file, to tell what it is
MOST_CELLS = 20_000_000  # of a sheet, blank ones counted: the largest real one has 8 million
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
CELL_COLUMN = re.compile(rb'\br="([A-Z]{1,3})\d+"')
WORKBOOK = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ROW_END = re.compile(r"\r\n|\n|\r")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)
OLE = b"\xd0\xcf\x11\xe0"  # the start of an old workbook, and of a workbook with a password
DAY_WORDS = re.compile(
    r"(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})"
)


@dataclass(frozen=True)
class Sheet:
    """Rows of cells: text, or what a workbook holds; ``first`` is the number of the first row as Excel shows it."""

    name: str | None
    rows: list[list[Any]]
    first: int = 1

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
        """Yield the sheets, or the one whose plain name is wanted."""
        if self.book is None:
            yield Sheet(None, _cells(self.path, self.text))
            return
        for name in self.names:
            if wanted is None or plain_name(name) == wanted:
                page = self.book.get_sheet_by_name(name)
                yield Sheet(name, page.to_python(skip_empty_area=True), 1 + (page.start or (0, 0))[0])

    def stated_day(self) -> date | None:
        """Return the day as at which a workbook of management information speaks: its Cover's, else its Dates'."""
        for name in ("Cover", "Dates"):
            if self.book is not None and name in self.names:
                rows = self.book.get_sheet_by_name(name).to_python(skip_empty_area=True)[:15]
                day = _day_beside(rows)
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
        When it is damaged, protected by a password, a zip of several files or one that would unpack to more than
        ``LARGEST_BYTES``, or neither a workbook nor a text.
    """
    content = _content(path)
    if content.startswith((b"PK", OLE)):
        book = _workbook(path, content)
        return Raw(path, tuple(book.sheet_names), book, "")
    if path.suffix.lower() in WORKBOOK:
        what = "is not a readable workbook: it holds text"
        raise DataError(Problem(str(path), what, "an Excel workbook", "download it again, or name it .csv"))
    if start_only and len(content) > START_BYTES:
        content = content[: content.rfind(b"\n", 0, START_BYTES) + 1 or START_BYTES]
    return Raw(path, (), None, decoded(path, content))


def _content(path: Path) -> bytes:
    """Return the bytes of a file, or of the one file inside a zip that is no workbook itself."""
    content = path.read_bytes()
    if not content.startswith(b"PK"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _expect_size(path, archive)
            names = archive.namelist()
            if "[Content_Types].xml" in names or "mimetype" in names:
                _expect_cells(path, archive)
                return content
            inside = [name for name in names if name.lower().endswith((*WORKBOOK, ".csv"))]
            if len(inside) != 1:
                what = f"a zip of {len(inside)} workbooks"
                raise DataError(Problem(str(path), what, "one workbook", "unpack it and keep the one"))
            return archive.read(inside[0])
    except DAMAGED:
        if path.suffix.lower() in WORKBOOK:
            raise _unreadable(path) from None
        raise DataError(Problem(str(path), "a truncated or damaged zip", "a whole file", "download it again")) from None


def _workbook(path: Path, content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        do = "open it in Excel and save it without one"
        raise DataError(Problem(str(path), "is protected by a password", "a workbook without one", do)) from None
    except (CalamineError, OSError, ValueError):
        if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
            do = "open it in Excel and save it without one"
            raise DataError(Problem(str(path), "is protected by a password", "a workbook without one", do)) from None
        raise _unreadable(path) from None


def _unreadable(path: Path) -> DataError:
    what = "is not a readable workbook (it is damaged, cut off, or of another kind)"
    return DataError(Problem(str(path), what, "an Excel workbook", "download it again"))


def _expect_cells(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise where a sheet has a cell so far away that all cells up to it would not fit in memory."""
    for part in archive.namelist():
        if SHEET_PART.fullmatch(part):
            text = archive.read(part)
            last_row = max((int(row) for row in {*CELL_ROW.findall(text)}), default=0)
            widest = max((_column(letters) for letters in {*CELL_COLUMN.findall(text)}), default=0)
            if last_row * widest > MOST_CELLS:
                what = f"has cells as far as row {last_row:,} and column {widest:,}: more than {MOST_CELLS:,} in all"
                allowed = "a table that begins near the first cell of its sheet"
                raise DataError(Problem(str(path), what, allowed, "delete what stands far away, and save it again"))


def _column(letters: bytes) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _expect_size(path: Path, archive: zipfile.ZipFile) -> None:
    total = sum(entry.file_size for entry in archive.infolist())
    if total > LARGEST_BYTES:
        what = f"would unpack to {total / 1e6:,.0f} MB"
        allowed = f"at most {LARGEST_BYTES / 1e6:,.0f} MB"
        raise DataError(Problem(str(path), what, allowed, "check where the file comes from"))


def decoded(path: Path, content: bytes) -> str:
    """Return text that is UTF-8 or UTF-16 with a mark, else UTF-8 with some rows in Windows Latin-1.

    Raises
    ------
    DataError
        When there are bytes that are no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        text = _utf16_without_mark(content)
        if text is not None:
            return text
        raise DataError(Problem(str(path), "holds bytes that are no text", "a CSV or a workbook", "download it again"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        row_texts = content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
        return "".join(_decoded_row(row_text) for row_text in row_texts)


def _utf16_without_mark(content: bytes) -> str | None:
    """Return the text of UTF-16 without its mark: every other byte is then zero, but for foreign letters."""
    for encoding, high in (("utf-16-le", content[1::2]), ("utf-16-be", content[0::2])):
        if len(content) % 2 == 0 and high.count(0) * 10 >= len(high) * 9:
            text = content.decode(encoding, errors="replace")
            return None if "\x00" in text else text
    return None


def _decoded_row(row_text: bytes) -> str:
    try:
        return row_text.decode("utf-8")
    except UnicodeDecodeError:
        return row_text.decode("cp1252", errors="replace")


def _cells(path: Path, text: str) -> list[list[Any]]:
    """Return the rows of a text; a cell too many, from a stray quote or comma, is put right or reported."""
    row_texts = ROW_END.split(text.rstrip("\r\n"))
    width, delimiter = _shape(row_texts)
    reader = csv.reader(row_texts, delimiter=delimiter)
    rows: list[list[Any]] = []
    last = before = 0
    try:
        for row in reader:
            rows.append(row if len(row) <= width else _mended(row, row_texts[before : reader.line_num], width))
            last, before = before, reader.line_num
    except csv.Error as error:
        raise _broken(path, before + 1, f"not a table: {error}") from None
    _expect_rows(path, rows, width)
    _expect_end(path, rows, width, "".join(row_texts[last:]), whole=text.endswith(("\n", "\r")))
    return rows


def _shape(row_texts: list[str]) -> tuple[int, str]:
    """Return how many cells a row has, the first's or the most frequent if that is more, and what separates them."""
    start = row_texts[:25]
    tabs, commas, semicolons = (max((text.count(mark) for text in start), default=0) for mark in "\t,;")
    delimiter = "\t" if tabs > commas else ";" if semicolons > commas else ","
    widths = [len(row) for row in csv.reader(row_texts[:200], delimiter=delimiter)]
    return max(widths[0], Counter(widths).most_common(1)[0][0]) if widths else 0, delimiter


def _mended(row: list[str], row_texts: list[str], width: int) -> list[str]:
    """Return a row of too many cells without blank ones at its end, or parted at its quotes; else as it is."""
    if not any(row[width:]):
        return row[:width]
    lead = re.match(r"(?:[^\",]*,)*", row_texts[0])
    rest = row_texts[0][lead.end() :] if lead else ""
    if len(row_texts) == 1 and lead and rest.startswith('"') and rest.endswith('"'):
        parted = [*lead.group().split(",")[:-1], *rest[1:-1].split('","')]
        return parted if len(parted) == width else row
    return row


def _expect_rows(path: Path, rows: list[list[Any]], width: int) -> None:
    for number, row in enumerate(rows, 1):
        if len(row) > width:
            raise _broken(path, number, f"{len(row)} cells under a header of {width}")


def _expect_end(path: Path, rows: list[list[Any]], width: int, last: str, *, whole: bool) -> None:
    """Raise where the last row leaves a quote open, or no end of row follows it and it is short as no other row is."""
    short = bool(rows) and len(rows[-1]) < width and not any(len(row) == len(rows[-1]) for row in rows[:-1])
    if last.count('"') % 2 or (short and not whole):
        what = f"not a table: the file breaks off in this row, after {len(rows[-1])} of {width} cells"
        raise _broken(path, len(rows), what)


def _broken(path: Path, row: int, what: str) -> DataError:
    return DataError(Problem(f"{path}, row {row}", what, "as many cells in every row", "download it again"))


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
