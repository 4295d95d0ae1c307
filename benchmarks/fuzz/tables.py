"""Planners' tables drawn at random, as text files and workbooks: leaders, posts, pairs, asks, forecasts, earlier plans.

``python benchmarks/fuzz/tables.py --examples 2000 --seed 1`` draws that many, prints what is wrong with each answer,
and how many were read and refused.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.official import damaged
from fuzz.outcome import Outcome, faults, outcome_of
from fuzz.table_changes import based, filled, part_of, rebuilt, revalued
from fuzz.table_conventions import PLAIN, Convention, drawn_convention, grid_of, header_of, text_of
from fuzz.table_rows import ROLES, Table, whole
from fuzz.table_texts import Layout, as_text, drawn_layout
from fuzz.table_workbooks import Book, Fault, Formula, as_book, drawn_book
from fuzz.table_world import forget, names_leader, read, read_pool, same, world

Draw = random.Random
Grid = list[list[Any]]

CODES = (0, 3)
TEXT_NAMES = ("table.csv", "table.csv", "table.csv", "table.txt", "table", "table.xlsx", "t a b.CSV")
BOOK_NAMES = ("table.xlsx", "table.xlsx", "table.xlsx", "table.xlsm", "table.csv", "table.xls", "table.ods")


@dataclass(frozen=True)
class Drawn:
    """A file drawn: the role of its table, its name and bytes, what stands in it, and a scenario's place.

    ``meant``: the table that it was written from, where a reader must get its values or refuse it.
    """

    role: str
    name: str
    content: bytes
    shown: str
    scenario: int
    meant: Table | None


def drawn_file(seed: int, written: str) -> Drawn:
    """Return the file of a seed; ``written``: "text" or "workbook"."""
    draw = random.Random(f"{written} {seed}")
    role = draw.choice(ROLES)
    table = part_of(draw, whole(role))
    if role not in ("leaders", "posts", "forecast") and draw.random() < 0.5:
        table = filled(draw, table)
    table = based(draw, table) if role == "leaders" and draw.random() < 0.3 else table
    table = revalued(draw, table) if draw.random() < 0.4 else table
    changed = draw.random() < 0.35
    make = _text_file if written == "text" else _workbook_file
    grid, content, merged = make(draw, table, changed)
    harmed = damaged(draw, content) if draw.random() < 0.15 else content
    names = TEXT_NAMES if written == "text" else BOOK_NAMES
    name = draw.choice(names) if draw.random() < 0.2 else names[0]
    shown = "\n".join(str(cell) for row in grid for cell in row) + (
        content.decode("latin-1") if written == "text" else ""
    )
    meant = table if not changed and harmed == content and not merged else None
    return Drawn(role, name, harmed, shown, draw.randrange(3), meant)


def _text_file(draw: Draw, table: Table, changed: bool) -> tuple[Grid, bytes, bool]:
    grid = grid_of(table, drawn_convention(draw))
    grid = [[_typed(cell) for cell in row] for row in rebuilt(draw, grid)] if changed else grid
    layout = drawn_layout(draw)
    return grid, as_text(grid, layout, quoted=not changed or draw.random() < 0.9), False


def _typed(cell: Any) -> str:
    """Return what a cell of a workbook would be in a text file."""
    if isinstance(cell, Formula):
        return f"={cell.text}" if cell.value is None else str(cell.value)
    return cell.text if isinstance(cell, Fault) else str(cell)


def _workbook_file(draw: Draw, table: Table, changed: bool) -> tuple[Grid, bytes, bool]:
    grid = _book_grid(draw, table, drawn_convention(draw))
    grid = rebuilt(draw, grid) if changed else grid
    book = drawn_book(draw, table.role) if changed or draw.random() < 0.5 else Book(from_1904=draw.random() < 0.1)
    return grid, as_book(grid, book), bool(book.merged)


def _book_grid(draw: Draw, table: Table, convention: Convention) -> Grid:
    """Return a table with some of its columns as texts of a convention and the others as a workbook holds values."""
    as_texts = [draw.random() < 0.3 for _ in table.columns]
    header: list[Any] = [header_of(column.name, convention) for column in table.columns]
    rows = [
        [
            text_of(value, column, convention) if texts else _worked_out(draw, value)
            for value, column, texts in zip(row, table.columns, as_texts, strict=True)
        ]
        for row in table.rows
    ]
    return [header, *rows]


def _worked_out(draw: Draw, value: Any) -> Any:
    return Formula("A1", value) if value is not None and draw.random() < 0.05 else value


def faults_of_table(drawn: Drawn, folder: Path) -> tuple[Outcome, list[str]]:
    """Return what reading a file comes to, and what is wrong with that."""
    path = folder / drawn.name
    path.write_bytes(drawn.content)
    found: list[Any] = []
    outcome = outcome_of(lambda: found.append(read(drawn.role, path, drawn.scenario)))
    wrong = [] if outcome.code in CODES else [f"exit code {outcome.code}"]
    wrong += faults(outcome, drawn.shown)
    if drawn.meant is not None and found:
        wrong += _read_otherwise(drawn, found[0], folder)
    if drawn.role in ("asks", "pairs", "earlier_asks") and drawn.scenario == 0:
        wrong += _not_forgotten(drawn, path)
    if drawn.role in ("leaders", "posts") and drawn.scenario == 0:
        wrong += _faults_of_pool(drawn, path)
    return outcome, wrong


def _not_forgotten(drawn: Drawn, path: Path) -> list[str]:
    """Return a fault where a leader is still read from a table after being erased, or the words are not ours."""
    outcome = outcome_of(lambda: forget(path, "L1"))
    wrong = [f"forget: {fault}" for fault in faults(outcome, drawn.shown)]
    found: list[Any] = []
    outcome_of(lambda: found.append(read(drawn.role, path, drawn.scenario)))
    still = outcome.code == 0 and found and names_leader(found[0], "L1")
    return [*wrong, "forget: the leader is still read"] if still else wrong


def _faults_of_pool(drawn: Drawn, path: Path) -> list[str]:
    """Return what is wrong with reading a table of leaders or posts together with the whole table of the others."""
    other = "posts" if drawn.role == "leaders" else "leaders"
    beside = path.parent / "beside.csv"
    beside.write_bytes(as_text(grid_of(whole(other), PLAIN), Layout()))
    files = (path, beside) if drawn.role == "leaders" else (beside, path)
    outcome = outcome_of(lambda: read_pool(*files, len(drawn.content)))
    return [f"pool: {fault}" for fault in faults(outcome, drawn.shown)]


def _read_otherwise(drawn: Drawn, found: Any, folder: Path) -> list[str]:
    """Return a fault where a table is read to other values than the same table in a plain file."""
    assert drawn.meant is not None
    plain = folder / "plain.csv"
    plain.write_bytes(as_text(grid_of(drawn.meant, PLAIN), Layout()))
    wanted: list[Any] = []
    outcome_of(lambda: wanted.append(read(drawn.role, plain, drawn.scenario)))
    return ["read to other values than the plain table"] if wanted and not same(found, wanted[0]) else []


def drawn(seed: int, examples: int, written: str = "both") -> Iterator[tuple[str, Outcome, list[str]]]:
    """Yield, for each seed, what was drawn, what it came to, and what is wrong; ``written``: text, workbook or both."""
    kinds = ("text", "workbook") if written == "both" else (written,)
    world()
    with tempfile.TemporaryDirectory() as folder:
        for each in range(seed, seed + examples):
            for kind in kinds:
                yield _answered(each, kind, Path(folder))


def _answered(seed: int, kind: str, folder: Path) -> tuple[str, Outcome, list[str]]:
    file = drawn_file(seed, kind)
    name = f"{kind} of {file.role}, seed {seed}"
    try:
        return name, *faults_of_table(file, folder)
    except Exception as error:  # what no planner should see is what is looked for
        return name, Outcome(1), [f"{type(error).__name__}: {str(error)[:200]}"]


def main() -> int:
    """Draw tables, print what is wrong with each answer and how many were read, and return whether any was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1_000, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first")
    asked, wrong = parser.parse_args(), 0
    codes: Counter[tuple[str, str, int]] = Counter()
    for name, outcome, found in drawn(asked.seed, asked.examples):
        kind, _, role = name.partition(",")[0].partition(" of ")
        codes[kind, role, outcome.code] += 1
        wrong += bool(found)
        print("\n".join(f"{name}: {fault}" for fault in found), end="\n" if found else "")
    for (kind, role, code), times in sorted(codes.items()):
        print(f"{kind:9} {role:13} exit {code}: {times:,}")
    print(f"{codes.total():,} tables drawn, {wrong:,} answered wrongly")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
