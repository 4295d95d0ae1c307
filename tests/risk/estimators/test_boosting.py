"""The boosted model and the regression: their own arithmetic, and that contributions add up."""

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.estimators.additive import Additive, Term, probability
from pilotage.risk.estimators.boosting import as_fitted, fitted
from pilotage.risk.estimators.bootstrap import training_counts
from pilotage.risk.estimators.logistic import regression
from pilotage.risk.estimators.rows import LabelledRows, TrainingSet
from pilotage.risk.features.compute import features
from pilotage.risk.leadership.training import training_pairs
from pilotage.risk.spec.leadership import LeadershipSpec


@pytest.fixture(scope="module")
def small(fall: LeadershipSpec) -> LeadershipSpec:
    few = fall.estimator.model_copy(update={"resamples": 4, "linear_weight": 0.0})
    return fall.model_copy(update={"estimator": few, "calibration": fall.calibration.model_copy(update={"folds": 2})})


@pytest.fixture(scope="module")
def labelled(panel: SchoolPanel, fall: LeadershipSpec) -> LabelledRows:
    pairs = training_pairs(panel, fall, pd.Timestamp(panel.as_of)).head(600)
    label = (pairs["after"] >= 3).to_numpy().astype(np.int64)
    return LabelledRows(features(panel, pairs, fall), label, pairs["urn"].to_numpy(dtype=float))


def test_the_boosted_part_is_the_boosters_own_logit(small: LeadershipSpec, labelled: LabelledRows) -> None:
    from interpret.glassbox import ExplainableBoostingClassifier

    frame, label, schools = labelled.frame, labelled.label, labelled.schools
    model = fitted(small, TrainingSet(labelled), 3)
    names = tuple(term.feature for term in model.terms)
    kinds = [small.features[name].kind for name in names]
    booster = ExplainableBoostingClassifier(
        feature_types=kinds,
        interactions=0,
        outer_bags=4,
        max_bins=small.estimator.bins,
        learning_rate=small.estimator.learning_rate,
        min_samples_leaf=small.estimator.smallest_leaf,
        n_jobs=1,
        random_state=3,
    )
    plain, counts = as_fitted(frame, kinds, names), training_counts(schools, label, 4, 3)
    with pytest.warns(UserWarning, match="Missing values detected"):
        booster.fit(plain, label, bags=np.where(counts > 0, counts, -1).astype(np.int8).T)
    logit = model.shift + model.slope * booster.decision_function(plain)
    np.testing.assert_allclose(model.logit(frame), logit, atol=1e-9)


def test_contributions_and_the_constant_are_the_logit_and_draws_surround_it(
    small: LeadershipSpec, labelled: LabelledRows
) -> None:
    frame = labelled.frame
    spec = small.model_copy(update={"estimator": small.estimator.model_copy(update={"linear_weight": 0.5})})
    model = fitted(spec, TrainingSet(labelled), 3)
    logit = model.logit(frame)
    np.testing.assert_allclose(model.constant + model.contributions(frame).sum(axis=1), logit, atol=1e-9)
    assert any(line.mean != 0 for term in model.terms for line in term.linear)
    np.testing.assert_allclose(model.contributions(frame).mean(axis=0), 0, atol=0.05)
    assert np.corrcoef(model.draws(frame).mean(axis=1), probability(logit))[0, 1] > 0.99
    emptied = frame.assign(**dict.fromkeys(spec.features))
    assert np.isfinite(model.logit(emptied)).all()


def test_the_linear_part_is_the_regression_of_all_rows(small: LeadershipSpec, labelled: LabelledRows) -> None:
    from sklearn.linear_model import LogisticRegression

    frame, label = labelled.frame, labelled.label
    values = pd.DataFrame({"pupils": frame["pupils"].fillna(frame["pupils"].median())})
    cuts = np.array([100.0])
    shape = Additive((Term("pupils", cuts, None, np.zeros((2, 3)), np.zeros(3)),), np.zeros(2), 0.0)
    found = regression(shape, values, label, np.ones((2, len(label)), dtype=np.int64), 0.5)
    clipped = np.clip(values, *np.quantile(values, [0.01, 0.99]))
    standard = (clipped - clipped.mean()) / clipped.std(ddof=0)
    plain = LogisticRegression(C=2.0, solver="newton-cholesky").fit(standard.to_numpy(), label)
    np.testing.assert_allclose(found.logit(values), plain.decision_function(standard.to_numpy()), atol=1e-9)
    np.testing.assert_allclose(found.draws(values)[:, 0], probability(found.logit(values)), atol=1e-6)
