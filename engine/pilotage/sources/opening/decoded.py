"""Bytes -> text: UTF-8, UTF-16, or Windows Latin-1; bytes that are no table are named."""

from __future__ import annotations

import codecs
from pathlib import Path

from pilotage.errors import DataError, Problem

MARKS = {  # UTF-32 first: its mark begins as that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
PAGES = ("<!doctype html", "<html", "<head", "<body")
LOOKED_AT = 1_000  # characters that tell a web page


def decoded(path: Path, content: bytes) -> str:
    """Return text that is UTF-8, UTF-16 or UTF-32 with a mark, else UTF-8 with some rows in Windows Latin-1.

    Raises
    ------
    DataError
        When there are bytes that are no text, or it is a web page.
    """
    text = _text(content)
    if text is None or "\x00" in text:
        raise DataError(Problem(str(path), "holds bytes that are no text", "a CSV or a workbook", "download it again"))
    start = text[:LOOKED_AT].lstrip("\ufeff \t\r\n").lower()
    if start.startswith(PAGES) or (start.startswith("<?xml") and "<html" in start):
        do = "download the file itself: the address gave a page, such as one that asks to sign in"
        raise DataError(Problem(str(path), "is a web page, not a table", "a CSV or a workbook", do))
    return text


def _text(content: bytes) -> str | None:
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\x00" in content:
        return _utf16_without_mark(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        row_texts = content.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
        return "".join(_decoded_row(row_text) for row_text in row_texts)


def _utf16_without_mark(content: bytes) -> str | None:
    """Return the text of UTF-16 without its mark: every other byte is then zero, but for foreign letters."""
    for encoding, high in (("utf-16-le", content[1::2]), ("utf-16-be", content[0::2])):
        if len(content) % 2 == 0 and high.count(0) * 10 >= len(high) * 9:
            return content.decode(encoding, errors="replace")
    return None


def _decoded_row(row_text: bytes) -> str:
    try:
        return row_text.decode("utf-8")
    except UnicodeDecodeError:
        return row_text.decode("cp1252", errors="replace")
