"""The truth of the synthetic England: heads, what inspections and results show of them, and what leaders change."""

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.domain.units import SD_PER_MONTH
from pilotage.errors import UsageError
from pilotage.sources.sample import heads, history, leaders
from pilotage.sources.sample.build import AREA_LIST, build
from pilotage.sources.sample.world import World
from pilotage.sources.schools.areas import fill_area

MANY = 20_000
PHASES = pd.Series(["primary", "secondary"] * (MANY // 2))


def _schools() -> pd.DataFrame:
    deprivation = np.random.default_rng(3).normal(0, 0.6, MANY)
    area = pd.Series([None, "An area"] * (MANY // 2), dtype=object)
    return pd.DataFrame({"phase": PHASES.to_numpy(), "deprivation": deprivation, "area": area})


@pytest.mark.parametrize("validity", [0.0, 0.25, 0.5])
def test_what_inspections_find_has_the_stated_correlation_with_the_head_among_schools_of_one_intake(
    validity: float,
) -> None:
    """Standard error of a correlation of 20,000: 0.007."""
    schools, generator = _schools(), np.random.default_rng(1)
    past = history.draw_past(schools, World(validity=validity), generator)
    year = history.HISTORY.index(2016)
    found = past.weakness[:, year] + generator.normal(0, past.inspection_sd, MANY)
    alike = pd.DataFrame({"found": found, "d": schools["deprivation"], "a": schools["area"].notna(), "one": 1.0})
    known = alike[["d", "a", "one"]].to_numpy(dtype=float)
    left = found - known @ np.linalg.lstsq(known, found, rcond=None)[0]
    assert np.corrcoef(left, -past.heads.quality[:, year])[0, 1] == pytest.approx(validity, abs=0.025)
    assert left.std() == pytest.approx(np.sqrt(0.9**2 + 0.6**2 + 0.65**2), rel=0.02)


@pytest.mark.parametrize("carry_over", [0.0, 0.5, 1.0])
def test_heads_quality_is_standard_in_every_year_and_the_next_appointment_carries_the_stated_share(
    carry_over: float,
) -> None:
    drawn = heads.draw_heads(PHASES, 10, World(carry_over=carry_over), np.random.default_rng(2))
    assert np.abs(drawn.quality.mean(axis=0)).max() < 0.04
    assert np.abs(drawn.quality.std(axis=0) - 1).max() < 0.03
    now = drawn.quality[:, -1]
    assert np.polyfit(now, drawn.following, 1)[0] == pytest.approx(carry_over, abs=0.03)
    assert drawn.following.std() == pytest.approx(1, abs=0.03)


def test_a_head_keeps_one_quality_and_heads_leave_as_often_as_published() -> None:
    """Of heads, 79.3% of primary and 64.7% of secondary schools are there after three years."""
    drawn = heads.draw_heads(PHASES, 10, World(), np.random.default_rng(2))
    same = drawn.quality[:, 1:] == drawn.quality[:, :-1]
    assert (same == ~drawn.new[:, 1:]).all()
    stayed = ~drawn.new[:, 4:7].any(axis=1)
    assert stayed[PHASES == "primary"].mean() == pytest.approx(0.793, abs=0.02)
    assert stayed[PHASES == "secondary"].mean() == pytest.approx(0.647, abs=0.02)


def test_a_standard_deviation_of_heads_is_two_months_below_the_median_and_one_above_in_primary() -> None:
    quality, phase = np.array([-1.0, 1.0, -1.0, 1.0]), pd.Series(["primary", "primary", "secondary", "secondary"])
    assert heads.months_of(quality, phase, World()).tolist() == [-2.0, 1.0, -1.0, 1.0]
    assert heads.months_of(quality, phase, World(effect=0.5)).tolist() == [-1.0, 0.5, -0.5, 0.5]


def test_results_take_a_new_heads_months_up_from_where_they_stood() -> None:
    """A head of 1 (1 month) gives way to one of -1 (-2 months), who gives way two years later to one of 0."""
    quality = np.array([[1.0, -1.0, -1.0, 0.0, 0.0, 0.0, 0.0]])
    new = np.array([[False, True, False, True, False, False, False]])
    built = heads.months_in_results(heads.Heads(quality, new, np.zeros(1)), pd.Series(["primary"]), World())
    stood = 1 - 0.33 * 3
    expected = [1, 1, stood, stood, stood * 0.67, stood * 0.33, 0]
    assert built[0] == pytest.approx(expected)


def test_a_leaders_true_effect_is_against_the_next_appointment() -> None:
    level, one = pd.Series(["head", "senior"]), np.ones(2)
    assert leaders.true_effects(level, one, -one, "primary", World()).tolist() == [3.0, 1.5]
    assert leaders.true_effects(level, one, -one, "secondary", World()).tolist() == [2.0, 1.0]
    assert leaders.true_effects(level, one, 2 * one, "primary", World()).tolist() == [-1.0, -0.5]
    assert leaders.true_effects(level, one, -one, "primary", World(effect=0)).tolist() == [0.0, 0.0]


def test_leaders_are_half_a_standard_deviation_above_the_median_and_their_evidence_is_of_their_true_effect() -> None:
    """Evidence differs from the truth by its stated error: 0.1 pupil SD."""
    tables = build(200, 2000, 4)
    truth, pool = tables["truth_leaders"], tables["leaders"]
    assert truth["quality"].mean() == pytest.approx(0.5, abs=0.08)
    assert truth["quality"].std() == pytest.approx(1, abs=0.06)
    first = truth["effect_primary_months"].where(
        pool["phases"].str.startswith("primary"), truth["effect_secondary_months"]
    )
    error = (pool["effect_mean"] - first * SD_PER_MONTH).dropna()
    assert len(error) > 500
    assert error.mean() == pytest.approx(0, abs=0.015)
    assert error.std() == pytest.approx(0.1, abs=0.01)


@pytest.fixture(scope="module")
def shipped() -> dict[str, pd.DataFrame]:
    return build(MANY, 4, 5)


def test_falls_are_as_common_as_in_england_and_follow_intake(shipped: dict[str, pd.DataFrame]) -> None:
    """England: 18.9% of those inspected in 2014; by fifth of intake (2024/25) 0.55 to 1.56 of the mean."""
    graded, years = shipped["inspections"], shipped["school_years"]
    before = graded.groupby("urn")["leadership_grade"].shift()
    late = graded[(graded["inspected_on"] >= "2012-09-01") & (before <= 2)]
    fell = late["leadership_grade"] >= 3
    share = pd.to_numeric(years["fsm6"], errors="coerce").groupby(years["urn"]).mean()
    phase = shipped["schools"].set_index("urn")["phase"].reindex(share.index)
    fifth = share.groupby(phase).transform(lambda one: pd.qcut(one, 5, labels=False))
    assert fell.mean() == pytest.approx(0.189, abs=0.02)
    by_fifth = fell.groupby(late["urn"].map(fifth)).mean() / fell.mean()
    assert by_fifth.to_numpy() == pytest.approx([0.55, 0.83, 0.95, 1.13, 1.56], abs=0.17)
    assert by_fifth.is_monotonic_increasing


def _spreads(tables: dict[str, pd.DataFrame], year: int) -> pd.Series:
    """Return the usual standard deviation of true gaps within a region, by phase, in months."""
    schools, truth = tables["schools"], tables["truth_schools"]
    return truth[f"gap_months_{year}"].groupby([schools["phase"], schools["region"]]).std().groupby(level=0).median()


def test_the_gaps_bear_the_mark_of_heads_and_their_spread_is_the_same_without(
    shipped: dict[str, pd.DataFrame],
) -> None:
    without = build(MANY, 4, 5, World(effect=0.0))
    for tables, least, most in ((shipped, -1.0, -0.4), (without, -0.03, 0.03)):
        truth = tables["truth_schools"]
        secondary = (tables["schools"]["phase"] == "secondary").to_numpy()
        areas = fill_area(tables["schools"].assign(postcode=None), AREA_LIST)["area"]
        outside = truth[secondary & areas.isna().to_numpy()]
        assert least <= outside["gap_months_2016"].corr(outside["z"]) <= most
    for year in (2010, 2013, 2016):
        ratio = _spreads(shipped, year) / _spreads(without, year)
        assert ratio["secondary"] == pytest.approx(1, abs=0.06)
        assert 1 <= ratio["primary"] < 1.2  # heads alone fill what there is: other matters keep half


def test_where_grades_come_from_intake_alone_no_school_changes_and_none_bears_a_mark_of_its_head() -> None:
    tables = build(4000, 4, 6, World(intake_only=True))
    truth = tables["truth_schools"]
    still = (truth["p_below_good_2010"] == truth["p_below_good_2016"]).mean()
    assert still > 0.9  # all but the schools of the areas, which drift
    assert abs(truth["z"].corr(truth["gap_months_2016"])) < 0.05
    assert abs(truth["z"].corr(truth["p_below_good_2016"])) < 0.05
    assert truth["z"].std() == pytest.approx(1, abs=0.04)


def test_the_truth_takes_its_figures_from_the_evidence() -> None:
    evidence = YAML(typ="safe").load((assets.reference() / "evidence.yaml").read_text(encoding="utf-8"))
    for level, ratio in leaders.RATIOS.items():
        assert level == "head" or evidence[f"effect_ratio_{level}"]["value"] == ratio
    for phase, sides in heads.MONTHS_PER_SD.items():
        assert sides == tuple(evidence[f"months_per_sd_{phase}_{side}"]["value"] for side in ("below", "above"))
    for phase, stay in heads.STAYS.items():
        assert evidence[f"stay_three_years_head_{phase}"]["value"] == stay
    for year, share in enumerate(heads.FADE_IN, start=1):
        assert evidence[f"fade_in_year_{year}"]["value"] == share


def test_the_same_world_is_the_same_england_and_another_world_another() -> None:
    first, again, other = (build(150, 8, 9, world) for world in (World(), World(), World(validity=0.5)))
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, again[name])
    assert not first["inspections"].equals(other["inspections"])


@pytest.mark.parametrize(("name", "value"), [("validity", 0.9), ("carry_over", -0.1), ("effect", float("nan"))])
def test_a_setting_out_of_its_range_is_named(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"World.{name} - "):
        World(**{name: value})
