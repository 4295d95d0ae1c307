"""Measures: scikit-learn's where it has them, and by hand where they are our own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from pilotage.risk.estimators.bootstrap import interval, on_all, resampled, school_weights
from pilotage.risk.evaluation.measures import calibration, measured, perfect_errors
from pilotage.risk.evaluation.metrics import (
    accuracy,
    bins_of,
    calibration_error,
    discrimination,
    logistic_calibration,
    ranking,
    recall_ceiling,
    recentred,
)


def _at(p: list[float], happened: list[float]) -> dict[str, float]:
    score, y = np.array(p), np.array(happened)
    found = discrimination(ranking(score), y, np.ones((1, len(y))))
    return {name: float(value[0]) for name, value in found.items()}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 80), st.sampled_from([2, 5, 1000]))
def test_weighted_measures_are_scikit_learns(seed: int, rows: int, values: int) -> None:
    generator = np.random.default_rng(seed)
    p = (generator.integers(1, values + 1, rows) / (values + 1)).astype(float)
    happened = (generator.random(rows) < 0.4).astype(float)
    happened[:2] = [0, 1]
    weights = generator.integers(0, 4, (3, rows)).astype(float)
    weights[:, :2] = 1
    found = discrimination(ranking(p), happened, weights) | accuracy(p, happened, weights)
    for number, weight in enumerate(weights):
        expected = {
            "auc": roc_auc_score(happened, p, sample_weight=weight),
            "average_precision": average_precision_score(happened, p, sample_weight=weight),
            "brier": brier_score_loss(happened, p, sample_weight=weight),
            "log_loss": log_loss(happened, p, sample_weight=weight),
        }
        for name, value in expected.items():
            assert found[name][number] == pytest.approx(value), name


def test_the_calibration_slope_is_scikit_learns_in_each_resample() -> None:
    from sklearn.linear_model import LogisticRegression

    generator = np.random.default_rng(4)
    truth = generator.normal(-1, 1, 300)
    happened = (generator.random(300) < 1 / (1 + np.exp(-truth))).astype(float)
    p = 1 / (1 + np.exp(-(0.4 + 1.6 * truth)))
    weights = np.vstack([np.ones(300), generator.integers(0, 3, (2, 300))]).astype(float)
    found = logistic_calibration(p, happened, weights)
    logit = np.log(p / (1 - p))[:, None]
    for number, weight in enumerate(weights):
        fitted = LogisticRegression(C=np.inf, tol=1e-10).fit(logit, happened, sample_weight=weight)
        assert found["calibration_slope"][number] == pytest.approx(fitted.coef_[0, 0], abs=1e-5)
        assert found["calibration_intercept"][number] == pytest.approx(fitted.intercept_[0], abs=1e-5)


def test_a_calibration_slope_by_hand() -> None:
    """At 0.2 a half happened, at 0.8 nine tenths: the fit through the log-odds 0 and log 9."""
    p = np.repeat([0.2, 0.8], 10)
    happened = np.array([1.0] * 5 + [0.0] * 5 + [1.0] * 9 + [0.0])
    found = logistic_calibration(p, happened, np.ones((1, 20)))
    assert found["calibration_slope"][0] == pytest.approx(np.log(9) / (2 * np.log(4)))
    assert found["calibration_intercept"][0] == pytest.approx(np.log(9) / 2)


@pytest.mark.parametrize(
    ("p", "happened"),
    [([0.3] * 6, [1, 0, 0, 1, 0, 0]), ([0.1, 0.2, 0.3, 0.4], [0] * 4), ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])],
    ids=["equal", "one-class", "parted"],
)
def test_where_no_slope_is_best_there_is_none(p: list[float], happened: list[float]) -> None:
    found = logistic_calibration(np.array(p), np.array(happened, dtype=float), np.ones((1, len(p))))
    assert np.isnan([*found["calibration_slope"], *found["calibration_intercept"]]).all()


def test_hits_in_the_top_fifth_by_hand() -> None:
    happened = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    found = _at([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05], happened)
    assert found["precision_at_20"] == pytest.approx(0.5)
    assert found["recall_at_20"] == pytest.approx(0.5)
    assert found["lift_at_20"] == pytest.approx(2.5)
    assert found["precision_at_10"] == pytest.approx(1.0)
    assert found["recall_ceiling_at_10"] == pytest.approx(0.5)


def test_the_area_counts_pairs_in_order_and_ties_as_half() -> None:
    score, happened = np.array([0.1, 0.4, 0.4, 0.8]), np.array([0, 0, 1, 1])
    weights = np.array([[1.0, 1, 1, 1], [0, 1, 2, 0], [1, 1, 0, 0]])
    area = discrimination(ranking(score), happened, weights, cuts=())["auc"]
    assert area[:2] == pytest.approx([3.5 / 4, 0.5])
    assert np.isnan(area[2])


def test_schools_with_one_score_get_no_credit_for_the_order_of_their_rows() -> None:
    happened = [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    found = _at([0.5] * 10, happened)
    assert found["auc"] == pytest.approx(0.5)
    assert found["precision_at_10"] == pytest.approx(0.2)
    assert found["lift_at_20"] == pytest.approx(1.0)


def test_the_top_tenth_cannot_hold_more_than_the_cut_over_the_base_rate() -> None:
    assert recall_ceiling(0.1, np.array([0.2, 0.05])) == pytest.approx([0.5, 1.0])
    happened = np.repeat([1.0, 0.0], [20, 80])
    perfect = _at(happened.tolist(), happened.tolist())
    assert perfect["recall_at_10"] == pytest.approx(perfect["recall_ceiling_at_10"]) == pytest.approx(0.5)
    assert perfect["recall_at_20"] == pytest.approx(1.0)
    generator = np.random.default_rng(1)
    for _ in range(50):
        found = _at(generator.random(100).tolist(), happened.tolist())
        assert found["recall_at_10"] <= found["recall_ceiling_at_10"] + 1e-12


def test_calibration_error_by_hand() -> None:
    p = np.array([0.2, 0.2, 0.2, 0.2, 0.6, 0.6])
    happened = np.array([0, 0, 0, 1, 0, 1.0])
    bins = bins_of(p, 2)
    assert bins.tolist() == [0, 0, 0, 0, 1, 1]
    # first bin: forecast 0.2, happened 0.25; second: forecast 0.6, happened 0.5
    found = calibration_error(p, happened, np.ones((1, 6)), bins)
    assert found[0] == pytest.approx((4 * 0.05 + 2 * 0.1) / 6)
    twice = calibration_error(p, happened, np.array([[0, 0, 0, 0, 1, 1.0]]), bins)
    assert twice[0] == pytest.approx(0.1)


def test_recentring_takes_out_the_drift_and_keeps_the_order() -> None:
    generator = np.random.default_rng(2)
    p = generator.beta(2, 6, 500)
    happened = (generator.random(500) < p * 0.6).astype(float)
    moved = recentred(p, happened)
    assert moved.mean() == pytest.approx(happened.mean(), abs=1e-9)
    assert np.array_equal(np.argsort(moved), np.argsort(p))
    many = recentred(p, np.stack([happened, 1 - happened]))
    assert many[0] == pytest.approx(moved)
    assert many[1].mean() == pytest.approx(1 - happened.mean(), abs=1e-6)


def test_a_forecast_that_only_drifted_is_calibrated_once_recentred() -> None:
    generator = np.random.default_rng(3)
    logit = generator.normal(-1.5, 0.8, 4000)
    truth, drifted = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(-(logit + 0.7)))
    happened = (generator.random(4000) < truth).astype(float)
    found = calibration(drifted, happened, 1)
    assert found["share_of_perfect_as_large"] == 0
    assert found["recentred"]["share_of_perfect_as_large"] > 0.05


def test_the_error_of_a_perfect_forecast_shrinks_as_its_size_grows() -> None:
    p = np.linspace(0.05, 0.6, 200)
    small = perfect_errors(p, bins_of(p), 1, centre=False).mean()
    large = perfect_errors(np.tile(p, 25), bins_of(np.tile(p, 25)), 1, centre=False).mean()
    assert small == pytest.approx(5 * large, rel=0.1)  # by the square root of the size


def test_all_rows_of_a_school_are_drawn_together() -> None:
    schools = np.array([7, 7, 3, 9, 9, 9, 4])
    weights = np.concatenate(list(school_weights(schools, 50, 1)))
    assert weights.shape == (50, 7)
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 3] == weights[:, 5]).all()
    assert (weights[:, [0, 2, 3, 6]].sum(axis=1) == 4).all()  # as many schools as there are
    assert len({tuple(row) for row in weights}) > 10


def test_resamples_do_not_depend_on_the_chunks_they_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    schools = np.arange(40)
    whole = np.concatenate(list(school_weights(schools, 30, 5)))
    monkeypatch.setattr("pilotage.risk.estimators.bootstrap.CHUNK_CELLS", 200)
    assert np.array_equal(np.concatenate(list(school_weights(schools, 30, 5))), whole)


def test_rows_that_repeat_a_school_do_not_narrow_the_interval() -> None:
    generator = np.random.default_rng(4)
    value = generator.random(100)

    def width(rows: np.ndarray, schools: np.ndarray) -> float:
        drawn = resampled(lambda w: {"mean": w @ rows / w.sum(axis=1)}, schools, 400, 1)["mean"]
        ends = interval(drawn, 0.95)
        assert ends is not None
        return ends[1] - ends[0]

    once, copied = width(value, np.arange(100)), width(np.repeat(value, 10), np.repeat(np.arange(100), 10))
    assert copied == pytest.approx(once, rel=0.15)


def test_an_interval_needs_nine_resamples_in_ten_with_a_value() -> None:
    assert interval(np.array([1.0] * 80 + [np.nan] * 20), 0.95) is None
    assert interval(np.array([1.0] * 95 + [np.nan] * 5), 0.95) == (1.0, 1.0)


def test_the_whole_is_measured_on_the_rows_as_they_are() -> None:
    assert on_all(lambda w: {"n": w.sum(axis=1)}, 9) == {"n": 9.0}


def _rows(seed: int, size: int = 600) -> "object":
    import pandas as pd

    generator = np.random.default_rng(seed)
    logit = generator.normal(-1.2, 1.0, size)
    truth = 1 / (1 + np.exp(-logit))
    return pd.DataFrame(
        {
            "urn": np.arange(size),
            "p": truth,
            "y": (generator.random(size) < truth).astype(float),
            "baseline_last_grade": generator.random(size),
            "baseline_fsm": truth,
        }
    )


def test_a_useless_baseline_is_beaten_and_an_equal_one_is_not() -> None:
    found = measured(_rows(1), 300, 1, 0.95)
    assert found["baselines"]["last_grade"]["beaten"]["auc"]
    equal = found["baselines"]["fsm"]
    assert equal["better_by"]["auc"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert not any(equal["beaten"].values())
    assert found["baselines"]["last_grade"]["label"] == "the last leadership grade"
