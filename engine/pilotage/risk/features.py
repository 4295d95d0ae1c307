"""Features of a school as of a date, from what was known by then and nothing later.

Each row asks for a school (``urn``) on a day (``on``); every value joined to it has ``known_on`` <= ``on``. A value
that is not known is null: the estimator has a bin of its own for it, and it is never filled.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pilotage.domain.panel import SchoolPanel

DAYS_A_MONTH = 30.4375
GRADES = ("leadership_grade", "overall_grade", "teaching_grade", "behaviour_grade", "achievement_grade")
YEARLY = (
    "pupils",
    "fsm_share",
    "fsm6_share",
    "eal_share",
    "sen_share",
    "absence_share",
    "persistent_absence_share",
    "pupil_teacher_ratio",
    "mean_salary_gbp",
)
POOLED_YEARS = 3


@dataclass(frozen=True)
class Feature:
    """One feature: its kind, and the words by which a reason names a school's value of it.

    ``words`` is a template of ``value``; ``unit`` turns the value into what the words say.
    """

    kind: str  # continuous or nominal
    words: str
    unit: str = "number"  # grade | share | points | months | number | pounds | sd


FEATURES: dict[str, Feature] = {
    "leadership_grade": Feature("continuous", "leadership last judged {value}", "grade"),
    "leadership_above_overall": Feature("continuous", "leadership judged {value} its overall grade", "better"),
    "teaching_grade": Feature("continuous", "teaching last judged {value}", "grade"),
    "behaviour_grade": Feature("continuous", "behaviour last judged {value}", "grade"),
    "achievement_grade": Feature("continuous", "achievement last judged {value}", "grade"),
    "grade_before": Feature("continuous", "judged {value} the time before", "grade"),
    "months_since_inspection": Feature("continuous", "last inspected {value} months ago", "months"),
    "phase": Feature("nominal", "{value} school", "text"),
    "region": Feature("nominal", "in {value}", "text"),
    "pupils": Feature("continuous", "{value} pupils", "number"),
    "fsm_share": Feature("continuous", "{value} of pupils on free school meals", "share"),
    "fsm_share_change": Feature("continuous", "free school meals {value} in two years", "points"),
    "eal_share": Feature("continuous", "{value} of pupils with English as an additional language", "share"),
    "sen_share": Feature("continuous", "{value} of pupils with special educational needs", "share"),
    "absence_share": Feature("continuous", "absence of {value}", "share"),
    "absence_share_change": Feature("continuous", "absence {value} in two years", "points"),
    "persistent_absence_share": Feature("continuous", "persistent absence of {value}", "share"),
    "pupil_teacher_ratio": Feature("continuous", "{value} pupils to a teacher", "ratio"),
    "mean_salary_gbp": Feature("continuous", "mean teacher's salary of {value}", "pounds"),
    "progress_all": Feature("continuous", "pupils' progress {value} in three years", "sd"),
    "progress_disadvantaged": Feature("continuous", "disadvantaged pupils' progress {value} in three years", "sd"),
}


def features(panel: SchoolPanel, rows: pd.DataFrame) -> pd.DataFrame:
    """Return every feature of ``rows`` (columns ``urn``, ``on``), same order and index, and ``last_inspected_on``."""
    asked = rows[["urn", "on"]].assign(row=range(len(rows)))
    found = asked.merge(panel.schools[["urn", "phase", "region"]], on="urn", how="left")
    found = _with_inspections(found, panel.inspections)
    found = _with_years(found, panel.school_years)
    found = _with_results(found, panel.results)
    return found.sort_values("row").drop(columns=["row"]).set_axis(rows.index)


def known_grades(inspections: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with a leadership grade in the order in which they became known, none older than one known.

    ``grade_before`` is the overall grade (else leadership) of the inspection before.
    """
    graded = inspections[inspections["leadership_grade"].notna()].sort_values(["urn", "known_on", "inspected_on"])
    latest = graded.groupby("urn")["inspected_on"].cummax()
    graded = graded[graded["inspected_on"] == latest]
    return graded.reset_index(drop=True)


def _with_inspections(rows: pd.DataFrame, inspections: pd.DataFrame) -> pd.DataFrame:
    known = known_grades(inspections)[["urn", "known_on", "inspected_on", *GRADES]]
    joined = _last_known(rows, known.astype(dict.fromkeys(GRADES, float)))
    before = _before(joined, inspections)
    return joined.assign(
        grade_before=before,
        leadership_above_overall=joined["overall_grade"] - joined["leadership_grade"],
        months_since_inspection=((joined["on"] - joined["inspected_on"]).dt.days / DAYS_A_MONTH).round(1),
    ).rename(columns={"inspected_on": "last_inspected_on"})


def _before(rows: pd.DataFrame, inspections: pd.DataFrame) -> pd.Series:
    """Return the overall grade (else leadership) of the inspection before the last one known, by row."""
    history = inspections[["urn", "known_on", "inspected_on"]].assign(
        earlier=inspections["overall_grade"].fillna(inspections["leadership_grade"]).astype(float)
    )
    pairs = rows[["urn", "on", "row", "inspected_on"]].merge(history, on="urn", suffixes=("", "_earlier"))
    pairs = pairs[(pairs["inspected_on_earlier"] < pairs["inspected_on"]) & (pairs["known_on"] <= pairs["on"])]
    latest = pairs.sort_values(["row", "inspected_on_earlier"]).groupby("row")["earlier"].last()
    return rows["row"].map(latest)


def _with_years(rows: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    joined = _last_known(rows, years[["urn", "known_on", "year", *YEARLY]])
    past = years[["urn", "year", "fsm_share", "fsm6_share", "absence_share"]].assign(year=years["year"] + 2)
    both = joined.merge(past, on=["urn", "year"], how="left", suffixes=("", "_past"))
    current = both["fsm6_share"].fillna(both["fsm_share"])
    return both.assign(
        fsm_share=current,
        fsm_share_change=(both["fsm6_share"] - both["fsm6_share_past"]).fillna(
            both["fsm_share"] - both["fsm_share_past"]
        ),
        absence_share_change=both["absence_share"] - both["absence_share_past"],
    ).drop(columns=["year", "fsm6_share", "fsm_share_past", "fsm6_share_past", "absence_share_past"])


def _with_results(rows: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """Return rows with progress pooled over the last three years known, weighted by pupils."""
    found = rows
    for name, group in (("progress_all", "all"), ("progress_disadvantaged", "disadvantaged")):
        part = results[(results["pupil_group"] == group) & results["progress_sd"].notna()]
        found = found.assign(**{name: _pooled(rows, part)})
    return found


def _pooled(rows: pd.DataFrame, results: pd.DataFrame) -> pd.Series:
    if results.empty:
        return pd.Series(float("nan"), index=rows.index)
    pairs = rows[["urn", "on", "row"]].merge(results[["urn", "year", "known_on", "pupils", "progress_sd"]], on="urn")
    pairs = pairs[pairs["known_on"] <= pairs["on"]]
    newest = pairs.groupby("row")["year"].transform("max")
    pairs = pairs[pairs["year"] > newest - POOLED_YEARS]
    sums = pairs.assign(total=pairs["progress_sd"] * pairs["pupils"]).groupby("row")[["total", "pupils"]].sum()
    return rows["row"].map(sums["total"] / sums["pupils"])


def _last_known(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the last row of ``table`` known by each row's day."""
    left = rows.assign(on=rows["on"].astype("datetime64[ns]")).sort_values("on", kind="stable")
    right = table.sort_values("known_on", kind="stable")
    return pd.merge_asof(left, right, left_on="on", right_on="known_on", by="urn").drop(columns=["known_on"])
