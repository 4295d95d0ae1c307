"""report.xlsx: the lists and facts of a run as plain values, no formulas and no links, with cells to type in."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from pathlib import Path

import pandas as pd
import xlsxwriter

from pilotage.case.record import RunRecord
from pilotage.report.lists.alternatives import alternative_placements
from pilotage.report.lists.for_people import Levels, levels_of, list_for_people
from pilotage.report.lists.ledger import ledger
from pilotage.report.lists.ranked_schools import apart, with_schools
from pilotage.report.lists.supply_by_area import supply_by_area, supply_table
from pilotage.report.lists.unplaced import unplaced_leaders
from pilotage.report.run.four_lists import four_lists
from pilotage.report.workbook.basis_sheets import write_assumptions, write_audit, write_rules
from pilotage.report.workbook.first_sheet import write_first_sheet
from pilotage.report.workbook.how_to_read import write_how_to_read
from pilotage.report.workbook.lists import ListSheet, write_list
from pilotage.report.workbook.looks import OPTIONS, Book, Sheet
from pilotage.report.workbook.sheets import (
    APART,
    AREAS,
    ASK,
    ASKED,
    COLUMNS,
    OTHER_PLANS,
    PLACED,
    RANK,
    SETTLED,
    SUPPORTING,
    WITHOUT,
    WORRY,
    asks_for_people,
    with_something,
)


def write_workbook(record: RunRecord, ranked: pd.DataFrame, placed: pd.DataFrame, path: Path) -> None:
    """Write report.xlsx; its date of creation is the as-of date, so that the same run gives the same bytes."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.worksheet_class = Sheet
        book.set_size(2400, 1400)
        created = datetime.combine(record.scenario.as_of, time())
        book.set_properties({"title": f"Pilotage: {record.scenario.name}", "author": "Pilotage", "created": created})
        made, first, levels = Book(book), book.add_worksheet("Read me"), levels_of(ranked)
        _write_lists(made, record, ranked, placed)
        write_rules(made, record)
        write_assumptions(made, record)
        write_audit(made, record)
        write_how_to_read(made, record, levels)
        write_first_sheet(made, first, record)
    path.write_bytes(content.getvalue())


def _write_lists(made: Book, record: RunRecord, ranked: pd.DataFrame, placed: pd.DataFrame) -> None:
    """Write every list that the run has, first those in which planners type."""
    levels, four, special = levels_of(ranked), four_lists(record, placed), apart(ranked)
    lists = {PLACED: four.placements, ASK: four.ask_next}
    if record.scenario.pool.prospects is not None:
        lists[ASKED] = asks_for_people(record)
    lists[SUPPORTING] = four.support.drop(columns=["level", "post_id"])
    _write(made, record, {what: frame for what, frame in lists.items() if what is PLACED or len(frame)}, levels)
    if record.unplaced:
        _write_as_it_is(made, record, WITHOUT, unplaced_leaders(record))
    _write(made, record, {WORRY: four.worry}, levels)
    if len(settled := ledger(record)):
        _write_as_it_is(made, record, SETTLED, settled)
    schools = {RANK: ranked[~special]} | ({APART: ranked[special]} if special.any() else {})
    if record.scenario.report.alternatives.count:
        schools[OTHER_PLANS] = with_schools(alternative_placements(record), record)
    _write(made, record, schools, levels)
    _write_as_it_is(made, record, AREAS, supply_table(supply_by_area(record, ranked.set_index("urn")["band"])))


def _write(made: Book, record: RunRecord, lists: dict[ListSheet, pd.DataFrame], levels: Levels) -> None:
    """Write lists of schools or placements as people read them."""
    for what, frame in lists.items():
        write_list(made, record, what, *list_for_people(frame, tuple(with_something(COLUMNS[what], frame)), levels))


def _write_as_it_is(made: Book, record: RunRecord, what: ListSheet, frame: pd.DataFrame) -> None:
    write_list(made, record, what, frame, COLUMNS[what])
