"""One fold of a back-test: train on what was known, forecast, and set beside it what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.estimators.additive import Additive, probability
from pilotage.risk.estimators.rows import LabelledRows, TrainingSet
from pilotage.risk.estimators.train import trained
from pilotage.risk.estimators.waits import Waits
from pilotage.risk.evaluation.baselines import (
    BASELINE,
    INSPECTION_ALONE,
    baseline_features,
    baseline_forecasts,
    over_another_span,
)
from pilotage.risk.evaluation.fairness import attributes
from pilotage.risk.evaluation.folds import (
    AsOf,
    Fold,
    inspected,
    record_by,
    rows_by,
    within_horizon,
    year_before,
)
from pilotage.risk.leadership.first_snapshot import earlier_pair_rows
from pilotage.risk.leadership.hazard import learned_hazard
from pilotage.risk.leadership.waits import expected_waits
from pilotage.risk.spec.leadership import LeadershipSpec

Floats = NDArray[np.float64]
PLACES = 6  # decimals of a forecast, in the measures as in predictions.csv: who recomputes finds the same
REGION_RESAMPLES = 12  # outer bags of a held-out-region model: enough for its mean forecast
IF_INSPECTED, WITHIN, BY_REGION = "if_inspected", "within_horizon", "within_horizon_by_region"


@dataclass(frozen=True)
class Tested:
    """What one fold forecast and what came.

    ``rows`` has urn, fold, as_of, p, y, the attributes of ``fairness``, and a column for each baseline.
    """

    kind: str
    fold: Fold
    name: str
    rows: pd.DataFrame
    draws: NDArray[np.float32]
    trained_on: int
    trained_base_rate: float
    heterogeneity: float | None
    earlier_pairs: int = 0


@dataclass(frozen=True)
class FoldForecast:
    """What a fold forecasts for rows: a model, when an inspection may come, its chance (None: it comes), baselines."""

    model: Additive
    waits: Waits
    chance: Floats | None
    baselines: dict[str, Floats]


@dataclass(frozen=True)
class Trainer:
    """How models are made: the spec, the seed, and where fitted models are stored."""

    spec: LeadershipSpec
    seed: int
    store: Store
    say: Callable[[str], None]

    def model(self, training: TrainingSet, resamples: int | None = None) -> Additive:
        """Return the model of labelled rows, of at most so many resamples."""
        spec = self.spec if resamples is None else _with_resamples(self.spec, resamples)
        return trained(spec, training, self.seed, store=self.store, say=self.say)


def temporal(known: AsOf, trainer: Trainer, fold: Fold) -> tuple[Tested, ...]:
    """Return the fold's tests: the grade if inspected and, where its window starts with the day, the fall within it.

    Parameters
    ----------
    known
        As of the fold's day.
    """
    spec, panel = trainer.spec, known.panel
    pairs = rows_by(panel, spec, fold.as_of)
    earlier_pairs = earlier_pair_rows(panel, spec, pd.Timestamp(fold.as_of))
    model = trainer.model(TrainingSet(pairs, earlier_pairs, record_by(panel, spec, fold.as_of)))
    rows = inspected(known, spec, fold)
    learnt = replace(pairs, frame=baseline_features(panel, pairs.frame, spec))
    hazard = learned_hazard(panel, spec.label_window.starts)
    waits = expected_waits(hazard, rows, fold.window, spec)
    given = FoldForecast(model, waits, None, _baselines(panel, spec, learnt, rows))
    tested = _tested(IF_INSPECTED, fold, panel, rows, given)
    if hazard is None or spec.population != "good_or_better" or not fold.from_the_day:
        return (tested,)
    rows = within_horizon(known, spec, fold)
    chance = hazard.within(rows, fold.months)
    baselines = _horizon_baselines(panel, spec, fold, rows)
    if baselines is None:
        baselines = {name: p * chance for name, p in _baselines(panel, spec, learnt, rows).items()}
    waits = expected_waits(hazard, rows, (0, fold.months), spec)
    forecast = FoldForecast(model, waits, chance, baselines | {INSPECTION_ALONE: chance})
    return tested, _tested(WITHIN, fold, panel, rows, forecast)


def _baselines(panel: SchoolPanel, spec: LeadershipSpec, learnt: LabelledRows, rows: pd.DataFrame) -> dict[str, Floats]:
    """Return what each baseline forecasts for rows; none where there is nothing to forecast."""
    if rows.empty:
        return {}
    return baseline_forecasts(learnt.frame, learnt.label, baseline_features(panel, rows, spec))


def _horizon_baselines(
    panel: SchoolPanel, spec: LeadershipSpec, fold: Fold, rows: pd.DataFrame
) -> dict[str, Floats] | None:
    """Return baselines trained on the falls of the twelve months before the fold; None where those are not known."""
    labelled = year_before(panel, spec, fold)
    if labelled is None or labelled["y"].nunique() < 2:
        return None
    learnt = _learnt(panel, spec, labelled)
    return {name: over_another_span(p, 12, fold.months) for name, p in _baselines(panel, spec, learnt, rows).items()}


def _learnt(panel: SchoolPanel, spec: LeadershipSpec, labelled: pd.DataFrame) -> LabelledRows:
    """Return rows with an outcome ``y`` as the baselines learn from them."""
    label, schools = labelled["y"].to_numpy(dtype=np.int64), labelled["urn"].to_numpy(dtype=float)
    return LabelledRows(baseline_features(panel, labelled, spec), label, schools)


def by_region(known: AsOf, trainer: Trainer, fold: Fold) -> tuple[Tested, ...]:
    """Return the fall within the window, each region forecast by a model, a hazard and baselines of the rest."""
    panel, spec = known.panel, trainer.spec
    rows = within_horizon(known, spec, fold)
    pairs = rows_by(panel, spec, fold.tested_to)
    regions = sorted(panel.schools.loc[panel.schools["urn"].isin(rows["urn"]), "region"].unique())
    training = TrainingSet(pairs, earlier_pair_rows(panel, spec, pd.Timestamp(fold.tested_to)))
    parts = [_region(panel, trainer, fold, rows, training, region) for region in regions]
    tested = pd.concat([part.rows for part in parts]).sort_values("urn").reset_index(drop=True)
    no_draws = np.zeros((len(tested), 0), dtype=np.float32)
    size, base_rate = len(pairs.label), float(pairs.label.mean())
    count = 0 if training.earlier_pairs is None else len(training.earlier_pairs.label)
    return (Tested(BY_REGION, fold, parts[0].name, tested, no_draws, size, base_rate, None, count),)


def _region(
    panel: SchoolPanel, trainer: Trainer, fold: Fold, rows: pd.DataFrame, training: TrainingSet, region: str
) -> Tested:
    """Return the test of one region; nothing of its schools is in the model, the hazard or the baselines."""
    trainer.say(f"Forecasting {region} from the other regions")
    urns = panel.schools.loc[panel.schools["region"] == region, "urn"].tolist()
    inside = rows["urn"].isin(urns)
    test, rest = rows[inside].reset_index(drop=True), rows[~inside].reset_index(drop=True)
    model = trainer.model(_without(training, urns), REGION_RESAMPLES)
    elsewhere = panel.inspections[~panel.inspections["urn"].isin(urns)]
    rest_of_england = replace(panel, as_of=fold.tested_to, inspections=elsewhere)
    hazard = learned_hazard(rest_of_england, trainer.spec.label_window.starts)
    chance = hazard.within(test, fold.months) if hazard is not None else np.full(len(test), np.nan)
    baselines = _baselines(panel, trainer.spec, _learnt(panel, trainer.spec, rest), test)
    waits = expected_waits(hazard, test, (0, fold.months), trainer.spec)
    return _tested(
        BY_REGION, fold, panel, test, FoldForecast(model, waits, chance, baselines | {INSPECTION_ALONE: chance})
    )


def _without(training: TrainingSet, urns: list[int]) -> TrainingSet:
    """Return what is learnt from without some schools, of pairs and of earlier pairs."""
    pairs, earlier_pairs = training.pairs, training.earlier_pairs
    if earlier_pairs is not None:
        earlier_pairs = earlier_pairs.where(~np.isin(earlier_pairs.schools, urns))
    return TrainingSet(pairs.where(~np.isin(pairs.schools, urns)), earlier_pairs)


def _tested(kind: str, fold: Fold, panel: SchoolPanel, rows: pd.DataFrame, forecast: FoldForecast) -> Tested:
    """Return the test of rows with their outcome ``y``."""
    model, urns = forecast.model, rows["urn"].to_numpy(dtype=np.int64)
    chance = np.ones(len(rows)) if forecast.chance is None else forecast.chance
    name = f"{kind}/{fold.name}"
    columns = {
        "urn": urns,
        "fold": name,
        "as_of": fold.as_of.isoformat(),
        "p": np.round(probability(model.logit(rows, forecast.waits)) * chance, PLACES),
        "y": rows["y"].to_numpy(dtype=float),
        **dict(attributes(panel, urns)),
        **{f"{BASELINE}{baseline}": np.round(p, PLACES) for baseline, p in forecast.baselines.items()},
    }
    draws = model.draws(rows, forecast.waits) * chance[:, None].astype(np.float32)
    learnt = (model.trained_on, model.base_rate, model.heterogeneity, model.earlier_pairs)
    return Tested(kind, fold, name, pd.DataFrame(columns), draws, *learnt)


def _with_resamples(spec: LeadershipSpec, resamples: int) -> LeadershipSpec:
    few = min(resamples, spec.estimator.resamples)
    return spec.model_copy(update={"estimator": spec.estimator.model_copy(update={"resamples": few})})
