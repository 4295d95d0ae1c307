"""The learnt transition of the gap: its arithmetic, what it may know, and what it finds where the truth is known."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import ScenarioError
from pilotage.risk.evaluation.gap_backtest import COLUMNS, evaluate_gap
from pilotage.risk.gap.features import columns_of, design, gap_alone, gap_features, wanted_features
from pilotage.risk.gap.forecast import forecast_gap, observed_gaps
from pilotage.risk.gap.pairs import Pairs, starting_levels, transitions
from pilotage.risk.gap.transition import (
    Coefficients,
    authority_folds,
    later_gap,
    learn_transition,
    ridge,
    underlying_change,
)
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.load import load_specs

DAY = date(2015, 8, 31)


@pytest.fixture(scope="module")
def spec() -> GapSpec:
    found = load_specs(assets.models())["gap_widening"]
    assert isinstance(found, GapSpec)
    return found.model_copy(update={"resamples": 4})


@pytest.fixture(scope="module")
def quick(spec: GapSpec) -> GapSpec:
    """Return the spec with few features, folds and penalties."""
    few = {name: spec.transition.features[name] for name in ("progress", "fsm6_share", "region")}
    return spec.model_copy(
        update={"transition": spec.transition.model_copy(update={"features": few, "folds": 3, "penalties": (10.0,)})}
    )


@pytest.fixture(scope="module")
def two_years(panel: SchoolPanel) -> SchoolPanel:
    """Return the sample with gaps of 2012, 2014 and (later than its day) 2016 only, as of 2015."""
    results = panel.results
    kept = (results["pupil_group"] == "all") | results["year"].isin([2012, 2014, 2016])
    return replace(panel, as_of=DAY, results=results[kept].reset_index(drop=True))


def test_a_line_without_penalty_is_least_squares_and_one_with_it_is_smaller() -> None:
    generator = np.random.default_rng(2)
    x, weight = generator.normal(0, 1, (60, 3)), generator.uniform(0.5, 2, 60)
    y = x @ [1.0, -2.0, 0.5] + 3 + generator.normal(0, 0.1, 60)
    root = np.sqrt(weight)
    exact = np.linalg.lstsq(np.column_stack([np.ones(60), x]) * root[:, None], y * root, rcond=None)[0]
    found = ridge(x, y, weight, 1e-9)
    assert np.append(found.constant, found.slopes) == pytest.approx(exact, abs=1e-6)
    assert np.abs(ridge(x, y, weight, 50.0).slopes).sum() < 0.8 * np.abs(found.slopes).sum()


def test_folds_keep_an_authority_whole() -> None:
    names = np.array(["a", "b", "c", "d", "a", "b"], dtype=object)
    found = authority_folds(names, 2, 1)
    assert found[0] == found[4]
    assert found[1] == found[5]
    assert np.bincount(authority_folds(names[:4], 2, 1)).tolist() == [2, 2]


def _known_truth(schools: int, rho: float, omega: float) -> tuple[Pairs, pd.DataFrame, np.ndarray]:
    """Return pairs whose underlying gap moves as ``theta1 = 0.1 + rho theta0 + w``, measured with error, and theta."""
    generator = np.random.default_rng(7)
    error = 0.9 / generator.integers(10, 80, schools)
    theta = generator.normal(0, 0.4, schools)
    gap = theta + generator.normal(0, 1, schools) * np.sqrt(error)
    kept = 0.16 / (0.16 + error)
    later = 0.1 + rho * theta + generator.normal(0, omega, schools)
    rows = pd.DataFrame(
        {
            "urn": np.arange(schools),
            "level": kept * gap,
            "level_variance": kept * error,
            "centre": 0.0,
            "later_gap": later + generator.normal(0, 1, schools) * np.sqrt(error),
            "later_variance": error,
            "authority": [f"authority {n % 60}" for n in range(schools)],
        }
    )
    return Pairs(rows, "disadvantaged", 4), rows[["level"]].rename(columns={"level": "gap"}), later - theta


def test_a_known_transition_is_found_and_its_underlying_change_is_covered(spec: GapSpec) -> None:
    """Of 6,000 schools: rho within 0.05, omega^2 within a tenth, 80% intervals within 2 points of it."""
    pairs, frame, change = _known_truth(6000, 0.7, 0.2)
    model = learn_transition(frame, pairs, gap_alone(), spec, 1)
    slope = model.coefficients.slopes[0] / model.columns[0].spread
    assert slope == pytest.approx(0.7, abs=0.05)
    assert model.omega2 == pytest.approx(0.04, rel=0.1)
    found = underlying_change(model, frame, pairs.rows, 4)
    assert np.mean(np.abs(change - found.mean) <= 1.2816 * found.sd) == pytest.approx(0.8, abs=0.02)
    mean, variance = later_gap(model, frame, pairs.rows)
    off = np.abs(pairs.rows["later_gap"] - mean)
    assert np.mean(off <= 1.2816 * np.sqrt(variance + pairs.rows["later_variance"])) == pytest.approx(0.8, abs=0.02)


def test_over_another_span_what_lasts_lasts_by_its_power_and_the_rest_in_proportion(spec: GapSpec) -> None:
    pairs, frame, _ = _known_truth(400, 0.7, 0.2)
    model = replace(learn_transition(frame, pairs, gap_alone(), spec, 1), omega2=0.04)
    column = model.columns[0]
    model = replace(model, coefficients=Coefficients(0.1 + 0.64 * column.mean, np.array([0.64 * column.spread])))
    rows = pd.DataFrame({"level": [0.5], "level_variance": [0.03], "centre": [0.2]})
    whole, half = (underlying_change(model, pd.DataFrame({"gap": [0.5]}), rows, years) for years in (4, 2))
    assert whole.mean == pytest.approx([0.1 + (0.64 - 1) * 0.5])
    assert half.mean == pytest.approx([0.05 + (0.8 - 1) * 0.5])
    assert half.sd == pytest.approx([np.sqrt(0.2**2 * 0.03 + 0.02)])
    assert half.later_sd == pytest.approx([np.sqrt(0.64 * 0.03 + 0.02)])


def test_parts_add_up_to_the_change(two_years: SchoolPanel, spec: GapSpec) -> None:
    pairs = transitions(two_years, spec, "disadvantaged", 2, pd.Timestamp(DAY))
    wanted = wanted_features(spec.transition, "disadvantaged")
    frame = gap_features(two_years, pairs.rows, wanted)
    found = underlying_change(learn_transition(frame, pairs, wanted, spec, 1), frame, pairs.rows, 1.0)
    assert found.parts.shape == (len(frame), len(wanted.names))
    np.testing.assert_allclose(found.constant + found.parts.sum(axis=1), found.mean, atol=1e-12)


def test_a_design_has_missing_at_the_mean_with_a_flag_and_leaves_rare_kinds_out(spec: GapSpec) -> None:
    wanted = wanted_features(spec.transition, "disadvantaged")
    frame = pd.DataFrame({name: [0.0] * 40 for name in wanted.names}).assign(
        fsm6_share=[0.1, None] * 20, region=["London"] * 30 + ["Mars"] * 10, gap=np.linspace(-1, 1, 40)
    )
    columns = columns_of(frame, wanted, 20)
    assert {(one.name, one.part) for one in columns} == {
        ("gap", "value"),
        ("gap", "square"),
        ("fsm6_share", "flag"),
        ("region", "London"),
    }
    assert np.isfinite(design(frame.assign(gap=None).astype({"gap": float}), wanted, columns)).all()


def test_with_two_years_of_gaps_the_transition_is_learnt_from_what_was_known(
    two_years: SchoolPanel, spec: GapSpec
) -> None:
    found = forecast_gap(two_years, spec, 24, 1)
    assert found.state.available
    assert "changes of disadvantaged pupils' gaps over 2 years" in found.state.why
    assert found.draws.shape == (len(found.table), 4)


def test_with_one_year_it_is_learnt_from_all_pupils_and_says_so(two_years: SchoolPanel, spec: GapSpec) -> None:
    results = two_years.results
    one = results[(results["pupil_group"] == "all") | (results["year"] == 2014)]
    found = forecast_gap(replace(two_years, results=one), spec, 24, 1)
    assert "all pupils' progress (no two years by disadvantage)" in found.state.why
    alone_known = one[one["pupil_group"] != "all"]
    nothing = forecast_gap(replace(two_years, results=alone_known), spec, 24, 1)
    assert not nothing.state.available
    assert "no two years of gaps" in nothing.state.why


def test_moving_later_results_moves_no_forecast(two_years: SchoolPanel, quick: GapSpec) -> None:
    late = two_years.results["known_on"] > pd.Timestamp(DAY)
    assert late.any()
    moved = two_years.results.assign(progress_sd=two_years.results["progress_sd"].mask(late, 4.0))
    first, second = (forecast_gap(one, quick, 24, 1) for one in (two_years, replace(two_years, results=moved)))
    pd.testing.assert_frame_equal(first.table, second.table)
    np.testing.assert_array_equal(first.draws, second.draws)


def test_a_school_whose_gap_is_suppressed_is_not_forecast(two_years: SchoolPanel, quick: GapSpec) -> None:
    results = two_years.results
    urn = int(observed_gaps(two_years, quick)["urn"].iloc[0])
    mine = (results["urn"] == urn) & (results["pupil_group"] == "disadvantaged")
    found = forecast_gap(
        replace(two_years, results=results.assign(progress_sd=results["progress_sd"].mask(mine))), quick, 24, 1
    )
    assert urn not in found.table.index


def test_levels_of_a_year_are_about_its_mean_school(two_years: SchoolPanel, quick: GapSpec) -> None:
    levels = starting_levels(two_years, quick, "disadvantaged", pd.Timestamp(DAY))
    assert set(levels["year"]) == {2012, 2014}
    assert levels.groupby(["key_stage", "year"])["level"].mean().abs().max() < 1e-9
    assert (levels["level_variance"] < levels["variance"]).all()


def test_the_back_test_has_folds_in_time_and_by_authority(two_years: SchoolPanel, quick: GapSpec, resolved) -> None:
    panel = replace(two_years, results=two_years.results[two_years.results["year"] != 2012])
    found = evaluate_gap(panel, resolved.scenario, quick, 1, 20)
    assert found is not None
    assert tuple(found.predictions.columns) == COLUMNS
    assert set(found.metrics) == {"authorities", f"as_of {DAY}"}
    assert not found.predictions.duplicated(["urn", "as_of", "fold"]).any()
    by_authority = found.predictions[found.predictions["fold"].str.startswith("authorities")]
    assert by_authority.groupby("authority")["fold"].nunique().max() == 1
    assert len(found.notes) == 2


def test_an_authoritys_own_later_gaps_do_not_move_its_forecast(
    two_years: SchoolPanel, quick: GapSpec, resolved
) -> None:
    panel = replace(two_years, results=two_years.results[two_years.results["year"] != 2012])
    name = panel.schools["authority"].iloc[0]
    mine = panel.results["urn"].isin(panel.schools.loc[panel.schools["authority"] == name, "urn"])
    mine &= (panel.results["year"] == 2016) & (panel.results["pupil_group"] == "disadvantaged")
    moved = replace(panel, results=panel.results.assign(progress_sd=panel.results["progress_sd"].mask(mine, -2.0)))
    first, second = (evaluate_gap(one, resolved.scenario, quick, 1, 20) for one in (panel, moved))
    assert first is not None
    assert second is not None
    columns = ["mean", "sd", "p", "baseline_mean"]
    held = [
        one.predictions[(one.predictions["authority"] == name) & one.predictions["fold"].str.startswith("authorities")]
        for one in (first, second)
    ]
    pd.testing.assert_frame_equal(held[0][columns], held[1][columns])
    assert not held[0]["y"].equals(held[1]["y"])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("school_years.fsm6_share, shape", "school_years.fsm7_share, shape", "no column 'fsm7_share' in school_years"),
        ("kind: nominal, shape: kinds", "kind: nominal, shape: log", "a nominal feature has the shape kinds"),
        ("  folds: 10", "  folds: 1", "transition.folds"),
        ("penalties:", "penaltys:", "transition.penaltys"),
    ],
)
def test_a_spec_of_the_gap_that_is_wrong_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    shutil.copytree(assets.models(), tmp_path / "models")
    path = tmp_path / "models" / "gap_widening" / "spec.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_specs(tmp_path / "models")
    assert words in str(caught.value)
    assert "gap_widening" in str(caught.value)
