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
from pilotage.risk.additive import from_bytes, probability, to_bytes
from pilotage.risk.estimators import fitted
from pilotage.risk.features import features
from pilotage.risk.gap import forecast_gap
from pilotage.risk.hazard import Hazard, learned_hazard
from pilotage.risk.labels import labelled_pairs
from pilotage.risk.leadership import training_pairs
from pilotage.risk.reasons import gap_reason, phrase, reasons
from pilotage.risk.spec import GapSpec, LeadershipSpec, load_specs


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


def test_contributions_add_up_to_the_boosters_own_logit(panel: SchoolPanel, fall: LeadershipSpec) -> None:
    from interpret.glassbox import ExplainableBoostingClassifier

    pairs = training_pairs(panel, fall, pd.Timestamp(panel.as_of)).head(800)
    frame = features(panel, pairs, fall)
    label = (pairs["after"] >= 3).to_numpy().astype(np.int64)
    small = fall.model_copy(update={"estimator": fall.estimator.model_copy(update={"resamples": 4})})
    model = fitted(small, frame, label, pairs["urn"].to_numpy(dtype=float), 3)
    names = [term.feature for term in model.terms]
    booster = ExplainableBoostingClassifier(
        feature_types=[fall.features[name].kind for name in names],
        interactions=0,
        outer_bags=4,
        max_bins=small.estimator.bins,
        learning_rate=small.estimator.learning_rate,
        min_samples_leaf=small.estimator.smallest_leaf,
        n_jobs=1,
        random_state=3,
    )
    plain = frame[names].assign(phase=frame["phase"].astype(object), region=frame["region"].astype(object))
    with pytest.warns(UserWarning, match="Missing values detected"):
        booster.fit(plain, label)
    logit = model.shift + model.slope * booster.decision_function(plain)
    np.testing.assert_allclose(model.logit(frame), logit, atol=1e-9)
    constant = model.shift + model.slope * model.intercept
    np.testing.assert_allclose(constant + model.contributions(frame).sum(axis=1), logit, atol=1e-9)
    same = from_bytes(to_bytes(model))
    np.testing.assert_array_equal(same.logit(frame), model.logit(frame))
    np.testing.assert_array_equal(same.draws(frame), model.draws(frame))
    assert np.corrcoef(model.draws(frame).mean(axis=1), probability(model.logit(frame)))[0, 1] > 0.99


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


def test_the_chance_of_inspection_grows_with_the_horizon_and_follows_the_years() -> None:
    table = np.tile(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]), (4, 1))
    hazard = Hazard(table, 100)
    grade, months = np.array([2.0, 2.0, np.nan]), np.array([1.0, 70.0, 5.0])
    assert hazard.within(grade, months, 24)[:2] == pytest.approx([1 - 0.9 * 0.8, 1 - 0.4 * 0.3])
    assert np.isnan(hazard.within(grade, months, 24)[2])
    chances = [hazard.within(grade, months, horizon)[0] for horizon in range(1, 61)]
    assert all(earlier < later for earlier, later in pairwise(chances))


def test_the_hazard_of_the_sample_is_its_own_rate(panel: SchoolPanel) -> None:
    hazard = learned_hazard(panel)
    assert hazard is not None
    assert hazard.table[0, 3] < 0.12  # outstanding schools are exempt
    assert hazard.table[2, 2] > 0.4  # schools below good come round soon


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


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("absence_share_change", 0.012, "absence up 1.2 points in two years"),
        ("absence_share_change", -0.012, "absence down 1.2 points in two years"),
        ("leadership_above_overall", 1.0, "leadership judged better than its overall grade"),
        ("leadership_above_overall", 0.0, "leadership judged the same as its overall grade"),
        ("mean_salary_gbp", 38000.0, "mean teacher's salary of £38,000"),
        ("phase", "all_through", "all-through school"),
    ],
)
def test_a_feature_is_told_in_words(fall: LeadershipSpec, name: str, value: object, words: str) -> None:
    assert phrase(fall.features[name], value) == words


def test_the_gap_is_told_with_its_sign() -> None:
    assert "about 14 months behind" in gap_reason(14.2, 19.0, 1.1)
    assert "widening by 1.1" in gap_reason(14.2, 19.0, 1.1)
    assert "about 3 months ahead of" in gap_reason(-3.0, -2.0, -0.5)
    assert "narrowing by 0.5" in gap_reason(-3.0, -2.0, -0.5)
    assert gap_reason(float("nan"), 0, 0) == ""
