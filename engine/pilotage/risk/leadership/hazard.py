"""The chance of being inspected: a discrete-time hazard, learnt by logistic regression.

Ofsted chooses whom it inspects, so a forecast of the grade *if inspected* is not one of what will be published. Time
is cut into periods of twelve months after past dates. A school with a grade at the start of a period is one row:
inspected within it (1) or not (0). A school that closed within it uninspected is censored: closure competes with being
inspected. The logit of a period's hazard is a sum of: for each grade, a curve of the years since the last inspection;
the phase; size, and size where leadership is outstanding; leadership against overall grade. The chance within a
horizon follows the school as its years grow, and ends where its closure is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.domain.checksums import Checksum
from pilotage.domain.frameworks import REPORT_CARDS
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.tables import PHASES
from pilotage.domain.units import DAYS_A_MONTH, OUTSTANDING
from pilotage.risk.estimators.artefact import Origin, packed, stored
from pilotage.risk.features.compute import known_grades

Floats = NDArray[np.float64]
PERIOD_MONTHS = 12
DAY = pd.Timedelta(days=1)  # a period begins on the day after its date
LAST_YEAR = 7.0  # years since the last inspection are counted up to here
KNOTS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)  # years at which a grade's curve may turn
MOST_PERIODS = 6
RIDGE = 1.0
LIBRARIES = ("scikit-learn", "scipy", "numpy", "pandas")
TYPICAL_SIZE = 200.0  # log size is counted from here; a size that is not known counts as it


@dataclass(frozen=True)
class Hazard:
    """Coefficients of ``design``, and the school-years that they rest on; ``schools`` has phase, pupils, closed_on.

    ``of_before_cards``: learnt from years of the four grades for a day of report cards, since too few of theirs are
    known.
    """

    intercept: float
    coefficients: Floats
    rows: int
    schools: pd.DataFrame
    of_before_cards: bool = False

    def within(self, standing: pd.DataFrame, horizon_months: float) -> Floats:
        """Return the chance of an inspection within the horizon; null where grade or time is not known.

        Parameters
        ----------
        standing
            Columns ``urn``, ``on``, ``leadership_grade``, ``overall_grade``, ``months_since_inspection``.
        """
        rows = standing[["urn", "on", "leadership_grade", "overall_grade", "months_since_inspection"]]
        known = rows["leadership_grade"].notna() & rows["months_since_inspection"].notna()
        left = _open_months(rows, self.schools, horizon_months)
        spared, passed = np.ones(len(rows)), 0
        while passed < horizon_months:
            later = rows.assign(months_since_inspection=rows["months_since_inspection"] + passed)
            logit = self.intercept + design(later, self.schools) @ self.coefficients
            share = np.clip(left - passed, 0, PERIOD_MONTHS) / PERIOD_MONTHS
            spared *= (1 / (1 + np.exp(logit))) ** share
            passed += PERIOD_MONTHS
        return np.where(known, 1 - spared, np.nan)


def _open_months(rows: pd.DataFrame, schools: pd.DataFrame, horizon_months: float) -> Floats:
    """Return the months of the horizon in which each school is still open, as far as a closure is known."""
    closed_on = rows["urn"].map(schools["closed_on"])
    months = ((closed_on - rows["on"]).dt.days / DAYS_A_MONTH).fillna(horizon_months)
    return np.asarray(months.clip(0, horizon_months), dtype=np.float64)


def design(standing: pd.DataFrame, schools: pd.DataFrame) -> Floats:
    """Return the columns of the hazard, shape (rows, columns); what is not known counts as typical."""
    grade = standing["leadership_grade"].to_numpy(dtype=np.float64, na_value=np.nan)
    overall = standing["overall_grade"].to_numpy(dtype=np.float64, na_value=np.nan)
    months = standing["months_since_inspection"].to_numpy(dtype=np.float64, na_value=np.nan)
    years = np.nan_to_num(np.clip(months / PERIOD_MONTHS, 0, LAST_YEAR))
    size = np.log(standing["urn"].map(schools["pupils"]).fillna(TYPICAL_SIZE).clip(lower=1).to_numpy() / TYPICAL_SIZE)
    phase = standing["urn"].map(schools["phase"]).to_numpy(dtype=object)
    columns: list[NDArray[np.float64]] = []
    for number in (1, 2, 3, 4):
        own = (grade == number).astype(float)
        columns += [own, *(own * np.maximum(years - knot, 0) for knot in KNOTS)]
    columns += [(phase == name).astype(float) for name in PHASES]
    columns += [size, (grade == OUTSTANDING) * size, np.nan_to_num(overall - grade)]
    return np.column_stack(columns)


def learned_hazard(panel: SchoolPanel, since: date | None = None) -> Hazard | None:
    """Return the hazard seen in the twelve months after each past date known by the panel's date; None without one."""
    training = _training(panel, since)
    return None if training is None else training.hazard(*_fitted(training))


def stored_hazard(
    panel: SchoolPanel, store: Store, say: Callable[[str], None], since: date | None = None
) -> Hazard | None:
    """Return ``learned_hazard``, from the store if it holds it; a refused file is set aside."""
    training = _training(panel, since)
    if training is None:
        return None
    data = Checksum().array(training.columns).array(training.seen).hex
    origin = Origin(f"ridge {RIDGE}", data, 0, {name: version(name) for name in LIBRARIES})
    name = f"estimators/hazard-{data[:16]}.zip"
    content = stored(store, name, origin, say)
    if content is None:
        intercept, coefficients = _fitted(training)
        content = {"intercept": intercept, "coefficients": coefficients}
        store.write(name, packed(content, origin))
    return training.hazard(content["intercept"], content["coefficients"])


def inspection_hazard(
    panel: SchoolPanel, store: Store, say: Callable[[str], None], since: date | None = None
) -> Hazard | None:
    """Return the hazard of now: where inspections are by report card, of the years since they are.

    Before a whole year of them is known, it is that of the four grades: whom Ofsted visits first may have changed.
    """
    if not panel.synthetic and panel.as_of >= REPORT_CARDS.starts:
        anew = stored_hazard(panel, store, say, REPORT_CARDS.starts)
        if anew is not None:
            return anew
        say("No whole year of report cards is known: the chance of an inspection is that of the four grades")
        before = stored_hazard(panel, store, say, since)
        return None if before is None else replace(before, of_before_cards=True)
    return stored_hazard(panel, store, say, since)


@dataclass(frozen=True)
class _Training:
    """School-years: their ``design``, shape (rows, columns), and whether each was inspected, shape (rows,)."""

    columns: Floats
    seen: NDArray[np.int64]
    schools: pd.DataFrame

    def hazard(self, intercept: float, coefficients: Floats) -> Hazard:
        """Return the hazard that rests on these rows."""
        return Hazard(intercept, coefficients, len(self.seen), self.schools)


def _training(panel: SchoolPanel, since: date | None) -> _Training | None:
    """Return the school-years of a day on, known by the panel's date; None where they are not of both kinds."""
    as_of = pd.Timestamp(panel.as_of)
    graded = known_grades(panel.inspections)
    graded = graded[graded["known_on"] <= as_of]
    schools = panel.schools.set_index("urn")[["phase", "pupils", "closed_on"]]
    cuts = [cut for cut in _cuts(panel, graded, as_of) if since is None or cut + DAY >= pd.Timestamp(since)]
    periods = [_period(graded, schools, cut) for cut in cuts]
    rows = pd.concat(periods) if periods else pd.DataFrame({"seen": []})
    if rows["seen"].nunique() < 2:
        return None
    return _Training(design(rows, schools), rows["seen"].to_numpy().astype(np.int64), schools)


def _fitted(training: _Training) -> tuple[float, Floats]:
    """Return the intercept and the coefficients of the logit."""
    from sklearn.linear_model import LogisticRegression

    from pilotage.risk.estimators.threads import one_thread

    model = LogisticRegression(C=1 / RIDGE, solver="newton-cholesky", max_iter=200)
    with one_thread():
        model.fit(training.columns, training.seen)
    return float(model.intercept_[0]), np.asarray(model.coef_[0], dtype=np.float64)


def _cuts(panel: SchoolPanel, graded: pd.DataFrame, as_of: pd.Timestamp) -> list[pd.Timestamp]:
    """Return dates a year apart, the last one year before the panel's date, none before grades were known."""
    first = pd.Timestamp(min(panel.snapshots)) if panel.snapshots else graded["known_on"].quantile(0.3)
    cuts: list[pd.Timestamp] = []
    cut = as_of - pd.DateOffset(months=PERIOD_MONTHS)
    while cut >= first and len(cuts) < MOST_PERIODS:
        cuts.append(cut)
        cut -= pd.DateOffset(months=PERIOD_MONTHS)
    return cuts


def _period(graded: pd.DataFrame, schools: pd.DataFrame, cut: pd.Timestamp) -> pd.DataFrame:
    """Return one row per school with a grade known at the cut: its standing, and whether it was seen in the year."""
    last = graded[graded["known_on"] <= cut].groupby("urn").last()
    last = last[last.index.isin(schools.index)]
    end = cut + pd.DateOffset(months=PERIOD_MONTHS)
    later = graded[graded["inspected_on"] > last["inspected_on"].reindex(graded["urn"]).to_numpy()]
    seen = last.index.isin(later[(later["known_on"] > cut) & (later["known_on"] <= end)]["urn"])
    closed_on = schools["closed_on"].reindex(last.index)
    censored = ~seen & (closed_on > cut).to_numpy() & (closed_on <= end).to_numpy()
    rows = pd.DataFrame(
        {
            "urn": last.index,
            "leadership_grade": last["leadership_grade"].astype(float).to_numpy(),
            "overall_grade": last["overall_grade"].astype(float).to_numpy(),
            "months_since_inspection": ((cut - last["inspected_on"]).dt.days / DAYS_A_MONTH).to_numpy(),
            "seen": seen,
        }
    )
    return rows[~censored & ~(closed_on <= cut).to_numpy()]
