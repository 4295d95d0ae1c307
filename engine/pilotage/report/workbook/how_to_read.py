"""The sheet that says how to read the figures: what each is, how it was made, and every column."""

from __future__ import annotations

from collections.abc import Iterable

from pilotage.case.record import RunRecord
from pilotage.domain.decision_rows import HEADINGS, TYPED
from pilotage.report.columns import KINDS, LATER, statuses
from pilotage.report.lists.alternatives import alternative_words, alternatives_note
from pilotage.report.lists.ask_next import ask_ranks
from pilotage.report.lists.for_people import Levels, columns_for_people
from pilotage.report.lists.supply_by_area import NOTE
from pilotage.report.run.accuracy import TITLE, accuracy_words
from pilotage.report.run.four_lists import NOTES
from pilotage.report.run.objective import aim_words, score_unit
from pilotage.report.run.outcomes import outcome_words
from pilotage.report.run.plan_json import raw_gain
from pilotage.report.run.what_if import what_if_lines
from pilotage.report.words import CHANCES, HONESTY, INTERVAL, UNIT, compared, level_note, number
from pilotage.report.workbook.looks import Book
from pilotage.report.workbook.pairs import Section, write_sections
from pilotage.report.workbook.printed import print_set_up
from pilotage.report.workbook.sheets import APART, AREAS, COLUMNS, OTHER_PLANS
from pilotage.report.workbook.typed import MEANINGS

NAME = "How to read it"
NOT_SHOWN = (
    "Ask next has the schools with something to gain; {unranked} more are in ask_next.csv, each with the reason."
)


def write_how_to_read(made: Book, record: RunRecord, levels: Levels) -> None:
    """Write what the figures mean, and every column."""
    sheet = made.book.add_worksheet(NAME)
    write_sections(made, sheet, 0, _sections(made, record, levels))
    print_set_up(sheet, record)


def _sections(made: Book, record: RunRecord, levels: Levels) -> Iterable[Section]:
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
    if aims := aim_words(record):
        yield "What it maximises", [("Aim", aim) for aim in aims]
    if lines := what_if_lines(record):
        yield "What if", [("", line.strip()) for line in lines]
    yield "What was forecast", [(name, text) for name, text in outcome_words(record)]
    yield TITLE, accuracy_words(record)
    yield "Notes on the data", [(f"{number + 1}", note) for number, note in enumerate(record.panel.notes)]
    yield "Supply against need by area", [(f"Sheet {AREAS.name}", NOTE)]
    yield "Kinds of figure", [(kind, meaning) for kind, meaning in KINDS.items() if kind != LATER]
    yield "Statuses of schools", list(statuses(prospects=record.scenario.pool.prospects is not None).items())
    yield "Columns to type in", [(HEADINGS[name], MEANINGS[name]) for name in TYPED]
    there = [sheet.get_name() for sheet in made.book.worksheets()]
    for what in (what for what in COLUMNS if what.name in there and what not in (APART, OTHER_PLANS)):
        columns = [column for column in columns_for_people(COLUMNS[what]) if column.kind != LATER]
        pairs = [(c.heading, f"{c.meaning} [{c.kind}; {c.name} in CSV]") for c in columns]
        yield f"Sheet {what.name}, column by column", pairs


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
