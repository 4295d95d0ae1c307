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
