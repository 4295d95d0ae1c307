"""An Excel workbook without some of its rows: the rows become blank, and all else stays as it was.

Office Open XML, ECMA-376 part 1, 18.3.1 (sheets) and 18.4 (shared strings). The parts are changed as text, row by row,
since a parser that writes them again would lose what it does not know.
"""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from pilotage.sources.cells.grid import clean
from pilotage.sources.cells.headers import header_key
from pilotage.sources.cells.workbook import cell_text
from pilotage.sources.forget.rows import COLUMN, MOST_ABOVE, Without
from pilotage.sources.opening.archive import DAMAGED, with_parts

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRINGS, CALCULATED = "xl/sharedStrings.xml", "xl/calcChain.xml"
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
STRING = re.compile(r"<si\b[^>]*?/>|<si\b.*?</si>", re.DOTALL)
ROW = r'<row\b[^>]*?\sr="{}"[^>]*?(?:/>|>.*?</row>)'
MERGED = re.compile(r'<mergeCell\b[^>]*?\sref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
Cells = dict[str, tuple[str, int | None]]  # by column: the text, and the number of the shared string


def without_leader(raw: bytes, leader: str) -> Without | None:
    """Return a workbook without the rows of a leader in any sheet; None where no sheet has a column of leaders.

    Raises
    ------
    ValueError
        When it cannot be read, or cells of the column of leaders are merged; its words say why.
    """
    try:
        with ZipFile(BytesIO(raw)) as book:
            parts = {info.filename: book.read(info) for info in book.infolist()}
        strings = _strings(parts.get(STRINGS))
        sheets = {name: _rows(part, strings) for name, part in parts.items() if SHEET.fullmatch(name)}
    except (*DAMAGED, ElementTree.ParseError, KeyError):
        raise ValueError("it is damaged, cut off, or of another kind") from None
    columns = {name: _column(rows) for name, rows in sheets.items()}
    _expect_unmerged(parts, columns)
    gone = {name: _gone(rows, leader, columns[name]) for name, rows in sheets.items()}
    if all(numbers is None for numbers in gone.values()):
        return None
    removed = {name: numbers for name, numbers in gone.items() if numbers}
    changed = {name: _without_rows(parts[name], numbers) for name, numbers in removed.items()}
    if changed and STRINGS in parts:
        changed[STRINGS] = _without_strings(parts[STRINGS], _unused(sheets, removed))
    return Without(with_parts(raw, changed), sum(len(numbers) for numbers in removed.values()))


def _strings(part: bytes | None) -> list[str]:
    if part is None:
        return []
    every = ElementTree.fromstring(part).iter(f"{SPACE}si")
    return ["".join(text.text or "" for text in each.iter(f"{SPACE}t")) for each in every]


def _rows(part: bytes, strings: list[str]) -> dict[int, Cells]:
    """Return the cells of each row by its number."""
    rows = ElementTree.fromstring(part).iter(f"{SPACE}row")
    return {int(row.attrib["r"]): dict(_cell(cell, strings) for cell in row.iter(f"{SPACE}c")) for row in rows}


def _cell(cell: ElementTree.Element, strings: list[str]) -> tuple[str, tuple[str, int | None]]:
    column = cell.attrib["r"].rstrip("0123456789")
    if cell.get("t") == "inlineStr":
        return column, ("".join(text.text or "" for text in cell.iter(f"{SPACE}t")), None)
    value = cell.findtext(f"{SPACE}v") or ""
    if cell.get("t") == "s" and value:
        return column, (strings[int(value)], int(value))
    return column, (_number(value) if cell.get("t") in (None, "n") else value, None)


def _number(value: str) -> str:
    """Return a number as the reader of tables gives it: 7.0 as 7."""
    try:
        return cell_text(float(value))
    except ValueError:
        return value


def _column(rows: dict[int, Cells]) -> tuple[int, str] | None:
    """Return the row of a sheet's header and the column of leaders; None where it has none."""
    for number in sorted(rows)[:MOST_ABOVE]:
        for column, (text, _) in rows[number].items():
            if header_key(clean(text)) == header_key(COLUMN):
                return number, column
    return None


def _expect_unmerged(parts: dict[str, bytes], columns: dict[str, tuple[int, str] | None]) -> None:
    """Raise where one name of a leader stands for several rows: what is left of them would be said of nobody."""
    for name, place in columns.items():
        merged = MERGED.findall(parts[name].decode("utf-8")) if place else ()
        if place and any(first == place[1] and top != bottom for first, top, bottom in merged):
            raise ValueError(f"cells of the column {COLUMN} are merged: take the merging off")


def _gone(rows: dict[int, Cells], leader: str, place: tuple[int, str] | None) -> list[int] | None:
    """Return the numbers of a sheet's rows of a leader; None where it has no column of leaders."""
    if place is None:
        return None
    header, column = place
    below = ((number, cells.get(column, ("", None))[0]) for number, cells in rows.items() if number > header)
    return [number for number, text in below if clean(text) == leader]


def _without_rows(part: bytes, numbers: list[int]) -> bytes:
    text = part.decode("utf-8")
    for number in numbers:
        text = re.sub(ROW.format(number), "", text, count=1, flags=re.DOTALL)
    return text.encode("utf-8")


def _unused(sheets: dict[str, dict[int, Cells]], removed: dict[str, list[int]]) -> set[int]:
    """Return the shared strings that only rows which are gone had."""
    uses = Counter(
        (index, number in removed.get(name, ()))
        for name, rows in sheets.items()
        for number, cells in rows.items()
        for _, index in cells.values()
        if index is not None
    )
    return {index for index, gone in uses if gone and not uses[index, False]}


def _without_strings(part: bytes, unused: set[int]) -> bytes:
    """Return the shared strings with some of them blank: the others keep their numbers."""
    numbers = iter(range(part.count(b"<si")))
    text = STRING.sub(lambda found: "<si><t/></si>" if next(numbers) in unused else found[0], part.decode("utf-8"))
    return text.encode("utf-8")
