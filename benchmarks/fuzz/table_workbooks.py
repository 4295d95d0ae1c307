"""Grids as the bytes of an .xlsx file, written part by part: quick, and with what a library would not write."""

from __future__ import annotations

import io
import random
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pilotage.sources.cells.grid import column_letters

Draw = random.Random
Grid = list[list[Any]]

NAMES = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ZERO_DAYS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
DAY_STYLE = 1
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>'
)
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATED}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
STYLES = (
    f'<styleSheet xmlns="{NAMES}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    "</cellXfs></styleSheet>"
)


@dataclass(frozen=True)
class Formula:
    """A cell with a formula; ``value`` is what it came to (None: it was never worked out)."""

    text: str
    value: Any = None


@dataclass(frozen=True)
class Fault:
    """A cell with an error, such as #N/A."""

    text: str


@dataclass(frozen=True)
class Book:
    """How a workbook lays its sheets out; ``beside`` are other sheets by name, each a grid."""

    sheet: str = "Sheet1"
    beside: tuple[tuple[str, Grid], ...] = ()
    hidden: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    first_row: int = 1
    first_column: int = 0
    from_1904: bool = False
    shared: bool = True
    far: str | None = None


def drawn_book(draw: Draw, role: str) -> Book:
    """Return a layout; often that of one plain sheet."""
    if draw.random() < 0.3:
        return Book()
    rare = [draw.random() < 0.15 for _ in range(8)]
    other: Grid = draw.choice(([], [["Read me"]], [["urn", "level"], ["900001", "head"]]))
    name = draw.choice((role, role.capitalize(), role.removesuffix("s"), "Sheet1", "data", "\U0001f600", "a & b"))
    beside = (
        tuple((each, other) for each in draw.sample(("Notes", "Sheet2", "old"), draw.choice((1, 2)))) if rare[0] else ()
    )
    return Book(
        name,
        beside,
        tuple(each for each, _ in beside) if rare[1] else (name,) if rare[2] and beside else (),
        (draw.choice(("A2:A3", "C3:C5", "B1:D1", "A2:C3", "A1:A2")),) if rare[3] else (),
        draw.choice((2, 3, 7)) if rare[4] else 1,
        draw.choice((1, 2, 25)) if rare[5] else 0,
        rare[6],
        draw.random() < 0.5,
        draw.choice(("A30000", "XFD1", "XFD1048576", "AZ200", "A1048576")) if rare[7] and draw.random() < 0.4 else None,
    )


def as_book(grid: Grid, book: Book) -> bytes:
    """Return a workbook whose last sheet holds the grid: texts, numbers, days, yes and no, ``Formula``, ``Fault``."""
    sheets = [*((name, _sheet(rows, Book(), [])) for name, rows in book.beside)]
    texts: list[str] = []
    sheets.append((book.sheet, _sheet(grid, book, texts)))
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": ROOT, "xl/styles.xml": STYLES}
    parts["xl/workbook.xml"] = _workbook([name for name, _ in sheets], book)
    parts["xl/_rels/workbook.xml.rels"] = _relations(len(sheets))
    parts["xl/sharedStrings.xml"] = _shared(texts)
    parts |= {f"xl/worksheets/sheet{place}.xml": text for place, (_, text) in enumerate(sheets, 1)}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def _workbook(names: list[str], book: Book) -> str:
    states = dict.fromkeys(book.hidden, ' state="hidden"')
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{place}"{states.get(name, "")} r:id="rId{place}"/>'
        for place, name in enumerate(names, 1)
    )
    days = '<workbookPr date1904="1"/>' if book.from_1904 else ""
    return f'<workbook xmlns="{NAMES}" xmlns:r="{RELATED}">{days}<sheets>{sheets}</sheets></workbook>'


def _relations(sheets: int) -> str:
    each = "".join(
        f'<Relationship Id="rId{place}" Type="{RELATED}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in range(1, sheets + 1)
    )
    more = f'<Relationship Id="rS" Type="{RELATED}/styles" Target="styles.xml"/>'
    more += f'<Relationship Id="rT" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}{more}</Relationships>'


def _shared(texts: list[str]) -> str:
    return f'<sst xmlns="{NAMES}">{"".join(f"<si>{_text(text)}</si>" for text in texts)}</sst>'


def _text(text: str) -> str:
    return f'<t xml:space="preserve">{escape(_writable(text))}</t>'


def _writable(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return UNWRITABLE.sub("", text[:32_767])


def _sheet(grid: Grid, book: Book, texts: list[str]) -> str:
    rows = []
    for place, row in enumerate(grid, book.first_row):
        names = [f"{column_letters(book.first_column + column)}{place}" for column in range(len(row))]
        rows.append(f'<row r="{place}">{"".join(map(_Cells(book, texts).cell, names, row))}</row>')
    if book.far:
        rows.append(f'<row><c r="{book.far}"><v>1</v></c></row>')
    merged = "".join(f'<mergeCell ref="{cells}"/>' for cells in book.merged)
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{NAMES}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


@dataclass(frozen=True)
class _Cells:
    """What writes the cells of a sheet; shared texts are added to ``texts``."""

    book: Book
    texts: list[str]

    def cell(self, name: str, value: Any, formula: str = "") -> str:
        if isinstance(value, Formula):
            return self.cell(name, value.value, f"<f>{escape(_writable(value.text))}</f>")
        if isinstance(value, Fault):
            return f'<c r="{name}" t="e">{formula}<v>{escape(value.text)}</v></c>'
        if value is None or value == "":
            return f'<c r="{name}">{formula}</c>' if formula else ""
        if isinstance(value, bool):
            return f'<c r="{name}" t="b">{formula}<v>{int(value)}</v></c>'
        if isinstance(value, date):
            number = (value - ZERO_DAYS[self.book.from_1904]).days
            return f'<c r="{name}" s="{DAY_STYLE}">{formula}<v>{number}</v></c>'
        if isinstance(value, int | float):
            return f'<c r="{name}">{formula}<v>{value!r}</v></c>'
        return self._text(name, str(value), formula)

    def _text(self, name: str, text: str, formula: str) -> str:
        if formula:
            return f'<c r="{name}" t="str">{formula}<v>{escape(_writable(text))}</v></c>'
        if not self.book.shared:
            return f'<c r="{name}" t="inlineStr"><is>{_text(text)}</is></c>'
        self.texts.append(text)
        return f'<c r="{name}" t="s"><v>{len(self.texts) - 1}</v></c>'
