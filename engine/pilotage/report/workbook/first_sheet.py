"""The first sheet: the plan in plain words, which sheet answers which question, and how to type decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pilotage.case.record import RunRecord
from pilotage.domain.words import plural
from pilotage.report.lists.unplaced import unplaced_groups
from pilotage.report.run.data import caution_line, data_line
from pilotage.report.run.expected import expected_lines
from pilotage.report.run.proof import audit_words, failure, proven
from pilotage.report.words import banner, day, headline
from pilotage.report.workbook import how_to_read
from pilotage.report.workbook.looks import Book
from pilotage.report.workbook.pairs import Section, write_sections
from pilotage.report.workbook.printed import print_set_up
from pilotage.report.workbook.sheets import (
    APART,
    AREAS,
    ASK,
    ASKED,
    OTHER_PLANS,
    PLACED,
    RANK,
    SETTLED,
    SUPPORTING,
    WITHOUT,
    WORRY,
)

QUESTIONS = {
    PLACED.name: "Who goes where, why, and by when must notice be given? Type here what was asked and answered.",
    ASK.name: "Whom do we speak to next about a post? Type here too.",
    ASKED.name: "Which posts that may come open does the plan ask about? Type here too.",
    SUPPORTING.name: "Where is the leader in post supported? Type here too.",
    WITHOUT.name: "Which leaders could not be matched, and why?",
    WORRY.name: "Which schools are likely to stay below good, or to keep a wide gap? Every school, by need.",
    SETTLED.name: "What has been decided so far, by whom and when, and what has ended?",
    RANK.name: "What does the plan do with each school? Every school and figure in one list.",
    APART.name: "The same for special schools and pupil referral units, which have no gap.",
    OTHER_PLANS.name: "Which other plans are nearly as good?",
    AREAS.name: "Where is the need, and where does the plan go?",
    "Rules": "What was asked of the plan, and what did each rule cost?",
    "Assumptions": "What do the benefits assume?",
    "Audit": "Which rules were checked independently?",
    how_to_read.NAME: "What does each figure and column mean? How well did such forecasts do?",
}
MOST_REASONS = 4
TYPING = (
    (
        "Where",
        "In the yellow cells of the lists. The other cells are for reading: changes there do not count.",
    ),
    (
        "Asked, Agreed, Refused",
        "Type yes, or the day as 22/04/2016. Agreed: the next plan keeps the row. Refused: it does "
        "not have it again. A cell that is emptied ends nothing; to end an agreement, empty it and fill in Refused.",
    ),
    (
        "Owner, Note, Decide by",
        "Who sees to it, anything worth keeping, and by when it is to be decided. They stand in "
        "the next run's workbook again.",
    ),
    ("Nobody at all", "If a school wants nobody, fill in Refused and empty the cell Leader of that row."),
    (
        "Sort and filter",
        "As you like: no sheet is locked. Sort whole lists, never one column alone. The last column, "
        "Row check, shows where a sort has torn rows apart; please leave it as it is.",
    ),
    ("A row of your own", "Below a list: leader, URN and level (or post), and leave the row check blank."),
)


def write_first_sheet(made: Book, sheet: Any, record: RunRecord) -> None:
    """Write the first sheet, when all others are there."""
    sheet.write_string(0, 0, f"Pilotage: {record.scenario.name}", made.title)
    names = [each.get_name() for each in made.book.worksheets()]
    sections = _sections(record, [name for name in names if name in QUESTIONS])
    row = write_sections(made, sheet, _stamp(made, sheet, record), sections)
    sheet.set_h_pagebreaks([row])
    write_sections(
        made, sheet, row, [("How to type what was asked and answered", [*TYPING, ("Give it back", _command(record))])]
    )
    print_set_up(sheet, record)


def _sections(record: RunRecord, names: list[str]) -> Iterator[Section]:
    """Yield what the plan is, and which sheet of these names answers which question."""
    yield (
        "The plan",
        [
            ("Question", record.scenario.why),
            ("As of", f"{day(record)}: nothing known later was used"),
            ("In one sentence", headline(record)),
            *(("What to expect", line) for line in expected_lines(record)),
            *_unmatched(record),
            ("Data", data_line(record.panel, record.urns).removeprefix("Data: ")),
            ("Proof", proven(record)),
            ("Checks", audit_words(record)),
            ("Who may see it", "Internal. The lists name schools and leaders; show each body its own schools alone."),
        ],
    )
    yield "Which sheet answers which question", [(name, QUESTIONS[name]) for name in names]


def _unmatched(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield how many leaders could not be matched, with the most frequent reasons; nothing where all could."""
    groups = unplaced_groups(record)
    if groups:
        reasons = "; ".join(f"{group['count']}: {group['reason']}" for group in groups[:MOST_REASONS])
        some = plural(len(record.unplaced), "leader")
        yield "Could not be matched", f"{some}. {reasons}. See the sheet {WITHOUT.name}."


def _command(record: RunRecord) -> str:
    return (
        "Save a copy of this workbook outside the run folder, as decisions.xlsx, and run: pilotage run "
        f"{record.scenario.name} --decisions decisions.xlsx. Several people may each give theirs: repeat --decisions. "
        "What only one of them changed counts; where two differ the later day holds, without days the file named last."
    )


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
