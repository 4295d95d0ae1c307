"""Ranks from draws, by hand."""

import numpy as np

from pilotage.domain.statistics.ranks import draw_ranks, rank_interval, share_in_top, tie_band

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
