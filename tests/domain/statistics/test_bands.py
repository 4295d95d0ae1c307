"""Bands by hand, and what holds of them whatever the draws are."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pilotage.domain.statistics.bands import bands, in_top

MANY = settings(max_examples=150, deadline=None, derandomize=True)


def _one_phase(draws: np.ndarray) -> pd.Series:
    return bands(draws, pd.Series(["primary"] * len(draws), dtype=object))


def test_bands_by_hand() -> None:
    """Eleven schools, so that two are the top tenth, in ten draws."""
    draws = np.full((11, 10), 0.1) + np.arange(11)[:, None] / 1000
    draws[0] = 0.9  # in the top two of every draw
    draws[1] = [0.8] * 9 + [0.0]  # of nine
    draws[2] = [0.7] * 9 + [0.8]  # of the last one, where the second is out: in at most one of ten
    assert _one_phase(draws).tolist() == ["top", "top", *["below"] * 9]
    draws[1, 8] = 0.0  # now of eight, and the third of two
    assert _one_phase(draws).tolist() == ["top", "tie", "tie", *["below"] * 8]


def test_schools_of_the_same_need_cannot_be_told_apart() -> None:
    draws = np.full((20, 4), 0.2)
    draws[:3] = 0.7  # three schools for two places
    assert _one_phase(draws).tolist() == [*["tie"] * 3, *["below"] * 17]
    draws[0] = 0.8
    assert _one_phase(draws).tolist() == ["top", "tie", "tie", *["below"] * 17]
    assert (_one_phase(np.full((20, 4), 0.2)) == "tie").all()


def test_bands_are_within_the_phase() -> None:
    draws = np.vstack([np.full((9, 3), 0.9) + np.arange(9)[:, None] / 100, [[0.1] * 3], [[0.2] * 3]])
    phase = pd.Series([*["secondary"] * 9, "primary", None], dtype=object)
    assert bands(draws, phase).tolist() == [*["below"] * 8, "top", "top", "top"]


def test_without_draws_or_need_there_is_no_band() -> None:
    assert _one_phase(np.zeros((3, 0))).isna().all()
    found = _one_phase(np.array([[0.5, np.nan], [0.4, 0.4]]))
    assert found[0] is None
    assert found[1] == "top"  # of those known


drawn = st.integers(1, 25).flatmap(
    lambda size: arrays(np.float64, (size, 7), elements=st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.9]))
)


@MANY
@given(drawn, st.randoms(use_true_random=False))
def test_the_order_of_schools_changes_no_band(draws: np.ndarray, random: object) -> None:
    order = np.random.default_rng(len(draws)).permutation(len(draws))
    assert _one_phase(draws[order]).tolist() == [_one_phase(draws)[place] for place in order]


@MANY
@given(drawn, st.data())
def test_more_need_never_lowers_a_school_s_band(draws: np.ndarray, data: st.DataObject) -> None:
    order = {"below": 0, "tie": 1, "top": 2}
    school = data.draw(st.integers(0, len(draws) - 1))
    more = draws.copy()
    more[school] += data.draw(st.floats(0, 1))
    assert order[_one_phase(more)[school]] >= order[_one_phase(draws)[school]]


@MANY
@given(drawn)
def test_no_more_schools_are_in_the_top_than_it_has_places_and_no_fewer_may_be(draws: np.ndarray) -> None:
    places = -(-len(draws) // 10)
    surely, maybe = in_top(draws, places)
    assert (surely.sum(axis=0) <= places).all()
    assert (maybe.sum(axis=0) >= places).all()
    assert (maybe | ~surely).all()
    # at least 90% of draws each: the band cannot hold over 10/9 of the places
    assert (_one_phase(draws) == "top").sum() * 9 <= places * 10
