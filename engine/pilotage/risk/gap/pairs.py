"""Labelled transitions of the gap: its level in one year, shrunk, and what was published some years later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.gap.level import main_stage, progress_before, published_gaps, shrunk, with_flag
from pilotage.risk.spec.gap import GapSpec

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Transitions of a pupil group over ``years``, one row each.

    ``rows`` holds urn, key_stage, year, on (the day on which the first gap became known), known_on, pupils, gap,
    variance, level (shrunk, less ``centre``), level_variance, centre (the mean school's level of that year), authority,
    later_gap, later_variance, later_known_on. ``group`` is whose gaps they are.
    """

    rows: pd.DataFrame
    group: str
    years: int


def starting_levels(panel: SchoolPanel, spec: GapSpec, group: str, by: pd.Timestamp | None) -> pd.DataFrame:
    """Return every published gap of a group known by a day (null: any), with its shrunk level, as ``Pairs.rows``.

    Levels are shrunk within a key stage and year, towards what all pupils' progress in the years before suggests. A
    school with several key stages is taken by the one with most pupils.
    """
    results = panel.results if by is None else panel.results[panel.results["known_on"] <= by]
    gaps = main_stage(published_gaps(results, group))
    if gaps.empty:
        return gaps.assign(on=gaps["known_on"])
    parts = [_levels(part, panel.results, spec) for _, part in gaps.groupby(["key_stage", "year"], sort=True)]
    places = panel.schools.set_index("urn")["authority"]
    levels = pd.concat(parts, ignore_index=True)
    return levels.assign(on=levels["known_on"], authority=levels["urn"].map(places).fillna("not known"))


def _levels(part: pd.DataFrame, results: pd.DataFrame, spec: GapSpec) -> pd.DataFrame:
    variance = spec.pupil_sd**2 / part["pupils"].to_numpy(dtype=np.float64)
    known = results[results["known_on"] <= part["known_on"].max()]
    covariates = with_flag(progress_before(known, part, spec.pooled_years))
    levels = shrunk(part["gap"].to_numpy(dtype=np.float64), variance, covariates)
    centre = float(levels.mean.mean())
    return part.assign(variance=variance, level=levels.mean - centre, level_variance=levels.variance, centre=centre)


def transitions(panel: SchoolPanel, spec: GapSpec, group: str, years: float, by: pd.Timestamp | None) -> Pairs:
    """Return the transitions of a group whose both gaps were known by a day (null: any), over nearly ``years``.

    Of the spans that ``smallest_training`` schools have, the nearest to ``years`` is taken, the shorter of two.
    """
    first = starting_levels(panel, spec, group, by)
    later = first[["urn", "key_stage", "year", "gap", "variance", "known_on"]] if len(first) else first
    if first.empty:
        return Pairs(first, group, 0)
    changes = first.merge(later, on=["urn", "key_stage"], suffixes=("", "_end"))
    changes = changes[changes["year_end"] > changes["year"]].assign(years=changes["year_end"] - changes["year"])
    counts = changes.groupby("years")["urn"].nunique()
    enough = counts[counts >= spec.smallest_training].index.tolist()
    if not enough:
        return Pairs(changes.head(0), group, 0)
    span = min(enough, key=lambda span: (abs(span - years), span))
    named = {"gap_end": "later_gap", "variance_end": "later_variance", "known_on_end": "later_known_on"}
    rows = changes[changes["years"] == span].drop(columns=["years", "year_end"]).rename(columns=named)
    return Pairs(rows.sort_values(["year", "urn"], ignore_index=True), group, int(span))
