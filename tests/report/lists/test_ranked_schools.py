"""The lists: columns, order, ties, statuses, and what is missing stays missing."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain import tables
from pilotage.domain.support import SupportOffer
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.words import headline

RANKED = [
    *("rank", "urn", "name", "area", "authority", "region", "trust", "phase", "pupils", "disadvantaged_pupils"),
    *("current_grade", "current_scale", "inspected_on", "p_fall_if_inspected"),
    *("p_fall_if_inspected_low", "p_fall_if_inspected_high", "p_fall_within_horizon", "p_stuck"),
    *("p_below_good", "gap_months", "gap_months_at_horizon", "gap_change_months", "p_widens", "p_gap_wide"),
    *("need", "need_rank", "need_rank_in_phase", "band", "benefit", "benefit_low", "benefit_high", "pupils_reached"),
    *("ask_rank", "value_if_asked", "status", "reasons", "placement_reason", "data_age_years", "missing", "marks"),
]
PLACED = [
    *("leader_id", "post_id", "urn", "level", "intervention", "benefit", "low", "high", "pupils_reached", "firmness"),
    *("acceptance", "stay", "travel_km", "reserve_1", "reserve_2", "next_urn", "next_school"),
    *("starts_on", "decide_by", "shared_pupils", "placement_reason", "marks"),
]


@pytest.fixture
def ranked(record: RunRecord) -> pd.DataFrame:
    return ranked_schools(record)


def test_columns_are_those_of_the_design(record: RunRecord, ranked: pd.DataFrame) -> None:
    assert list(ranked) == RANKED
    assert list(placements(record)) == PLACED


def test_highest_benefit_first_then_need_then_urn_and_unknown_last(ranked: pd.DataFrame) -> None:
    # 105: 12.5; 104: 7.25; 102 and 103: 7.0 and need 0.2, so URN decides; 107: -1; then none: need 0.9, 0.15, unknown
    assert ranked["urn"].tolist() == [105, 104, 102, 103, 107, 106, 108, 101]
    assert ranked["rank"].tolist() == list(range(1, 9))


def test_rank_by_need_sorts_by_need(make: Callable[..., RunRecord], worlds: ModuleType) -> None:
    by_need = worlds.scenario(report={"rank_by": ["need"]})
    assert ranked_schools(make(scenario=by_need))["urn"].tolist() == [106, 104, 105, 102, 103, 108, 107, 101]


def test_statuses(ranked: pd.DataFrame) -> None:
    assert ranked.set_index("urn")["status"].to_dict() == {
        105: "placed",
        104: "placed",
        102: "reserve",  # two placements, so the next two whose best pair is worth something
        103: "reserve",
        107: "not_chosen",  # its best pair is worth less than nothing
        106: "ineligible",
        108: "ineligible",
        101: "unknown",
    }


WHY = "Absence 6.0%, 1.2 points above similar schools."


def test_why_nobody_may_go(ranked: pd.DataFrame) -> None:
    marks = ranked.set_index("urn")["marks"]
    assert marks[106] == "not eligible: the school does not consent"
    assert marks[108].startswith("not eligible: no post open")
    assert "not eligible" not in marks[105]
    assert ranked.set_index("urn").loc[[105, 106], "reasons"].tolist() == [WHY, WHY]  # of the risk alone


def test_a_school_that_no_leader_reaches_says_how_far_the_nearest_lives(make: Callable[..., RunRecord]) -> None:
    record = make()
    far = record.impact.ineligible.assign(reason="out_of_reach", nearest_km=62.4)
    ranked = ranked_schools(replace(record, impact=replace(record.impact, ineligible=far))).set_index("urn")
    assert ranked.loc[106, "marks"] == "not eligible: no suitable leader within reach (the nearest lives 62 km away)"


def test_a_school_in_scope_is_never_called_out_of_scope(make: Callable[..., RunRecord]) -> None:
    record = make()
    unvalued = record.impact.ineligible.assign(reason="out_of_scope")
    ranked = ranked_schools(replace(record, impact=replace(record.impact, ineligible=unvalued))).set_index("urn")
    assert ranked.loc[106, "marks"] == "not eligible: its disadvantaged pupils are not known"


def test_a_placed_school_shows_its_placement_not_its_best_pair(
    make: Callable[..., RunRecord], worlds: ModuleType
) -> None:
    record = make()
    worse = record.plan.__class__(record.plan.status, record.plan.chosen[[1]] - 1, 4_000, 4_000, 4_000.0)
    ranked = ranked_schools(make(plan=worse)).set_index("urn")
    assert ranked.loc[104, "benefit"] == 4.0
    assert ranked.loc[105, "benefit"] == 12.5


def test_two_placements_in_one_school_add_up(make: Callable[..., RunRecord]) -> None:
    record = make()
    twice = record.problem.__class__(**(vars(record.problem) | {"urns": record.problem.urns * 0 + 105}))
    row = ranked_schools(make(problem=twice)).set_index("urn").loc[105]
    assert (row["benefit"], row["benefit_low"], row["benefit_high"]) == (19.75, 1.75, 37.75)
    assert row["pupils_reached"] == 20  # both leaders reach the same pupils
    assert "beside 1 other leader" in row["placement_reason"]


def test_missing_is_null_never_zero(ranked: pd.DataFrame) -> None:
    row = ranked.set_index("urn").loc[101]
    for column in ("need", "benefit", "pupils", "gap_months", "p_stuck", "band", "pupils_reached"):
        assert pd.isna(row[column]), column
    assert row["missing"] == "every outcome: no inspection, not published"


def test_placements_best_first_with_reserves(record: RunRecord) -> None:
    placed = placements(record)
    assert placed["leader_id"].tolist() == ["L1", "L2"]
    assert placed["post_id"].tolist() == ["P0", "P1"]
    assert placed["urn"].tolist() == [105, 104]
    assert placed["benefit"].tolist() == [12.5, 7.25]
    assert placed.loc[0, ["low", "high", "intervention", "level"]].tolist() == [3.5, 21.5, "place", "head"]
    assert placed.loc[0, "reserve_1"] == "L3"
    assert placed["reserve_2"].tolist() == ["none", "none"]
    assert placed["firmness"].isna().all()
    assert placed["starts_on"].tolist() == ["2017-01-04", "2017-04-20"]  # the post opens; the leader is free later
    assert placed["decide_by"].tolist() == ["2016-09-30", None]  # a head who leaves on 31 December; L2 leaves no school
    assert placed["marks"].tolist() == ["", ""]
    assert placed["benefit"].sum() * record.problem.scale == record.plan.objective


def test_a_plan_that_places_nobody_still_ranks(make: Callable[..., RunRecord]) -> None:
    record = make()
    none = record.plan.__class__(record.plan.status, record.plan.chosen[:0], 0, 0, 0.0)
    ranked = ranked_schools(make(plan=none))
    assert not ranked["status"].isin(["placed", "reserve"]).any()
    assert (ranked["placement_reason"] == "").all()
    assert placements(make(plan=none)).empty


def test_support_of_the_leader_in_post_is_told_apart(make: Callable[..., RunRecord], record: RunRecord) -> None:
    # the second pair of the plan takes the place of a school that may be supported, numbered after the posts
    schools = pd.DataFrame({"urn": [104], "region": "London"})
    regions = pd.DataFrame({"region": ["London"], "capacity": 1, "cost_gbp": 0.0})
    offer = SupportOffer(regions, schools, pd.Timestamp("2017-09-01"))
    second = int(record.plan.chosen[1])
    problem, pairs, last = record.problem, record.impact.pairs, len(record.problem.post_ids)
    post = problem.post.copy()
    post[second] = last
    supported = make(
        impact=replace(record.impact, pairs=pairs.assign(post_index=post), support=offer, posts=last),
        problem=replace(
            problem, post=post, post_ids=(*problem.post_ids, "support: 104"), urns=np.append(problem.urns, 104)
        ),
    )
    placed = placements(supported)
    assert placed["intervention"].tolist() == ["place", "support"]
    assert placed["level"].tolist() == ["head", "head"]
    assert placed["starts_on"].tolist()[1] == "2017-09-01"
    ranked = ranked_schools(supported).set_index("urn")
    assert ranked["status"][[105, 104]].tolist() == ["placed", "supported"]
    assert ranked["placement_reason"][[105, 104]].tolist() == [
        "Head for a primary head's post, 10 km away; the school has agreed; reaches about 20 disadvantaged pupils",
        "Support for the head in post of a primary school; reaches about 20 disadvantaged pupils",
    ]
    assert headline(supported).startswith("Placing 1 leader in 1 school and supporting the leader in post of 1 school")


def test_a_part_of_need_that_is_the_average_of_the_phase_is_marked(make: Callable[..., RunRecord]) -> None:
    record = make()
    table = record.forecast.table.assign(p_gap_wide=[0.1, np.nan, *[0.3] * (len(record.forecast.table) - 2)])
    ranked = ranked_schools(make(forecast=replace(record.forecast, table=table))).set_index("urn")
    urn = int(table["urn"].iloc[1])
    assert "the gap counts in need as the phase's average" in ranked.loc[urn, "marks"]
    assert "average" not in ranked.loc[int(table["urn"].iloc[2]), "marks"]


def _with_phases(record: RunRecord, phases: dict[int, str]) -> RunRecord:
    """Return the run with these schools, by URN, of other phases than primary."""
    schools = record.panel.schools
    phase = schools["urn"].map(phases).fillna(schools["phase"])
    return replace(record, panel=replace(record.panel, schools=schools.assign(phase=phase)))


def test_special_schools_come_after_all_others_without_a_rank_by_need_over_all(make: Callable[..., RunRecord]) -> None:
    ranked = ranked_schools(_with_phases(make(), {105: "special", 106: "pru"}))
    assert ranked["urn"].tolist() == [104, 102, 103, 107, 108, 101, 105, 106]  # 105 has the highest benefit of all
    assert ranked["rank"].tolist() == list(range(1, 9))
    rows = ranked.set_index("urn")
    assert rows.loc[[105, 106], "need_rank"].isna().all()
    assert rows.loc[[105, 106], "need_rank_in_phase"].tolist() == [1, 1]


RESULTS = {"urn": 103, "year": 2015, "known_on": pd.Timestamp("2016-01-31"), "key_stage": "ks2"}
RESULTS |= {"pupil_group": "disadvantaged", "pupils": None, "progress_sd": None, "state": "suppressed"}


@pytest.mark.parametrize(
    ("known", "words"), [(None, "too small to say (gap); the gap counts in need as the phase's average"), (0.4, "")]
)
def test_a_primary_school_that_is_too_small_is_marked_where_its_gap_is_not_known(
    make: Callable[..., RunRecord], known: float | None, words: str
) -> None:
    record = make()
    results = tables.validated(tables.RESULTS, pd.DataFrame([RESULTS]), "t")
    of_103 = record.forecast.table["urn"] == 103
    chances = {name: np.where(of_103, known, 0.3).astype(float) for name in ("p_widens", "p_gap_wide")}
    forecast = replace(record.forecast, table=record.forecast.table.assign(**chances))
    ranked = ranked_schools(make(panel=replace(record.panel, results=results), forecast=forecast)).set_index("urn")
    assert ranked.loc[103, "marks"] == words
    assert ranked.loc[102, "marks"] == ""


def test_an_outcome_that_is_not_asked_for_marks_nobody(make: Callable[..., RunRecord], worlds: ModuleType) -> None:
    results = tables.validated(tables.RESULTS, pd.DataFrame([RESULTS]), "t")
    leadership = worlds.scenario(outcomes={"leadership_fall": {}})
    ranked = ranked_schools(make(panel=replace(make().panel, results=results), scenario=leadership)).set_index("urn")
    assert ranked.loc[103, "marks"] == ""


def test_bands_are_of_the_phase_and_of_known_need(make: Callable[..., RunRecord]) -> None:
    record = make()
    table = record.forecast.table  # eight primaries, two without a chance that is drawn: of six, one is the top tenth
    draws = np.full((len(table), 10), 0.1, dtype=np.float32)
    draws[table["urn"] == 106] = 0.9
    sure = make(forecast=replace(record.forecast, draws={"p_fall_if_inspected": draws}))
    band = ranked_schools(sure).set_index("urn")["band"]
    assert band[106] == "top"
    assert band[[101, 104]].isna().all()  # nothing known; need stated, but no part of it in the scenario's outcomes
    assert set(band.drop([106, 101, 104])) == {"below"}
    draws[table["urn"] == 107, :5] = 0.95  # takes its place in half the draws
    unsure = make(forecast=replace(record.forecast, draws={"p_fall_if_inspected": draws}))
    band = ranked_schools(unsure).set_index("urn")["band"]
    assert band[[106, 107]].tolist() == ["tie", "tie"]
    without = ranked_schools(make(forecast=replace(record.forecast, draws={})))
    assert without["band"].isna().all()
