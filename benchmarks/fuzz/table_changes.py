"""What may be changed in a whole table: other values, odd cells, rows and columns lost, repeated, moved or added."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

from fuzz.official import CELLS
from fuzz.table_rows import CLOSED_URN, FIRST_URN, MERGED_URN, OLD_URN, OUT_OF_SCOPE, SCHOOLS, Column, Table
from fuzz.table_workbooks import Fault, Formula
from pilotage.domain.answers import WRITTEN_BESIDE

Draw = random.Random
Grid = list[list[Any]]

DAYS = tuple(
    date(*day) for day in ((2016, 8, 31), (2016, 9, 2), (2017, 9, 1), (1990, 1, 1), (2016, 5, 1), (2200, 1, 1))
)
ANSWERS = ("asked", "interested", "agreed", "refused", "withdrawn", "started", "yes", "declined", "In post", None)
URNS = (*range(FIRST_URN, FIRST_URN + SCHOOLS), OLD_URN, MERGED_URN, CLOSED_URN, OUT_OF_SCOPE, 0, -1, 1.5)
NUMBERS = (0, 1, -1, 0.5, 1.234, 12.5, 1_234, 1_234.5, 999_999, 1_000_000, 1_000_001, 10**12, 10**13, 0.001, -0.25)
LEADERS = ("L1", "L2", "L3", "L4", "007", 7, "l1", "L9", "L 1", None)
POSTS = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P9", "p1", f"ask: {FIRST_URN + 11} head", None)
VALUES: dict[str, tuple[Any, ...]] = {
    "text": ("L1", "L2", "P1", "Zoë", "a;b", "x, y", "'=1+1", "TRUE", "nan", "1.234", "1e5", "  two  blanks ", 7, None),
    "level": ("head", "senior", "middle", "executive", "Deputy Head", "headteacher", "hed", "boss", None),
    "phases": ("primary", "primary;secondary", "secondary, primary", "Primary School", "16+;ap", ";", "primari", None),
    "base": ("FY1", "fy1 2ab", "FY12AB", "CB1", "ZZ9", "London", "M1 1AA", None),
    "metres": (389_700, 399_500, 331_000.25, 53.4, -2.5, 389.7, 5_000_000, 0, 660_000, 5_000, None),
    "km": (0, 1.5, 17, 1_000, 10_000, 10_001, -1, 2.125, None),
    "regions": ("London", "NW", "Yorkshire and the Humber", "east; se", "Wales", "North  West", None),
    "yes_no": (True, False, "yes please", "perhaps", "n", 1, 0, 2, None),
    "day": (
        *DAYS,
        "09/13/2016",
        "31/06/2016",
        "01/09/16",
        "Sept 1, 2016",
        "1st of sept 2016",
        42_614,
        20_160_901,
        2016,
        "2016-09",
        None,
    ),
    "whole": (1, 3, 6, 7, 0, -1, 2.5, 3.0, None),
    "urn": URNS,
    "number": (*NUMBERS, None),
    "gbp": (*NUMBERS, "€5", "£1.5k", "12,000 pounds", "$5", None),
    "chance": (0, 1, 0.5, 0.083, 1.01, -0.01, 50, "8.3%", "100 %", "1e-3", None),
    "consent": ("yes", "no", "unknown", "not asked", "?", "maybe", None),
    "leader": LEADERS,
    "post": POSTS,
    "state": (
        "preferred",
        "interviewed",
        "refused",
        "offered",
        "accepted",
        "started",
        "rejected",
        "In post",
        "odd",
        None,
    ),
    "answer": ANSWERS,
    "intervention": ("place", "support", "", None),
}
ODD = (*CELLS, Formula("A1+1", 5), Formula("A1+1"), Formula('"a"', "a"), Formula("TODAY()", date(2016, 9, 1)))
ODD = (
    *ODD,
    *(Fault(error) for error in ("#N/A", "#REF!", "#DIV/0!", "#NAME?", "<odd>")),
    "1,500",
    "1.500",
    "1'500",
    "1 500,5",
)


def part_of(draw: Draw, table: Table) -> Table:
    """Return a table with some of its rows and columns; those that it needs stay."""
    rows = list(table.rows)
    if draw.random() < 0.5:
        rows = draw.sample(rows, draw.randrange(1, len(rows) + 1))
    share = draw.choice((0, 0.3, 0.7))
    families = dict.fromkeys(_family(column) for column in table.columns)
    lost = {family for family in families if draw.random() < share}
    places = [at for at, column in enumerate(table.columns) if column.needed or _family(column) not in lost]
    if draw.random() < 0.3:
        draw.shuffle(places)
    return replace(
        table,
        columns=tuple(table.columns[at] for at in places),
        rows=tuple(tuple(row[at] for at in places) for row in rows),
    )


def _family(column: Column) -> str:
    """Return what the columns have in common that stand together: an answer and its date, a mean and its spread."""
    start = column.name.split("_")[0]
    return column.name if start == "p" else start


def revalued(draw: Draw, table: Table) -> Table:
    """Return a table in which some cells have another value of their kind."""
    rows = [list(row) for row in table.rows]
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        row, at = draw.choice(rows), draw.randrange(len(table.columns))
        row[at] = draw.choice(VALUES[table.columns[at].kind])
    if draw.random() < 0.15:
        rows.append([*_moved(draw, table, draw.choice(rows))])
    return replace(table, rows=tuple(map(tuple, rows)))


GOOD: dict[str, tuple[Any, ...]] = {
    "leader": ("L1", "L2", "L3", "007"),
    "post": ("P1", "P2", "P3", "P5", "P6"),
    "urn": (*range(FIRST_URN, FIRST_URN + 6), FIRST_URN + 10, FIRST_URN + 11),
    "level": ("head", "head", "senior"),
    "answer": (*("asked", "interested", "agreed", "agreed", "refused", "withdrawn", "started"), *[None] * 5),
    "state": ("preferred", "interviewed", "refused", "offered", "accepted", "started", None, None, None),
    "day": (*(date(2016, month, 1) for month in (2, 5, 5, 6)), None, None, None),
    "text": ("governors", "the trust", None, None, None, None),
    "intervention": ("place", "support"),
    "number": (1, None),
}


def filled(draw: Draw, table: Table) -> Table:
    """Return a table of answers or of an earlier plan with rows that are each sound and may contradict each other."""
    many = draw.choice((1, 2, 2, 3, 5))
    rows = [tuple(draw.choice(GOOD[column.kind]) for column in table.columns) for _ in range(many)]
    names = [column.name for column in table.columns]
    return replace(table, rows=tuple(_sound(dict(zip(names, row, strict=True))) for row in rows))


def _sound(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return a row without dates, authors and conditions of answers that it does not give."""
    for party in ("school", "body", "leader"):
        if row.get(party) is None or (party == "leader" and row.get("leader_id") is None):
            row |= {
                name: None for name in row if (name.startswith(f"{party}_") and name != "leader_id") or name == party
            }
    return tuple(row.values())


def based(draw: Draw, table: Table) -> Table:
    """Return a table of leaders of whom one has a base and no place on the grid."""
    row = draw.randrange(len(table.rows))
    cells = {"base": draw.choice(VALUES["base"]), "easting": None, "northing": None}
    names = [column.name for column in table.columns]
    changed = tuple(cells.get(name, value) for name, value in zip(names, table.rows[row], strict=True))
    return replace(table, rows=(*table.rows[:row], changed, *table.rows[row + 1 :]))


def _moved(draw: Draw, table: Table, row: list[Any]) -> list[Any]:
    """Return another row like one, with other values in some cells."""
    return [_another(draw, column, value) for column, value in zip(table.columns, row, strict=True)]


def _another(draw: Draw, column: Column, value: Any) -> Any:
    return draw.choice(VALUES[column.kind]) if draw.random() < 0.4 else value


def rebuilt(draw: Draw, grid: Grid) -> Grid:
    """Return a grid of which rows, columns or cells are changed; the header is its first row."""
    grid = [list(row) for row in grid]
    for _ in range(draw.choice((1, 1, 2, 4))):
        draw.choice(CHANGES)(draw, grid)
    return grid


def _odd_cell(draw: Draw, grid: Grid) -> None:
    row = draw.choice(grid)
    if row:
        row[draw.randrange(len(row))] = draw.choice(ODD)


def _repeat_row(draw: Draw, grid: Grid) -> None:
    grid.insert(draw.randrange(len(grid) + 1), list(draw.choice(grid)))


def _lose_row(draw: Draw, grid: Grid) -> None:
    if len(grid) > 1:
        del grid[draw.randrange(len(grid))]


def _lose_column(draw: Draw, grid: Grid) -> None:
    at = draw.randrange(max(len(row) for row in grid) or 1)
    for row in grid:
        del row[at : at + 1]


def _repeat_column(draw: Draw, grid: Grid) -> None:
    at = draw.randrange(max(len(row) for row in grid) or 1)
    for row in grid:
        row.append(row[at] if at < len(row) else "")


def _lose_cell(draw: Draw, grid: Grid) -> None:
    row = draw.choice(grid)
    if row:
        del row[draw.randrange(len(row))]


def _add_cells(draw: Draw, grid: Grid) -> None:
    row = draw.choice(grid)
    at = draw.choice((len(row), draw.randrange(len(row) + 1)))
    row[at:at] = [draw.choice(("", "", "x", 5)) for _ in range(draw.choice((1, 2, 300)))]


def _blank_column(draw: Draw, grid: Grid) -> None:
    at = draw.randrange(max(len(row) for row in grid) + 1)
    for row in grid:
        row.insert(at, "")


def _title(draw: Draw, grid: Grid) -> None:
    titles = (
        ["Our table"],
        ["As of", "31/08/2016"],
        [],
        ["", "", "x"],
        ["a", "b", "c", "d", "e"],
        ["Total", *["5"] * 20],
    )
    for _ in range(draw.choice((1, 2, 30))):
        grid.insert(0, list(draw.choice(titles)))


def _total(draw: Draw, grid: Grid) -> None:
    width = max(len(row) for row in grid)
    below = (["Total"], ["Total", *[""] * max(width - 2, 0), "5"], ["", "note"], ["* provisional"], ["Sum", "5", "5"])
    grid.extend([] for _ in range(draw.choice((0, 1, 2))))
    grid.append(list(draw.choice(below)))


def _header(draw: Draw, grid: Grid) -> None:
    if grid[0]:
        at = draw.randrange(len(grid[0]))
        old = str(grid[0][at])
        odd = (
            "",
            "urn",
            "level",
            "need",
            f"{old} ",
            f"{old}s",
            old[1:],
            old.upper(),
            f"{old} (km)",
            "name (£)",
            5,
            "\n",
            "é",
        )
        grid[0][at] = draw.choice(odd)


def _beside(draw: Draw, grid: Grid) -> None:
    for place, name in enumerate(draw.sample(WRITTEN_BESIDE, 3)):
        for row_at, row in enumerate(grid):
            row.append(name if row_at == 0 else ("", "5", "x")[place])


def _many_rows(draw: Draw, grid: Grid) -> None:
    row = draw.choice(grid)
    for number in range(draw.choice((5, 60))):
        grid.append([f"{row[0]}-{number}" if row else "", *row[1:]])


CHANGES = (
    *(_odd_cell, _odd_cell, _odd_cell, _repeat_row, _lose_row, _lose_column, _repeat_column, _lose_cell, _add_cells),
    *(_blank_column, _title, _total, _header, _header, _beside, _many_rows),
)
