"""The sheets that say what the plan rests on: rules, assumptions and the audit."""

from __future__ import annotations

from collections.abc import Sequence

from pilotage.case.record import RunRecord
from pilotage.report.run.rule_words import asks, in_order, rule_name, standing
from pilotage.report.workbook.looks import Book
from pilotage.report.workbook.printed import print_list, set_height

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
CHECKS = (("Check", 40), ("Holds", 9), ("What was counted", 110))
TEXT_WIDTH = 115  # a page at full size: LibreOffice cuts a single column that is wider


def write_rules(made: Book, record: RunRecord) -> None:
    """Write each rule, how the plan stands to it, and the price of its limit."""
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
        set_height(sheet, row, zip(cells, (width for _, width, _ in RULES), strict=False))
        if state.price is not None:
            sheet.write_number(row, 5, state.price, made.forms["price"])
            sheet.write_string(row, 6, "plan" if state.price_of_plan else "linear optimum", made.text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(states), 1), len(RULES) - 1)
    print_list(sheet, record, [width for _, width, _ in RULES], len(states))


def write_assumptions(made: Book, record: RunRecord) -> None:
    """Write what the benefits assume, one sentence in each row."""
    rows = [(text,) for text in record.assumptions]
    _texts(made, record, "Assumptions", (("What the benefits assume", TEXT_WIDTH),), rows)


def write_audit(made: Book, record: RunRecord) -> None:
    """Write every check of the audit."""
    checks = record.audit.checks
    rows = [(check.name, "yes" if check.holds else "NO", check.detail) for check in checks]
    _texts(made, record, "Audit", CHECKS, rows)


def _texts(
    made: Book, record: RunRecord, name: str, headings: Sequence[tuple[str, int]], rows: Sequence[tuple[str, ...]]
) -> None:
    """Write a sheet of texts, each of which runs over several lines."""
    sheet = made.book.add_worksheet(name)
    for position, (heading, width) in enumerate(headings):
        sheet.write_string(0, position, heading, made.heading)
        sheet.set_column(position, position, width)
    for number, row in enumerate(rows, start=1):
        for position, text in enumerate(row):
            sheet.write_string(number, position, text, made.text)
        set_height(sheet, number, zip(row, (width for _, width in headings), strict=True))
    sheet.freeze_panes(1, 0)
    print_list(sheet, record, [width for _, width in headings], len(rows))
