"""Drift widens the draws, all schools together, and moves no forecast."""

from datetime import date

import numpy as np
import pytest

from pilotage.domain.frameworks import changes_between
from pilotage.risk.leadership.drift import drift_sd, drifted
from pilotage.risk.spec.leadership import Drift

DRIFT = Drift(sd_a_year=0.3, sd_at_change=0.4)


def _draws() -> np.ndarray:
    generator = np.random.default_rng(1)
    logits = generator.normal(-1, 1.5, (200, 1)) + generator.normal(0, 0.3, (200, 60))
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


def test_every_mean_stays_and_every_school_moves_the_same_way_in_a_draw() -> None:
    draws = _draws()
    wide = drifted(draws, 0.5, 1)
    np.testing.assert_allclose(wide.mean(axis=1), draws.mean(axis=1), atol=1e-6)
    spread = [np.log(part / (1 - part)).std(axis=1).mean() for part in (draws, wide)]
    assert spread[1] == pytest.approx(np.hypot(spread[0], 0.5), rel=0.02)
    even = np.full((3, 60), 0.2, dtype=np.float32)
    moved = drifted(even, 0.5, 1)
    np.testing.assert_allclose(moved, np.repeat(moved[:1], 3, axis=0))
    logits = np.sort(np.log(moved[0] / (1 - moved[0])))
    assert logits[-1] - logits[0] == pytest.approx(0.5 * 2 * 2.394, rel=0.01)  # the ends of 60 normal quantiles


def test_drift_keeps_the_order_of_schools_in_each_draw() -> None:
    logits = np.linspace(-3, 1, 50)[:, None] + np.zeros((1, 20))
    draws = (1 / (1 + np.exp(-logits))).astype(np.float32)
    assert (np.diff(drifted(draws, 0.6, 1), axis=0) > 0).all()


def test_without_drift_the_draws_are_as_they_were() -> None:
    draws = _draws()
    assert drifted(draws, 0.0, 1) is draws
    assert drift_sd(None, date(2014, 6, 30), 24) == 0.0


def test_drift_grows_with_the_time_and_is_larger_at_a_new_framework() -> None:
    day = date(2014, 6, 30)
    assert drift_sd(DRIFT, day, 24) == pytest.approx(0.3)  # a year to the middle of the window
    assert drift_sd(DRIFT, day, 48) == pytest.approx(0.3 * 2**0.5)  # the framework of 2015 is not announced
    announced = (0.09 + 0.16) ** 0.5
    assert drift_sd(DRIFT, date(2015, 6, 30), 24) == pytest.approx(announced)
    assert drift_sd(DRIFT, date(2016, 8, 31), 24) == pytest.approx(announced)  # a year old: few of its pairs are known
    assert drift_sd(DRIFT, date(2016, 9, 30), 24) == pytest.approx(0.3)


def test_a_framework_counts_from_its_first_day_once_announced() -> None:
    assert changes_between(date(2015, 8, 31), date(2015, 9, 1), date(2015, 6, 30)) == 1
    assert changes_between(date(2015, 9, 1), date(2016, 9, 1), date(2016, 9, 1)) == 0
    assert changes_between(date(2015, 8, 31), date(2015, 9, 1), date(2015, 6, 1)) == 0
    assert changes_between(date(2011, 9, 1), date(2012, 12, 1), date(2013, 1, 1)) == 2
