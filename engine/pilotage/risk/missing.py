"""What is not known of a school, and why, in a planner's words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.small_cohorts import too_small_to_say
from pilotage.risk.features import yearly
from pilotage.risk.leadership.standing import standing, why_ungraded

TOO_FEW = "too few disadvantaged pupils"
NAMED_WHEN_MISSING = {"fsm_share": ("fsm6_share", "fsm_share"), "absence_share": ("absence_share",)}
FIELD_WORDS = {
    "pupils": "number of pupils",
    "fsm_share": "free school meals",
    "fsm6_share": "free school meals in six years",
    "eal_share": "English as an additional language",
    "sen_share": "special educational needs",
    "absence_share": "absence",
    "persistent_absence_share": "persistent absence",
    "pupil_teacher_ratio": "pupils to a teacher",
    "teachers_fte": "number of teachers",
    "mean_salary_gbp": "mean salary",
    "temporary_staff_share": "temporary staff",
    "income_per_pupil_gbp": "income",
    "expenditure_per_pupil_gbp": "expenditure",
    "supply_teachers_per_pupil_gbp": "spending on supply teachers",
    "suspension_rate": "suspensions",
    "capacity_used_share": "places filled",
    "prior_attainment": "prior attainment",
    "attainment8": "Attainment 8",
    "progress8": "Progress 8",
    "value_added": "value added",
    "five_good_gcses_share": "five good GCSEs",
    "good_english_maths_share": "good English and maths",
    "ks2_pupils": "key stage 2 pupils",
    "ks2_expected_share": "expected standard at key stage 2",
    "ks2_level4_share": "level 4 at key stage 2",
    "ks2_progress": "progress at key stage 2",
    "ks2_reading_progress": "reading progress",
    "ks2_writing_progress": "writing progress",
    "ks2_maths_progress": "maths progress",
    "ks4_pupils": "key stage 4 pupils",
    "ks4_disadvantaged_pupils": "disadvantaged key stage 4 pupils",
    "destinations_pupils": "leavers",
    "destinations_share": "destinations",
    "destinations_disadvantaged_share": "destinations of disadvantaged pupils",
    "destinations_other_share": "destinations of other pupils",
}


def missing_words(panel: SchoolPanel, asked: pd.DataFrame, *, leadership: bool, gaps: pd.Index | None) -> list[str]:
    """Return, by row of ``asked`` (urn, on, and what is known of its grade), what is not known, grouped by why.

    Parameters
    ----------
    leadership
        Whether leadership is forecast, so that a school without a grade says so.
    gaps
        URNs whose gap is known; null where no gap is forecast.
    """
    words: list[list[str]] = [[] for _ in range(len(asked))]
    if leadership:
        ungraded = standing(panel, asked).isna().to_numpy()
        for row, why in zip(np.flatnonzero(ungraded).tolist(), why_ungraded(panel, asked)[ungraded], strict=True):
            words[row].append(f"leadership: {why}")
    if gaps is not None:
        reasons = _why_no_gap(panel)
        for row in np.flatnonzero(~asked["urn"].isin(gaps).to_numpy()).tolist():
            words[row].append(f"gap: {reasons.get(asked['urn'].iloc[row], 'not published')}")
    years, when = yearly.yearly(panel.school_years), _asked(asked)
    by_school = _by_school(panel.absences[panel.absences["field"] != "gap"])
    for row, urn in enumerate(asked["urn"].tolist()):
        words[row] += by_school.get(urn, [])
    for name in NAMED_WHEN_MISSING:
        for row in np.flatnonzero(_unknown(years, when, NAMED_WHEN_MISSING[name])).tolist():
            if not any(FIELD_WORDS[name] in text for text in words[row]):
                words[row].append(f"{FIELD_WORDS[name]}: no table known by the date has the school")
    return ["; ".join(parts) for parts in words]


def _why_no_gap(panel: SchoolPanel) -> dict[int, str]:
    """Return, by urn, why a school has no gap: that its results are of too few, or the latest reason known."""
    reasons = panel.absences.loc[panel.absences["field"] == "gap", ["urn", "reason"]]
    rows = panel.results
    if len(rows):
        known = (rows["known_on"] <= pd.Timestamp(panel.as_of)) & (rows["pupil_group"] == "disadvantaged")
        latest = rows[known & (rows["state"] != "published")].sort_values("year").drop_duplicates("urn", keep="last")
        reasons = pd.concat([reasons, latest[["urn", "state"]].rename(columns={"state": "reason"})])
    words = reasons["reason"].astype(str).str.replace("_", " ")
    by_urn = dict(zip(reasons["urn"].tolist(), words.tolist(), strict=True))
    return by_urn | dict.fromkeys(too_small_to_say(panel).tolist(), TOO_FEW)


def _asked(rows: pd.DataFrame) -> yearly.Asked:
    return yearly.Asked(rows["urn"].to_numpy(dtype=np.int64), rows["on"].to_numpy(dtype="datetime64[ns]"))


def _unknown(years: yearly.Yearly, when: yearly.Asked, names: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return whether none of several columns has a value known on the row's day."""
    known = [np.isfinite(yearly.last(years.as_known(name, when))) for name in names]
    return np.asarray(~np.logical_or.reduce(known))


def _by_school(absences: pd.DataFrame) -> dict[int, list[str]]:
    """Return, by urn, "field, field: reason" for each reason, in the order in which reasons come."""
    if absences.empty:
        return {}
    words = absences.assign(
        field=absences["field"].map(FIELD_WORDS).fillna(absences["field"].str.replace("_", " ")),
        reason=absences["reason"].str.replace("_", " "),
    )
    fields = words.groupby(["urn", "reason"], sort=False)["field"].agg(", ".join).reset_index()
    text = fields["field"] + ": " + fields["reason"]
    grouped = text.groupby(fields["urn"]).agg(list)
    return dict(zip(grouped.index.tolist(), grouped.tolist(), strict=True))
