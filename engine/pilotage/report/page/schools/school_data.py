"""Every school of a run as data of the page: columns of its table, facts of its sheets, and the first rows in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.outcomes import FALL
from pilotage.report import words
from pilotage.report.lists.for_people import Levels
from pilotage.report.lists.judgements import judgement_line
from pilotage.report.page.schools.coded import Column, coded, coded_parts
from pilotage.report.page.schools.history import absence_over_years, judged_before, results_over_years
from pilotage.report.page.schools.options import asked_about, who_could_go
from pilotage.report.page.schools.risk_words import gap_words, leadership_words, place_words
from pilotage.report.page.schools.similar import similar_schools
from pilotage.report.words import number, percent, pupils_words, schools_of_100, text_of

ROWS = 25  # of a table's first page
OF_THE_PLAN = ["status", "benefit", "pupils_reached", "placement_reason", "marks"]
SHORT_BANDS = {"top": "top tenth", "tie": "may be top tenth", "below": "below it"}
LONG = ("places", "reasons", "results", "absence", "judged_before", "ask_next")  # texts of the sheet whose parts repeat
STATUS_ORDER = ("placed", "supported", "asked", "reserve", "not chosen", "ineligible", "unknown")
ORDERED_BY = {  # what a column of the table sorts by, where its words alone do not say it
    "rank": "need_rank",
    "risk": "p_below_good",
    "gap": "gap_months",
    "need": "need",
    "judged": "inspected_on",
}

Record = dict[str, Any]  # a row of the list


@dataclass(frozen=True)
class SchoolData:
    """What the page holds of schools.

    Attributes
    ----------
    columns
        By name, as ``coded`` makes them; all of the same length, in the order of the list of schools to worry about.
    similar
        Of each school the positions of its similar schools.
    first_rows
        The first page of the table in words, for print and for readers without script.
    """

    columns: dict[str, Column]
    similar: list[list[int]]
    first_rows: list[dict[str, str]]


def school_data(
    record: RunRecord, ranked: pd.DataFrame, worry: pd.DataFrame, ask_next: pd.DataFrame, levels: Levels
) -> SchoolData:
    """Return every school in scope, in the order of the list of schools to worry about."""
    frame = worry.drop(columns="marks").join(ranked.set_index("urn")[OF_THE_PLAN], on="urn")
    rows: list[Record] = [
        dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)
    ]
    texts = {name: [maker(row) for row in rows] for name, maker in _makers(levels).items()}
    texts |= _joined(record, frame["urn"], ask_next)
    columns = {
        name: coded_parts(values) if name in LONG else coded(values) for name, values in texts.items() if any(values)
    }
    columns["urn"] = {"values": frame["urn"].astype(int).tolist()}
    columns |= {f"{name}_order": {"values": values} for name, values in _orders(frame, texts).items()}
    first = [
        {name: texts[name][row] for name in texts} | {"urn": str(rows[row]["urn"])} for row in range(len(rows))[:ROWS]
    ]
    return SchoolData(columns, similar_schools(frame), first)


def _makers(levels: Levels) -> dict[str, Callable[[Record], str]]:
    """Return what makes the words of each column from a row; empty words where there is nothing to say."""
    plain = ("name", "authority", "region", "area", "trust", "reasons", "missing", "marks", "placement_reason")
    makers: dict[str, Callable[[Record], str]] = {name: _text(name) for name in plain}
    return makers | {
        "phase": lambda row: words.phase_words(text_of(row["phase"])),
        "pupils": lambda row: _known(number(row["pupils"])),
        "disadvantaged": lambda row: _known(number(row["disadvantaged_pupils"])),
        "judged": lambda row: judgement_line(row).removeprefix("leadership "),
        "rank": lambda row: _known(number(row["need_rank"])),
        "places": place_words,
        "risk": lambda row: _known(percent(row["p_below_good"])).replace("%", ""),
        "leadership": leadership_words,
        "within": lambda row: _known(schools_of_100(row[FALL_WITHIN])),
        "gap": lambda row: _known(number(row["gap_months"])),
        "gap_ahead": gap_words,
        "need": lambda row: _known(percent(row["need"])),
        "band": lambda row: SHORT_BANDS.get(text_of(row["band"]), ""),
        "band_words": lambda row: words.band_words(row["band"]),
        "status": lambda row: str(row["status"]).replace("_", " "),
        "benefit": lambda row: _benefit(row, levels),
    }


FALL_WITHIN = FALL.chance_within_horizon.name if FALL.chance_within_horizon else ""


def _text(name: str) -> Callable[[Record], str]:
    return lambda row: text_of(row[name])


def _known(shown: str) -> str:
    return "" if shown == words.DASH else shown


def _benefit(row: Record, levels: Levels) -> str:
    level = _known(levels.words(row["benefit"]))
    reached = row["pupils_reached"]
    return f"{level}; reaches {pupils_words(reached)}" if level and not words.absent(reached) else level


def _joined(record: RunRecord, urns: pd.Series, ask_next: pd.DataFrame) -> dict[str, list[str]]:
    """Return the columns that are made school by school, by URN, and joined."""
    made = {
        "judged_before": judged_before(record),
        "results": results_over_years(record),
        "absence": absence_over_years(record),
        "could_go": who_could_go(record),
        "ask_next": asked_about(ask_next),
    }
    return {name: [text_of(text) for text in urns.map(values)] for name, values in made.items()}


def _orders(frame: pd.DataFrame, texts: dict[str, list[str]]) -> dict[str, list[float | int | None]]:
    """Return the numbers that each column of the table sorts by; null where its cell is not known."""
    named = pd.Series(texts["name"]).str.casefold().rank(method="min")
    statuses = pd.Series(texts["status"]).map({status: place for place, status in enumerate(STATUS_ORDER)})
    bands = frame["band"].map({band: place for place, band in enumerate(SHORT_BANDS)})
    orders: dict[str, pd.Series] = {"name": named, "status": statuses, "band": bands}
    for name, column in ORDERED_BY.items():
        orders[name] = frame[column].rank(method="min")
    return {name: _whole(values) for name, values in orders.items()}


def _whole(values: pd.Series) -> list[float | int | None]:
    return [None if words.absent(value) else int(value) for value in values]


def filters(data: SchoolData) -> Sequence[tuple[str, str, list[tuple[str, str]]]]:
    """Return by what schools can be picked out: the filter's name, its heading, and its columns with their titles."""
    wanted = [
        ("area", "Area", [("region", "Regions"), ("area", "Areas of the list"), ("authority", "Local authorities")]),
        ("phase", "Phase", [("phase", "")]),
        ("band", "Band by need", [("band", "")]),
        ("trust", "Trust", [("trust", "")]),
        ("status", "Status in the plan", [("status", "")]),
    ]
    present = [(key, title, [part for part in parts if part[0] in data.columns]) for key, title, parts in wanted]
    return [each for each in present if each[2]]
