"""Which source a sheet is of, and where its header is: below stray rows, or merged over two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pilotage.sources.cells.grid import LONGEST_SHOWN, clean
from pilotage.sources.files.column_maps import Column, ColumnMap, column_maps, plain_header

DEEPEST = 25  # rows within which a header is looked for
ALIKE = 0.75  # how like two headers are from which one may be meant for the other


@dataclass(frozen=True)
class Header:
    """A header found: its source, the row after it, where each canonical column is, and those that it gives twice.

    ``unread`` are the headers of columns that no canonical column takes.
    """

    source: str
    body: int
    positions: dict[str, int]
    repeated: tuple[str, ...]
    unread: tuple[str, ...]


def found_header(rows: Sequence[Sequence[Any]]) -> Header | None:
    """Return the header of the source with the most columns in any of the first rows; the earlier wins a tie."""
    best: tuple[ColumnMap, int, list[str], dict[str, int]] | None = None
    for body, header in _candidates(rows):
        places = _places(header)
        for column_map in column_maps().values():
            positions = {} if column_map.lacking(places) else column_map.positions(places)
            if positions and (best is None or len(positions) > len(best[3])):
                best = column_map, body, header, positions
    if best is None:
        return None
    column_map, body, header, positions = best
    taken = {*positions.values()}
    others = (clean(text)[:LONGEST_SHOWN] for place, text in enumerate(header) if place not in taken)
    unread = tuple(dict.fromkeys(text for text in others if text))
    repeated = tuple(header[place] for place in positions.values() if header.count(header[place]) > 1)
    return Header(column_map.source, body, positions, repeated, unread)


@dataclass(frozen=True)
class Near:
    """The source that a sheet comes nearest to, and how the columns that it needs and the sheet lacks may be spelt.

    ``alike`` are headers of the sheet that are spelt much as one of those.
    """

    column_map: ColumnMap
    lacks: tuple[str, ...]
    alike: tuple[str, ...]


def nearest_source(rows: Sequence[Sequence[Any]]) -> Near | None:
    """Return the source of whose needed columns a sheet lacks fewest, and has half; of equals that of most columns."""
    near = []
    for body, header in _candidates(rows):
        places = _places(header)
        for column_map in column_maps().values():
            lacks = column_map.lacking(places)
            needed = sum(column.required for column in column_map.columns)
            if len(lacks) * 2 <= needed:
                there = len(column_map.positions(places))
                near.append((len(lacks), -there, column_map.source, [column.headers[0] for column in lacks], body))
    if not near:
        return None
    _, _, source, spellings, body = min(near)
    return Near(column_maps()[source], tuple(spellings), _alike(spellings, rows[body - 1]))


def _alike(wanted: Sequence[str], row: Sequence[Any]) -> tuple[str, ...]:
    """Return the headers of a row that are spelt much as one of those wanted, each once."""
    written = {plain_header(cell): clean(str(cell))[:LONGEST_SHOWN] for cell in row}
    near = (get_close_matches(plain_header(text), written, 1, ALIKE) for text in wanted)
    return tuple(dict.fromkeys(written[match] for matches in near for match in matches))


def lacking(rows: Sequence[Sequence[Any]], column_map: ColumnMap) -> list[Column]:
    """Return the needed columns of a source that the first rows have least few of."""
    return min((column_map.lacking(_places(header)) for _, header in _candidates(rows)), key=len, default=[])


def _places(header: list[str]) -> dict[str, int]:
    """Return the first place of each text of a header."""
    return {text: place for place, text in reversed(list(enumerate(header)))}


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
