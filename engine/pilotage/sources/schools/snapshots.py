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
HISTORY = [
    "urn",
    "inspected_on",
    "published_on",
    "known_on",
    *GRADES,
]  # of an inspection; published_on null if not given
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
    """One snapshot: the day as at which it speaks, and its table.

    A table of the form of 2019 on gives the day on which each inspection was published, and the URN then; one without
    (``publishes`` False) makes its rows known on its own day.
    """

    dated: date
    table: pd.DataFrame

    @property
    def publishes(self) -> bool:
        """Return whether the table says when each inspection was published."""
        return "published_on" in self.table


def graded(snapshot: Snapshot, points: dict[str, int]) -> Snapshot:
    """Return a snapshot of report cards with grades by a crosswalk (null without one); any other as it is."""
    if "leadership_judgement" not in snapshot.table:
        return snapshot
    table = snapshot.table.assign(overall_grade=float("nan"))
    for name in ("leadership", "teaching", "behaviour", "achievement"):
        words = table[f"{name}_judgement"].astype("string").str.strip().str.lower()
        table[f"{name}_grade"] = words.map(points).astype("float64")
    return Snapshot(snapshot.dated, table)


def chained(snapshots: list[Snapshot]) -> pd.DataFrame:
    """Return one row per URN and inspection date: grades, and ``known_on``, the first snapshot that shows them.

    Lists give the last day of an inspection, and later ones its first: what was published on one day is one inspection.
    """
    rows = pd.concat([part for snapshot in snapshots for part in _parts(snapshot)], ignore_index=True)
    rows = rows.assign(ungraded=rows["leadership_grade"].isna()).sort_values("ungraded", kind="stable")
    again = rows["published_on"].notna() & rows.duplicated(["urn", "published_on"])
    again &= ~rows.duplicated(["urn", "inspected_on"], keep=False)  # of the same days, the rows complete each other
    rows = rows[~again]
    rows = rows.sort_values(["urn", "inspected_on", "ungraded", "known_on"], kind="stable")
    first = rows.groupby(["urn", "inspected_on"], as_index=False)[["known_on", *GRADES]].first()
    return first.astype(dict.fromkeys(GRADES, "Int64"))


def _parts(snapshot: Snapshot) -> list[pd.DataFrame]:
    """Return the latest and the previous inspections of a snapshot, under the URN of the time where it is given.

    A previous inspection without a publication date of its own was public when the latest one was.
    """
    if not snapshot.publishes:
        dated = snapshot.table.assign(known_on=pd.Timestamp(snapshot.dated))
        return [_latest(dated), _previous(dated)]
    table = snapshot.table
    before = {name.removeprefix("previous_"): name for name in table.columns if name.startswith("previous_")}
    previous = pd.DataFrame({"urn": table["urn"]} | {name: table[column] for name, column in before.items()})
    if "published_on" not in previous:
        previous = previous.assign(published_on=pd.Series(pd.NaT, table.index), known_on=table["published_on"])
    parts = [_of_its_time(part) for part in (table, previous) if "inspected_on" in part]
    return [_latest(part[part["known_on"].notna()]) for part in parts]


def _of_its_time(part: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with the day that they are known from, under the URN that the school had then."""
    own = part["urn_then"].fillna(part["urn"]).astype("int64") if "urn_then" in part else part["urn"]
    return part.assign(known_on=part.get("known_on", part["published_on"]), urn=own)


def renamed(snapshots: list[Snapshot]) -> dict[int, int]:
    """Return URN at the time -> URN of the snapshot, for the inspections that a snapshot gives of an earlier URN."""
    urns: dict[int, int] = {}
    for table in (snapshot.table for snapshot in snapshots if snapshot.publishes):
        for column in {"urn_then", "previous_urn_then"} & {*table.columns}:
            moved = table[table[column].notna() & (table[column] != table["urn"])]
            urns |= dict(zip(moved[column].astype("int64").tolist(), moved["urn"].tolist(), strict=True))
    return urns


def _latest(part: pd.DataFrame) -> pd.DataFrame:
    return part.loc[part["inspected_on"].notna()].reindex(columns=HISTORY)


def _previous(part: pd.DataFrame) -> pd.DataFrame:
    given = part[part["previous_inspected_on"].notna() & part["previous_overall_grade"].notna()]
    columns = {"previous_inspected_on": "inspected_on", "previous_overall_grade": "overall_grade"}
    return given[["urn", "known_on", *columns]].rename(columns=columns).reindex(columns=HISTORY)


def schools_of(snapshots: list[Snapshot], as_of: date) -> pd.DataFrame:
    """Return the schools of the latest snapshot known by the day, with postcodes of any snapshot where it has none."""
    latest = max((s for s in snapshots if s.dated <= as_of), key=lambda s: s.dated).table
    columns = ["urn", "name", "region", "authority", "school_type", "phase", "postcode", "pupils"]
    schools = latest[columns].copy()
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
