"""Ofsted's monthly snapshots chained into one history of grades, and the schools of the latest one.

A row of a snapshot is a school's *latest* inspection, so a history comes from many. An inspection becomes known with
the first snapshot that shows its leadership grade (else with the first that shows it), not on its own date. The
inspection before, of which only date and overall grade are given, is a row too, without a leadership grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

GRADES = ["leadership_grade", "overall_grade", "teaching_grade", "behaviour_grade", "achievement_grade"]
PHASES = {
    "primary": "primary",
    "secondary": "secondary",
    "special": "special",
    "nursery": "nursery",
    "pru": "pru",
    "pupil referral unit": "pru",
}
SPONSOR_LED = ("Academy Sponsor Led", "Academy Special Sponsor Led", "Academy Alternative Provision Sponsor Led")


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: the day as at which it speaks, and its table."""

    dated: date
    table: pd.DataFrame


def chained(snapshots: list[Snapshot]) -> pd.DataFrame:
    """Return one row per URN and inspection date: grades, and ``known_on``, the first snapshot that shows them."""
    parts = [snapshot.table.assign(known_on=pd.Timestamp(snapshot.dated)) for snapshot in snapshots]
    rows = pd.concat([_latest(part) for part in parts] + [_previous(part) for part in parts], ignore_index=True)
    rows = rows.assign(ungraded=rows["leadership_grade"].isna())
    rows = rows.sort_values(["urn", "inspected_on", "ungraded", "known_on"], kind="stable")
    first = rows.groupby(["urn", "inspected_on"], as_index=False)[["known_on", *GRADES]].first()
    return first.astype(dict.fromkeys(GRADES, "Int64"))


def _latest(part: pd.DataFrame) -> pd.DataFrame:
    return part.loc[part["inspected_on"].notna(), ["urn", "inspected_on", "known_on", *GRADES]]


def _previous(part: pd.DataFrame) -> pd.DataFrame:
    given = part[part["previous_inspected_on"].notna() & part["previous_overall_grade"].notna()]
    columns = {"previous_inspected_on": "inspected_on", "previous_overall_grade": "overall_grade"}
    return (
        given[["urn", "known_on", *columns]]
        .rename(columns=columns)
        .reindex(columns=["urn", "inspected_on", "known_on", *GRADES])
    )


def schools_of(snapshots: list[Snapshot], as_of: date) -> pd.DataFrame:
    """Return the schools of the latest snapshot known by the day, with postcodes of any snapshot where it has none."""
    latest = max((s for s in snapshots if s.dated <= as_of), key=lambda s: s.dated).table
    columns = ["urn", "name", "region", "authority", "school_type", "phase", "postcode", "pupils"]
    schools = latest[columns].copy()
    known = pd.concat([s.table[["urn", "postcode"]] for s in snapshots]).dropna().drop_duplicates("urn")
    schools["postcode"] = schools["postcode"].fillna(schools["urn"].map(known.set_index("urn")["postcode"]))
    schools["phase"] = schools["phase"].str.strip().str.lower().map(PHASES)
    schools["sponsor_led"] = schools["school_type"].isin(SPONSOR_LED)
    return schools


def sponsor_led_urns(snapshots: list[Snapshot]) -> set[int]:
    """Return every URN that a snapshot calls a sponsor-led academy."""
    return {int(urn) for s in snapshots for urn in s.table.loc[s.table["school_type"].isin(SPONSOR_LED), "urn"]}
