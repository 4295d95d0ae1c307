"""Folds of a back-test in time: what was known by a day, and what became known after it.

A temporal fold is trained on what was known by ``as_of`` and tested on what came later; a held-out-region fold
forecasts each region by a model of the other regions, where no earlier publication exists to train on. Rows are never
held out at random.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD, DAYS_A_MONTH
from pilotage.errors import Problem
from pilotage.risk.estimators.rows import LabelledRows, PairRecord
from pilotage.risk.features.compute import features, known_grades, standing_of
from pilotage.risk.leadership.labels import surely_graded
from pilotage.risk.leadership.standing import standing
from pilotage.risk.leadership.training import record_of, training_pairs, windowed_pairs
from pilotage.risk.spec.leadership import LeadershipSpec, RegionFold, TemporalFold

YEARS_BACK = 4
SHORTEST_MONTHS = 3
RARE = 10  # a derived fold with fewer of either outcome is left out, and named


@dataclass(frozen=True)
class AsOf:
    """What is known as of a day: the panel, and the schools in the scenario's scope, which alone are tested.

    A forecast is learnt from all schools of the panel.
    """

    panel: SchoolPanel
    urns: NDArray[np.int64]  # ascending


def everyone(panel: SchoolPanel) -> AsOf:
    """Return a panel with every school of it in scope."""
    return AsOf(panel, np.sort(panel.schools["urn"].to_numpy(dtype=np.int64)))


OF_THE_LIST = ("pupils", "trust", "trust_id", "trust_name", "marks")


def at_day(known: AsOf, day: date) -> AsOf:
    """Return what a later list and dated tables say as of an earlier day.

    The schools are those of the later list. What it alone says of them on its own day (pupils, trust, marks) is taken
    away; the deprivation of the area stays, to tell groups apart, and is no feature.
    """
    schools = known.panel.schools
    blank = {name: pd.Series(None, schools.index, schools[name].dtype) for name in OF_THE_LIST if name in schools}
    return replace(known, panel=replace(known.panel, as_of=day, schools=schools.assign(**blank)))


@dataclass(frozen=True)
class Fold:
    """One fold: the day of its forecast, and the window of the inspections that test it.

    ``tested_to`` is also the last day by which an outcome counts as known.
    """

    name: str
    kind: str  # temporal | held_out_region
    as_of: date
    tested_from: date
    tested_to: date
    schools_of: str = "own_day"  # the day whose list of schools is read: own_day | scenario_day

    @property
    def months(self) -> int:
        """Whole months from the forecast to the end of the label window."""
        return max(1, round((self.tested_to - self.as_of).days / DAYS_A_MONTH))

    @property
    def window(self) -> tuple[float, float]:
        """Months from the forecast to the first and to the last day of the label window."""
        days = ((day - self.as_of).days for day in (self.tested_from, self.tested_to))
        first, last = (number / DAYS_A_MONTH for number in days)
        return first, last

    @property
    def from_the_day(self) -> bool:
        """Whether the window starts with the forecast, so that a fall within it can be forecast."""
        return (self.tested_from - self.as_of).days <= DAYS_A_MONTH

    def overlaps(self, other: Fold) -> bool:
        """Return whether a day lies in both windows."""
        return self.tested_from <= other.tested_to and other.tested_from <= self.tested_to


def last_known(panel: SchoolPanel) -> date:
    """Return the last day on which the data say what was known."""
    listed_on = panel.cover.listed_on if panel.cover is not None else None
    if panel.snapshots:
        return max(*panel.snapshots, listed_on or panel.snapshots[0])
    return max(panel.as_of, pd.Timestamp(panel.inspections["known_on"].max()).date())


def spec_folds(spec: LeadershipSpec, scenario: str) -> tuple[Fold, ...]:
    """Return the folds that a spec names for a scenario."""
    return tuple(_of_spec(fold) for fold in spec.folds if not fold.scenarios or scenario in fold.scenarios)


def _of_spec(named: TemporalFold | RegionFold) -> Fold:
    if isinstance(named, TemporalFold):
        return Fold(named.name, named.kind, named.trained_to, named.tested_from, named.tested_to, named.schools_of)
    return Fold(named.name, named.kind, named.as_of, _next_day(named.as_of), named.labels_to)


def derived_folds(panel: SchoolPanel) -> tuple[Fold, ...]:
    """Return temporal folds a year apart, back from the panel's date, and one after it where the data go on."""
    end, day = last_known(panel), panel.as_of
    windows = [(_years_before(day, back), _years_before(day, back - 1)) for back in range(YEARS_BACK, 0, -1)]
    if (end - day).days / DAYS_A_MONTH >= SHORTEST_MONTHS:
        windows.append((day, end))
    return tuple(Fold(start.isoformat(), "temporal", start, _next_day(start), until) for start, until in windows)


def past_the_data(fold: Fold, panel: SchoolPanel, where: str) -> Problem | None:
    """Return the problem of a fold whose label window ends after the data, or that starts before them; else None."""
    end = last_known(panel)
    if fold.tested_to <= end:
        return None
    late = f"the label window of the fold {fold.name} ends on {fold.tested_to}, past the data"
    return Problem(where, late, f"{end} or earlier", "shorten the window, or bring later files")


def inspected(known: AsOf, spec: LeadershipSpec, fold: Fold) -> pd.DataFrame:
    """Return the schools of the spec's population whose next inspection fell in the fold's window.

    Parameters
    ----------
    known
        As of the fold's day.

    Returns
    -------
    pandas.DataFrame
        ``urn``, ``y`` (1 where it found leadership below good), ``inspected_on``, and the features of the fold's day.
    """
    asked = _population(known, spec)
    later = _later(known.panel, asked, fold).drop_duplicates("urn")
    inside = later["inspected_on"].between(pd.Timestamp(fold.tested_from), pd.Timestamp(fold.tested_to))
    later = later[inside & surely_graded(later)].set_index("urn")
    rows = asked[asked["urn"].isin(later.index)].reset_index(drop=True)
    next_inspection = later.loc[rows["urn"]]
    label = (next_inspection["leadership_grade"] >= BELOW_GOOD).to_numpy().astype(float)
    return rows.assign(y=label, inspected_on=next_inspection["inspected_on"].to_numpy())


def within_horizon(known: AsOf, spec: LeadershipSpec, fold: Fold) -> pd.DataFrame:
    """Return every school of the spec's population; ``y`` is 1 where leadership was seen to fall in the fold's window.

    A school that was not inspected, or that closed, counts 0: that is what the forecast within a horizon means.
    """
    asked = _population(known, spec)
    later = _later(known.panel, asked, fold)
    fell = later.loc[later["leadership_grade"] >= BELOW_GOOD, "urn"]
    return asked.assign(y=asked["urn"].isin(fell).astype(float))


def year_before(panel: SchoolPanel, spec: LeadershipSpec, fold: Fold) -> pd.DataFrame | None:
    """Return every school in the twelve months before the fold, labelled by what its day knew; None without those."""
    day = _years_before(fold.as_of, 1)
    first = min(panel.snapshots) if panel.snapshots else panel.inspections["known_on"].min().date()
    if day < first:
        return None
    window = Fold("", "temporal", day, _next_day(day), fold.as_of)
    return within_horizon(everyone(replace(panel, as_of=day)), spec, window)


def rows_by(panel: SchoolPanel, spec: LeadershipSpec, day: date) -> LabelledRows:
    """Return the training pairs known by a day, with their features and the label of each."""
    pairs = training_pairs(panel, spec, pd.Timestamp(day))
    label = (pairs["after"] >= BELOW_GOOD).to_numpy().astype(np.int64)
    return LabelledRows(features(panel, pairs, spec), label, pairs["urn"].to_numpy(dtype=float))


def record_by(panel: SchoolPanel, spec: LeadershipSpec, day: date) -> PairRecord:
    """Return every pair known by a day, of both populations, with their features."""
    pairs = windowed_pairs(panel, spec, pd.Timestamp(day))
    return record_of(pairs, features(panel, pairs, spec))


def _population(known: AsOf, spec: LeadershipSpec) -> pd.DataFrame:
    panel = known.panel
    asked = standing_of(panel, pd.DataFrame({"urn": known.urns, "on": pd.Timestamp(panel.as_of)}))
    inside = asked.loc[(standing(panel, asked) == spec.population).to_numpy(), ["urn", "on"]]
    return features(panel, inside.reset_index(drop=True), spec)


def _later(panel: SchoolPanel, asked: pd.DataFrame, fold: Fold) -> pd.DataFrame:
    """Return inspections after the last one known of each asked school, known in the fold's window, oldest first."""
    graded = known_grades(panel.inspections)
    last = graded["urn"].map(asked.set_index("urn")["last_inspected_on"])
    known = (graded["known_on"] > pd.Timestamp(fold.as_of)) & (graded["known_on"] <= pd.Timestamp(fold.tested_to))
    later = graded[known & (graded["inspected_on"] > last)]
    return later.sort_values(["urn", "inspected_on", "known_on"], kind="stable")


def _next_day(day: date) -> date:
    return (pd.Timestamp(day) + pd.Timedelta(days=1)).date()


def _years_before(day: date, years: int) -> date:
    return (pd.Timestamp(day) - pd.DateOffset(years=years)).date()
