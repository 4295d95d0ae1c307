"""Grids of texts as the bytes of a CSV that some program saved: separator, encoding, quotes, titles, blank rows."""

from __future__ import annotations

import random
from dataclasses import dataclass

Draw = random.Random
Grid = list[list[str]]

SEPARATORS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")


@dataclass(frozen=True)
class Layout:
    """How a text file lays its table out."""

    separator: str = ","
    encoding: str = "utf-8"
    end: str = "\n"
    quote_all: bool = False
    stated: bool = False
    title: str = ""
    blank_rows: tuple[int, ...] = ()
    trailing: int = 0
    left: int = 0
    last_end: bool = True


def drawn_layout(draw: Draw) -> Layout:
    """Return a layout; often that of a plain CSV."""
    if draw.random() < 0.3:
        return Layout()
    rare = [draw.random() < 0.2 for _ in range(7)]
    return Layout(
        draw.choice(SEPARATORS),
        draw.choice(ENCODINGS) if rare[0] else "utf-8",
        draw.choice(("\n", "\r\n", "\r\n", "\r")),
        rare[1],
        rare[2],
        draw.choice(("Our table", "Our table, as of 31/08/2016", "For 2016;draft", '"Quoted"')) if rare[3] else "",
        tuple(draw.randrange(6) for _ in range(draw.choice((1, 3)))) if rare[4] else (),
        draw.choice((1, 2)) if rare[5] else 0,
        draw.choice((1, 2)) if rare[6] else 0,
        draw.random() < 0.8,
    )


def as_text(grid: Grid, layout: Layout, *, quoted: bool = True) -> bytes:
    """Return a grid as the bytes of a text file; ``quoted``: cells that need quotes have them."""
    rows = [[*[""] * layout.left, *row, *[""] * layout.trailing] for row in grid]
    for place in layout.blank_rows:
        rows.insert(min(place, len(rows)), [])
    rows = [[layout.title], *rows] if layout.title else rows
    texts = [layout.separator.join(_cell(cell, layout) if quoted else cell for cell in row) for row in rows]
    texts = [f"sep={layout.separator}", *texts] if layout.stated else texts
    text = layout.end.join(texts) + (layout.end if layout.last_end else "")
    return text.encode(layout.encoding, errors="replace")


def _cell(cell: str, layout: Layout) -> str:
    needed = any(mark in cell for mark in (layout.separator, '"', "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if needed or layout.quote_all else cell
