"""What a transition of the gap is learnt from: features as the spec declares them, on each row's day, as a design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features.compute import features
from pilotage.risk.spec.gap import GapFeature, OwnGap, Transition

Floats = NDArray[np.float64]
FARTHEST = 4.0  # standard units: a feature further out counts as this far; the gap itself is never cut
OWN = "gap"


@dataclass(frozen=True)
class WantedFeatures:
    """The features of a transition beside the gap itself, and the shape of the gap."""

    features: Mapping[str, GapFeature]
    gap: OwnGap

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in order: the gap itself first."""
        return OWN, *self.features

    def shape(self, name: str) -> str:
        """Return the shape of a feature."""
        return self.gap.shape if name == OWN else self.features[name].shape


def wanted_features(transition: Transition, group: str) -> WantedFeatures:
    """Return the features that the changes of a pupil group can teach.

    Those of all pupils teach how much of a school's distance from the mean lasts, and nothing else: in the back-test
    what went with a change of all pupils did not go with a change of the disadvantaged.
    """
    if group == "disadvantaged":
        return WantedFeatures(transition.features, transition.gap)
    return gap_alone()


def gap_alone() -> WantedFeatures:
    """Return the gap itself and nothing else."""
    return WantedFeatures({}, OwnGap(shape="straight"))


def gap_features(panel: SchoolPanel, rows: pd.DataFrame, wanted: WantedFeatures) -> pd.DataFrame:
    """Return the features of ``rows`` (urn, on, level), one column each, the same index.

    ``level`` is the shrunk gap less the mean school's. Nothing known after ``on`` is used.
    """
    values = features(panel, rows[["urn", "on"]], wanted) if wanted.features else rows[["urn"]]
    return values[list(wanted.features)].assign(**{OWN: rows["level"]})[list(wanted.names)]


@dataclass(frozen=True)
class Column:
    """One column of the design: the feature it is of, its part, and its mean and spread in training."""

    name: str
    part: str  # value | square | flag | the name of a kind
    mean: float
    spread: float


def columns_of(frame: pd.DataFrame, wanted: WantedFeatures, smallest_kind: int) -> tuple[Column, ...]:
    """Return the columns that training rows give, those that do not vary left out."""
    columns = []
    for name in wanted.names:
        shape = wanted.shape(name)
        for part in _parts(frame[name], shape, smallest_kind):
            values = _values(frame[name], shape, part)
            mean, spread = float(np.nanmean(values)), float(np.nanstd(values))
            if spread > 1e-9:
                columns.append(Column(name, part, mean, spread))
    return tuple(columns)


def _parts(values: pd.Series, shape: str, smallest_kind: int) -> list[str]:
    if shape == "kinds":
        counts = values.value_counts()
        return sorted(str(kind) for kind in counts[counts >= smallest_kind].index)
    if values.notna().sum() < smallest_kind:
        return []
    return ["value"] + (["square"] if shape == "curved" else []) + (["flag"] if values.isna().any() else [])


def _values(values: pd.Series, shape: str, part: str) -> Floats:
    if shape == "kinds":
        return np.asarray(values == part, dtype=np.float64)
    if part == "flag":
        return np.asarray(values.isna(), dtype=np.float64)
    numbers = np.asarray(values, dtype=np.float64)
    return np.asarray(np.log(np.maximum(numbers, 1.0)), dtype=np.float64) if shape == "log" else numbers


def design(frame: pd.DataFrame, wanted: WantedFeatures, columns: tuple[Column, ...]) -> Floats:
    """Return the columns of rows, each in training's standard units; missing = the mean, shape (rows, columns).

    A square is of standard units, so that it does not repeat the value itself.
    """
    matrix = np.zeros((len(frame), len(columns)))
    for place, column in enumerate(columns):
        values = _values(frame[column.name], wanted.shape(column.name), column.part)
        scaled = (values - column.mean) / column.spread
        scaled = scaled if column.name == OWN else np.clip(scaled, -FARTHEST, FARTHEST)
        matrix[:, place] = np.nan_to_num(scaled**2 - 1 if column.part == "square" else scaled)
    return matrix
