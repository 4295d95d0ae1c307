"""One fold of a back-test: train on what was known, forecast, and set beside it what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.estimators.additive import Additive, probability
from pilotage.risk.estimators.boosting import Rows
from pilotage.risk.estimators.heterogeneity import Record
from pilotage.risk.estimators.train import trained
from pilotage.risk.evaluation.baselines import INSPECTION_ALONE, over, peer_forecasts, seen
from pilotage.risk.evaluation.fairness import attributes
from pilotage.risk.evaluation.folds import AsOf, Fold, earlier_window, inspected, pairs_by, record_by, within_horizon
from pilotage.risk.leadership.first_snapshot import earlier_rows
from pilotage.risk.leadership.hazard import Hazard, learned_hazard
from pilotage.risk.spec.leadership import LeadershipSpec

Floats = NDArray[np.float64]
PLACES = 6  # decimals of a forecast, in the measures as in predictions.csv: who recomputes finds the same
REGION_RESAMPLES = 12  # outer bags of a held-out-region model: enough for its mean forecast
IF_INSPECTED, WITHIN, BY_REGION = "if_inspected", "within_horizon", "within_horizon_by_region"


@dataclass(frozen=True)
class Tested:
    """What one fold forecast and what came: ``rows`` has urn, fold, as_of, p, y, attributes and ``peer_`` columns."""

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
class Machine:
    """How models are made: the spec, the seed, and where fits are kept."""

    spec: LeadershipSpec
    seed: int
    cache: Path
    say: Callable[[str], None]

    def model(
        self,
        frame: pd.DataFrame,
        label: pd.Series,
        resamples: int | None = None,
        *,
        record: Record | None = None,
        earlier: Rows | None = None,
    ) -> Additive:
        """Return the model of labelled rows, and of earlier pairs where there are some."""
        spec = self.spec if resamples is None else _with_resamples(self.spec, resamples)
        schools, outcomes = frame["urn"].to_numpy(dtype=float), label.to_numpy(dtype=np.int64)
        trainer = partial(trained, cache=self.cache, say=self.say)
        return trainer(spec, frame, outcomes, schools, self.seed, record=record, earlier=earlier)


def temporal(known: AsOf, machine: Machine, fold: Fold) -> tuple[Tested, ...]:
    """Return the fold's tests: the grade if inspected and, where its window starts with the day, the fall within it.

    Parameters
    ----------
    known
        As of the fold's day.
    """
    spec, panel = machine.spec, known.panel
    frame, label = pairs_by(panel, spec, fold.as_of)
    earlier = earlier_rows(panel, spec, pd.Timestamp(fold.as_of))
    model = machine.model(frame, label, record=record_by(panel, spec, fold.as_of), earlier=earlier)
    rows = inspected(known, spec, fold)
    learnt, outcomes = seen(panel, frame, spec), label.to_numpy(dtype=np.int64)
    tests = [_tested(IF_INSPECTED, fold, panel, rows, model, None, _peers(panel, spec, learnt, outcomes, rows))]
    hazard = learned_hazard(panel) if spec.population == "good_or_better" and fold.from_the_day else None
    if hazard is None:
        return tuple(tests)
    rows = within_horizon(known, spec, fold)
    chance = _chance(hazard, rows, fold)
    peers = _horizon_peers(panel, spec, fold, rows)
    if peers is None:
        peers = {name: p * chance for name, p in _peers(panel, spec, learnt, outcomes, rows).items()}
    return (*tests, _tested(WITHIN, fold, panel, rows, model, chance, peers | {INSPECTION_ALONE: chance}))


def _peers(
    panel: SchoolPanel, spec: LeadershipSpec, learnt: pd.DataFrame, label: NDArray[np.int64], rows: pd.DataFrame
) -> dict[str, Floats]:
    """Return what each baseline forecasts for rows; none where there is nothing to forecast."""
    return peer_forecasts(learnt, label, seen(panel, rows, spec)) if len(rows) else {}


def _horizon_peers(
    panel: SchoolPanel, spec: LeadershipSpec, fold: Fold, rows: pd.DataFrame
) -> dict[str, Floats] | None:
    """Return baselines trained on the falls of the twelve months before the fold; None where those are not known."""
    earlier = earlier_window(panel, spec, fold)
    if earlier is None or earlier["y"].nunique() < 2:
        return None
    label = earlier["y"].to_numpy(dtype=np.int64)
    found = _peers(panel, spec, seen(panel, earlier, spec), label, rows)
    return {name: over(p, 12, fold.months) for name, p in found.items()}


def by_region(known: AsOf, machine: Machine, fold: Fold) -> tuple[Tested, ...]:
    """Return the fall within the window, each region forecast by a model, a hazard and baselines of the others."""
    panel = known.panel
    rows = within_horizon(known, machine.spec, fold)
    frame, label = pairs_by(panel, machine.spec, fold.tested_to)
    regions = sorted(panel.schools.loc[panel.schools["urn"].isin(rows["urn"]), "region"].unique())
    earlier = earlier_rows(panel, machine.spec, pd.Timestamp(fold.tested_to))
    parts = [_region(panel, machine, fold, (rows, frame, label, earlier), region) for region in regions]
    joined = pd.concat([part.rows for part in parts]).sort_values("urn").reset_index(drop=True)
    none = np.zeros((len(joined), 0), dtype=np.float32)
    trained_on, count = len(frame), 0 if earlier is None else len(earlier.label)
    return (Tested(BY_REGION, fold, parts[0].name, joined, none, trained_on, float(label.mean()), None, count),)


def _region(
    panel: SchoolPanel,
    machine: Machine,
    fold: Fold,
    everything: tuple[pd.DataFrame, pd.DataFrame, pd.Series, Rows | None],
    region: str,
) -> Tested:
    """Return the test of one region; nothing of its schools is in the model, the hazard or the baselines."""
    machine.say(f"Forecasting {region} from the other regions")
    rows, frame, label, earlier = everything
    own = set(panel.schools.loc[panel.schools["region"] == region, "urn"].tolist())
    test = rows[rows["urn"].isin(own)].reset_index(drop=True)
    rest = rows[~rows["urn"].isin(own)].reset_index(drop=True)
    kept = ~frame["urn"].isin(own)
    elsewhere = earlier and earlier.where(~np.isin(earlier.schools, list(own)))
    model = machine.model(frame[kept].reset_index(drop=True), label[kept], REGION_RESAMPLES, earlier=elsewhere)
    others = panel.inspections[~panel.inspections["urn"].isin(own)]
    hazard = learned_hazard(replace(panel, as_of=fold.tested_to, inspections=others))
    chance = _chance(hazard, test, fold) if hazard is not None else np.full(len(test), np.nan)
    learnt = seen(panel, rest, machine.spec)
    peers = _peers(panel, machine.spec, learnt, rest["y"].to_numpy(dtype=np.int64), test)
    return _tested(BY_REGION, fold, panel, test, model, chance, peers | {INSPECTION_ALONE: chance})


def _chance(hazard: Hazard, rows: pd.DataFrame, fold: Fold) -> Floats:
    return hazard.within(rows, fold.months)


def _tested(
    kind: str,
    fold: Fold,
    panel: SchoolPanel,
    rows: pd.DataFrame,
    model: Additive,
    chance: Floats | None,
    peers: dict[str, Floats],
) -> Tested:
    times = np.ones(len(rows)) if chance is None else chance
    name = f"{kind}/{fold.name}"
    columns = {
        "urn": rows["urn"].to_numpy(dtype=np.int64),
        "fold": name,
        "as_of": fold.as_of.isoformat(),
        "p": np.round(probability(model.logit(rows)) * times, PLACES),
        "y": rows["y"].to_numpy(dtype=float),
        **dict(attributes(panel, rows["urn"].to_numpy(dtype=np.int64))),
        **{f"peer_{peer}": np.round(p, PLACES) for peer, p in peers.items()},
    }
    draws = model.draws(rows) * times[:, None].astype(np.float32)
    learnt = (model.trained_on, model.base_rate, model.heterogeneity, model.earlier_pairs)
    return Tested(kind, fold, name, pd.DataFrame(columns), draws, *learnt)


def _with_resamples(spec: LeadershipSpec, resamples: int) -> LeadershipSpec:
    few = min(resamples, spec.estimator.resamples)
    return spec.model_copy(update={"estimator": spec.estimator.model_copy(update={"resamples": few})})
