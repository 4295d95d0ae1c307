"""Column maps of data/reference/columns: what a source's headers are called, and what its cells mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from ruamel.yaml import YAML

from pilotage import assets
from pilotage.domain.checksums import Checksum
from pilotage.sources.cells.headers import header_key

Kind = Literal[
    "whole", "number", "percent", "share", "grade", "judgement", "date", "british_date", "day_number", "text"
]
Latest = Literal["list", "publication"]
KEYS = {"urn": "urn", "laestab": "laestab_number", "group": "group"}


@dataclass(frozen=True)
class Column:
    """One canonical column: the header spellings accepted (first that is there wins), its kind, whether needed.

    ``plain`` are those spellings as they are compared. ``of`` and ``year`` are its canonical name and year where a
    table of one year also carries another year's values. Of a column of days, ``not_before`` is the column whose day
    comes first, and ``latest`` the last day that it may have: that as at which the list speaks, or the last on which
    what the list shows was published.
    """

    name: str
    headers: tuple[str, ...]
    plain: tuple[str, ...]
    kind: Kind
    required: bool
    of: str
    year: int | None
    not_before: str | None = None
    latest: Latest | None = None


@dataclass(frozen=True)
class ColumnMap:
    """One source: its label and columns, and how its rows are told apart.

    Attributes
    ----------
    sheet
        The sheet wanted of a workbook (null: whichever has the columns).
    key
        ``urn``, ``laestab`` or ``group``: what a row is about; each once, unless ``repeats``.
    yearly, year, year_from
        Whether the table is of a year, and which: a fixed one, that of a column's first value, else the folder's.
    version
        Changes with the map.
    """

    source: str
    label: str
    sheet: str | None
    key: str
    repeats: bool
    yearly: bool
    year: int | None
    year_from: str | None
    columns: tuple[Column, ...]
    version: str

    @property
    def key_column(self) -> str:
        """Return the canonical column that says what a row is about."""
        return KEYS[self.key]

    def positions(self, places: Mapping[str, int]) -> dict[str, int]:
        """Return where each canonical column is; ``places`` are the places of the plain headers of a table."""
        positions = {}
        for column in self.columns:
            there = next((places[spelling] for spelling in column.plain if spelling in places), None)
            if there is not None:
                positions[column.name] = there
        return positions

    def lacking(self, places: Mapping[str, int]) -> list[Column]:
        """Return the required columns that a table with headers at ``places`` has not."""
        return [column for column in self.columns if column.required and places.keys().isdisjoint(column.plain)]


def plain_header(text: object) -> str:
    """Return a header without case, breaks, repeated blanks or byte-order mark."""
    return re.sub(r"\s+", " ", str(text).replace("\ufeff", "").replace("’", "'")).strip().lower()


@cache
def column_maps() -> dict[str, ColumnMap]:
    """Return every column map by source."""
    folder = assets.reference() / "columns"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    shared = texts.pop("codes")
    return {source: _parsed(source, text, shared) for source, text in texts.items()}


def _parsed(source: str, text: str, shared: str) -> ColumnMap:
    content = YAML(typ="safe").load(text)
    return ColumnMap(
        source,
        content["label"],
        content.get("sheet"),
        content.get("key", "urn"),
        content.get("repeats", False),
        content.get("yearly", False),
        content.get("year"),
        content.get("year_from"),
        tuple(_column(name, entry) for name, entry in content["columns"].items()),
        Checksum().text(text + shared).hex[:12],
    )


def _column(name: str, entry: dict[str, Any]) -> Column:
    headers = tuple(str(text) for text in entry["headers"])
    plain = tuple(plain_header(text) for text in headers)
    needed, of = entry.get("required", False), entry.get("of", name)
    days = entry.get("not_before"), entry.get("latest")
    return Column(name, headers, plain, entry["type"], needed, of, entry.get("year"), *days)


@cache
def every_header_key() -> frozenset[str]:
    """Return all headers of all maps as ``header_key`` compares them."""
    columns = (column for table in column_maps().values() for column in table.columns)
    return frozenset(header_key(text) for column in columns for text in column.headers)


@cache
def codes() -> dict[str, str]:
    """Return the codes that stand for no value, with the reason of each."""
    return {str(code): str(reason) for code, reason in _codes().items() if code != "grades"}


@cache
def grade_codes() -> dict[str, str]:
    """Return the codes of a column of grades that stand for no judgement, with the reason of each."""
    return {str(code): str(reason) for code, reason in _codes()["grades"].items()}


def _codes() -> dict[str, Any]:
    text = (assets.reference() / "columns" / "codes.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = YAML(typ="safe").load(text)
    return content


@cache
def every_version() -> str:
    """Return what changes with any map: the version of recognising a file."""
    return Checksum().text("".join(table.version for table in column_maps().values())).hex[:12]
