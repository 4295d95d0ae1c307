"""What a leadership outcome is learnt from: labelled pairs of its population within the label window, with features."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD
from pilotage.errors import DataError, Problem
from pilotage.risk.estimators.boosting import varying
from pilotage.risk.estimators.rows import LabelledRows, PairRecord, TrainingSet
from pilotage.risk.features.cache import stored_features
from pilotage.risk.leadership.first_snapshot import earlier_pair_rows
from pilotage.risk.leadership.labels import labelled_pairs
from pilotage.risk.leadership.survivors import refuse_survivors
from pilotage.risk.spec.leadership import LeadershipSpec


def training_set(panel: SchoolPanel, spec: LeadershipSpec, pairs: pd.DataFrame, store: Store) -> TrainingSet:
    """Return what the outcome's model is learnt from, of ``windowed_pairs`` and of before the first snapshot."""

    def make(panel: SchoolPanel, rows: pd.DataFrame, spec: LeadershipSpec) -> pd.DataFrame:
        return stored_features(panel, rows, spec, store)

    record, inside = record_of(pairs, make(panel, pairs, spec)), in_population(pairs, spec)
    frame = record.frame[inside].reset_index(drop=True)
    earlier_pairs = earlier_pair_rows(panel, spec, pd.Timestamp(panel.as_of), make)
    return TrainingSet(LabelledRows(frame, record.after[inside], record.schools[inside]), earlier_pairs, record)


def training_pairs(panel: SchoolPanel, spec: LeadershipSpec, by: pd.Timestamp) -> pd.DataFrame:
    """Return the labelled pairs of an outcome's population known by a day and within the spec's label window.

    Raises
    ------
    DataError
        Where the window lies past the data, or has years that show surviving schools alone.
    """
    pairs = windowed_pairs(panel, spec, by)
    own = pairs[in_population(pairs, spec)].reset_index(drop=True)
    refuse_survivors(panel, spec, own)
    return own


def windowed_pairs(panel: SchoolPanel, spec: LeadershipSpec, by: pd.Timestamp) -> pd.DataFrame:
    """Return the labelled pairs of both populations known by a day and within the spec's label window.

    Raises
    ------
    DataError
        Where the window ends after the day, or starts after the last pair known.
    """
    pairs = labelled_pairs(panel, by)
    _expect_window(spec, pairs, by)
    starts, ends = spec.label_window.starts, spec.label_window.ends
    if starts is not None:
        pairs = pairs[pairs["inspected_on"] >= pd.Timestamp(starts)]
    if ends is not None:
        pairs = pairs[pairs["inspected_on"] <= pd.Timestamp(ends)]
    return pairs.reset_index(drop=True)


def _expect_window(spec: LeadershipSpec, pairs: pd.DataFrame, by: pd.Timestamp) -> None:
    """Raise where the label window lies past the data."""
    starts, ends = spec.label_window.starts, spec.label_window.ends
    where = f"{spec.outcome}, risk.labels_from or label_window of models/{spec.outcome}/spec.yaml"
    if ends is not None and pd.Timestamp(ends) > by:
        stated = f"ends on {ends}, after {by.date()}, the day of the forecast"
        raise DataError(Problem(where, stated, f"at most {by.date()}", "end it earlier, or leave it null"))
    last = pairs["inspected_on"].max()
    if starts is not None and not pd.Timestamp(starts) <= last:
        newest = "no pair is known" if pd.isna(last) else f"the last pair known is of {last.date()}"
        raise DataError(
            Problem(
                where, f"starts on {starts}, but {newest}", "a window with pairs", "start it earlier, or leave it null"
            )
        )


def in_population(pairs: pd.DataFrame, spec: LeadershipSpec) -> NDArray[np.bool_]:
    """Return which pairs have an earlier grade of the spec's population."""
    below = (pairs["before"] >= BELOW_GOOD).to_numpy(dtype=bool)
    return below if spec.population == "below_good" else ~below


def record_of(pairs: pd.DataFrame, frame: pd.DataFrame) -> PairRecord:
    """Return the record of labelled pairs with their features."""
    before, after = ((pairs[name] >= BELOW_GOOD).to_numpy().astype(np.int64) for name in ("before", "after"))
    return PairRecord(frame, before, after, pairs["urn"].to_numpy(dtype=float))


def refuse_constant(spec: LeadershipSpec, frame: pd.DataFrame) -> None:
    """Raise for each feature that is known but the same in every row, unless the spec leaves such features out.

    A feature that is not known of any school is one that the era lacks: it is left out, and said so.
    """
    constant = [name for name in spec.features if frame[name].nunique(dropna=True) == 1 and frame[name].notna().all()]
    varied = varying(tuple(spec.features), frame)
    if not varied or (constant and spec.constant_features == "refuse"):
        where = f"models/{spec.outcome}/spec.yaml, features"
        names = constant or list(spec.features)
        problems = [
            Problem(f"{where}.{name}", "is the same for every school", "values that differ", "remove the feature")
            for name in names
        ]
        raise DataError(problems)


def too_little(spec: LeadershipSpec, label: NDArray[np.int64]) -> str:
    """Return why labels are too few to learn from; empty where they are enough."""
    if len(label) < spec.smallest_training:
        return f"only {len(label):,} pairs of leadership grades are known by the date, under {spec.smallest_training:,}"
    rare = min(int(label.sum()), int(len(label) - label.sum()))
    few = spec.calibration.folds * 5
    return f"only {rare:,} of {len(label):,} pairs have the rarer outcome, under {few}" if rare < few else ""
