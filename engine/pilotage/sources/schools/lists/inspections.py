"""Ofsted's lists chained into one history of inspections, with grades or report cards.

A row of a list is a school's *latest* inspection, and in most forms the one before, so a history comes from many. In a
list that gives no publication dates an inspection becomes known with the first list that shows its leadership grade
(else with the first that shows it), not on its own date; of the inspection before, only date and overall grade are
given there. A list with publication dates makes each inspection known on its own; where one is blank, some days after
the inspection (``known_after_days`` of data/reference/regimes.yaml).

A list holds the schools of its day alone. What one late list alone shows of earlier years is of schools that survived
and were not inspected again: ``listed_on`` and ``lists`` tell such rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.domain.report_cards import REPORT_CARD_AREAS
from pilotage.sources.schools.regimes import concerns, regimes
from pilotage.sources.schools.snapshots import GRADES, Snapshot

SAME_DAYS = 6  # lists give the first or the last day of an inspection: so near, it is the same one
JUDGEMENTS = [f"{area}_judgement" for area in REPORT_CARD_AREAS]
FOUND = [*GRADES, *JUDGEMENTS, "safeguarding_met", "concern"]  # what an inspection found
HISTORY = ["urn", "inspected_on", "published_on", "known_on", *FOUND]  # published_on is null where it is not given


def chained(snapshots: list[Snapshot]) -> pd.DataFrame:
    """Return one row per URN and inspection date: what was found, and ``known_on``, the first list that shows it.

    ``listed_on`` and ``last_listed_on`` are the days of the first and of the last list that shows the inspection,
    ``lists`` how many do. Lists give the last day of an inspection, and later ones its first: what was published on
    one day is one inspection, and so is what a list with publication dates puts within ``SAME_DAYS`` of an inspection
    that an earlier list shows.
    """
    rows = pd.concat([part for snapshot in snapshots for part in _parts(snapshot)], ignore_index=True)
    unjudged = rows["leadership_grade"].isna() & rows["leadership_judgement"].isna()
    rows = rows.assign(ungraded=rows["leadership_grade"].isna(), unjudged=unjudged)
    rows = rows.assign(inspected_on=_same_days(rows)).sort_values(["unjudged", "ungraded"], kind="stable")
    again = rows["published_on"].notna() & rows.duplicated(["urn", "published_on"])
    again &= ~rows.duplicated(["urn", "inspected_on"], keep=False)  # of the same days, the rows complete each other
    keys = ["urn", "inspected_on"]
    order = [*keys, "unjudged", "ungraded", "publishes", "known_on"]
    grouped = rows[~again].sort_values(order, kind="stable").groupby(keys, as_index=False)
    first = grouped[["known_on", *FOUND]].first()
    seen = grouped.agg(
        listed_on=("listed_on", "min"), last_listed_on=("listed_on", "max"), lists=("listed_on", "nunique")
    )
    return first.merge(seen, on=keys).astype(dict.fromkeys(GRADES, "Int64"))


def _same_days(rows: pd.DataFrame) -> pd.Series:
    """Return the day of each inspection: of one in a list with publication dates, that of an earlier list if near."""
    order = rows.assign(place=np.arange(len(rows))).sort_values(["urn", "inspected_on", "place"], kind="stable")
    apart = order["inspected_on"].diff() > pd.Timedelta(days=SAME_DAYS)
    order["inspection"] = (apart | (order["urn"] != order["urn"].shift())).cumsum()
    earliest = order.sort_values(["inspection", "publishes", "listed_on", "place"], kind="stable")
    day = order["inspection"].map(earliest.groupby("inspection")["inspected_on"].first())
    return order["inspected_on"].where(~order["publishes"], day).reindex(rows.index)


def _parts(snapshot: Snapshot) -> list[pd.DataFrame]:
    """Return the latest and the previous inspections of a snapshot, under the URN of the time where it is given.

    A previous inspection without a column of publication dates was public when the latest one was.
    """
    table = _judged(snapshot.table)
    if not snapshot.publishes:
        dated = table.assign(known_on=pd.Timestamp(snapshot.dated))
        return [_listed(part, snapshot) for part in (_latest(dated), _previous(dated))]
    before = {name.removeprefix("previous_"): name for name in table.columns if name.startswith("previous_")}
    previous = pd.DataFrame({"urn": table["urn"]} | {name: table[column] for name, column in before.items()})
    if "published_on" not in previous:
        previous = previous.assign(published_on=pd.Series(pd.NaT, table.index), known_on=table["published_on"])
    else:  # some lists repeat the latest publication there
        published = previous["published_on"].mask(previous["published_on"] == table["published_on"])
        previous = previous.assign(published_on=published)
    parts = [_of_its_time(part) for part in (table, previous) if "inspected_on" in part]
    return [_listed(_latest(part), snapshot) for part in parts]


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with concerns and safeguarding as codes, and the day of the judgement of leadership as its day."""
    there = {name: table[name].map(concerns()) for name in ("concern", "previous_concern") if name in table}
    judged = table.assign(**there)
    if "safeguarding" in judged:
        met = judged["safeguarding"].astype("string").str.strip().str.lower().map({"met": True, "not met": False})
        judged = judged.assign(safeguarding_met=met.astype("boolean"))
    if "judged_on" not in judged:
        return judged
    later = judged["judged_on"] > judged["inspected_on"]  # a visit changed the judgement; its publication is not given
    published = judged["published_on"].mask(later)
    return judged.assign(inspected_on=judged["inspected_on"].mask(later, judged["judged_on"]), published_on=published)


def _of_its_time(part: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with the day that they are known from, under the URN that the school had then."""
    own = part["urn_then"].fillna(part["urn"]).astype("int64") if "urn_then" in part else part["urn"]
    known = part.get("known_on", part["published_on"]).fillna(part["inspected_on"] + known_after())
    return part.assign(known_on=known, urn=own)


def known_after() -> pd.Timedelta:
    """Return how long after its first day an inspection counts as known whose publication date is not given."""
    return pd.Timedelta(days=regimes()["known_after_days"])


def _listed(part: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    return part.assign(listed_on=pd.Timestamp(snapshot.dated), publishes=snapshot.publishes)


def _latest(part: pd.DataFrame) -> pd.DataFrame:
    return part.loc[part["inspected_on"].notna()].reindex(columns=HISTORY)


def _previous(part: pd.DataFrame) -> pd.DataFrame:
    given = part[part["previous_inspected_on"].notna() & part["previous_overall_grade"].notna()]
    columns = {"previous_inspected_on": "inspected_on", "previous_overall_grade": "overall_grade"}
    return given[["urn", "known_on", *columns]].rename(columns=columns).reindex(columns=HISTORY)
