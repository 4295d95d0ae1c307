"""The learnt transition: a weighted ridge regression of the later gap on what was known, and the parts of its error.

``g1 - c = a + rho (theta0 - c) + z b + w + e1``: c the mean school's level at the start, theta0 the level now, known
as ``N(m, P)``, z the other features, ``w ~ N(0, omega^2)`` what the school does that nothing here foretells, e1 the
error of measurement of the later cohort, variance v1. With m put for theta0 the residual's variance is ``rho^2 P +
omega^2 + v1``. ``omega^2`` comes from forecasts of authorities held out, so that the model's own spread is in it. The
underlying change ``theta1 - theta0`` given all that is known has the mean ``c + a + rho (m - c) + z b - m`` and the
variance ``(1 - rho)^2 P + omega^2``. Over f times the years, rho becomes ``rho^f``; a, b and omega^2 grow f times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.estimators.bootstrap import clusters
from pilotage.risk.gap.features import OWN, Column, WantedFeatures, columns_of, design
from pilotage.risk.gap.pairs import Pairs
from pilotage.risk.spec.gap import GapSpec

Floats = NDArray[np.float64]
ITERATIONS = 3
FIRST_SPREAD = 0.1  # omega^2 to begin with, in pupil SD squared
SMALLEST_SPREAD = 1e-4
RHO_RANGE = (0.02, 1.0)


@dataclass(frozen=True)
class Coefficients:
    """Coefficients of the standardised columns, shape (columns,), and the constant."""

    constant: float
    slopes: Floats


@dataclass(frozen=True)
class LearntTransition:
    """A transition learnt over ``years``: on all rows, by resample of authorities, and the spread it leaves."""

    wanted: WantedFeatures
    columns: tuple[Column, ...]
    coefficients: Coefficients
    resamples: tuple[Coefficients, ...]
    omega2: float
    penalty: float
    years: int
    group: str
    rows: int


@dataclass(frozen=True)
class Training:
    """What a transition is learnt from: design, the later gap less the centre, its error and the level's, authority."""

    design: Floats
    target: Floats
    error: Floats
    level_error: Floats
    authority: NDArray[np.object_]


def learn_transition(
    frame: pd.DataFrame, pairs: Pairs, wanted: WantedFeatures, spec: GapSpec, seed: int
) -> LearntTransition:
    """Return the transition learnt from pairs and their features, one row each."""
    rows = pairs.rows
    columns = columns_of(frame, wanted, spec.transition.smallest_kind)
    training = Training(
        design(frame, wanted, columns),
        (rows["later_gap"] - rows["centre"]).to_numpy(dtype=np.float64),
        rows["later_variance"].to_numpy(dtype=np.float64),
        rows["level_variance"].to_numpy(dtype=np.float64),
        rows["authority"].to_numpy(dtype=object),
    )
    own = _own_column(columns)
    penalty, omega2 = _chosen(training, own, columns[own].spread, spec, seed)
    weight = _weight(training, omega2)
    resamples = tuple(_resampled(training, weight, penalty, own, spec.resamples, seed))
    on_all = ridge(training.design, training.target, weight, penalty, own)
    return LearntTransition(wanted, columns, on_all, resamples, omega2, penalty, pairs.years, pairs.group, len(rows))


def ridge(design: Floats, target: Floats, weight: Floats, penalty: float, free: int | None = None) -> Coefficients:
    """Return the coefficients that minimise the weighted squares plus ``penalty`` times the slopes' squares.

    Weights are scaled to a mean of 1. The slope of the column ``free`` is not held back.
    """
    return ridges(design, target, weight, (penalty,), free)[0]


def ridges(
    design: Floats, target: Floats, weight: Floats, penalties: tuple[float, ...], free: int | None = None
) -> list[Coefficients]:
    """Return the coefficients at each penalty."""
    share = weight / weight.sum()
    centre, middle = share @ design, float(share @ target)
    moved, scaled = design - centre, weight / weight.mean()
    squares, right = moved.T @ (moved * scaled[:, None]), moved.T @ (scaled * (target - middle))
    held = np.diag([float(place != free) for place in range(len(squares))])
    solved = [np.linalg.solve(squares + penalty * held, right) for penalty in penalties]
    return [Coefficients(middle - float(centre @ slopes), slopes) for slopes in solved]


def authority_folds(authority: NDArray[np.object_], folds: int, seed: int) -> NDArray[np.int64]:
    """Return the fold of each row: authorities dealt out in a seeded order, each whole."""
    names = np.array(sorted(set(authority.tolist())), dtype=object)
    order = np.random.default_rng([seed, len(names)]).permutation(len(names))
    fold = dict(zip(names[order].tolist(), (np.arange(len(names)) % folds).tolist(), strict=True))
    return np.array([fold[name] for name in authority.tolist()], dtype=np.int64)


def _own_column(columns: tuple[Column, ...]) -> int:
    return next(place for place, column in enumerate(columns) if (column.name, column.part) == (OWN, "value"))


def _weight(training: Training, omega2: float) -> Floats:
    weight: Floats = 1 / (omega2 + training.level_error + training.error)
    return weight


def _chosen(training: Training, own: int, spread: float, spec: GapSpec, seed: int) -> tuple[float, float]:
    """Return the penalty that forecasts held-out authorities best, and the spread that its forecasts leave.

    ``own`` is the gap's own column, in units of ``spread``.
    """
    fold = authority_folds(training.authority, spec.transition.folds, seed)
    omega2, penalty = FIRST_SPREAD, spec.transition.penalties[0]
    for _ in range(ITERATIONS):
        weight = _weight(training, omega2)
        errors = _held_out(training, weight, spec.transition.penalties, own, fold)
        loss = {tried: float((weight * error**2).sum()) for tried, error in errors.items()}
        penalty = min(loss, key=lambda tried: (loss[tried], tried))
        rho = ridge(training.design, training.target, weight, penalty, own).slopes[own] / spread
        rest = errors[penalty] ** 2 - training.error - min(1.0, rho**2) * training.level_error
        omega2 = max(SMALLEST_SPREAD, float((weight * rest).sum() / weight.sum()))
    return penalty, omega2


def _held_out(
    training: Training, weight: Floats, penalties: tuple[float, ...], own: int, fold: NDArray[np.int64]
) -> dict[float, Floats]:
    """Return by penalty what is left of the target after a forecast that saw no school of the authority."""
    errors = {penalty: np.zeros(len(fold)) for penalty in penalties}
    for number in np.unique(fold):
        test = fold == number
        fitted = ridges(training.design[~test], training.target[~test], weight[~test], penalties, own)
        for penalty, fit in zip(penalties, fitted, strict=True):
            errors[penalty][test] = training.target[test] - fit.constant - training.design[test] @ fit.slopes
    return errors


def _resampled(
    training: Training, weight: Floats, penalty: float, own: int, count: int, seed: int
) -> Iterator[Coefficients]:
    """Yield the coefficients of resamples by authority: each drawn as often as chance has it."""
    by_authority = clusters(training.authority.astype(str))
    generator = np.random.default_rng([seed, by_authority.count, count])
    for _ in range(count):
        times = by_authority.draw(generator)
        drawn = times > 0
        yield ridge(training.design[drawn], training.target[drawn], (weight * times)[drawn], penalty, own)


@dataclass(frozen=True)
class Change:
    """The underlying change by row in pupil SD: mean, spread, draws of the mean (rows, resamples), what it is made of.

    ``later_sd`` is the spread of the underlying gap at the end. ``parts`` has one column for each feature, and adds up
    to ``mean`` less ``constant``.
    """

    mean: Floats
    sd: Floats
    later_sd: Floats
    draws: Floats
    parts: Floats
    constant: float


def underlying_change(model: LearntTransition, frame: pd.DataFrame, rows: pd.DataFrame, years: float) -> Change:
    """Return the underlying change over ``years`` of rows of ``starting_levels``."""
    factor = years / model.years
    columns = design(frame, model.wanted, model.columns)
    own = _own_column(model.columns)
    level = rows["level"].to_numpy(dtype=np.float64)
    parts, constant, rho = _parts(model, model.coefficients, columns, own, level, factor)
    draws = [sum_of(*_parts(model, coefficients, columns, own, level, factor)[:2]) for coefficients in model.resamples]
    error = rows["level_variance"].to_numpy(dtype=np.float64)
    sd = np.sqrt((1 - rho) ** 2 * error + factor * model.omega2)
    later_sd = np.sqrt(rho**2 * error + factor * model.omega2)
    return Change(sum_of(parts, constant), sd, later_sd, np.column_stack(draws), parts, constant)


def sum_of(parts: Floats, constant: float) -> Floats:
    """Return a change from its parts."""
    total: Floats = constant + parts.sum(axis=1)
    return total


def _parts(
    model: LearntTransition, coefficients: Coefficients, columns: Floats, own: int, level: Floats, factor: float
) -> tuple[Floats, float, float]:
    """Return each feature's part of the change (rows, features), the constant, and rho over the span.

    The gap's own column is in standard units: ``rho`` is its slope over its spread.
    """
    column = model.columns[own]
    slope = coefficients.slopes[own] / column.spread
    rho = float(np.clip(slope, *RHO_RANGE)) ** factor
    names = model.wanted.names
    parts = np.zeros((len(columns), len(names)))
    for place, part in enumerate(model.columns):
        if place == own:
            parts[:, names.index(part.name)] += (rho - 1) * level + factor * (
                slope - np.clip(slope, *RHO_RANGE)
            ) * level
        else:
            parts[:, names.index(part.name)] += factor * coefficients.slopes[place] * columns[:, place]
    constant = factor * (coefficients.constant - slope * column.mean)
    return parts, constant, rho


def later_gap(model: LearntTransition, frame: pd.DataFrame, rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return mean and variance of the underlying gap after the model's own span: what a later cohort is drawn about."""
    change = underlying_change(model, frame, rows, model.years)
    start = (rows["level"] + rows["centre"]).to_numpy(dtype=np.float64)
    return start + change.mean, change.later_sd**2
