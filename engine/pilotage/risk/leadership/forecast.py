"""The leadership outcomes: fall (good or better -> below good) and stuck (still below good), if inspected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.forecast import OutcomeState
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD
from pilotage.errors import DataError, Problem
from pilotage.risk.estimators.additive import Additive, probability
from pilotage.risk.estimators.boosting import varying
from pilotage.risk.estimators.heterogeneity import Record, own_chances, spread_words
from pilotage.risk.estimators.train import trained
from pilotage.risk.features.cache import kept_features
from pilotage.risk.leadership.first_snapshot import earlier_rows
from pilotage.risk.leadership.labels import labelled_pairs
from pilotage.risk.spec.leadership import LeadershipSpec

NO_GRADE = "no leadership grade known"
EARLIER = "earlier pairs, in which the overall grade stands for the grade before"
NO_OWN_GRADE = "sponsor-led academy without a leadership grade of its own yet"


@dataclass(frozen=True)
class Leadership:
    """A leadership outcome forecast: probability, draws and contributions by row of the asked frame; null elsewhere."""

    state: OutcomeState
    rows: NDArray[np.bool_]
    p: NDArray[np.float64]
    draws: NDArray[np.float32]
    frame: pd.DataFrame  # features of the rows of the population
    contributions: NDArray[np.float64]  # shape (rows of the population, features)


def standing(panel: SchoolPanel, asked: pd.DataFrame) -> pd.Series:
    """Return ``good_or_better``, ``below_good`` or null by row: the school's own latest leadership grade.

    A sponsor-led academy inherits its predecessor's history but not its grade.
    """
    grade = asked["leadership_grade"]
    own = panel.inspections[panel.inspections["urn"] == panel.inspections["urn_at_time"]]
    own = own[(own["known_on"] <= pd.Timestamp(panel.as_of)) & own["leadership_grade"].notna()]
    sponsored = panel.schools.loc[panel.schools["sponsor_led"], "urn"]
    graded = grade.notna() & (~asked["urn"].isin(sponsored) | asked["urn"].isin(own["urn"]))
    words = pd.Series(np.where(grade >= BELOW_GOOD, "below_good", "good_or_better"), index=asked.index)
    return words.where(graded)


def why_ungraded(panel: SchoolPanel, asked: pd.DataFrame) -> pd.Series:
    """Return the reason why a school has no standing, by row."""
    return pd.Series(np.where(asked["leadership_grade"].notna(), NO_OWN_GRADE, NO_GRADE), index=asked.index)


def forecast_leadership(
    panel: SchoolPanel,
    asked: pd.DataFrame,
    spec: LeadershipSpec,
    seed: int,
    *,
    cache: Path,
    say: Callable[[str], None],
) -> Leadership:
    """Return the forecast of one outcome for the rows of its population, trained on pairs known by the panel's date."""
    rows = (standing(panel, asked) == spec.population).to_numpy(dtype=bool)
    pairs = windowed_pairs(panel, spec, pd.Timestamp(panel.as_of))
    inside = in_population(pairs, spec)
    label = (pairs.loc[inside, "after"] >= BELOW_GOOD).to_numpy().astype(np.int64)
    short = _too_little(spec, label)
    if short:
        return _unavailable(short, len(label), asked)
    record = record_of(pairs, kept_features(panel, pairs, spec, cache))
    frame = record.frame[inside].reset_index(drop=True)
    refuse_constant(spec, frame)
    earlier = earlier_rows(panel, spec, pd.Timestamp(panel.as_of), partial(kept_features, cache=cache))
    model = trained(
        spec, frame, label, record.schools[inside], seed, cache=cache, say=say, record=record, earlier=earlier
    )
    part = asked[rows]
    return _scored(model, kept_features(panel, part, spec, cache), rows, spec, (part["urn"].to_numpy(), seed))


def training_pairs(panel: SchoolPanel, spec: LeadershipSpec, by: pd.Timestamp) -> pd.DataFrame:
    """Return the labelled pairs of an outcome's population known by a day and within the spec's label window."""
    pairs = windowed_pairs(panel, spec, by)
    return pairs[in_population(pairs, spec)].reset_index(drop=True)


def in_population(pairs: pd.DataFrame, spec: LeadershipSpec) -> NDArray[np.bool_]:
    """Return which pairs have an earlier grade of the spec's population."""
    below = (pairs["before"] >= BELOW_GOOD).to_numpy(dtype=bool)
    return below if spec.population == "below_good" else ~below


def record_of(pairs: pd.DataFrame, frame: pd.DataFrame) -> Record:
    """Return the record of labelled pairs with their features."""
    before, after = ((pairs[name] >= BELOW_GOOD).to_numpy().astype(np.int64) for name in ("before", "after"))
    return Record(frame, before, after, pairs["urn"].to_numpy(dtype=float))


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
    where = f"models/{spec.outcome}/spec.yaml, label_window"
    if ends is not None and pd.Timestamp(ends) > by:
        found = f"ends on {ends}, after {by.date()}, the day of the forecast"
        raise DataError(Problem(where, found, f"at most {by.date()}", "end it earlier, or leave it null"))
    last = pairs["inspected_on"].max()
    if starts is not None and not pd.Timestamp(starts) <= last:
        told = "no pair is known" if pd.isna(last) else f"the last pair known is of {last.date()}"
        found = f"starts on {starts}, but {told}"
        raise DataError(Problem(where, found, "a window with pairs", "start it earlier, or leave it null"))


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


def _too_little(spec: LeadershipSpec, label: NDArray[np.int64]) -> str:
    if len(label) < spec.smallest_training:
        return f"only {len(label):,} pairs of leadership grades are known by the date, under {spec.smallest_training:,}"
    rare = min(int(label.sum()), int(len(label) - label.sum()))
    few = spec.calibration.folds * 5
    return f"only {rare:,} of {len(label):,} pairs have the rarer outcome, under {few}" if rare < few else ""


def _unavailable(why: str, count: int, asked: pd.DataFrame) -> Leadership:
    size = len(asked)
    nothing = np.full(size, np.nan)
    state, rows = OutcomeState(False, why, count), np.zeros(size, dtype=bool)
    return Leadership(state, rows, nothing, np.zeros((size, 0), np.float32), asked.head(0), np.zeros((0, 0)))


def _scored(
    model: Additive,
    part: pd.DataFrame,
    rows: NDArray[np.bool_],
    spec: LeadershipSpec,
    schools: tuple[NDArray[np.int64], int],
) -> Leadership:
    """Return the forecast of the rows; ``schools`` are their URNs, and the seed of their unobserved parts."""
    p = np.full(len(rows), np.nan)
    draws = np.full((len(rows), len(model.intercepts)), np.nan, dtype=np.float32)
    contributions = np.zeros((len(part), len(spec.features)))
    if len(part):
        p[rows] = probability(model.logit(part))
        draws[rows] = own_chances(p[rows], model.draws(part), model.heterogeneity or 0.0, *schools)
        place = [list(spec.features).index(term.feature) for term in model.terms]
        contributions[:, place] = model.contributions(part)
    used = {term.feature for term in model.terms}
    lacking = len(spec.features) - len(used)
    why = f"trained on {model.trained_on:,} pairs of inspections, base rate {model.base_rate:.0%}"
    why += f", and {model.earlier_pairs:,} {EARLIER}" if model.earlier_pairs else ""
    why += f"; {lacking} of {len(spec.features)} features not in these files" if lacking else ""
    why += f"; {spread_words(model.heterogeneity)}"
    state = OutcomeState(True, why, model.trained_on, model.base_rate)
    return Leadership(state, rows, p, draws, part, contributions)
