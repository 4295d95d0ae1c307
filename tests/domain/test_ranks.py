"""Ranks from draws, by hand; progress in words."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.progress import Progress, time_left
from pilotage.domain.ranks import draw_ranks, need_draws, rank_interval, share_in_top, tie_band

DRAWS = np.array([[0.9, 0.8, 0.1, 0.9], [0.5, 0.9, 0.5, 0.5], [np.nan] * 4, [0.2, 0.1, 0.2, 0.2]])


def test_ranks_are_of_each_draw_and_a_school_without_draws_has_none() -> None:
    assert draw_ranks(DRAWS)[[0, 1, 3]].tolist() == [[1, 2, 3, 1], [2, 1, 1, 2], [3, 3, 2, 3]]
    assert np.isnan(draw_ranks(DRAWS)[2]).all()
    low, high = rank_interval(DRAWS)
    assert low[[0, 1, 3]].tolist() == [1, 1, 2]
    assert high[[0, 1, 3]].tolist() == [3, 2, 3]


def test_the_share_of_draws_in_the_top_and_the_band_of_ties() -> None:
    assert share_in_top(DRAWS, 1)[[0, 1, 3]].tolist() == [0.5, 0.5, 0]
    assert share_in_top(DRAWS, 2)[[0, 1, 3]].tolist() == [0.75, 1, 0.25]
    assert tie_band(DRAWS, 2).tolist() == [True, False, False, True]
    assert np.isnan(share_in_top(np.zeros((2, 0)), 1)).all()


def test_need_in_a_draw_is_the_weighted_mean_of_what_is_known() -> None:
    draws = {
        "p_fall_if_inspected": np.array([[0.2, 0.4], [np.nan, np.nan], [np.nan, np.nan]], dtype=np.float32),
        "p_widens": np.array([[0.8, 0.6, 0.1], [0.5, 0.5, 0.5], [np.nan] * 3], dtype=np.float32),
    }
    forecast = RiskForecast(date(2016, 8, 31), pd.DataFrame({"urn": [1, 2, 3]}), {}, draws)
    found = need_draws(forecast, {"leadership_fall": 1.0, "gap_widening": 3.0, "leadership_stuck": 1.0})
    assert found[0] == pytest.approx([0.65, 0.55])
    assert found[1] == pytest.approx([0.5, 0.5])
    assert np.isnan(found[2]).all()


def test_progress_is_a_message_with_counts() -> None:
    told = Progress("half", 5, 10)
    assert (f"{told}", told.done, told.total) == ("half", 5, 10)
    assert time_left(10, 5, 10) == "about 10 seconds left"
    assert time_left(100, 1, 4) == "about 5.0 minutes left"
    assert time_left(3, 4, 4) == "done"
