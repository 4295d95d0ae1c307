"""Overall grades with their days, to stand for leadership grades where a scenario says so (``data.grade_proxy``)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from pilotage.domain.tables import SHORT_VISIT, UNCLEAR
from pilotage.sources.schools.lists.inspections import SAME_DAYS
from pilotage.sources.schools.regimes import regimes
from pilotage.sources.schools.snapshots import GRADES

SHORT_VISITS_FROM = pd.Timestamp(2015, 9, 1)  # Ofsted, common inspection framework: short inspections of good schools


@cache
def proxy(name: str) -> dict[str, Any]:
    """Return what data/reference/regimes.yaml says of a proxy: label, known."""
    named: dict[str, Any] = regimes()["grade_proxies"][name]
    return named


def overall_history(
    history: pd.DataFrame, published: pd.DataFrame | None, later_lists: list[pd.DataFrame], days: int
) -> pd.DataFrame:
    """Return one row per URN and inspection: the overall grade as ``leadership_grade`` too, and when it became known.

    ``kind`` is unclear where only the published list has an inspection, from the first short visits on; ``of_history``
    says which rows ``history`` has.

    Parameters
    ----------
    history
        urn, inspected_on (first day), overall_grade.
    published
        The same of each school's latest inspection in a list, and ``published_on``: the day from which it is known.
    later_lists
        Further lists without publication, for schools that ``history`` leaves out; the same inspection counts once.
    days
        How long after ``inspected_on`` an inspection without a publication date counts as known.
    """
    columns = ["urn", "inspected_on", "overall_grade"]
    known = history[columns].dropna().sort_values(["urn", "inspected_on"]).drop_duplicates(columns[:2])
    known = known.assign(of_history=True)
    for other in ([published] if published is not None else []) + later_lists:
        new = other[columns].dropna()
        new = new[~_near(new, known)].assign(of_history=False)
        known = pd.concat([known, new]).drop_duplicates(columns[:2])
    known = known.sort_values(columns[:2], ignore_index=True)
    known = known.assign(known_on=known["inspected_on"] + pd.Timedelta(days=days))
    if published is not None:
        known = _with_publication(known, published)
    unclear = ~known["of_history"] & (known["inspected_on"] >= SHORT_VISITS_FROM)
    known = known.assign(leadership_grade=known["overall_grade"], kind=pd.Series(UNCLEAR, known.index).where(unclear))
    return known.reindex(columns=["urn", "inspected_on", "known_on", *GRADES, "kind", "of_history"])


def with_kinds(inspections: pd.DataFrame) -> pd.DataFrame:
    """Return each school's inspections once, and of each unclear one what the history tells of its kind.

    The history has graded inspections alone. Of a school that it holds, an inspection that only the list has and that
    found the grade before was a short visit: it confirms, so it has no leadership grade. Any other was graded. Of a
    school that the history leaves out, the kind stays unclear.

    Parameters
    ----------
    inspections
        Rows of ``overall_history`` under the URNs of the present schools.
    """
    ordered = _once(inspections)
    before = ordered.groupby("urn")["overall_grade"].shift()
    told = (ordered["kind"] == UNCLEAR) & ordered.groupby("urn")["of_history"].transform("any")
    short = told & (ordered["overall_grade"] == before)
    kind = ordered["kind"].mask(told, "graded").mask(short, SHORT_VISIT)
    leadership = ordered["leadership_grade"].mask(short)
    return ordered.assign(kind=kind, leadership_grade=leadership).drop(columns="of_history")


def _once(inspections: pd.DataFrame) -> pd.DataFrame:
    """Return inspections in order, of those of one school on the same days one: the history's, where it has one."""
    ordered = inspections.sort_values(["urn", "inspected_on"], kind="stable", ignore_index=True)
    new = ~(ordered.groupby("urn")["inspected_on"].diff() <= pd.Timedelta(days=SAME_DAYS))
    ordered = ordered.assign(inspection=new.cumsum()).sort_values(["inspection", "of_history"], ascending=[True, False])
    return ordered.drop_duplicates("inspection").drop(columns="inspection").reset_index(drop=True)


def _near(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Return which rows are of an inspection that is known already."""
    pairs = rows[["urn", "inspected_on"]].reset_index(names="row")
    pairs = pairs.merge(known[["urn", "inspected_on"]], on="urn", suffixes=("", "_known"))
    same = (pairs["inspected_on"] - pairs["inspected_on_known"]).abs() <= pd.Timedelta(days=SAME_DAYS)
    return pd.Series(rows.index.isin(pairs.loc[same, "row"]), index=rows.index)


def _with_publication(known: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    pairs = known.reset_index(names="row").merge(
        published[["urn", "inspected_on", "published_on"]].dropna(), on="urn", suffixes=("", "_listed")
    )
    same = (pairs["inspected_on"] - pairs["inspected_on_listed"]).abs() <= pd.Timedelta(days=SAME_DAYS)
    days = pairs[same & (pairs["published_on"] >= pairs["inspected_on"])].groupby("row")["published_on"].first()
    return known.assign(known_on=days.reindex(known.index).fillna(known["known_on"]))
