"""The leadership outcomes: fall (good or better -> below good) and stuck (still below good), if inspected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.domain.forecast import OutcomeState
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD
from pilotage.risk.estimators.additive import Additive, probability
from pilotage.risk.estimators.heterogeneity import own_chances, spread_words
from pilotage.risk.estimators.train import trained
from pilotage.risk.estimators.waits import Waits
from pilotage.risk.features.cache import stored_features
from pilotage.risk.leadership.card_level import of_four_grades, with_card_level
from pilotage.risk.leadership.drift import drift_sd, drifted
from pilotage.risk.leadership.hazard import Hazard
from pilotage.risk.leadership.standing import standing
from pilotage.risk.leadership.survivors import refuse_survivors
from pilotage.risk.leadership.training import in_population, refuse_constant, too_little, training_set, windowed_pairs
from pilotage.risk.leadership.waits import expected_waits
from pilotage.risk.spec.leadership import LeadershipSpec

EARLIER_PAIRS = "earlier pairs, in which the overall grade stands for the grade before"


@dataclass(frozen=True)
class LeadershipForecast:
    """A leadership outcome forecast: probability, draws and contributions by row of the asked frame; null elsewhere.

    ``draws`` are of the model's knowledge: the chance in each resample of the training schools, with the drift
    until the inspection. ``own_chances`` also
    draw what no file shows of the school (``estimators/heterogeneity``). Both have shape (rows asked for, resamples).
    """

    state: OutcomeState
    rows: NDArray[np.bool_]
    p: NDArray[np.float64]
    draws: NDArray[np.float32]
    own_chances: NDArray[np.float32]
    frame: pd.DataFrame  # features of the rows of the population
    contributions: NDArray[np.float64]  # shape (rows of the population, features)


@dataclass(frozen=True)
class Awaiting:
    """The schools asked for, as ``standing_of`` gives them, and the window in which their next inspection may come.

    Attributes
    ----------
    hazard
        Of being inspected; null where it cannot be learnt.
    """

    rows: pd.DataFrame
    horizon_months: int
    hazard: Hazard | None


def forecast_leadership(
    panel: SchoolPanel,
    awaiting: Awaiting,
    spec: LeadershipSpec,
    seed: int,
    *,
    store: Store,
    say: Callable[[str], None],
) -> LeadershipForecast:
    """Return the forecast of one outcome for the rows of its population, trained on pairs known by the panel's date.

    From the first report card on it is trained on the four grades, and set to the level that the cards show.
    """
    asked, spec = awaiting.rows, of_four_grades(spec, panel.as_of)
    rows = (standing(panel, asked) == spec.population).to_numpy(dtype=bool)
    pairs = windowed_pairs(panel, spec, pd.Timestamp(panel.as_of))
    own = pairs[in_population(pairs, spec)]
    refuse_survivors(panel, spec, own)
    label = (own["after"] >= BELOW_GOOD).to_numpy().astype(np.int64)
    short = too_little(spec, label)
    if short:
        return unavailable(short, len(label), asked)
    training = training_set(panel, spec, pairs, store)
    refuse_constant(spec, training.pairs.frame)
    model = with_card_level(trained(spec, training, seed, store=store, say=say), panel, spec, store)
    frame = stored_features(panel, asked[rows], spec, store)
    waits = expected_waits(awaiting.hazard, asked[rows], (0, awaiting.horizon_months), spec)
    sd = drift_sd(spec.drift, panel.as_of, awaiting.horizon_months)
    return _scored(model, Scored(frame, waits, sd), rows, spec, seed)


def unavailable(why: str, count: int, asked: pd.DataFrame) -> LeadershipForecast:
    """Return a forecast that says of no row anything, and why."""
    size = len(asked)
    nothing, no_draws = np.full(size, np.nan), np.zeros((size, 0), np.float32)
    state, rows = OutcomeState(False, why, count), np.zeros(size, dtype=bool)
    return LeadershipForecast(state, rows, nothing, no_draws, no_draws, asked.head(0), np.zeros((0, 0)))


@dataclass(frozen=True)
class Scored:
    """Rows to forecast: their features, when their next inspection may come, and the drift until then in logits."""

    frame: pd.DataFrame
    waits: Waits
    drift_sd: float


def _scored(
    model: Additive, scored: Scored, rows: NDArray[np.bool_], spec: LeadershipSpec, seed: int
) -> LeadershipForecast:
    """Return the forecast of the rows of the population; the seed is of their draws."""
    frame, waits = scored.frame, scored.waits
    p = np.full(len(rows), np.nan)
    draws, own = (np.full((len(rows), len(model.intercepts)), np.nan, dtype=np.float32) for _ in range(2))
    contributions = np.zeros((len(frame), len(spec.features)))
    if len(frame):
        urns = frame["urn"].to_numpy(dtype=np.int64)
        p[rows] = probability(model.logit(frame, waits))
        draws[rows] = drifted(model.draws(frame, waits), scored.drift_sd, seed)
        own[rows] = own_chances(p[rows], draws[rows], model.heterogeneity or 0.0, urns, seed)
        place = [list(spec.features).index(term.feature) for term in model.terms]
        contributions[:, place] = model.contributions(frame, waits)
    return LeadershipForecast(_state(model, spec), rows, p, draws, own, frame, contributions)


def _state(model: Additive, spec: LeadershipSpec) -> OutcomeState:
    """Return on what the forecast rests, in words."""
    lacking = len(spec.features) - len({term.feature for term in model.terms})
    why = f"trained on {model.trained_on:,} pairs of inspections, base rate {model.base_rate:.0%}"
    why += f", and {model.earlier_pairs:,} {EARLIER_PAIRS}" if model.earlier_pairs else ""
    why += f"; {lacking} of {len(spec.features)} features not in these files" if lacking else ""
    why += f"; {spread_words(model.heterogeneity)}"
    return OutcomeState(True, why, model.trained_on, model.base_rate)
