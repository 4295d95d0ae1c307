"""Intervals by hand, and Wilson's beside scipy's."""

import numpy as np
import pytest
from scipy.stats import binomtest

from pilotage.domain.statistics.intervals import end_quantiles, weighted_mean, wilson
from pilotage.domain.units import INTERVAL, Z_90


def test_the_ends_of_a_run_s_intervals_are_its_5_and_95_percent_quantiles() -> None:
    assert end_quantiles(INTERVAL) == pytest.approx((0.05, 0.95))


def test_a_weighted_mean_with_the_error_that_its_units_show() -> None:
    mean, error = weighted_mean(np.array([1.0, 3.0]), np.array([1.0, 3.0]))
    assert mean == 2.5
    assert error == pytest.approx(np.sqrt((1 * 1.5**2 + 9 * 0.5**2) / 16 * 2))


def test_one_unit_shows_no_error_and_none_no_mean() -> None:
    assert weighted_mean(np.array([2.0]), np.array([5.0])) == (2.0, np.inf)
    mean, error = weighted_mean(np.zeros(0), np.zeros(0))
    assert np.isnan(mean)
    assert error == np.inf


@pytest.mark.parametrize(("hits", "size"), [(0, 5), (3, 10), (7, 7)])
def test_wilsons_interval_is_scipys(hits: int, size: int) -> None:
    by_scipy = binomtest(hits, size).proportion_ci(0.9, method="wilson")
    assert wilson(hits, size, Z_90) == pytest.approx((by_scipy.low, by_scipy.high), abs=1e-12)
