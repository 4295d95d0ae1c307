"""What the reader of workbooks does not tell of an .xlsx file: cells without a value, and what its days count from.

It gives a formula that was never worked out, and an error such as #N/A, as blank, which would hide them.
"""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

from pilotage.sources.opening.archive import DAMAGED

SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*?>")
RELATION = re.compile(r"<Relationship\s[^>]*?>")
CELL = re.compile(r"<(?:\w+:)?c\s([^>]*?)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
FORMULA = re.compile(r"<(?:\w+:)?f[\s>/]")
VALUE = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
FROM_1904 = re.compile(r"<(?:\w+:)?workbookPr\s[^>]*?\bdate1904\s*=\s*[\"'](?:1|true)")
NO_VALUE = "a formula that was never worked out"


def cells_without_value(content: bytes) -> dict[str, list[tuple[str, str]]]:
    """Return, by sheet, the cells without a value and what each holds; nothing for other kinds of workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: _of_sheet(_text(archive, part)) for name, part in _sheets(archive).items()}
    except (*DAMAGED, KeyError):
        return {}


def counts_from_1904(content: bytes) -> bool:
    """Return whether an .xlsx file counts its days from 1904; False for other kinds of workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return FROM_1904.search(_text(archive, "xl/workbook.xml")) is not None
    except (*DAMAGED, KeyError):
        return False


def _text(archive: zipfile.ZipFile, part: str) -> str:
    return archive.read(part).decode("utf-8")


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each sheet and the part of the file that holds it."""
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    relations = [_attributes(tag) for tag in RELATION.findall(_text(archive, "xl/_rels/workbook.xml.rels"))]
    target = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    sheets = {}
    for tag in SHEET.findall(_text(archive, "xl/workbook.xml")):
        attributes = _attributes(tag)
        part = target.get(attributes.get("r:id", ""), "")
        part = part.removeprefix("/") if part.startswith("/") else f"xl/{part}"
        if part in archive.namelist():
            sheets[attributes.get("name", "")] = part
    return sheets


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'([\w:]+)="([^"]*)"', tag)}


def _of_sheet(text: str) -> list[tuple[str, str]]:
    if 't="e"' not in text and not FORMULA.search(text):
        return []
    faults = []
    for tag, body in CELL.findall(text):
        attributes, value = _attributes(tag), VALUE.search(body)
        given = unescape(value.group(1)) if value else ""
        if attributes.get("t") == "e":
            faults.append((attributes.get("r", ""), f"the error {given or '#VALUE!'}"))
        elif FORMULA.search(body) and not given and attributes.get("t") != "str":
            faults.append((attributes.get("r", ""), NO_VALUE))
    return faults
