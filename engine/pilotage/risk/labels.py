"""What happened next: inspections as labels, each beside the date before which a forecaster had to speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features import measure
from pilotage.risk.spec import Spec
from pilotage.risk.view import View


@dataclass(frozen=True)
class Labelled:
    """Rows whose outcome is known: features as they were before it, the outcome (1 = it happened), the school."""

    features: pd.DataFrame
    outcome: NDArray[np.int64]
    urn: NDArray[np.int64]

    @property
    def base_rate(self) -> float | None:
        """Return the share of rows in which the outcome happened, None without rows."""
        return float(self.outcome.mean()) if len(self.outcome) else None


def labelled(panel: SchoolPanel, spec: Spec) -> Labelled:
    """Return the labelled rows of a leadership outcome in a panel that holds only what is known."""
    rows = next_inspections(panel)
    view = View(panel, rows)
    kept = in_population(view, spec) & (view.last["inspected_on"] < rows["inspected_on"])
    chosen = rows[kept].reset_index(drop=True)
    features = measure(View(panel, chosen), spec.feature_names)
    outcome = (chosen["leadership_grade"] >= spec.label.threshold).to_numpy(dtype=np.int64)
    return Labelled(features, outcome, chosen["urn"].to_numpy(dtype=np.int64))


def next_inspections(panel: SchoolPanel) -> pd.DataFrame:
    """Return every inspection with a leadership grade as a row to forecast: urn, urn_then, at, and what it found.

    ``at`` is the day before the inspection; where inspections are known from snapshots, the last snapshot before the
    one that first shows it, which is what a forecaster had (inspections without such a snapshot are left out).
    """
    graded = panel.inspections.dropna(subset=["leadership_grade"]).rename(columns={"urn_at_time": "urn_then"})
    rows = graded[["urn", "urn_then", "inspected_on", "leadership_grade"]].assign(at=_before(graded, panel.snapshots))
    return rows.dropna(subset=["at"]).sort_values(["urn", "inspected_on"]).reset_index(drop=True)


def in_population(view: View, spec: Spec) -> pd.Series:
    """Return which rows hold a leadership grade of the spec's population."""
    return view.current_grade.isin(spec.population.leadership_grades)


def _before(graded: pd.DataFrame, snapshots: Sequence[date]) -> pd.Series:
    if not snapshots:
        return graded["inspected_on"] - pd.Timedelta(days=1)
    days = np.array(sorted(snapshots), dtype="datetime64[ns]")
    position = np.searchsorted(days, graded["known_on"].to_numpy(dtype="datetime64[ns]")) - 1
    found = pd.Series(days[np.maximum(position, 0)], index=graded.index)
    return found.where(position >= 0)
