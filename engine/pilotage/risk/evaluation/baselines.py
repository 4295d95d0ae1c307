"""Named baselines that a forecast must beat: each a logistic regression of scikit-learn on plain things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features.compute import features
from pilotage.risk.features.declared import Feature
from pilotage.risk.spec.leadership import LeadershipSpec

Floats = NDArray[np.float64]
KNOTS = 5


@dataclass(frozen=True)
class Baseline:
    """A baseline: the columns that it sees, each taken as classes (grades) or as a smooth curve."""

    label: str
    columns: tuple[str, ...]
    classes: bool


BASELINES = {
    "last_grade": Baseline("the last leadership grade", ("leadership_grade",), True),
    "fsm": Baseline("free school meals alone", ("fsm_share",), False),
    "months_since_inspection": Baseline("months since the last inspection", ("months_since_inspection",), False),
    "latest_progress": Baseline("latest progress alone", ("progress", "ks2_progress"), False),
    "persistent_absence": Baseline("persistent absence alone", ("persistent_absence_share",), False),
    "prior_grades": Baseline(
        "a logistic regression on all earlier grades",
        (
            "leadership_grade",
            "leadership_above_overall",
            "teaching_grade",
            "behaviour_grade",
            "achievement_grade",
            "grade_before",
        ),
        True,
    ),
}
SEEN = {  # what the baselines see, whatever the spec of the forecast declares
    **{
        name: Feature(column=(f"inspections.{name}",), words="")
        for name in ("leadership_grade", "teaching_grade", "behaviour_grade", "achievement_grade")
    },
    "leadership_above_overall": Feature(
        column=("inspections.overall_grade",), transformation="less", other="leadership_grade", words=""
    ),
    "grade_before": Feature(column=("inspections.overall_grade",), transformation="before", words=""),
    "months_since_inspection": Feature(column=("inspections.inspected_on",), transformation="months_since", words=""),
    "fsm_share": Feature(column=("school_years.fsm6_share", "school_years.fsm_share"), words=""),
    "progress": Feature(column=("results.progress_sd",), words=""),
    "ks2_progress": Feature(column=("school_years.ks2_progress",), words=""),
    "persistent_absence_share": Feature(column=("school_years.persistent_absence_share",), words=""),
}
INSPECTION_ALONE, GAP_NOW = "chance_of_inspection", "gap_now_shrunk"
BASELINE = "baseline_"  # begins the name of the column of a baseline's forecasts
LABELS = {name: baseline.label for name, baseline in BASELINES.items()} | {
    INSPECTION_ALONE: "the chance of an inspection, whatever it finds",
    GAP_NOW: "gap now, shrunk",
}


def baseline_features(panel: SchoolPanel, rows: pd.DataFrame, spec: LeadershipSpec) -> pd.DataFrame:
    """Return what the baselines see of rows (``urn``, ``on``), known on each row's day."""
    return features(panel, rows[["urn", "on"]], spec.model_copy(update={"features": SEEN}))


def baseline_forecasts(train: pd.DataFrame, label: NDArray[np.int64], test: pd.DataFrame) -> dict[str, Floats]:
    """Return the probability that each baseline gives to the rows of ``test``, trained on the rows of ``train``.

    A baseline whose columns are all unknown in the training rows, or none of whose columns is there, is left out.
    """
    forecasts = {}
    for name, baseline in BASELINES.items():
        columns = [column for column in baseline.columns if column in train and train[column].notna().any()]
        if columns:
            model = _classes() if baseline.classes else _curves(len(columns))
            model.fit(_plain(train, columns, baseline), label)
            chance = model.predict_proba(_plain(test, columns, baseline))[:, 1]
            forecasts[name] = np.asarray(chance, dtype=np.float64)
    return forecasts


def over_another_span(p: Floats, of_months: float, to_months: float) -> Floats:
    """Return a chance over one span as that over another, at an even rate."""
    return np.asarray(1 - (1 - p) ** (to_months / of_months), dtype=np.float64)


def _plain(frame: pd.DataFrame, columns: list[str], baseline: Baseline) -> Any:
    values = frame[columns].astype(float)
    return values.fillna(0.0).to_numpy() if baseline.classes else values.to_numpy()


def _classes() -> Any:
    """Each grade a class of its own, and "not known" as well."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    return make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression(C=10.0, max_iter=2000))


def _curves(columns: int) -> Any:
    """Return a smooth curve of each column, and a step for "not known"."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import MissingIndicator
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer

    curve = SplineTransformer(n_knots=KNOTS, knots="quantile", extrapolation="constant", handle_missing="zeros")
    known = MissingIndicator(features="all")
    every = list(range(columns))
    parts = make_column_transformer((curve, every), (known, every))
    return make_pipeline(parts, LogisticRegression(C=10.0, max_iter=2000))
