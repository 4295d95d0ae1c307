"""What a pack must not hold, and whether it does: every file decoded in every way in which a reader may open it.

It shares no code with what writes packs.
"""

import csv
import html
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"(?<![0-9A-Za-z])\d+(?:\.\d+)?(?![0-9A-Za-z])")
LONGEST = 60  # words of a name

Words = tuple[str, ...]


@dataclass
class Secrets:
    """What is not the reader's: names of any kind, numbers as texts; ``own``: texts that the reader may see."""

    names: Iterable[str]
    numbers: Iterable[str]
    own: Iterable[str] = ()
    words: set[Words] = field(default_factory=set)
    digits: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        allowed = {gram for text in self.own for gram in _grams(_words(text))}
        self.words = {words for name in self.names if (words := _words(name)) and words not in allowed}
        self.digits = set(self.numbers) - set(self.own)


def leaks(pack: Path, secrets: Secrets) -> list[str]:
    """Return what of the secrets stands in the files of a pack, or in their names: the file, then what."""
    found = []
    sizes = {len(words) for words in secrets.words}
    for file, text in texts(pack):
        spoken = _words(text)
        grams = {spoken[at : at + size] for size in sizes for at in range(len(spoken) - size + 1)}
        found += [f"{file}: {' '.join(words)}" for words in sorted(grams & secrets.words)]
        found += [f"{file}: {number}" for number in sorted({*NUMBER.findall(text)} & secrets.digits)]
    return found


def texts(pack: Path) -> Iterator[tuple[str, str]]:
    """Yield every text of every file of a folder, by the file's path; and the paths themselves."""
    for path in sorted(pack.rglob("*")):
        name = path.relative_to(pack).as_posix()
        yield name, name
        if path.is_file():
            for text in _decoded(path):
                yield name, text


def _decoded(path: Path) -> Iterator[str]:
    if path.suffix == ".xlsx":
        yield from _workbook(path)
        return
    text = path.read_bytes().decode("utf-8-sig")
    yield text
    if path.suffix == ".html":
        yield html.unescape(text)
        yield html.unescape(re.sub(r"<[^>]*>", " ", text))
    elif path.suffix == ".json":
        yield from _strings(json.loads(text))
    elif path.suffix == ".csv":
        yield from (cell for row in csv.reader(text.splitlines()) for cell in row)


def _workbook(path: Path) -> Iterator[str]:
    """Yield every part of the file as text, then all cells, comments, names and properties, hidden sheets included."""
    with zipfile.ZipFile(path) as parts:
        for part in parts.namelist():
            yield part
            yield html.unescape(parts.read(part).decode("utf-8", errors="replace"))
    book = openpyxl.load_workbook(path)
    yield from (str(value) for value in vars(book.properties).values() if value is not None)
    yield from (f"{name} {defined.value}" for name, defined in book.defined_names.items())
    for sheet in book.worksheets:
        yield sheet.title
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            yield str(cell.value or "")
            yield "" if cell.comment is None else cell.comment.text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, (dict, list)):
            yield from _strings(each)
        else:
            yield str(each)


def _words(text: str) -> Words:
    return tuple(word.casefold() for word in WORD.findall(text))


def _grams(words: Words) -> Iterator[Words]:
    for size in range(1, min(len(words), LONGEST) + 1):
        for at in range(len(words) - size + 1):
            yield words[at : at + size]
