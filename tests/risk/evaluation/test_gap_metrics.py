"""Measures of a forecast distribution, by hand and against plain integration."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from pilotage.risk.evaluation.gap_metrics import calibration, crps_normal, gap_metrics


def test_the_score_is_its_closed_form_by_hand() -> None:
    """At its mean a standard normal scores 2 phi(0) - 1 / sqrt(pi) = 0.79788 - 0.56419; one off, 0.60244."""
    assert crps_normal(np.zeros(1), np.ones(1), np.zeros(1))[0] == pytest.approx(0.233695, abs=1e-6)
    assert crps_normal(np.zeros(1), np.ones(1), np.ones(1))[0] == pytest.approx(0.602441, abs=1e-6)
    assert crps_normal(np.array([3.0]), np.array([2.0]), np.array([3.0]))[0] == pytest.approx(2 * 0.233695, abs=1e-6)


@pytest.mark.parametrize(("mean", "sd", "seen"), [(0.3, 0.5, 1.1), (-1.0, 2.0, 0.4), (0.0, 0.1, 0.0)])
def test_the_score_is_the_integral_that_defines_it(mean: float, sd: float, seen: float) -> None:
    x = np.linspace(-25, 25, 500_001)
    integral = np.trapezoid((norm.cdf(x, mean, sd) - (x >= seen)) ** 2, x)
    assert crps_normal(np.array([mean]), np.array([sd]), np.array([seen]))[0] == pytest.approx(integral, abs=1e-4)


def test_a_sure_forecast_scores_its_distance() -> None:
    assert crps_normal(np.zeros(1), np.array([1e-9]), np.array([0.7]))[0] == pytest.approx(0.7, abs=1e-6)


def test_calibration_sets_forecast_beside_share_in_tenths() -> None:
    p = np.repeat([0.2, 0.7], 50)
    happened = np.concatenate([np.repeat([1, 0], [10, 40]), np.repeat([1, 0], [25, 25])])
    found = calibration(p, happened.astype(float))
    assert [row["schools"] for row in found["bins"]] == [10] * 10
    assert np.mean([row["share"] for row in found["bins"]]) == pytest.approx(0.35)
    assert calibration(np.full(20, 0.5), np.tile([0.0, 1.0], 10))["error"] == 0


def _rows(count: int, sd_said: float) -> pd.DataFrame:
    generator = np.random.default_rng(3)
    mean = generator.normal(0, 1, count)
    y = mean + generator.normal(0, 1, count)
    frame = pd.DataFrame({"mean": mean, "sd": sd_said, "y": y, "gap_now": -mean, "authority": np.arange(count) % 40})
    frame = frame.assign(p=norm.sf((0.1 - mean) / sd_said), y_widens=(y > 0.1).astype(float))
    wide = float(np.sqrt(2))
    return frame.assign(baseline_mean=0.0, baseline_sd=wide, baseline_p=norm.sf(0.1 / wide))


def test_a_true_forecast_beats_the_climate_and_covers_as_it_says() -> None:
    found = gap_metrics(_rows(4000, 1.0), 1)
    assert found["coverage_80"]["low"] < 0.8 < found["coverage_80"]["high"]
    assert found["crps_gain"]["low"] > 0
    assert found["brier_gain"]["low"] > 0
    assert found["crps"]["value"] == pytest.approx(1 / np.sqrt(np.pi), abs=0.02)  # mean score of a true N(0, 1)
    assert found["auc"]["value"] == found["auc_gap_now"]["value"]
    assert found["auc_gain_over_gap_now"]["high"] == 0
    assert found["calibration"]["error"] < 0.03


def test_a_forecast_too_sure_of_itself_is_found_out() -> None:
    found = gap_metrics(_rows(4000, 0.5), 1)
    assert found["coverage_80"]["high"] < 0.6
