"""Wide gaps: the threshold by hand, stages apart, and what the chances must add up to."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from pilotage.risk.gap.wide import Underlying, chances_wide, threshold, thresholds

FEW = settings(max_examples=60, deadline=None, derandomize=True)
SCHOOLS = st.integers(2, 12)


def _underlying(size: int, seed: int) -> Underlying:
    random = np.random.default_rng(seed)
    stage = np.where(random.random(size) < 0.5, "ks2", "ks4").astype(object)
    mean, sd = random.normal(6, 4, size), random.uniform(0.2, 3, size)
    return Underlying(stage, mean, sd, mean + random.normal(0, 1, size), sd + random.uniform(0, 1, size))


def test_the_threshold_of_schools_known_alike_is_a_normal_quantile() -> None:
    # all N(5, 2^2): four fifths lie below 5 + 2 x 0.8416
    assert threshold(np.full(9, 5.0), np.full(9, 2.0)) == pytest.approx(5 + 2 * 0.8416212335729143)


def test_the_threshold_of_gaps_known_exactly_is_the_gap_of_the_school_at_that_rank() -> None:
    # 0, 1, 2, 3, 4 known almost exactly: seven tenths lie below where half of the fourth school does
    assert threshold(np.arange(5.0), np.full(5, 1e-6), share=0.7) == pytest.approx(3.0, abs=1e-4)


def test_doubt_about_each_gap_widens_what_counts_as_wide() -> None:
    # shrunk means lie closer together than gaps do: a quantile of the means alone would be too low
    means = np.zeros(50)
    assert threshold(means, np.full(50, 3.0)) > np.quantile(means, 0.8)


def test_a_school_at_the_threshold_has_an_even_chance() -> None:
    gaps = Underlying(np.full(3, "ks4", dtype=object), np.full(3, 5.0), np.full(3, 2.0), np.zeros(3), np.full(3, 1.5))
    limit = thresholds(gaps)[0]
    chance, _ = chances_wide(replace(gaps, later_mean=np.array([limit, limit + 1.5, 0.0])), np.zeros((3, 1)))
    assert chance[0] == pytest.approx(0.5)
    assert chance[1] == pytest.approx(norm.cdf(1))


@FEW
@given(SCHOOLS, st.integers(0, 10_000))
def test_where_nothing_changes_a_fifth_of_the_gaps_is_wide(size: int, seed: int) -> None:
    gaps = _underlying(size, seed)
    still = replace(gaps, later_mean=gaps.mean, later_sd=gaps.sd)
    chance, _ = chances_wide(still, np.zeros((size, 1)))
    for stage in set(gaps.stage.tolist()):
        assert chance[gaps.stage == stage].mean() == pytest.approx(0.2, abs=1e-6)


@FEW
@given(SCHOOLS, st.integers(0, 10_000), st.floats(0, 5))
def test_a_wider_gap_at_the_horizon_is_never_less_likely_wide(size: int, seed: int, more: float) -> None:
    gaps = _underlying(size, seed)
    before, _ = chances_wide(gaps, np.zeros((size, 1)))
    after, _ = chances_wide(replace(gaps, later_mean=gaps.later_mean + more), np.zeros((size, 1)))
    assert (after >= before).all()


def test_each_stage_has_its_own_threshold_and_the_draws_move_with_the_model() -> None:
    gaps = _underlying(40, 3)
    chance, draws = chances_wide(gaps, np.array([[0.0, 1.0, -1.0]]).repeat(40, axis=0))
    assert len(set(thresholds(gaps).tolist())) == 2
    np.testing.assert_allclose(draws[:, 0], chance, atol=1e-6)
    assert (draws[:, 1] >= draws[:, 0]).all()
    assert (draws[:, 2] <= draws[:, 0]).all()
    assert draws[:, 1].mean() > draws[:, 0].mean() > draws[:, 2].mean()
