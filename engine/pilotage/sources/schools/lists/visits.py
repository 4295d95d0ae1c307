"""Ungraded visits of Ofsted's lists: they confirm a grade or say that it may change, and give no leadership grade.

A visit that turned into a graded inspection is that inspection. Lists give a school's latest visit alone.
"""

from __future__ import annotations

import pandas as pd

from pilotage.sources.schools.lists.inspections import known_after
from pilotage.sources.schools.regimes import visit_outcomes
from pilotage.sources.schools.snapshots import Snapshot

COLUMNS = ["urn", "visited_on", "known_on", "outcome", "listed_on"]


def visits_of(snapshots: list[Snapshot]) -> pd.DataFrame:
    """Return one row per URN of the time and visit, known from its publication; ``domain.tables.VISITS``."""
    parts = [_visits(snapshot) for snapshot in snapshots if "visited_on" in snapshot.table]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    rows = pd.concat(parts, ignore_index=True).sort_values(["urn", "visited_on", "listed_on"], kind="stable")
    return rows.drop_duplicates(["urn", "visited_on"])


def _visits(snapshot: Snapshot) -> pd.DataFrame:
    table = snapshot.table[snapshot.table["visited_on"].notna()]
    converted = table.get("visit_converted", pd.Series(None, table.index, dtype=object))
    table = table[converted.astype("string").str.strip().str.lower().ne("yes").fillna(True)]
    return pd.DataFrame(
        {
            "urn": table["visit_urn_then"].fillna(table["urn"]).astype("int64"),
            "visited_on": table["visited_on"],
            "known_on": table["visit_published_on"].fillna(table["visited_on"] + known_after()),
            "outcome": table["visit_outcome"].astype("string").str.strip().str.lower().map(visit_outcomes()),
            "listed_on": pd.Timestamp(snapshot.dated),
        }
    )
