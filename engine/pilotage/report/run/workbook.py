"""report.xlsx: the same lists and facts in Excel, plain values, no formulas and no links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from pilotage.case.record import RunRecord
from pilotage.report.columns import KINDS, PLACEMENTS, RANKED, SUPPORTED, UNPLACED, Column, statuses
from pilotage.report.lists.alternatives import (
    ALTERNATIVE_PLACEMENTS,
    alternative_placements,
    alternative_words,
    alternatives_note,
)
from pilotage.report.lists.ask_next import ASK_NEXT, ask_ranks
from pilotage.report.lists.asks import ASKS
from pilotage.report.lists.asks import asks as asks_list
from pilotage.report.lists.for_people import Levels, columns_for_people, levels_of, list_for_people, whole
from pilotage.report.lists.ledger import LEDGER, ledger
from pilotage.report.lists.ranked_schools import apart, with_schools
from pilotage.report.lists.supply_by_area import NOTE, SUPPLY, supply_by_area, supply_table
from pilotage.report.lists.unplaced import unplaced_leaders
from pilotage.report.lists.worry_about import WORRY_ABOUT
from pilotage.report.run.accuracy import TITLE, accuracy_words
from pilotage.report.run.book import Book, Sheet
from pilotage.report.run.data import caution_line, data_line
from pilotage.report.run.expected import expected_lines
from pilotage.report.run.four_lists import ASK_NEXT as ASK_SHEET
from pilotage.report.run.four_lists import NOTES, four_lists
from pilotage.report.run.four_lists import PLACEMENTS as PLACED_SHEET
from pilotage.report.run.four_lists import SUPPORT as SUPPORT_SHEET
from pilotage.report.run.four_lists import WORRY as WORRY_SHEET
from pilotage.report.run.objective import aim_words, score_unit
from pilotage.report.run.outcomes import outcome_words
from pilotage.report.run.plan_json import raw_gain
from pilotage.report.run.proof import NOT_TO_BE_USED, audit_words, failure, proven
from pilotage.report.run.rule_words import asks, in_order, rule_name, standing
from pilotage.report.run.what_if import what_if_lines
from pilotage.report.words import (
    CHANCES,
    HONESTY,
    INTERVAL,
    UNIT,
    absent,
    banner,
    compared,
    day,
    headline,
    level_note,
    number,
)

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
APART_SHEET = "Special schools and PRUs"  # Excel allows 31 characters
AREA_SHEET = "Supply by area"
NAME_WIDTH, TEXT_WIDTH = 34, 100  # of the columns of the first sheet, in characters
LINE_POINTS = 15  # height of a line
RULES = (
    ("Rule", 34, "Name of the rule in the scenario."),
    (
        "Kind",
        9,
        "counts = it counts over the whole plan; bars = it decides who may go where before anything is chosen.",
    ),
    ("What it asks", 60, "The rule in words."),
    ("How the plan stands", 44, "What the plan makes of it against its limit, or what the rule bars."),
    ("Binding", 10, "yes = the rule is at its limit, or bars something, and may hold the plan back."),
    (
        "Price",
        12,
        "The most that one unit more of the limit can add to the score; of a minimum: below zero. Blank = not known.",
    ),
    ("Price of", 16, "plan = the plan is the linear optimum; linear optimum = the plan is near it, a guide only."),
)


def _with_place(columns: tuple[Column, ...], after: int) -> tuple[Column, ...]:
    """Return columns of placements with the school's name and place after its URN, which is number ``after``."""
    school = tuple(column for column in RANKED if column.name in ("name", "authority", "region", "phase"))
    return columns[:after] + school + columns[after:]


FOUR = {
    WORRY_SHEET: WORRY_ABOUT,
    ASK_SHEET: ASK_NEXT,
    PLACED_SHEET: _with_place(tuple(column for column in PLACEMENTS if column.name != "intervention"), 3),
    SUPPORT_SHEET: _with_place(SUPPORTED, 2),
}
NOT_SHOWN = (
    "Ask next has the schools with something to gain; {unranked} more are in ask_next.csv, each with the reason."
)


def write_workbook(record: RunRecord, ranked: pd.DataFrame, placed: pd.DataFrame, path: Path) -> None:
    """Write report.xlsx; its date of creation is the as-of date, so that the same run gives the same bytes."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.worksheet_class = Sheet
        book.set_size(2400, 1400)
        created = datetime.combine(record.scenario.as_of, time())
        book.set_properties({"title": f"Pilotage: {record.scenario.name}", "author": "Pilotage", "created": created})
        made = Book(book)
        levels = levels_of(ranked)
        _read_me(made, record, levels)
        lists = four_lists(record, placed).by_name
        for name, columns in FOUR.items():
            _list(made, record, name, lists[name], columns, levels)
        if record.scenario.pool.prospects is not None:
            _list(made, record, "Asks", asks_list(record), ASKS, levels)
        _table(made, record, "Without a post", unplaced_leaders(record), UNPLACED)
        if len(settled := ledger(record)):
            _table(made, record, "Ledger", settled, LEDGER)
        _list(made, record, "Ranked schools", ranked[~apart(ranked)], RANKED, levels)
        if apart(ranked).any():
            _list(made, record, APART_SHEET, ranked[apart(ranked)], RANKED, levels)
        if record.scenario.report.alternatives.count:
            alternatives = with_schools(alternative_placements(record), record)
            _list(made, record, "Alternatives", alternatives, _with_place(ALTERNATIVE_PLACEMENTS, 4), levels)
        supplies = supply_by_area(record, ranked.set_index("urn")["band"])
        _table(made, record, AREA_SHEET, supply_table(supplies), SUPPLY)
        _rules(made, record)
        _texts(made, "Assumptions", "What the benefits assume", record.assumptions)
        _audit(made, record)
    path.write_bytes(content.getvalue())


def _list(
    made: Book, record: RunRecord, name: str, frame: pd.DataFrame, columns: tuple[Column, ...], levels: Levels
) -> None:
    """Write one list of schools or placements as people read it."""
    _table(made, record, name, *list_for_people(frame, columns, levels))


def _table(made: Book, record: RunRecord, name: str, frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Write one list: frozen and filtered heading, comments on it, number formats, print set-up."""
    sheet = made.book.add_worksheet(name)
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column.heading, made.heading)
        sheet.write_comment(0, position, f"{column.name} ({column.kind}): {column.meaning}", {"x_scale": 2})
        sheet.set_column(position, position, column.width)
        _fill(sheet, position, frame[column.name].tolist(), column, made.forms[column.form])
    sheet.set_row(0, 48)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(len(frame), 1), len(columns) - 1)
    _mark_placed(made, sheet, columns, len(frame))
    _for_print(sheet, record)


def _fill(sheet: Any, position: int, values: list[Any], column: Column, form: Any) -> None:
    for row, value in enumerate(values, start=1):
        if absent(value) or value == "":
            continue
        if column.form == "text":
            sheet._write_string(row, position, value, form)  # write_string, without reading its cell as "A1" first
        else:
            sheet._write_number(row, position, whole(value, column.form), form)


def _mark_placed(made: Book, sheet: Any, columns: Sequence[Column], rows: int) -> None:
    where = [position for position, column in enumerate(columns) if column.name == "status"]
    for position in where:
        look = {"type": "cell", "criteria": "==", "value": '"placed"', "format": made.marked}
        sheet.conditional_format(1, position, max(rows, 1), position, look)


def _for_print(sheet: Any, record: RunRecord) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    stamp = NOT_TO_BE_USED if failure(record) else (banner(record) or "").split(":")[0]
    sheet.set_header(f"&L{record.scenario.name}, as of {day(record)}&R{stamp}")
    sheet.set_footer("&L&A&RPage &P of &N")


def _read_me(made: Book, record: RunRecord, levels: Levels) -> None:
    """Write the first sheet: what this is, what is invented, and how to read every column."""
    sheet = made.book.add_worksheet("Read me")
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"Pilotage: {record.scenario.name}", made.title)
    row = _stamp(made, sheet, record)
    for title, pairs in _sections(record, levels):
        sheet.merge_range(row, 0, row, 1, title, made.section)
        for name, text in pairs:
            row += 1
            sheet.write_string(row, 0, name, made.bold)
            sheet.write_string(row, 1, text, made.text)
            sheet.set_row(row, LINE_POINTS * max(-(-len(name) // NAME_WIDTH), -(-len(text) // TEXT_WIDTH), 1))
        row += 2
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _stamp(made: Book, sheet: Any, record: RunRecord) -> int:
    """Write that the audit failed and the synthetic banner, if any, and return the next free row."""
    row = 1
    part = caution_line(record.panel, record.scenario)
    for text, look in ((failure(record), made.failed), (banner(record), made.warning), (part, made.warning)):
        if text is not None:
            sheet.merge_range(row, 0, row, 1, text, look)
            sheet.set_row(row, 36)
            row += 1
    return row + 1


def _sections(record: RunRecord, levels: Levels) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    yield (
        "The plan",
        [
            ("Question", record.scenario.why),
            ("As of", f"{day(record)}: nothing known later was used"),
            ("Data", data_line(record.panel, record.urns).removeprefix("Data: ")),
            ("In one sentence", headline(record)),
            *(("What to expect", line) for line in expected_lines(record)),
            *(("What it maximises", aim) for aim in aim_words(record)),
            *(("What if", line.strip()) for line in what_if_lines(record)),
            ("Proof", proven(record)),
            ("Audit", audit_words(record)),
        ],
    )
    reading = [
        ("Forecast and effect", HONESTY),
        ("Chances", CHANCES),
        ("Benefit of a school", level_note(levels.schools)),
    ]
    yield "How to read it", [*reading, ("Range of the plan", INTERVAL), ("Unit", UNIT)]
    yield "Compared with simpler ways of placing (not corrected for the winner's curse)", _peers(record)
    note = alternatives_note(record)
    if note is not None:
        alternatives = [(plan["name"], _alternative(plan)) for plan in alternative_words(record)]
        yield "Other plans that are nearly as good", [("What was asked", note), *alternatives]
    asking = [("Not in the sheet", NOT_SHOWN.format(unranked=_unranked(record)))]
    yield "The four lists, and who may see them", [*NOTES.items(), *asking]
    yield "What was forecast", [(name, text) for name, text in outcome_words(record)]
    yield TITLE, accuracy_words(record)
    yield "Notes on the data", [(f"{number + 1}", note) for number, note in enumerate(record.panel.notes)]
    yield "Supply against need by area", [(f"Sheet {AREA_SHEET}", NOTE)]
    yield "Kinds of figure", list(KINDS.items())
    yield "Statuses of schools", list(statuses(prospects=record.scenario.pool.prospects is not None).items())
    asked = (("Asks", ASKS),) if record.scenario.pool.prospects is not None else ()
    settled = (("Ledger", LEDGER),) if len(ledger(record)) else ()
    lists = (*FOUR.items(), *asked, ("Without a post", UNPLACED), *settled, ("Ranked schools", RANKED))
    sheets = tuple((name, columns_for_people(columns)) for name, columns in lists)
    for title, columns in ((f"Sheet {name}", columns) for name, columns in sheets):
        yield f"{title}, column by column", [(c.heading, f"{c.meaning} [{c.kind}; {c.name} in CSV]") for c in columns]


def _unranked(record: RunRecord) -> str:
    return f"{sum(rank is None for rank in ask_ranks(record)):,}"


def _alternative(plan: dict[str, str]) -> str:
    return (
        f"{plan['placements']} placements, {plan['new']} in new schools (most possible: {plan['most']}); benefit "
        f"{plan['benefit']}, score {plan['score']}, {plan['below']} below the best; audit: {plan['audit']}"
    )


def _peers(record: RunRecord) -> list[tuple[str, str]]:
    peers = []
    for peer in record.baselines:
        missed = f"; misses {', '.join(peer.unmet)}" if peer.unmet else ""
        worth, gain = number(peer.objective / record.problem.scale), compared(raw_gain(record, peer))
        text = f"{worth} {score_unit(record)} from {peer.placements:,} placements; the plan scores {gain}{missed}"
        peers.append((peer.label, text))
    return peers


def _rules(made: Book, record: RunRecord) -> None:
    sheet = made.book.add_worksheet("Rules")
    for position, (heading, width, meaning) in enumerate(RULES):
        sheet.write_string(0, position, heading, made.heading)
        sheet.write_comment(0, position, meaning)
        sheet.set_column(position, position, width)
    states = in_order(record.rule_states)
    for row, state in enumerate(states, start=1):
        binding = "yes" if state.binding else "no"
        cells = (rule_name(state), state.acts, asks(state, record.scenario), standing(state), binding)
        for position, text in enumerate(cells):
            sheet.write_string(row, position, text, made.text)
        if state.price is not None:
            sheet.write_number(row, 5, state.price, made.forms["price"])
            sheet.write_string(row, 6, "plan" if state.price_of_plan else "linear optimum", made.text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(states), 1), len(RULES) - 1)
    _for_print(sheet, record)


def _texts(made: Book, name: str, heading: str, texts: Iterable[str]) -> None:
    sheet = made.book.add_worksheet(name)
    sheet.set_column(0, 0, 140)
    sheet.write_string(0, 0, heading, made.heading)
    for row, text in enumerate(texts, start=1):
        sheet.write_string(row, 0, text, made.text)
    sheet.freeze_panes(1, 0)


def _audit(made: Book, record: RunRecord) -> None:
    sheet = made.book.add_worksheet("Audit")
    for position, (heading, width) in enumerate((("Check", 40), ("Holds", 9), ("What was counted", 110))):
        sheet.write_string(0, position, heading, made.heading)
        sheet.set_column(position, position, width)
    for row, check in enumerate(record.audit.checks, start=1):
        for position, text in enumerate((check.name, "yes" if check.holds else "NO", check.detail)):
            sheet.write_string(row, position, text, made.text)
    sheet.freeze_panes(1, 0)
