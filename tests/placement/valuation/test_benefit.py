"""The benefit of a pair, calculated by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.bars import BarCount
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.placement.valuation.benefit import impact_matrix

SIMPLE = {
    "fade_in_year_1": 0.0,
    "fade_in_year_2": 0.5,
    "fade_in_year_3": 1.0,
    "stay_three_years_head_primary": 1.0,
    "acceptance_consent_yes": 0.5,
    "leader_quality": 1.0,  # a leader of the pool is worth two months at a primary school, one at a secondary school
    "months_per_sd_primary_above": 2.0,
    "fall_value_months": 100 / 15,  # 100 pupil-months at a school where 15 pupils finish each year
    "fall_reduction": 0.1,
    "fall_reduction_sd": 0.0,
    "year_groups_primary": 7.0,
    "origin_loss_share": 0.5,
}


def _forecast(urns: list[int], p_fall: float | None) -> RiskForecast:
    table = pd.DataFrame({"urn": urns, "need": 0.4, "p_fall_if_inspected": p_fall}).astype({"urn": "int64"})
    return RiskForecast(pd.Timestamp("2016-08-31").date(), table, {}, {})


def _impact(small: Any, p_fall: float | None = 0.3, **parameters: float) -> pd.DataFrame:
    return _whole(small, p_fall, **parameters).pairs


def _whole(small: Any, p_fall: float | None = 0.3, **parameters: float) -> ImpactMatrix:
    urns = np.arange(1, len(small.panel.schools) + 1)
    return impact_matrix(small.known(**(SIMPLE | parameters)), _forecast(urns.tolist(), p_fall))


def test_the_benefit_by_hand(world: Callable[..., Any]) -> None:
    # 210 pupils, half disadvantaged, seven year groups: 15 finish a year. Three years of fade 0, .5, 1: W = 1.5.
    # 0.5 x (2 months x 15 x 1.5 + 100 x 0.3 x 0.1) = 0.5 x (45 + 3) = 24
    pairs = _impact(world([{}], impact={"years": 3}))
    assert pairs["benefit"].tolist() == [24.0]
    assert pairs["pupils"].tolist() == [22.5]
    assert pairs["fall_value"].tolist() == [3.0]
    half = 1.6448536269514722 * 0.5 * 45  # the sd of what a leader brings is as large as what the leader brings
    assert pairs["benefit_low"].tolist() == pytest.approx([24 - half])
    assert pairs["benefit_high"].tolist() == pytest.approx([24 + half])


def test_the_school_left_is_charged(world: Callable[..., Any]) -> None:
    pairs = _impact(world([{}, {}], leaders=[{"current_urn": 2}], posts=[{}], impact={"years": 3}))
    # 0.5 x (45 + 3 - 0.5 x 2 x 15) = 16.5
    assert pairs["origin_loss"].tolist() == [15.0]
    assert pairs["benefit"].tolist() == [16.5]


def test_no_known_fall_adds_nothing_and_is_no_error(world: Callable[..., Any]) -> None:
    assert _impact(world([{}], impact={"years": 3}), None)["benefit"].tolist() == [22.5]


def test_leaving_is_steady_over_the_years(world: Callable[..., Any]) -> None:
    pairs = _impact(world([{}], impact={"years": 3}), None, stay_three_years_head_primary=0.729)
    assert pairs["pupils"].tolist() == pytest.approx([15 * (0.5 * 0.81 + 0.729)])  # 0.729 ** (1/3) = 0.9


@pytest.mark.parametrize("rules", [{}, {"consent": {"rule": "consent", "price": 1.0}}])
def test_a_school_that_said_no_accepts_less_often_than_one_that_has_not_answered(
    world: Callable[..., Any], rules: dict[str, Any]
) -> None:
    posts = [{"consent": word} for word in ("yes", "unknown", "no")]
    pairs = _impact(world([{}] * 3, leaders=[{}], posts=posts, rules=rules))
    assert pairs["acceptance"].tolist() == pytest.approx([0.5, 0.4, 0.1])
    never = _impact(world([{}] * 3, leaders=[{}], posts=posts, rules=rules), acceptance_consent_no=0.0)
    assert never["benefit"].tolist()[2] == 0.0


def test_acceptance_falls_to_half_at_the_travel_limit_and_lower_beyond(world: Callable[..., Any]) -> None:
    schools = [{"easting": 0.0}, {"easting": 15_000.0}, {"easting": 30_000.0}, {"easting": 31_000.0}]
    small = world(schools, leaders=[{"relocates": True}], rules={"travel": {"rule": "travel"}})
    pairs = _impact(small)
    assert pairs["acceptance"].tolist() == pytest.approx([0.5, 0.375, 0.25, 0.5 * 0.32])
    assert pairs["cost_gbp"].tolist() == [8000, 8000, 8000, 23000]


def test_acceptance_is_multiplied_by_what_the_level_of_the_post_makes_of_it(world: Callable[..., Any]) -> None:
    posts = [{"level": level} for level in ("head", "senior", "head")]
    small = world([{}, {}, {"easting": 31_000.0}], leaders=[{"relocates": True}], posts=posts, rules={})
    pairs = _impact(small, acceptance_level_head=0.4)  # L1 is a head, and may take a senior post as no rule says no
    assert pairs["acceptance"].tolist() == pytest.approx([0.5 * 0.4, 0.5, 0.5 * 0.4 * 0.32])


def test_a_leaders_own_evidence_is_shrunk_to_the_prior(world: Callable[..., Any]) -> None:
    own = {"effect_mean": 6 * 0.0825, "effect_sd": 2 * 0.0825}  # six months, sd two: as sure as the prior (2, sd 2)
    pairs = _impact(world([{}], leaders=[own], impact={"years": 3}))
    assert pairs["effect_months"].tolist() == pytest.approx([4.0])


def test_every_effects_interval_reaches_zero(world: Callable[..., Any]) -> None:
    small = world([{}] * 4, [{"level": level} for level in ("middle", "senior", "head", "executive")])
    pairs = _impact(small, None)
    assert (pairs["benefit_low"] <= 0).all()
    assert pairs.groupby("leader_index")["effect_months"].first().tolist() == [0.5, 1.0, 2.0, 1.5]


def test_secondary_and_special_take_the_secondary_effect_and_nurseries_finish_nobody(world: Callable[..., Any]) -> None:
    small = world([{"phase": "secondary"}, {"phase": "special"}, {"phase": "nursery"}], leaders=[{}])
    pairs = _impact(small, None).set_index("post_index")
    assert pairs["effect_months"].tolist() == [1.0, 1.0, 2.0]
    assert pairs.loc[2, "benefit"] == 0


def test_no_eligible_pair_is_an_empty_table_with_the_reasons(world: Callable[..., Any]) -> None:
    small = world([{}], posts=[{"consent": "no"}], rules={"consent": {"rule": "consent"}})
    impact = _whole(small)
    assert len(impact.pairs) == 0
    assert impact.ineligible.iloc[:, :3].to_numpy().tolist() == [[0, "consent", "consent_refused"]]
    assert impact.ineligible["nearest_km"].isna().all()
    assert BarCount("consent", "post", 1) in impact.bars


def test_a_post_out_of_reach_says_how_far_the_nearest_suitable_leader_lives(world: Callable[..., Any]) -> None:
    rules = {name: {"rule": name} for name in ("level", "travel")}
    leaders = [{"easting": 90_000.0}, {"easting": 70_000.0}, {"easting": 50_000.0, "level": "middle"}]
    impact = _whole(world([{"easting": 0.0}], leaders, [{}], rules))
    assert impact.ineligible[["rule", "reason"]].to_numpy().tolist() == [["travel", "out_of_reach"]]
    assert impact.ineligible["nearest_km"].tolist() == [70.0]  # a middle leader does not suit a head's post


def test_a_leader_never_takes_the_level_held_at_the_own_school(world: Callable[..., Any]) -> None:
    posts = [{"urn": 1}, {"urn": 2}]
    pairs = _impact(world([{}, {}], leaders=[{"current_urn": 1}], posts=posts))
    assert pairs["post_index"].tolist() == [1]


def test_without_a_level_rule_a_leader_may_take_another_level_in_the_own_school(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{"current_urn": 1}], posts=[{"level": "executive"}], impact={"years": 3})
    pairs = _impact(small)
    assert pairs["post_index"].tolist() == [0]
    assert pairs["origin_loss"].tolist() == [0.0]  # nobody leaves the school


def test_the_school_left_is_calculated_at_its_own_stage(world: Callable[..., Any]) -> None:
    schools = [{}, {"phase": "secondary"}]
    pairs = _impact(world(schools, leaders=[{"current_urn": 2}], posts=[{}], impact={"years": 3}))
    # The secondary school has six year groups: 17.5 finish a year, whom a head moves by 1 month: 0.5 x 1 x 17.5.
    assert pairs["origin_loss"].tolist() == [8.75]
    assert pairs["effect_months"].tolist() == [2.0]
    # 0.5 x (45 + 3 - 8.75)
    assert pairs["benefit"].tolist() == [19.625]


def test_the_doubt_about_the_effect_is_that_of_the_schools_gained_and_left(world: Callable[..., Any]) -> None:
    schools = [{}, {"phase": "secondary"}]
    pairs = _impact(world(schools, leaders=[{"current_urn": 2}], posts=[{}], impact={"years": 3}))
    assert pairs["effect_spread"].tolist() == pytest.approx([0.5 * (45 - 8.75)])


def test_an_executive_leader_of_several_schools_is_lost_once(world: Callable[..., Any]) -> None:
    schools = [{"trust": "T"}] * 4
    leaders = [{"level": "executive", "span": 3, "current_urn": 4}]
    posts = [{"level": "executive", "urn": urn} for urn in (1, 2, 3)]
    small = world(schools, leaders, posts, rules={"spans": {"rule": "executive_span", "minimum": 3}})
    # One head's effect in all: 2/3 month in each school. 2/3 x 15 finishers x 0.5 = 5 over the three schools.
    pairs = _impact(small)
    assert pairs["effect_months"].tolist() == pytest.approx([2 / 3] * 3)
    assert pairs["origin_loss"].tolist() == pytest.approx([5 / 3] * 3)


def test_what_a_pair_adds_in_each_year_sums_to_its_benefit_before_the_loss(world: Callable[..., Any]) -> None:
    leaders = [{}, {"level": "senior"}]
    small = world([{}, {}], leaders, [{"urn": 1}, {"urn": 1, "level": "senior"}, {"urn": 2}], impact={"years": 3})
    impact = _whole(small)
    yearly = impact.yearly
    assert yearly is not None
    named = impact.pairs.iloc[yearly.pair]
    assert named["post_index"].tolist() == [0, 1, 0, 1]  # the school with one post shares nothing
    # Fade 0, .5, 1 x 15 pupils x 2 months (a senior leader 1) x 0.5; then a fall: 0.5 x 100 x 0.3 x 0.1
    assert yearly.gain[0].tolist() == pytest.approx([0, 7.5, 15, 1.5])
    stay = named["stay"].iloc[3]
    assert yearly.gain[3].tolist() == pytest.approx([0, 7.5 / 2 * stay ** (2 / 3), 15 / 2 * stay, 1.5])
    assert yearly.units[0].tolist() == [100] * 4
    assert yearly.units[3].tolist() == [50, 50, 50, 100]  # a fall is averted once, whoever averts it
    assert yearly.gain.sum(axis=1) == pytest.approx(named["benefit"].to_numpy())


def test_a_school_whose_intake_is_unknown_is_not_valued(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{}])
    small.panel.school_years.loc[0, ["fsm6_share", "fsm_share"]] = np.nan
    assert _impact(small)["post_index"].tolist() == [1]
