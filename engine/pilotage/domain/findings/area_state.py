"""SchoolPanel -> AreaState: progress of pupil groups by area and year, and leadership that fell.

Gap of group g in area A, year y: ``M - m``, m the pupil-weighted mean progress of the group in the area's schools, M
that of pupils who are not disadvantaged, in all England or outside the list's areas; positive = behind. The interval
(90%) takes schools as the units that vary: of one school there is none, and its ends are NaN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pilotage.domain.findings.areas import COMPARATORS, GAP_COLUMNS, LEADERSHIP_COLUMNS, AreaState
from pilotage.domain.judgements import judged_leadership
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.statistics.intervals import weighted_mean, wilson
from pilotage.domain.units import BELOW_GOOD, SD_PER_MONTH, Z_90

ELSEWHERE = "Elsewhere in England"
GROUPS = ("other", "disadvantaged", "persistently_disadvantaged")


def area_state(
    panel: SchoolPanel, label: str, key_stage: str, against: Mapping[str, pd.Series] | None = None
) -> AreaState:
    """Return the state of the areas that ``panel.schools.area`` names, as known on the panel's date.

    Parameters
    ----------
    against
        Other area lists, by label: the area of each school of ``panel.schools``, null for none. Each adds itself as a
        whole, against its own elsewhere.
    """
    own = panel.schools.set_index("urn")["area"]
    other_lists = {name: pd.Series(area.to_numpy(), own.index) for name, area in (against or {}).items()}
    gaps_of = [_gaps(panel, areas, name, key_stage).query("area == @name") for name, areas in other_lists.items()]
    gaps = _stacked([_gaps(panel, own, label, key_stage), *gaps_of])
    falls_of = [_leadership(panel, areas, name).query("area == @name") for name, areas in other_lists.items()]
    leadership = _stacked([_leadership(panel, own, label), *falls_of])
    return AreaState(panel.as_of, label, key_stage, gaps, leadership, panel.synthetic, _notes(panel, gaps, key_stage))


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tables below each other; an empty one keeps its columns."""
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else parts[0]


def _notes(panel: SchoolPanel, gaps: pd.DataFrame, key_stage: str) -> tuple[str, ...]:
    basis = (
        f"Progress at the end of {key_stage.replace('ks', 'key stage ')}; {SD_PER_MONTH} SD is taken as one month "
        "(linear conversion, version 1). Intervals are 90%, schools being the units that vary."
    )
    if gaps.empty:
        basis = (
            "Gaps are unavailable: the files known by the date publish no results by disadvantage for this key stage."
        )
    return basis, *panel.notes


def _gaps(panel: SchoolPanel, areas: pd.Series, label: str, key_stage: str) -> pd.DataFrame:
    results = panel.results
    known = results[(results["known_on"] <= pd.Timestamp(panel.as_of)) & (results["key_stage"] == key_stage)]
    known = known[known["progress_sd"].notna() & known["pupils"].gt(0)]
    rows = known.assign(area=known["urn"].map(areas))
    parts = list(_by_year(rows, label))
    return pd.DataFrame(parts, columns=list(GAP_COLUMNS))


def _by_year(rows: pd.DataFrame, label: str) -> Iterator[tuple[object, ...]]:
    for year, of_year in rows.groupby("year"):
        other = of_year[of_year["pupil_group"] == "other"]
        outside = other[other["area"].isna()]
        compared = dict(zip(COMPARATORS, (_mean(other), _mean(outside)), strict=True))
        for area, inside in _areas(of_year, label):
            for group in GROUPS:
                own = inside[inside["pupil_group"] == group]
                for comparator, (mean, error) in compared.items():
                    if len(own):
                        yield area, label, year, group, comparator, *_gap(own, mean, error), int(own["pupils"].sum())


def _areas(rows: pd.DataFrame, label: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the list as a whole, then each of its areas."""
    yield label, rows[rows["area"].notna()]
    for area, part in rows.groupby("area"):
        yield str(area), part


def _gap(own: pd.DataFrame, mean: float, error: float) -> tuple[float, float, float, float]:
    """Return the gap in SD and months, and its interval in months, NaN where one school says nothing of others."""
    here, own_error = _mean(own)
    both = float(np.hypot(error, own_error))
    gap, half = mean - here, Z_90 * both if np.isfinite(both) else float("nan")
    return gap, gap / SD_PER_MONTH, (gap - half) / SD_PER_MONTH, (gap + half) / SD_PER_MONTH


def _mean(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the pupil-weighted mean and its standard error; infinite with fewer than two schools."""
    return weighted_mean(rows["progress_sd"].to_numpy(float), rows["pupils"].to_numpy(float))


def _leadership(panel: SchoolPanel, areas: pd.Series, label: str) -> pd.DataFrame:
    start, end = _span(panel)
    if start is None:
        return pd.DataFrame(columns=list(LEADERSHIP_COLUMNS))
    judged = judged_leadership(panel.inspections)
    before = _in_force(judged, panel, start)
    after = _in_force(judged, panel, end)
    frame = pd.DataFrame({"before": before, "after": after, "area": areas}).dropna(subset=["before", "after"])
    good = frame[frame["before"] < BELOW_GOOD]
    named = [*_areas(good, label), (ELSEWHERE, good[good["area"].isna()])]
    rows = [(area, label, start.year, end.year, *_fell(part)) for area, part in named]
    return pd.DataFrame(rows, columns=list(LEADERSHIP_COLUMNS))


def _span(panel: SchoolPanel) -> tuple[pd.Timestamp | None, pd.Timestamp]:
    """Return the first day from which grades of most schools are known, and the panel's date.

    With snapshots it is the first of them; else the end of the first year of results or tables.
    """
    end = pd.Timestamp(panel.as_of)
    if panel.snapshots:
        return pd.Timestamp(min(panel.snapshots)), end
    years = panel.results["year"] if len(panel.results) else panel.school_years["year"]
    start = pd.Timestamp(int(years.min()), 12, 31) if len(years) else None
    return (start if start is not None and start < end else None), end


def _in_force(judged: pd.DataFrame, panel: SchoolPanel, day: pd.Timestamp) -> pd.Series:
    """Return the leadership grade in force on a day: the last one inspected or, with snapshots, shown by then.

    Null where a report card that is no grade came after it.
    """
    column = "known_on" if panel.snapshots else "inspected_on"
    seen = judged[(judged[column] <= day) & (judged["known_on"] <= pd.Timestamp(panel.as_of))]
    return seen.drop_duplicates("urn", keep="last").set_index("urn")["leadership_grade"].astype(float)


def _fell(part: pd.DataFrame) -> tuple[int, int, float, float, float]:
    """Return schools good or better at the start, those below good now, their share and its Wilson interval."""
    size, fell = len(part), int((part["after"] >= BELOW_GOOD).sum())
    if not size:
        return 0, 0, float("nan"), float("nan"), float("nan")
    return size, fell, fell / size, *wilson(fell, size, Z_90)


def growth(state: AreaState, group: str, comparator: str) -> pd.DataFrame:
    """Return, by area, the gap in the first and the last year in months, its growth, and whether it grew every year.

    Of an area that is known in one year only the growth is NaN.
    """
    rows = state.gaps[(state.gaps["pupil_group"] == group) & (state.gaps["comparator"] == comparator)]
    grown = []
    for area, part in rows.groupby("area", sort=False):
        months = part.sort_values("year")["gap_months"]
        steps = months.diff().dropna()
        moved = months.iloc[-1] - months.iloc[0] if len(steps) else float("nan")
        grown.append((area, months.iloc[0], months.iloc[-1], moved, bool(len(steps) and (steps > 0).all())))
    return pd.DataFrame(grown, columns=["area", "first", "last", "growth", "every_year"])
