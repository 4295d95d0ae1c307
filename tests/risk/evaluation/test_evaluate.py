"""Back-tests: folds by hand, nothing that leaks, figures that anyone can recompute, clear refusals."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from pilotage import assets
from pilotage.assets import Store
from pilotage.config.overlay import Resolved, resolve
from pilotage.domain import tables
from pilotage.domain.findings.evaluation import PREDICTION_COLUMNS, Evaluation
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.risk.evaluation import evaluate as module
from pilotage.risk.evaluation.backtest import Trainer, by_region, temporal
from pilotage.risk.evaluation.baselines import SEEN, baseline_forecasts
from pilotage.risk.evaluation.evaluate import evaluate
from pilotage.risk.evaluation.folds import (
    AsOf,
    Fold,
    derived_folds,
    everyone,
    inspected,
    last_known,
    spec_folds,
    within_horizon,
    year_before,
)
from pilotage.risk.spec.leadership import LeadershipSpec, RegionFold, TemporalFold
from pilotage.risk.spec.load import Spec, load_specs

LAST_YEAR = TemporalFold(
    name="last-year", kind="temporal", trained_to="2015-08-31", tested_from="2015-09-01", tested_to="2016-08-31"
)
FOLD = Fold("last-year", "temporal", date(2015, 8, 31), date(2015, 9, 1), date(2016, 8, 31))


@pytest.fixture(scope="module")
def quick() -> LeadershipSpec:
    """The shipped spec of falls with few resamples, few features and one fold."""
    spec = load_specs(assets.models())["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    few = {name: spec.features[name] for name in ("leadership_grade", "teaching_grade", "absence_share", "phase")}
    return spec.model_copy(
        update={
            "features": few,
            "estimator": spec.estimator.model_copy(update={"resamples": 2, "bins": 8, "learning_rate": 0.5}),
            "calibration": spec.calibration.model_copy(update={"resamples": 2, "folds": 2}),
            "folds": (LAST_YEAR,),
        }
    )


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RESAMPLES", 40)


def _at(panel: SchoolPanel) -> Callable[[date], AsOf]:
    return lambda day: everyone(replace(panel, as_of=day))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def _evaluated(panel: SchoolPanel, resolved: Resolved, spec: LeadershipSpec, kept: Path) -> Evaluation:
    only = resolved.scenario.model_copy(
        update={"outcomes": {"leadership_fall": resolved.scenario.outcomes["leadership_fall"]}}
    )
    return evaluate(_at(panel), only, specs={"leadership_fall": spec}, store=Store(kept), say=lambda _: None)


def _small(inspections: list[tuple[int, str, str, int]], as_of: date) -> SchoolPanel:
    rows = [
        {"urn": u, "urn_at_time": u, "inspected_on": on, "known_on": known, "leadership_grade": g, "overall_grade": g}
        for u, on, known, g in inspections
    ]
    urns = sorted({row[0] for row in inspections})
    schools = pd.DataFrame({"urn": urns, "name": "a", "phase": "primary", "authority": "a", "region": "r"})
    schools = schools.assign(place_source="none", sponsor_led=False)
    return SchoolPanel(
        as_of,
        tables.validated(tables.SCHOOLS, schools, "t"),
        tables.validated(tables.INSPECTIONS, pd.DataFrame(rows), "t"),
        tables.validated(
            tables.SCHOOL_YEARS, pd.DataFrame({"urn": [1], "year": [2012], "known_on": ["2013-02-01"]}), "t"
        ),
        tables.validated(
            tables.RESULTS,
            pd.DataFrame(columns=["urn", "year", "known_on", "key_stage", "pupil_group", "state"]),
            "t",
        ),
        pd.DataFrame(),
        False,
    )


HISTORY = [
    (1, "2010-03-01", "2010-04-01", 2),
    (1, "2014-09-10", "2014-10-10", 3),  # fell in the window
    (2, "2011-03-01", "2011-04-01", 1),
    (2, "2014-10-01", "2014-11-01", 2),  # inspected, did not fall
    (3, "2011-05-01", "2011-06-01", 2),  # not inspected again
    (4, "2012-05-01", "2012-06-01", 3),  # below good already
    (4, "2014-10-01", "2014-11-01", 4),
    (5, "2012-05-01", "2012-06-01", 2),
    (5, "2014-06-01", "2014-07-01", 4),  # fell after the forecast, before the window
    (5, "2014-10-02", "2014-11-02", 4),
    (6, "2012-05-01", "2012-06-01", 2),
    (6, "2014-12-20", "2015-01-20", 4),  # fell, but known after the window
]
DAY = date(2014, 4, 30)


def test_who_is_tested_if_inspected_by_hand(quick: LeadershipSpec) -> None:
    fold = Fold("t", "temporal", DAY, date(2014, 9, 1), date(2014, 12, 31))
    found = inspected(everyone(_small(HISTORY, DAY)), quick, fold)
    assert found[["urn", "y"]].to_numpy().tolist() == [[1, 1], [2, 0]]
    assert found["leadership_grade"].tolist() == [2, 1]  # as known on the day of the forecast


def test_only_schools_in_scope_are_tested(quick: LeadershipSpec) -> None:
    fold = Fold("t", "temporal", DAY, date(2014, 5, 1), date(2014, 12, 31))
    scope = AsOf(_small(HISTORY, DAY), np.array([2, 3, 4]))
    assert within_horizon(scope, quick, fold)["urn"].tolist() == [2, 3]


def test_who_fell_within_the_window_by_hand(quick: LeadershipSpec) -> None:
    fold = Fold("t", "temporal", DAY, date(2014, 5, 1), date(2014, 12, 31))
    found = within_horizon(everyone(_small(HISTORY, DAY)), quick, fold)
    assert found[["urn", "y"]].to_numpy().tolist() == [[1, 1], [2, 0], [3, 0], [5, 1], [6, 0]]
    assert fold.months == 8


def test_the_year_before_ends_on_the_day_of_the_fold(quick: LeadershipSpec) -> None:
    fold = Fold("t", "temporal", date(2014, 11, 1), date(2014, 11, 2), date(2015, 11, 1))
    found = year_before(_small(HISTORY, date(2014, 11, 1)), quick, fold)
    assert found is not None
    assert found.set_index("urn")["y"].to_dict() == {1: 1, 2: 0, 3: 0, 5: 1, 6: 0}
    shown = replace(_small(HISTORY, DAY), snapshots=(date(2014, 4, 30), date(2014, 12, 31)))
    assert year_before(shown, quick, fold) is None  # the first publication is later than a year before


def test_folds_of_a_panel_are_a_year_apart_and_one_after_its_date_where_data_go_on() -> None:
    found = derived_folds(_small(HISTORY, DAY))
    assert [fold.as_of.isoformat() for fold in found] == [
        *("2010-04-30", "2011-04-30", "2012-04-30", "2013-04-30", "2014-04-30")
    ]
    assert found[-1].tested_to == date(2015, 1, 20)
    assert found[0].tested_to == date(2011, 4, 30)
    late = derived_folds(_small(HISTORY, date(2015, 12, 31)))
    assert late[-1].as_of == date(2014, 12, 31)


def test_a_fold_of_the_spec_is_for_the_scenarios_it_names(quick: LeadershipSpec) -> None:
    region = RegionFold(
        name="r", kind="held_out_region", as_of="2013-04-30", labels_to="2014-12-31", scenarios=("england-2014",)
    )
    spec = quick.model_copy(update={"folds": (LAST_YEAR, region)})
    assert [fold.name for fold in spec_folds(spec, "baseline")] == ["last-year"]
    both = spec_folds(spec, "england-2014")
    assert [fold.name for fold in both] == ["last-year", "r"]
    assert both[1].tested_from == date(2013, 5, 1)


def test_the_data_reach_to_the_last_publication() -> None:
    panel = _small(HISTORY, DAY)
    assert last_known(panel) == date(2015, 1, 20)
    assert last_known(replace(panel, snapshots=(date(2014, 12, 31),))) == date(2014, 12, 31)


def test_a_baseline_sees_its_own_columns_only() -> None:
    generator = np.random.default_rng(1)
    frame = pd.DataFrame({name: generator.integers(1, 5, 300).astype(float) for name in SEEN})
    frame.loc[:20, "fsm_share"] = np.nan
    label = (generator.random(300) < frame["leadership_grade"] / 5).astype(int).to_numpy()
    other = frame.assign(fsm_share=generator.permutation(frame["fsm_share"]))
    first, second = baseline_forecasts(frame, label, frame), baseline_forecasts(frame, label, other)
    for name in ("last_grade", "prior_grades", "months_since_inspection"):
        assert np.array_equal(first[name], second[name])
    assert not np.array_equal(first["fsm"], second["fsm"])
    by_grade = pd.Series(first["last_grade"]).groupby(frame["leadership_grade"]).mean()
    assert by_grade.is_monotonic_increasing
    assert np.isfinite(np.column_stack(list(first.values()))).all()


def test_progress_alone_has_a_curve_of_each_key_stage_and_a_step_where_it_is_not_known() -> None:
    generator = np.random.default_rng(1)
    progress, unknown = generator.normal(size=(2, 3000)), generator.random((2, 3000)) < 0.7
    names = ("progress", "ks2_progress")
    frame = pd.DataFrame({name: np.where(unknown[row], np.nan, progress[row]) for row, name in enumerate(names)})
    logit = -frame["progress"].fillna(0) - frame["ks2_progress"].fillna(0) - frame["ks2_progress"].isna()
    label = (generator.random(3000) < 1 / (1 + np.exp(-logit))).to_numpy().astype(int)
    forecast = baseline_forecasts(frame, label, frame)["latest_progress"]
    both = ~unknown.any(axis=0)
    assert np.corrcoef(np.log(forecast / (1 - forecast))[both], logit[both])[0, 1] > 0.95
    assert forecast[unknown[1]].mean() < forecast[~unknown[1]].mean() - 0.1


def test_what_came_after_the_day_moves_the_outcomes_and_no_forecast(
    panel: SchoolPanel, quick: LeadershipSpec, kept: Path
) -> None:
    trainer = Trainer(quick, 1, Store(kept), lambda _: None)
    changed = panel.inspections.copy()
    changed.loc[changed["known_on"] > "2015-08-31", "leadership_grade"] = 4
    first = temporal(everyone(replace(panel, as_of=FOLD.as_of)), trainer, FOLD)
    second = temporal(everyone(replace(panel, as_of=FOLD.as_of, inspections=changed)), trainer, FOLD)
    for one, other in zip(first, second, strict=True):
        forecasts = [name for name in one.rows if name == "p" or str(name).startswith("baseline_")]
        pd.testing.assert_frame_equal(one.rows[forecasts], other.rows[forecasts])
        assert other.rows["y"].sum() > one.rows["y"].sum()


def test_a_region_is_forecast_by_the_others_alone(panel: SchoolPanel, quick: LeadershipSpec, kept: Path) -> None:
    fold = Fold("r", "held_out_region", date(2015, 8, 31), date(2015, 9, 1), date(2016, 8, 31))
    trainer = Trainer(quick, 1, Store(kept), lambda _: None)
    london = panel.schools.loc[panel.schools["region"] == "London", "urn"]
    part = panel.schools["region"].isin(["London", "North East", "South East"])
    small = replace(panel, as_of=fold.as_of, schools=panel.schools[part])
    later = panel.inspections["known_on"] > "2015-08-31"
    changed = panel.inspections.copy()
    changed.loc[later & changed["urn"].isin(london), "leadership_grade"] = 4
    (one,), (other,) = (by_region(everyone(one), trainer, fold) for one in (small, replace(small, inspections=changed)))
    own = one.rows["urn"].isin(london)
    assert own.any()
    assert np.array_equal(one.rows.loc[own, "p"], other.rows.loc[own, "p"])
    assert (one.rows.loc[own, "y"] < other.rows.loc[own, "y"]).any()
    assert not np.array_equal(one.rows.loc[~own, "p"], other.rows.loc[~own, "p"])


def test_anyone_can_recompute_the_measures_from_the_predictions(
    panel: SchoolPanel, resolved: Resolved, quick: LeadershipSpec, kept: Path
) -> None:
    found = _evaluated(panel, resolved, quick, kept)
    assert tuple(found.predictions.columns) == PREDICTION_COLUMNS
    tests = found.metrics["outcomes"]["leadership_fall"]["tests"]
    assert set(tests) == {"if_inspected", "within_horizon"}
    for test in tests.values():
        fold = test["folds"][0]
        rows = found.predictions[found.predictions["fold"] == fold["fold"]]
        assert len(rows) == fold["n"] == test["n"]
        assert fold["metrics"]["auc"]["value"] == round(roc_auc_score(rows["y"], rows["p"]), 4)
        assert test["metrics"]["base_rate"]["value"] == pytest.approx(rows["y"].mean(), abs=1e-4)
        precision = average_precision_score(rows["y"], rows["p"])
        assert test["metrics"]["average_precision"]["value"] == pytest.approx(precision, abs=1e-4)
        assert test["metrics"]["auc"]["low"] < test["metrics"]["auc"]["value"] < test["metrics"]["auc"]["high"]
    again = _evaluated(panel, resolved, quick, kept)
    assert json.dumps(again.metrics) == json.dumps(found.metrics)
    pd.testing.assert_frame_equal(again.predictions, found.predictions)


def test_a_fold_in_which_nothing_happened_is_refused(
    panel: SchoolPanel, resolved: Resolved, quick: LeadershipSpec, kept: Path
) -> None:
    calm = panel.inspections.copy()
    calm.loc[calm["known_on"] > "2015-08-31", "leadership_grade"] = 2
    with pytest.raises(DataError, match=r"if_inspected/last-year: 0 of .* nothing to tell apart") as caught:
        _evaluated(replace(panel, inspections=calm), resolved, quick, kept)
    assert len(caught.value.problems) == 2  # both tests of the fold, at once


def test_a_window_past_the_data_is_refused(
    panel: SchoolPanel, resolved: Resolved, quick: LeadershipSpec, kept: Path
) -> None:
    late = LAST_YEAR.model_copy(update={"tested_to": date(2019, 8, 31)})
    with pytest.raises(DataError, match=r"last-year ends on 2019-08-31, past the data - 2016-08-31 or earlier"):
        _evaluated(panel, resolved, quick.model_copy(update={"folds": (late,)}), kept)


def test_a_fold_with_too_little_to_train_on_is_refused(
    panel: SchoolPanel, resolved: Resolved, quick: LeadershipSpec, kept: Path
) -> None:
    early = LAST_YEAR.model_copy(update={"trained_to": date(2008, 8, 31), "tested_from": date(2008, 9, 1)})
    with pytest.raises(DataError, match=r"last-year has .* pairs to train on, under 200"):
        _evaluated(panel, resolved, quick.model_copy(update={"folds": (early,)}), kept)


def test_one_class_only_in_training_is_refused(
    panel: SchoolPanel, resolved: Resolved, quick: LeadershipSpec, kept: Path
) -> None:
    calm = replace(
        panel, inspections=panel.inspections.assign(leadership_grade=2).astype({"leadership_grade": "Int64"})
    )
    with pytest.raises(DataError, match="last-year has 0 of the rarer outcome to train on"):
        _evaluated(calm, resolved, quick, kept)


def test_no_fold_at_all_is_refused(panel: SchoolPanel, quick: LeadershipSpec, kept: Path) -> None:
    early = resolve("baseline", ["as_of=2008-01-31"])
    with pytest.raises(DataError, match="no fold can be tested as of 2008-01-31"):
        _evaluated(panel, early, quick.model_copy(update={"folds": (), "smallest_training": 5000}), kept)


def test_a_derived_fold_that_cannot_be_tested_is_left_out_and_told(
    panel: SchoolPanel, resolved: Resolved, quick: LeadershipSpec, kept: Path
) -> None:
    only_last = quick.model_copy(update={"folds": (), "smallest_training": 2700})
    found = _evaluated(panel, resolved, only_last, kept).metrics["outcomes"]["leadership_fall"]
    assert [fold["fold"] for fold in found["tests"]["if_inspected"]["folds"]] == ["if_inspected/2015-08-31"]
    assert len(found["left_out"]) == 3
    graded = panel.inspections.sort_values(["urn", "inspected_on"])
    before = graded.groupby("urn")["leadership_grade"].shift()
    pairs = ((before <= 2) & (graded["known_on"] <= "2012-08-31")).sum()
    assert f"the fold 2012-08-31 has {pairs:,} pairs to train on" in found["left_out"][0]


def test_an_outcome_without_a_back_test_is_told_and_not_zero(
    panel: SchoolPanel, resolved: Resolved, quick: LeadershipSpec, kept: Path
) -> None:
    specs: dict[str, Spec] = load_specs(assets.models()) | {"leadership_fall": quick}
    names = ("leadership_fall", "gap_widening")
    only = resolved.scenario.model_copy(update={"outcomes": {name: resolved.scenario.outcomes[name] for name in names}})
    bare = replace(panel, results=panel.results.head(0))
    found = evaluate(_at(bare), only, specs=specs, store=Store(kept), say=lambda _: None)
    gap = found.metrics["outcomes"]["gap_widening"]
    assert not gap["available"]
    assert "no school has a gap published" in gap["why"]
    assert set(found.predictions["outcome"]) == {"leadership_fall"}
