"""Gaps as published and the level left when error of measurement is taken out, by hand."""

import numpy as np
import pandas as pd
import pytest

from pilotage.risk.gap.level import progress_before, published_gaps, shrunk, with_flag

NONE = np.zeros((2, 0))


def _results(*rows: tuple[int, int, str, float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["urn", "year", "pupil_group", "pupils", "progress_sd"])
    known = pd.to_datetime((frame["year"] + 1).astype(str) + "-02-01")
    return frame.assign(key_stage="ks4", known_on=known).astype({"pupils": float, "progress_sd": float})


def test_two_schools_are_shrunk_to_their_mean_by_the_spread_that_their_error_leaves() -> None:
    """Gaps 0 and 1, error variance 0.1 each: the residuals' squares are 0.5 = (0.1 + tau^2), so tau^2 is 0.4, B 0.8."""
    found = shrunk(np.array([0.0, 1.0]), np.array([0.1, 0.1]), NONE)
    assert found.tau2 == pytest.approx(0.4)
    assert found.mean == pytest.approx([0.5 - 0.8 * 0.5, 0.5 + 0.8 * 0.5])
    assert found.variance == pytest.approx([0.08, 0.08])


def test_two_schools_that_differ_by_no_more_than_their_error_are_one() -> None:
    found = shrunk(np.array([0.4, 0.6]), np.array([0.1, 0.1]), NONE)
    assert found.tau2 == 0
    assert found.mean == pytest.approx([0.5, 0.5])
    assert found.variance == pytest.approx([0, 0])


def test_the_smaller_cohort_is_shrunk_the_more() -> None:
    gap, variance = np.array([-1.0, 1.0, 1.0, -1.0]), np.array([0.02, 0.02, 0.5, 0.5])
    found = shrunk(gap, variance, np.zeros((4, 0)))
    moved = np.abs(found.mean - gap)
    assert moved[2] > 3 * moved[1]
    assert (found.variance < variance).all()


def test_a_level_is_shrunk_towards_what_its_covariate_suggests() -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(0, 1, 400)
    theta = 0.5 + 0.3 * x + generator.normal(0, 0.05, 400)
    gap = theta + generator.normal(0, 0.4, 400)
    with_x, without = (shrunk(gap, np.full(400, 0.16), one) for one in (x[:, None], np.zeros((400, 0))))
    assert np.mean((with_x.mean - theta) ** 2) < 0.3 * np.mean((without.mean - theta) ** 2)


def test_a_gap_is_against_other_pupils_nationally_and_positive_behind() -> None:
    results = _results(
        (1, 2019, "other", 100, 0.3),
        (2, 2019, "other", 300, 0.1),
        (1, 2019, "disadvantaged", 20, -0.15),
        (2, 2019, "disadvantaged", 30, 0.4),
    )
    found = published_gaps(results, "disadvantaged")
    assert found["gap"].tolist() == pytest.approx([0.15 + 0.15, 0.15 - 0.4])


def test_suppressed_is_unknown_and_a_year_without_others_has_no_gap() -> None:
    results = _results(
        (1, 2019, "other", 100, 0.3),
        (1, 2019, "disadvantaged", None, None),
        (2, 2019, "disadvantaged", 30, None),
        (3, 2018, "disadvantaged", 30, -0.2),
    )
    assert published_gaps(results, "disadvantaged").empty


def test_earlier_progress_leaves_out_the_gaps_own_year_and_pools_by_pupils() -> None:
    results = _results(
        (1, 2016, "all", 100, 9.0),  # too long ago
        (1, 2017, "all", 100, 0.2),
        (1, 2018, "all", 300, 0.6),
        (1, 2019, "all", 100, 5.0),  # the same pupils as the gap's
    )
    rows = pd.DataFrame({"urn": [1, 2], "key_stage": "ks4", "year": 2019}, index=[7, 3])
    found = progress_before(results, rows, 3)
    assert found[7] == pytest.approx(0.5)
    assert np.isnan(found[3])


def test_missing_is_the_mean_with_a_flag() -> None:
    assert with_flag(pd.Series([1.0, 3.0, None])).tolist() == [[-1, 0], [1, 0], [0, 1]]
    assert with_flag(pd.Series([1.0, 3.0])).tolist() == [[-1], [1]]
