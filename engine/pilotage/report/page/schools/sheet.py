"""A school's sheet: which facts stand on it, under which words, and which of them are printed for its governors."""

from __future__ import annotations

from typing import Any

from pilotage.case.record import RunRecord
from pilotage.domain.outcomes import FALL
from pilotage.report.page.schools.similar import WORDS
from pilotage.report.words import plural

Json = dict[str, Any]
PRIVATE = "private"  # names leaders or other schools: shown, never printed
NOTE = (
    "A forecast, and no judgement of anybody. It says what happens to a hundred schools like this one, not what will "
    "happen to this one."
)
FOR = "Confidential. For the governors of this school and its responsible body; pass it to nobody else."
NOBODY = "The plan sends nobody there."
PRINTED = {  # what the printed sheet says of a school's status in the plan
    "placed": "The plan sends a leader there.",
    "supported": "The plan supports the leader in post.",
    "asked": "The plan asks the school, should a post come open.",
    "reserve": NOBODY,
    "not chosen": NOBODY,
    "ineligible": NOBODY,
    "unknown": NOBODY,
}


def sheet(record: RunRecord) -> Json:
    """Return the parts of the sheet: each a title and its facts as (words, column, ``private`` or nothing)."""
    return {
        "parts": [
            {"title": title, "facts": [list(fact) for fact in facts]}
            for title, facts in (*_of_the_forecast(record), *_of_the_plan(), *_of_the_school())
        ],
        "similar": WORDS,
        "note": NOTE,
        "printedFor": FOR,
        "printedStatuses": PRINTED,
    }


def _of_the_school() -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    known = (
        ("Phase", "phase", ""),
        ("Local authority", "authority", ""),
        ("Region", "region", ""),
        ("Area of the list", "area", ""),
        ("Trust", "trust", ""),
        ("Pupils", "pupils", ""),
        ("Disadvantaged pupils", "disadvantaged", ""),
    )
    over_time = (
        ("Leadership, last judged", "judged", ""),
        ("Judged before", "judged_before", ""),
        ("Results", "results", ""),
        ("Pupils often absent", "absence", ""),
    )
    return ("The school", known), ("Over the years", over_time)


def _of_the_forecast(record: RunRecord) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    facts = (
        ("Leadership", "leadership", ""),
        (f"Falls in the next {_horizon(record)}, if inspected by then", "within", ""),
        ("Gap of disadvantaged pupils", "gap_ahead", ""),
        ("Support priority", "band_words", ""),
        ("Place by need", "places", PRIVATE),
        ("Why", "reasons", ""),
        ("Not known", "missing", ""),
    )
    return (("What is likely if nothing is done", facts),)


def _of_the_plan() -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    facts = (
        ("In this plan", "status", ""),
        ("Why this leader here", "placement_reason", ""),
        ("Modelled benefit", "benefit", ""),
        ("Who could go", "could_go", PRIVATE),
        ("Ask next", "ask_next", PRIVATE),
        ("To note", "marks", PRIVATE),
    )
    return (("The plan", facts),)


def _horizon(record: RunRecord) -> str:
    """Return how far ahead a fall is forecast: ``two years``, or so many months."""
    asked = record.scenario.outcomes.get(FALL.name)
    months = FALL.horizon_months if asked is None else asked.horizon_months
    return "two years" if months == FALL.horizon_months else plural(months, "month")
