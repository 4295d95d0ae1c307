"""The text of a file of keys and values: UTF-8 or UTF-16 by its mark, of bearable size, without control characters."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from unicodedata import category

from pilotage.config.written.fault import Fault

MOST_BYTES = 1_000_000
MOST_TOLD = 20
UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ALLOWED = "a text file in UTF-8"
BREAKS = "\t\n\r"


def decoded(content: bytes) -> tuple[str, list[Fault]]:
    """Return the text in some bytes, and what is wrong with it; the text is empty where it cannot be read."""
    if len(content) > MOST_BYTES:
        what = f"{len(content):,} bytes, too many for a text of keys and values"
        return "", [Fault(1, what, f"at most {MOST_BYTES:,}", "keep lists of leaders and posts in tables")]
    if content.startswith(UTF_32):
        return "", [Fault(1, "a text in UTF-32", ALLOWED, "save it as UTF-8")]
    sixteen = content.startswith(UTF_16)
    try:
        text = content.decode("utf-16" if sixteen else "utf-8-sig")
    except UnicodeDecodeError as error:
        return "", [_undecoded(content, error.start, sixteen=sixteen)]
    if "\0" in text:
        return "", [Fault(1, "not a text file, or one in UTF-16 without its mark", ALLOWED, "save it as UTF-8")]
    faults = list(_control_characters(text))
    return ("" if faults else text), faults


def _undecoded(content: bytes, start: int, *, sixteen: bool) -> Fault:
    """Return the fault of bytes that stand for no character."""
    if sixteen:
        return Fault(1, "a text in UTF-16 that is damaged", ALLOWED, "save it as UTF-8")
    line = content.count(b"\n", 0, start) + 1
    if b"\0" in content:
        return Fault(line, "not a text file", ALLOWED, "name the right file")
    what = f"a character that is not in UTF-8 (byte 0x{content[start]:02x}); the file may be in Windows-1252"
    return Fault(line, what, ALLOWED, "open it in Notepad, and save it with the encoding UTF-8")


def _control_characters(text: str) -> Iterator[Fault]:
    """Yield a fault for each line with characters that no text has, at most twenty."""
    if text.isprintable():
        return
    told = 0
    for number, line in enumerate(text.split("\n"), 1):
        odd = odd_character(line.removesuffix("\r"))
        if odd is not None and told < MOST_TOLD:
            told += 1
            yield Fault(number, odd, "letters, digits, signs and spaces", "delete it; this is a plain text file")


def odd_character(text: str) -> str | None:
    """Return what a text holds that cannot be printed, in words; None where it holds nothing of the kind."""
    if text.isprintable():
        return None
    for char in text:
        if char not in BREAKS and category(char) in ("Cc", "Cs"):
            return f"a control character (number {ord(char)})"
        if char in "\ufffe\uffff":
            return f"a character that does not exist (number {ord(char)})"
    return None
