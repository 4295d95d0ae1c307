"""Column maps of data/reference/columns: what a source's headers are called, and what its cells mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ruamel.yaml import YAML

from pilotage import assets

Kind = Literal["whole", "number", "percent", "grade", "date", "british_date", "text"]


@dataclass(frozen=True)
class Column:
    """One canonical column: the header spellings accepted (first that is there wins), its kind, whether needed."""

    name: str
    headers: tuple[str, ...]
    kind: Kind
    required: bool


@dataclass(frozen=True)
class ColumnMap:
    """One source: its label, form (``csv`` or ``workbook``), sheet, columns; ``version`` changes with the map."""

    source: str
    label: str
    form: Literal["csv", "workbook"]
    sheet: str | None
    columns: tuple[Column, ...]
    version: str

    def positions(self, header: Sequence[object]) -> dict[str, int]:
        """Return the position in ``header`` of each canonical column that is there."""
        plain = [plain_header(text) for text in header]
        found = {}
        for column in self.columns:
            spellings = (plain_header(spelling) for spelling in column.headers)
            there = next((plain.index(spelling) for spelling in spellings if spelling in plain), None)
            if there is not None:
                found[column.name] = there
        return found

    def lacking(self, header: Sequence[object]) -> list[Column]:
        """Return the required columns that ``header`` has not."""
        there = self.positions(header)
        return [column for column in self.columns if column.required and column.name not in there]


def plain_header(text: object) -> str:
    """Return a header without case, line breaks, repeated blanks or byte-order mark."""
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
    columns = tuple(
        Column(name, tuple(entry["headers"]), entry["type"], entry.get("required", False))
        for name, entry in content["columns"].items()
    )
    version = hashlib.sha256((text + shared).encode()).hexdigest()[:12]
    return ColumnMap(source, content["label"], content["form"], content.get("sheet"), columns, version)


@cache
def codes() -> dict[str, str]:
    """Return the codes that stand for no value, with the reason of each."""
    text = (assets.reference() / "columns" / "codes.yaml").read_text(encoding="utf-8")
    return {str(code): str(reason) for code, reason in YAML(typ="safe").load(text).items()}
