"""Resamples for training."""

import numpy as np

from pilotage.risk.estimators.bootstrap import training_counts


def test_a_resample_keeps_a_school_whole_and_has_both_outcomes_in_and_out() -> None:
    schools = np.repeat(np.arange(40.0), 3)
    label = (np.arange(120) % 7 == 0).astype(np.int64)
    counts = training_counts(schools, label, 20, 1)
    assert (counts.reshape(20, 40, 3) == counts.reshape(20, 40, 3)[:, :, :1]).all()
    assert (counts.sum(axis=1) == 120).all()
    for one in counts:
        assert set(label[one > 0]) == set(label[one == 0]) == {0, 1}


def test_a_resample_without_both_outcomes_is_drawn_again() -> None:
    # Each school is one row; the only two that fell are in and out together in about half of all resamples.
    label = np.array([1, 1, *[0] * 18])
    counts = training_counts(np.arange(20.0), label, 40, 1)
    assert ((counts[:, :2] > 0).sum(axis=1) == 1).all()


def test_where_no_resample_can_have_both_outcomes_the_last_one_drawn_stands() -> None:
    # One school alone fell: it is in a resample or out of it, never both.
    schools = np.array([1.0, 1, 2, 3])
    counts = training_counts(schools, np.array([1, 1, 0, 0]), 3, 1)
    assert (counts[:, 0] == counts[:, 1]).all()
    assert (counts[:, 1:].sum(axis=1) == 3).all()
