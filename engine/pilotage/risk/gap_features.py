"""What a transition of the gap is learnt from: features as the spec declares them, as of each row's day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.gap_spec import OF_SCHOOLS, GapFeature

Floats = NDArray[np.float64]
FARTHEST = 4.0  # standard units: a feature further out counts as this far; the gap itself is never cut
OLDEST_YEARS = 3  # a figure older than this on the day is not known any more


def gap_features(panel: SchoolPanel, rows: pd.DataFrame, features: tuple[GapFeature, ...]) -> pd.DataFrame:
    """Return the features of ``rows`` (urn, key_stage, year, on, pupils, level), one column each, the same index.

    ``level`` is the shrunk gap less the mean school's. Nothing known after ``on`` is used.
    """
    return pd.DataFrame({one.name: _feature(panel, rows, one) for one in features}, index=rows.index)


def _feature(panel: SchoolPanel, rows: pd.DataFrame, feature: GapFeature) -> pd.Series:
    if feature.of in OF_SCHOOLS:
        return rows["urn"].map(panel.schools.set_index("urn")[feature.of])
    if feature.of == "gap":
        return rows["level"]
    if feature.of == "cohort":
        return rows["pupils"]
    table = _progress(panel, rows) if feature.of == "progress" else panel.school_years
    latest = _known(table, rows, feature.of)
    return latest["value"] if feature.make == "latest" else latest["value"] - _before(table, rows, latest, feature)


def _progress(panel: SchoolPanel, rows: pd.DataFrame) -> pd.DataFrame:
    every = panel.results[(panel.results["pupil_group"] == "all") & panel.results["progress_sd"].notna()]
    stages = rows[["urn", "key_stage"]].drop_duplicates()
    return every.merge(stages, on=["urn", "key_stage"]).rename(columns={"progress_sd": "progress"})


def _known(table: pd.DataFrame, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return by row the last value of a column known on its day, not older than ``OLDEST_YEARS``, and its year."""
    given = table.loc[table[column].notna(), ["urn", "year", "known_on", column]]
    pairs = rows[["urn", "on"]].assign(row=range(len(rows))).merge(given, on="urn")
    pairs = pairs[(pairs["known_on"] <= pairs["on"]) & (pairs["year"] >= pairs["on"].dt.year - OLDEST_YEARS)]
    last = pairs.sort_values(["row", "year"]).groupby("row").last().reindex(range(len(rows)))
    found: pd.DataFrame = last.rename(columns={column: "value"})[["year", "value"]].astype(float)
    return found.set_axis(rows.index)


def _before(table: pd.DataFrame, rows: pd.DataFrame, latest: pd.DataFrame, feature: GapFeature) -> pd.Series:
    """Return by row the value ``years`` before the latest."""
    past = table[["urn", "year", feature.of]].drop_duplicates(["urn", "year"])
    asked = pd.DataFrame({"urn": rows["urn"].to_numpy(), "year": latest["year"].to_numpy() - feature.years})
    found = asked.merge(past.astype({"year": float}), on=["urn", "year"], how="left")[feature.of]
    return pd.Series(found.to_numpy(dtype=float), index=rows.index)


@dataclass(frozen=True)
class Column:
    """One column of the design: the feature it is of, its part, and its mean and spread in training."""

    feature: int
    part: str  # value | square | flag | the name of a kind
    mean: float
    spread: float


def columns_of(frame: pd.DataFrame, features: tuple[GapFeature, ...], smallest_kind: int) -> tuple[Column, ...]:
    """Return the columns that training rows give, those that do not vary left out."""
    found = []
    for number, feature in enumerate(features):
        for part in _parts(frame[feature.name], feature, smallest_kind):
            values = _values(frame[feature.name], feature, part)
            mean, spread = float(np.nanmean(values)), float(np.nanstd(values))
            if spread > 1e-9:
                found.append(Column(number, part, mean, spread))
    return tuple(found)


def _parts(values: pd.Series, feature: GapFeature, smallest_kind: int) -> list[str]:
    if feature.shape == "kinds":
        counts = values.value_counts()
        return sorted(str(kind) for kind in counts[counts >= smallest_kind].index)
    if values.notna().sum() < smallest_kind:
        return []
    return ["value"] + (["square"] if feature.shape == "curved" else []) + (["flag"] if values.isna().any() else [])


def _values(values: pd.Series, feature: GapFeature, part: str) -> Floats:
    if feature.shape == "kinds":
        return np.asarray(values == part, dtype=np.float64)
    if part == "flag":
        return np.asarray(values.isna(), dtype=np.float64)
    numbers = np.asarray(values, dtype=np.float64)
    return np.asarray(np.log(np.maximum(numbers, 1.0)), dtype=np.float64) if feature.shape == "log" else numbers


def design(frame: pd.DataFrame, features: tuple[GapFeature, ...], columns: tuple[Column, ...]) -> Floats:
    """Return the columns of rows, each in training's standard units; missing = the mean, shape (rows, columns).

    A square is of standard units, so that it does not repeat the value itself.
    """
    found = np.zeros((len(frame), len(columns)))
    for place, column in enumerate(columns):
        feature = features[column.feature]
        values = _values(frame[feature.name], feature, column.part)
        scaled = (values - column.mean) / column.spread
        scaled = scaled if feature.name == "gap" else np.clip(scaled, -FARTHEST, FARTHEST)
        found[:, place] = np.nan_to_num(scaled**2 - 1 if column.part == "square" else scaled)
    return found
