"""The parts of the forecast: additive arithmetic, labels, hazard, gap, specs, words."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import ScenarioError
from pilotage.risk.estimators.additive import Additive, Term, probability
from pilotage.risk.estimators.boosting import as_fitted, fitted
from pilotage.risk.estimators.bootstrap import training_counts
from pilotage.risk.estimators.logistic import regression
from pilotage.risk.estimators.rows import LabelledRows, TrainingSet
from pilotage.risk.features.compute import features
from pilotage.risk.gap.forecast import forecast_gap
from pilotage.risk.leadership.hazard import Hazard, design, learned_hazard
from pilotage.risk.leadership.labels import labelled_pairs
from pilotage.risk.leadership.training import training_pairs
from pilotage.risk.reasons import gap_reason, of_proxy, phrase, reasons
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import load_specs


@pytest.fixture(scope="module")
def fall() -> LeadershipSpec:
    spec = load_specs(assets.models())["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    return spec


@pytest.fixture(scope="module")
def gap() -> GapSpec:
    spec = load_specs(assets.models())["gap_widening"]
    assert isinstance(spec, GapSpec)
    return spec


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
    assert any(line.mean != 0 for term in model.terms for line in term.lines)
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


def test_a_resample_keeps_a_school_whole_and_has_both_outcomes_in_and_out() -> None:
    schools = np.repeat(np.arange(40.0), 3)
    label = (np.arange(120) % 7 == 0).astype(np.int64)
    counts = training_counts(schools, label, 20, 1)
    assert (counts.reshape(20, 40, 3) == counts.reshape(20, 40, 3)[:, :, :1]).all()
    assert (counts.sum(axis=1) == 120).all()
    for one in counts:
        assert set(label[one > 0]) == set(label[one == 0]) == {0, 1}


def _panel(inspections: list[tuple[int, str, str, int | None]], snapshots: tuple[date, ...] = ()) -> SchoolPanel:
    rows = [
        {"urn": u, "urn_at_time": u, "inspected_on": on, "known_on": known, "leadership_grade": g, "overall_grade": g}
        for u, on, known, g in inspections
    ]
    frame = tables.validated(tables.INSPECTIONS, pd.DataFrame(rows), "t")
    empty = pd.DataFrame()
    return SchoolPanel(date(2014, 4, 30), empty, frame, empty, empty, empty, False, snapshots)


def test_a_pair_is_labelled_as_of_the_day_before_the_later_inspection() -> None:
    panel = _panel([(1, "2010-03-01", "2010-04-01", 2), (1, "2013-05-10", "2013-06-10", 3)])
    found = labelled_pairs(panel, pd.Timestamp("2014-04-30"))
    assert found[["urn", "before", "after"]].to_numpy().tolist() == [[1, 2, 3]]
    assert found["on"].tolist() == [pd.Timestamp("2013-05-09")]
    assert labelled_pairs(panel, pd.Timestamp("2013-06-09")).empty


def test_with_snapshots_a_pair_is_as_of_the_snapshot_before_the_one_that_shows_it() -> None:
    snapshots = (date(2013, 4, 30), date(2013, 7, 31), date(2013, 12, 31))
    shown = [(1, "2010-03-01", "2013-04-30", 2), (1, "2013-05-10", "2013-12-31", 3)]
    found = labelled_pairs(_panel(shown, snapshots), pd.Timestamp("2014-04-30"))
    assert found["on"].tolist() == [pd.Timestamp("2013-07-31")]
    both_at_once = [(1, "2010-03-01", "2013-04-30", 2), (1, "2012-05-10", "2013-04-30", 3)]
    assert labelled_pairs(_panel(both_at_once, snapshots), pd.Timestamp("2014-04-30")).empty


def test_an_older_inspection_that_becomes_known_later_is_not_the_latest_grade() -> None:
    late = [(1, "2012-03-01", "2013-04-30", 2), (1, "2009-05-10", "2013-07-31", 4)]
    assert labelled_pairs(_panel(late), pd.Timestamp("2014-04-30")).empty


def _standing(grades: list[float | None], months: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "urn": range(1, len(grades) + 1),
            "on": pd.Timestamp("2016-08-31"),
            "leadership_grade": grades,
            "overall_grade": grades,
            "months_since_inspection": months,
        }
    )


def _schools(closed_on: list[str | None]) -> pd.DataFrame:
    rows = {"phase": "primary", "pupils": 200.0, "closed_on": pd.to_datetime(pd.Series(closed_on))}
    return pd.DataFrame(rows).set_axis(pd.Index(range(1, len(closed_on) + 1), name="urn"))


def test_the_chance_of_inspection_compounds_by_period_and_ends_with_the_school() -> None:
    schools = _schools([None, "2017-03-02", None])
    standing = _standing([2.0, 2.0, None], [12.0, 12.0, 5.0])
    columns = design(standing, schools)
    slope = np.zeros(columns.shape[1])
    slope[7 + 1] = 0.5  # a good school's years since, counted from none
    hazard = Hazard(-2.0, slope, 100, schools)
    first, second = 1 / (1 + np.exp(2.0 - 0.5)), 1 / (1 + np.exp(2.0 - 1.0))
    found = hazard.within(standing, 24)
    assert found[0] == pytest.approx(1 - (1 - first) * (1 - second))
    assert found[1] == pytest.approx(1 - (1 - first) ** (183 / 30.4375 / 12))
    assert np.isnan(found[2])
    chances = [hazard.within(standing, horizon)[0] for horizon in range(1, 61)]
    assert all(earlier < later for earlier, later in pairwise(chances))


def test_the_hazard_of_the_sample_is_its_own_rate(panel: SchoolPanel) -> None:
    hazard = learned_hazard(panel)
    assert hazard is not None
    schools = panel.schools["urn"].head(2).tolist()
    standing = _standing([1.0, 3.0], [36.0, 26.0]).assign(urn=schools)
    outstanding, below_good = hazard.within(standing, 12)
    assert outstanding < 0.12  # outstanding schools are exempt
    assert below_good > 0.4  # schools below good come round soon


def _results(levels: np.ndarray, slopes: np.ndarray, pupils: np.ndarray, seed: int) -> SchoolPanel:
    generator = np.random.default_rng(seed)
    rows = []
    for year in range(2011, 2016):
        truth = levels + slopes * (year - 2015)
        noise = generator.normal(0, 0.95, len(levels)) / np.sqrt(pupils)
        for group, value, size in (("disadvantaged", -truth + noise, pupils), ("other", np.zeros(len(levels)), pupils)):
            rows.append(
                pd.DataFrame(
                    {
                        "urn": np.arange(1, len(levels) + 1),
                        "year": year,
                        "known_on": pd.Timestamp(year + 1, 2, 1),
                        "key_stage": "ks4",
                        "pupil_group": group,
                        "pupils": size,
                        "progress_sd": value,
                        "state": "published",
                    }
                )
            )
    results = tables.validated(tables.RESULTS, pd.concat(rows, ignore_index=True), "t")
    urns = np.arange(1, len(levels) + 1)
    schools = pd.DataFrame({"urn": urns, "area": None, "region": "London"})
    empty = pd.DataFrame()
    return SchoolPanel(date(2016, 8, 31), schools, empty, empty, results, empty, True)


def test_small_cohorts_are_shrunk_more_and_levels_are_recovered(gap: GapSpec) -> None:
    generator = np.random.default_rng(4)
    size = 600
    levels, slopes = generator.normal(0.6, 0.2, size), generator.normal(0.03, 0.03, size)
    pupils = np.where(np.arange(size) % 2 == 0, 8.0, 200.0)
    found = forecast_gap(_results(levels, slopes, pupils, 5), gap, 24, 1).table
    month = gap.conversion.sd_per_month
    error = found["gap_months"].to_numpy() * month - levels
    raw_error = found["gap_raw_months"].to_numpy() * month - levels
    assert error.std() < 0.75 * raw_error.std()
    small = np.arange(size) % 2 == 0
    pulled = np.abs(found["gap_months"] - found["gap_months"].mean()) / np.abs(
        found["gap_raw_months"] - found["gap_months"].mean()
    )
    assert pulled[small].median() < pulled[~small].median()
    assert found["gap_change_months"].mean() == pytest.approx(2 * slopes.mean() / month, abs=0.25)


def test_suppressed_results_give_no_gap(gap: GapSpec) -> None:
    panel = _results(np.full(150, 0.5), np.zeros(150), np.full(150, 30.0), 1)
    panel.results.loc[
        (panel.results["urn"] == 7) & (panel.results["pupil_group"] == "disadvantaged"), "progress_sd"
    ] = np.nan
    assert 7 not in forecast_gap(panel, gap, 24, 1).table.index


def test_too_few_schools_make_the_gap_unavailable(gap: GapSpec) -> None:
    found = forecast_gap(_results(np.full(20, 0.5), np.zeros(20), np.full(20, 30.0), 1), gap, 24, 1)
    assert not found.state.available
    assert "only 20 schools" in found.state.why


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("column: inspections.leadership_grade", "column: inspections.leadership_grad"),
            "did you mean 'leadership_grade'?",
        ),
        (("smallest_training", "smalest_training"), "did you mean 'smallest_training'?"),
        (("resamples: 60", "resamples: many"), "estimator.resamples"),
        (("outcome: leadership_fall", "outcome: [leadership_fall"), "is not YAML"),
    ],
)
def test_a_broken_spec_is_told(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    for folder in assets.models().iterdir():
        (tmp_path / folder.name).mkdir()
        text = (folder / "spec.yaml").read_text(encoding="utf-8")
        broken = text.replace(*change) if folder.name == "leadership_fall" else text
        (tmp_path / folder.name / "spec.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_specs(tmp_path)
    assert words in str(caught.value)
    assert "leadership_fall" in str(caught.value)


def test_reasons_name_the_schools_own_values_in_order_of_contribution(fall: LeadershipSpec) -> None:
    asked = pd.DataFrame(
        {"absence_share": [0.061], "leadership_grade": [2.0], "pupils": [None], "months_since_inspection": [62.0]}
    )
    declared = {name: fall.features[name] for name in asked.columns}
    found = reasons(asked, declared, np.array([[0.2, 0.5, 0.9, -0.4]]))
    assert found == [
        "Raises the risk: leadership last judged good; absence of 6.1%. Lowers it: last inspected 62 months ago."
    ]


def test_a_category_that_most_of_the_list_shares_is_no_reason(fall: LeadershipSpec) -> None:
    phases = ["secondary"] * 9 + ["all_through"]
    asked = pd.DataFrame({"phase": phases, "absence_share": [0.061] * 10})
    declared = {name: fall.features[name] for name in asked.columns}
    found = reasons(asked, declared, np.full((10, 2), 0.5))
    assert found[0] == "Raises the risk: absence of 6.1%."
    assert found[9] == "Raises the risk: all-through school; absence of 6.1%."
    assert "secondary school" in reasons(asked[:1], declared, np.full((1, 2), 0.5))[0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("fsm_share_change", 0.012, "free school meals up 1.2 points in two years"),
        ("fsm_share_change", -0.012, "free school meals down 1.2 points in two years"),
        ("leadership_above_overall", 1.0, "leadership judged better than its overall grade"),
        ("leadership_above_overall", 0.0, "leadership judged the same as its overall grade"),
        ("mean_salary_gbp", 41_800.0, "mean teacher's salary of £41,800"),
        ("balance_share", -0.031, "a balance of -3.1% of its income"),
        ("phase", "all_through", "all-through school"),
        ("phase", "pru", "pupil referral unit"),
    ],
)
def test_a_feature_is_told_in_words(fall: LeadershipSpec, name: str, value: object, words: str) -> None:
    assert phrase(fall.features[name], value) == words


def test_the_gap_is_told_with_its_sign() -> None:
    assert "about 14 months behind" in gap_reason(14.2, 19.0, 1.1)
    assert "widening by 1.1" in gap_reason(14.2, 19.0, 1.1)
    assert "about 3 months ahead of" in gap_reason(-3.0, -2.0, -0.5)
    assert "narrowing by 0.5" in gap_reason(-3.0, -2.0, -0.5)
    assert "(1 month ahead of them in the last year alone), not likely to change" in gap_reason(-3.0, -1.2, 0.01)
    assert of_proxy("leadership last judged good", "overall_grade") == "overall grade last judged good"
    assert of_proxy("leadership last judged good", None) == "leadership last judged good"
    assert gap_reason(float("nan"), 0, 0) == ""
