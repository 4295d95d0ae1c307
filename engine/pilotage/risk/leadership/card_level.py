"""The level of chances on report cards: a model of the four grades, recalibrated on what cards found since.

The model is learnt from the four grades alone. Its logit m orders schools; Platt scaling on the cards known by the day,
``logit p = a + b m``, gives the chance of needing attention or worse. With few of either outcome b stays 1.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.domain.frameworks import REPORT_CARDS
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD
from pilotage.risk.estimators.additive import Additive, probability
from pilotage.risk.features.cache import stored_features
from pilotage.risk.leadership.labels import labelled_pairs
from pilotage.risk.leadership.training import in_population
from pilotage.risk.spec.leadership import LeadershipSpec

FEWEST_FOR_SLOPE = 30  # cards of the rarer outcome
STEPS = 50  # of Newton's method, which takes a handful
RIDGE = 1e-6

Floats = NDArray[np.float64]


def of_four_grades(spec: LeadershipSpec, as_of: date) -> LeadershipSpec:
    """Return a spec that learns from the four grades alone: its label window ends before the first report card."""
    if as_of < REPORT_CARDS.starts:
        return spec
    last = REPORT_CARDS.starts - timedelta(days=1)
    ends = min(last, spec.label_window.ends or last)
    return spec.model_copy(update={"label_window": spec.label_window.model_copy(update={"ends": ends})})


def with_card_level(model: Additive, panel: SchoolPanel, spec: LeadershipSpec, store: Store) -> Additive:
    """Return a model at the level of the report cards known by the panel's date; as it is where they are all alike."""
    pairs = labelled_pairs(panel, pd.Timestamp(panel.as_of))
    cards = pairs[(pairs["inspected_on"] >= pd.Timestamp(REPORT_CARDS.starts)) & in_population(pairs, spec)]
    cards = cards.reset_index(drop=True)
    below: Floats = (cards["after"] >= BELOW_GOOD).to_numpy().astype(np.float64)
    if not 0 < below.sum() < len(below):
        return model
    shift, slope = platt(model.logit(stored_features(panel, cards, spec, store)), below)
    return model.calibrated(shift + slope * model.shift, slope * model.slope)


def platt(logit: Floats, below: Floats) -> tuple[float, float]:
    """Return a and b of ``a + b logit``, by maximum likelihood; b is 1 where either outcome is rare."""
    rare = min(below.sum(), len(below) - below.sum())
    columns = np.column_stack([np.ones(len(logit)), logit])
    free = slice(0, 2 if rare >= FEWEST_FOR_SLOPE else 1)
    weights = np.array([0.0, 1.0])
    for _ in range(STEPS):
        chance = probability(columns @ weights)
        design = columns[:, free]
        curvature = design.T @ (design * (chance * (1 - chance))[:, None]) + RIDGE * np.eye(design.shape[1])
        weights[free] += np.linalg.solve(curvature, design.T @ (below - chance))
    return float(weights[0]), float(weights[1])
