"""What a form offers: names, schools that fit words, and how far they are."""

import pytest

from pilotage.study.session.choices import (
    MOST,
    bases,
    choices_of,
    distance_km,
    leaders_of,
    rule_of,
    schools_named,
)
from pilotage.study.session.question import opened, with_edits
from pilotage.study.session.tried import Planned


def test_the_names_are_those_of_the_schools(first: Planned) -> None:
    names = choices_of(first.tried.case.panel)
    assert len(names.regions) == 9
    assert "region: North East" in names.places
    assert names.places[-1].startswith("trust: ")
    assert list(names.authorities) == sorted(names.authorities)


def test_schools_fit_where_every_word_does_and_only_those_in_scope(first: Planned) -> None:
    case = first.tried.case
    fitting = schools_named(case, "SUNDERLAND primary")
    assert len(fitting)
    assert set(fitting["authority"]) == {"Sunderland"}
    urn = str(fitting["urn"].iloc[0])
    assert schools_named(case, urn)["urn"].tolist() == [int(urn)]
    assert schools_named(case, "nowhere at all").empty
    assert len(schools_named(case, "school")) == MOST


def test_a_distance_is_a_straight_line_in_kilometres(first: Planned) -> None:
    case = first.tried.case
    leader = case.pool.leaders.iloc[0]
    school = case.panel.schools.dropna(subset=["easting"]).iloc[0]
    east, north = leader["easting"] - school["easting"], leader["northing"] - school["northing"]
    expected = (east**2 + north**2) ** 0.5 / 1000
    assert distance_km(case, str(leader["leader_id"]), int(school["urn"])) == pytest.approx(expected)
    assert distance_km(case, "nobody", int(school["urn"])) is None
    assert distance_km(case, str(leader["leader_id"]), 1) is None


def test_the_map_has_every_base_and_every_school_with_a_post(first: Planned) -> None:
    case = first.tried.case
    shown = bases(case)["what"].value_counts()
    assert shown["base of a leader"] == len(case.pool.leaders)
    assert shown["school with a post"] == case.posts.posts["urn"].nunique()


def test_leaders_left_out_can_be_taken_in_again(first: Planned) -> None:
    leader = str(first.tried.case.pool.leaders["leader_id"].iloc[0])
    scenario = with_edits(first.tried.question, {("pool", "leave_out"): [leader]}).scenario
    assert leader in leaders_of(scenario, first.tried.case)


def test_invented_leaders_are_those_of_the_case(first: Planned) -> None:
    invented = with_edits(opened("baseline"), {("pool", "source"): "synthetic"}).scenario
    assert leaders_of(invented, None) == {}
    assert len(leaders_of(invented, first.tried.case)) == len(first.tried.case.pool.leaders)


def test_the_first_rule_of_a_kind_is_named() -> None:
    scenario = opened("baseline").scenario
    assert rule_of(scenario, "need_threshold") == "need-floor"
    assert rule_of(scenario, "moves") is None
