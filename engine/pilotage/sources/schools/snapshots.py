"""Ofsted's lists as snapshots: the day as at which each speaks, its grades, and the schools of the latest one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

GRADES = ["leadership_grade", "overall_grade", "teaching_grade", "behaviour_grade", "achievement_grade"]
OF_THE_LIST = ["trust_name", "trust_id", "idaci_fifth", "list_opened_on"]  # of a school; not in every form
PHASES = {
    "primary": "primary",
    "secondary": "secondary",
    "special": "special",
    "nursery": "nursery",
    "pru": "pru",
    "pupil referral unit": "pru",
    "alternative provision": "pru",
}
SPONSOR_LED = ("Academy Sponsor Led", "Academy Special Sponsor Led", "Academy Alternative Provision Sponsor Led")


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: the day as at which it speaks, its table, and the file that it was read from.

    A table of the form of 2019 on gives the day on which each inspection was published, and the URN then; one without
    (``publishes`` False) makes its rows known on its own day.
    """

    dated: date
    table: pd.DataFrame
    path: Path | None = None

    @property
    def publishes(self) -> bool:
        """Return whether the table says when each inspection was published."""
        return "published_on" in self.table

    @property
    def of_report_cards(self) -> bool:
        """Return whether its latest inspections are report cards."""
        return "leadership_judgement" in self.table


def graded(snapshot: Snapshot, points: dict[str, int]) -> Snapshot:
    """Return a snapshot of report cards with grades by a crosswalk (null without one); any other as it is."""
    if not snapshot.of_report_cards:
        return snapshot
    table = snapshot.table.assign(overall_grade=float("nan"))
    for name in ("leadership", "teaching", "behaviour", "achievement"):
        table[f"{name}_grade"] = table[f"{name}_judgement"].map(points).astype("float64")
    return replace(snapshot, table=table)


def renamed(snapshots: list[Snapshot]) -> dict[int, int]:
    """Return URN at the time -> URN of the snapshot, for the inspections that a snapshot gives of an earlier URN."""
    urns: dict[int, int] = {}
    for table in (snapshot.table for snapshot in snapshots if snapshot.publishes):
        for column in (name for name in ("urn_then", "previous_urn_then", "visit_urn_then") if name in table):
            moved = table[table[column].notna() & (table[column] != table["urn"])]
            urns |= dict(zip(moved[column].astype("int64").tolist(), moved["urn"].tolist(), strict=True))
    return urns


def schools_of(snapshots: list[Snapshot], as_of: date) -> pd.DataFrame:
    """Return the schools of the latest snapshot known by the day, with postcodes of any snapshot where it has none."""
    latest = max((s for s in snapshots if s.dated <= as_of), key=lambda s: s.dated).table
    columns = ["urn", "name", "region", "authority", "school_type", "phase", "postcode", "pupils"]
    schools = latest.reindex(columns=[*columns, *OF_THE_LIST])
    known = pd.concat([s.table[["urn", "postcode"]] for s in snapshots]).dropna().drop_duplicates("urn")
    schools["postcode"] = schools["postcode"].where(
        schools["postcode"].notna(), schools["urn"].map(known.set_index("urn")["postcode"]).astype(object)
    )
    schools["phase"] = schools["phase"].str.strip().str.lower().map(PHASES)
    schools["sponsor_led"] = schools["school_type"].isin(SPONSOR_LED)
    return schools


def sponsor_led_urns(snapshots: list[Snapshot]) -> set[int]:
    """Return every URN that a snapshot calls a sponsor-led academy."""
    return {int(urn) for s in snapshots for urn in s.table.loc[s.table["school_type"].isin(SPONSOR_LED), "urn"]}
