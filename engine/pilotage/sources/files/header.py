"""Which source a sheet is of, and where its header is: below stray rows, or merged over two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pilotage.sources.files.column_maps import Column, ColumnMap, column_maps, plain_header

DEEPEST = 25  # rows within which a header is looked for


@dataclass(frozen=True)
class Header:
    """A header found: its source, the row after it, the position of each canonical column, and columns given twice."""

    source: str
    body: int
    positions: dict[str, int]
    repeated: tuple[str, ...]


def found_header(rows: Sequence[Sequence[Any]]) -> Header | None:
    """Return the header of the source with the most columns in any of the first rows; the earlier wins a tie."""
    best: Header | None = None
    for body, header in _candidates(rows):
        for column_map in column_maps().values():
            if not column_map.lacking(header):
                places = column_map.positions(header)
                if best is None or len(places) > len(best.positions):
                    best = Header(column_map.source, body, places, tuple(column_map.repeated(header)))
    return best


def nearest_source(rows: Sequence[Sequence[Any]]) -> tuple[ColumnMap, list[str]] | None:
    """Return the source of whose needed columns a sheet has most, and at least half, and the names of the rest."""
    near = []
    for _, header in _candidates(rows[:DEEPEST]):
        for column_map in column_maps().values():
            lacking = column_map.lacking(header)
            needed = sum(column.required for column in column_map.columns)
            if len(lacking) * 2 <= needed:
                near.append((len(lacking), column_map.source, [column.name for column in lacking]))
    if not near:
        return None
    _, source, lacks = min(near)
    return column_maps()[source], lacks


def lacking(rows: Sequence[Sequence[Any]], column_map: ColumnMap) -> list[Column]:
    """Return the needed columns of a source that the first rows have least few of."""
    return min((column_map.lacking(header) for _, header in _candidates(rows)), key=len, default=[])


def _candidates(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each of the first rows as a header, and each put together with the next where merged cells leave blanks."""
    plain = [[plain_header(cell) for cell in row] for row in rows[:DEEPEST]]
    for number, row in enumerate(plain):
        yield number + 1, row
        if number + 1 < len(plain) and "" in row and any(row):
            yield number + 2, _merged(row, plain[number + 1])


def _merged(upper: list[str], lower: list[str]) -> list[str]:
    """Return a header of two rows: the lower cell; the upper where the lower is blank, as in cells merged downwards."""
    width = max(len(upper), len(lower))
    padded = [row + [""] * (width - len(row)) for row in (upper, lower)]
    return [below or above for above, below in zip(*padded, strict=True)]
