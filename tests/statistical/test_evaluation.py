"""What an evaluation promises, against worlds whose truth is known. Each test states how often it may fail by luck."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from pilotage import assets, reviews
from pilotage.case.run_folder import SCHEMA_VERSION
from pilotage.config.overlay import resolve
from pilotage.risk.estimators.bootstrap import interval, resampled
from pilotage.risk.evaluation import measures as module
from pilotage.risk.evaluation.evaluate import evaluate
from pilotage.risk.evaluation.folds import everyone
from pilotage.risk.evaluation.measures import calibration
from pilotage.risk.evaluation.metrics import discrimination, ranking
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import load_specs
from pilotage.sources.sample.build import build
from pilotage.sources.sample.panel import sample_panel

WORLDS = 200


def _world(seed: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return right forecasts of a world, and what happened in it."""
    generator = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-generator.normal(-1.4, 1.0, size)))
    return p, (generator.random(size) < p).astype(float)


def _limits(rate: float, error: float) -> tuple[float, float]:
    """Return the shares of ``WORLDS`` outside which a rate falls with chance ``error``."""
    low, high = binom.ppf([error / 2, 1 - error / 2], WORLDS, rate)
    return float(low / WORLDS), float(high / WORLDS)


@pytest.mark.slow
def test_intervals_of_the_area_under_the_curve_cover_the_truth_at_their_rate() -> None:
    """Nominal 95%. The bootstrap is first-order only: 94% is allowed as the true rate; luck fails it once in 1,000."""
    p, happened = _world(0, 1_000_000)
    truth = float(discrimination(ranking(p), happened, np.ones((1, len(p))), cuts=())["auc"][0])
    covered = 0
    for seed in range(1, WORLDS + 1):
        p, happened = _world(seed, 400)
        ranked = ranking(p)
        drawn = resampled(
            lambda weights, ranked=ranked, happened=happened: discrimination(ranked, happened, weights, cuts=()),
            np.arange(400),
            300,
            seed,
        )["auc"]
        ends = interval(drawn, 0.95)
        assert ends is not None
        covered += ends[0] <= truth <= ends[1]
    assert _limits(0.94, 0.001)[0] <= covered / WORLDS <= _limits(0.96, 0.001)[1]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["error", "recentred"])
def test_a_right_forecast_is_called_badly_calibrated_one_time_in_twenty(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``share_of_perfect_as_large`` is under 0.05 in 5% of such worlds; luck fails the test once in 1,000."""
    monkeypatch.setattr(module, "PERFECT", 200)
    called = 0
    for seed in range(WORLDS):
        p, happened = _world(seed, 500)
        found = calibration(p, happened, seed)
        called += (found if part == "error" else found["recentred"])["share_of_perfect_as_large"] < 0.05
    low, high = _limits(0.05, 0.001)
    assert low <= called / WORLDS <= high


@pytest.mark.slow
def test_a_forecast_whose_logits_are_half_as_wide_again_is_found_out() -> None:
    """Power: of 4,000 schools with logits stretched by a half about their mean, over nine worlds in ten are called."""
    called = 0
    for seed in range(20):
        p, happened = _world(seed, 4000)
        logit = np.log(p / (1 - p))
        stretched = 1 / (1 + np.exp(-(1.5 * logit - 0.5 * logit.mean())))
        called += calibration(stretched, happened, seed)["recentred"]["share_of_perfect_as_large"] < 0.05
    assert called >= 18


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_forecasts_of_a_synthetic_england_are_calibrated_and_beat_every_baseline(seed: int, tmp_path: Path) -> None:
    """Of 5,000 schools over four years. Each of two tests fails a right forecast once in 200."""
    for name, table in build(5000, 4, seed).items():
        table.to_csv(tmp_path / f"{name}.csv", index=False, date_format="%Y-%m-%d")
    spec = load_specs(assets.models())["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    few = spec.model_copy(update={"estimator": spec.estimator.model_copy(update={"resamples": 12})})
    scenario = resolve("baseline").scenario
    only = scenario.model_copy(update={"outcomes": {"leadership_fall": scenario.outcomes["leadership_fall"]}})
    found = evaluate(
        lambda day: everyone(sample_panel(tmp_path, day, "opportunity_areas_2016")),
        only,
        specs={"leadership_fall": few},
        store=assets.Store(tmp_path / "cache"),
        say=lambda _: None,
    )
    tests = found.metrics["outcomes"]["leadership_fall"]["tests"]
    for kind in ("if_inspected", "within_horizon"):
        assert tests[kind]["calibration"]["recentred"]["share_of_perfect_as_large"] >= 0.005, kind
        assert all(one["beaten"]["auc"] for one in tests[kind]["baselines"].values()), kind
    # the fold is tested from September 2015: by inspections of the academic year 2016
    truth = pd.read_csv(tmp_path / "truth_schools.csv").set_index("urn")["p_below_good_2016"]
    rows = found.predictions[found.predictions["fold"] == "if_inspected/2015-08-31"]
    tenths = pd.qcut(rows["p"], 10, labels=False)
    true = truth.loc[rows["urn"]].set_axis(rows.index)
    off = (rows["p"] - true).groupby(tenths).mean().abs().mean()
    assert off < 0.03  # mean distance of a tenth's forecast from its true chance; no luck of inspections in it


@pytest.mark.slow
def test_the_cards_of_the_sample_are_fresh() -> None:
    """The figures agree to a thousandth, so that another system's last digit is not called stale."""
    found = reviews.evaluate(resolve("baseline")).metrics
    for outcome, own in found["outcomes"].items():
        shipped = json.loads((assets.models() / outcome / "metrics" / "baseline.json").read_text(encoding="utf-8"))
        _same(shipped, {"schema_version": SCHEMA_VERSION} | found | {"outcomes": {outcome: own}}, outcome)


def _same(shipped: Any, fresh: Any, where: str) -> None:
    if isinstance(shipped, dict):
        assert list(shipped) == list(fresh), where
        for name in shipped:
            _same(shipped[name], fresh[name], f"{where}.{name}")
    elif isinstance(shipped, list):
        assert len(shipped) == len(fresh), where
        for number, (one, other) in enumerate(zip(shipped, fresh, strict=True)):
            _same(one, other, f"{where}[{number}]")
    elif isinstance(shipped, float):
        assert fresh == pytest.approx(shipped, abs=1e-3), where
    else:
        assert shipped == fresh, where
