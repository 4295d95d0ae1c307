"""Named baselines that a forecast must beat: each a logistic regression of scikit-learn on one plain thing."""

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
class Peer:
    """A baseline: the columns that it sees, taken as classes (grades) or as a smooth curve."""

    label: str
    columns: tuple[str, ...]
    classes: bool


PEERS = {
    "last_grade": Peer("the last leadership grade", ("leadership_grade",), True),
    "fsm": Peer("free school meals alone", ("fsm_share",), False),
    "months_since_inspection": Peer("months since the last inspection", ("months_since_inspection",), False),
    "prior_grades": Peer(
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
}
INSPECTION_ALONE = "chance_of_inspection"
LABELS = {name: peer.label for name, peer in PEERS.items()} | {
    INSPECTION_ALONE: "the chance of an inspection, whatever it finds",
    "gap_now_shrunk": "gap now, shrunk",
}


def seen(panel: SchoolPanel, rows: pd.DataFrame, spec: LeadershipSpec) -> pd.DataFrame:
    """Return what the baselines see of rows (``urn``, ``on``), known on each row's day."""
    return features(panel, rows[["urn", "on"]], spec.model_copy(update={"features": SEEN}))


def peer_forecasts(train: pd.DataFrame, label: NDArray[np.int64], test: pd.DataFrame) -> dict[str, Floats]:
    """Return the probability that each baseline gives to the rows of ``test``, trained on the rows of ``train``.

    A baseline whose columns are all unknown in the training rows, or none of whose columns is there, is left out.
    """
    found = {}
    for name, peer in PEERS.items():
        columns = [column for column in peer.columns if column in train and train[column].notna().any()]
        if columns:
            model = _classes() if peer.classes else _curve()
            model.fit(_plain(train, columns, peer), label)
            chance = model.predict_proba(_plain(test, columns, peer))[:, 1]
            found[name] = np.asarray(chance, dtype=np.float64)
    return found


def over(p: Floats, of_months: float, to_months: float) -> Floats:
    """Return a chance over one span as that over another, at an even rate."""
    return np.asarray(1 - (1 - p) ** (to_months / of_months), dtype=np.float64)


def _plain(frame: pd.DataFrame, columns: list[str], peer: Peer) -> Any:
    values = frame[columns].astype(float)
    return values.fillna(0.0).to_numpy() if peer.classes else values.to_numpy()


def _classes() -> Any:
    """Each grade a class of its own, and "not known" as well."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    return make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression(C=10.0, max_iter=2000))


def _curve() -> Any:
    """Return a smooth curve, and a step for "not known"."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer

    curve = make_pipeline(
        SimpleImputer(strategy="median"),
        SplineTransformer(n_knots=KNOTS, knots="quantile", extrapolation="constant"),
    )
    known = MissingIndicator(features="all")
    return make_pipeline(make_column_transformer((curve, [0]), (known, [0])), LogisticRegression(C=10.0, max_iter=2000))
