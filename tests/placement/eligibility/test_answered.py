"""Answers in a case: posts that open, placements that hold, leaders who are kept out; planned and audited."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.answers import Answer, Asked, with_standing
from pilotage.domain.known_schools import KnownSchools
from pilotage.errors import DataError
from pilotage.placement.audit.audit import audit
from pilotage.placement.eligibility.answered import with_answers, with_opened_posts
from pilotage.placement.formulation.names import check_names
from pilotage.placement.prospects import with_prospects

RULES: dict[str, Any] = {name: {"rule": name} for name in ("consent", "level", "phase", "travel")}
FAR = {"urn": 1, "level": "middle", "consent": "no"}  # a post that nobody takes
AGREED = {"school": "agreed", "body": "agreed"}


def _answers(urn: int, leader_id: str | None = None, /, row: int = 2, **parties: str) -> tuple[Answer, ...]:
    asked = Asked(urn, "head", leader_id)
    return tuple(
        Answer(asked, party, said, None, None, None, Path("/x/asks.csv"), row) for party, said in parties.items()
    )


def _answered(world: Callable[..., Any], *answers: tuple[Answer, ...], **keys: Any) -> Any:
    """Return a world of three schools and two heads who may ask, with answers."""
    pool = {"source": "files", "prospects": {"levels": ["head"], "chance_open": 0.5}}
    small = world([{}, {}, {}], [{}, {}], keys.pop("posts", [FAR]), keys.pop("rules", RULES), pool=pool)
    posts = replace(small.posts, answers=tuple(answer for group in answers for answer in group))
    case = with_answers(with_prospects(with_opened_posts(replace(small, posts=posts).known())))
    return replace(small, scenario=case.scenario, posts=case.posts)


def _valued(drawn_cases: ModuleType, small: Any) -> Any:
    """Return the world with its plan; the product makes the prospects."""
    posts = small.posts.posts
    known = posts[~posts["prospect"]].drop(columns="prospect")
    return drawn_cases.valued_world(replace(small, posts=replace(small.posts, posts=known)))


def _pairs(made: Any) -> set[tuple[str, str]]:
    problem = made.problem
    return {
        (problem.leader_ids[problem.leader[pair]], problem.post_ids[problem.post[pair]]) for pair in made.plan.chosen
    }


def test_an_agreed_post_is_known_open_and_no_prospect(world: Callable[..., Any]) -> None:
    posts = _answered(world, _answers(2, **AGREED)).posts.posts.set_index("post_id")
    assert posts.index.tolist() == ["P1", "ask: 2 head", "ask: 1 head", "ask: 3 head"]  # known posts come first
    assert posts.loc["ask: 2 head", ["urn", "consent", "prospect"]].tolist() == [2, "yes", False]
    assert posts.loc["ask: 2 head", "opens_on"] == pd.Timestamp("2016-09-01")


def test_a_known_post_gets_consent(world: Callable[..., Any]) -> None:
    known = [FAR, {"urn": 2, "consent": "unknown"}, {"urn": 3, "consent": "unknown"}]
    posts = _answered(world, _answers(2, "L1", **AGREED), posts=known).posts.posts.set_index("urn")["consent"]
    assert posts[[2, 3]].tolist() == ["yes", "unknown"]


def test_what_all_agreed_to_holds_though_another_plan_is_worth_more(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    rules = RULES | {"cap": {"rule": "authority_cap", "count": 1}}  # one placement or ask in all
    small = _answered(world, _answers(3, "L2", **AGREED, leader="agreed"), rules=rules)
    schools = small.panel.schools.assign(pupils=[210, 210, 21])
    made = _valued(drawn_cases, replace(small, panel=replace(small.panel, schools=schools)))
    assert _pairs(made) == {("L2", "ask: 3 head")}
    (name,) = made.case.scenario.pins
    assert name == "answer in asks.csv, row 2 (head at school 3 for L2)"
    reason = "agreed by the school, agreed by the responsible body, agreed by the leader"
    assert made.case.scenario.pins[name].reason == reason
    checks = audit(made.case, made.problem, made.plan).checks
    assert [check.holds for check in checks if check.name == f"pins.{name}"] == [True]
    assert all(check.holds for check in checks)


def test_without_the_leader_the_post_is_open_to_whoever_is_worth_most(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    made = _valued(drawn_cases, _answered(world, _answers(3, "L2", **AGREED, leader="refused")))
    placed = {pair for pair in _pairs(made) if pair[1] == "ask: 3 head"}
    assert placed == {("L1", "ask: 3 head")}
    assert all(check.holds for check in audit(made.case, made.problem, made.plan).checks)


@pytest.mark.parametrize(
    ("leader", "barred"), [(None, {("L1", "ask: 2 head"), ("L2", "ask: 2 head")}), ("L1", {("L1", "ask: 2 head")})]
)
def test_a_refusal_keeps_out_whom_it_names(
    world: Callable[..., Any], drawn_cases: ModuleType, leader: str | None, barred: set[tuple[str, str]]
) -> None:
    made = _valued(drawn_cases, _answered(world, _answers(2, leader, body="refused")))
    problem = made.problem
    built = {(problem.leader_ids[a], problem.post_ids[b]) for a, b in zip(problem.leader, problem.post, strict=True)}
    assert {(leader, f"ask: {urn} head") for leader in ("L1", "L2") for urn in (1, 2, 3)} - built == barred


def test_an_ask_that_is_still_open_stays_a_prospect(world: Callable[..., Any]) -> None:
    asked = _answered(world, _answers(2, "L1", school="interested", body="asked"))
    plain = _answered(world)
    pd.testing.assert_frame_equal(asked.posts.posts, plain.posts.posts)
    assert asked.scenario == plain.scenario


def test_a_pin_of_an_answer_that_a_rule_bars_says_where_it_comes_from(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    far = _answered(world, _answers(3, "L2", row=7, school="started"))
    schools = far.panel.schools.assign(easting=[0.0, 0.0, 90_000.0])
    with pytest.raises(DataError, match=r"asks\.csv, row 7 - L2 in ask: 3 head: started .*, but barred.*90\.0 km"):
        _valued(drawn_cases, replace(far, panel=replace(far.panel, schools=schools)))


def test_what_is_pinned_already_is_not_pinned_again(world: Callable[..., Any]) -> None:
    pair = replace(_answers(1, "L1", school="started")[0], asked=Asked(1, "head", "L1", "P2"))
    small = _answered(world, posts=[FAR, {"urn": 1}])
    case = replace(small, posts=replace(small.posts, answers=(pair,))).known()
    pinned = case.scenario.model_copy(update={"pins": with_answers(case).scenario.pins})
    assert len(pinned.pins) == 1
    assert with_answers(replace(case, scenario=pinned)).scenario == pinned


BREACHES: dict[str, tuple[tuple[Answer, ...], str]] = {
    "refused by the school": (_answers(3, None, school="refused"), "answers: no"),
    "refused by the leader": (_answers(3, "L1", leader="withdrawn"), "answers: no"),
    "agreed for another": (_answers(3, "L2", **AGREED, leader="agreed"), "answers: yes"),
    "started elsewhere": (_answers(1, "L1", body="started"), "answers: yes"),
    "no yes of the body": (_answers(3, None, school="agreed"), "answers: posts"),
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_audit_holds_the_placements_against_the_answers_themselves(
    world: Callable[..., Any], drawn_cases: ModuleType, name: str
) -> None:
    made = _valued(drawn_cases, _answered(world, _answers(3, None, **AGREED), _answers(3, "L2", leader="refused")))
    assert ("L1", "ask: 3 head") in _pairs(made)
    answers, check = BREACHES[name]
    other = replace(made.case, posts=replace(made.case.posts, answers=answers))
    broken = {check.name for check in audit(other, made.problem, made.plan).checks if not check.holds}
    assert check in broken


@pytest.mark.parametrize(
    ("answers", "certain"),
    [
        ((_answers(2, "L1", **AGREED, leader="agreed"),), True),
        ((_answers(2, "L1", leader="started"),), True),
        ((_answers(2, "L1", pair="accepted"),), True),
        ((_answers(2, "L1", **AGREED),), False),
        ((_answers(2, "L1", **AGREED, leader="interested"),), False),
        ((_answers(2, **AGREED), _answers(2, "L1", leader="agreed")), False),
    ],
)
def test_to_what_all_have_said_yes_is_no_chance_any_more(
    world: Callable[..., Any], drawn_cases: ModuleType, answers: tuple[tuple[Answer, ...], ...], certain: bool
) -> None:
    made = _valued(drawn_cases, _answered(world, *answers))
    problem, pairs = made.problem, made.case.impact.pairs
    names = [
        f"{problem.leader_ids[lead]} {problem.post_ids[post]}"
        for lead, post in zip(problem.leader, problem.post, strict=True)
    ]
    chances = dict(zip(names, pairs["acceptance"], strict=True))
    assert (chances["L1 ask: 2 head"] == 1) == certain
    assert chances["L2 ask: 3 head"] < 1
    assert {check.name for check in audit(made.case, made.problem, made.plan).checks if not check.holds} == set()


def _body(said: str, *urns: int) -> KnownSchools:
    """Return what a responsible body said for all posts of some schools."""
    path = Path("/x/schools.csv")
    made = {urn: Answer(Asked(urn, None), "body", said, None, None, None, path, urn + 1, standing=True) for urn in urns}
    return KnownSchools(standing=made)


def _knowing(world: Callable[..., Any], schools: KnownSchools, *answers: tuple[Answer, ...], **keys: Any) -> Any:
    """Return ``_answered`` with what is known of schools beside it."""
    given = tuple(answer for group in answers for answer in group)
    small = _answered(world, with_standing(given, schools.standing), **keys)
    return replace(small, posts=replace(small.posts, schools=schools))


@pytest.mark.parametrize("said", ["refused", "withdrawn"])
def test_a_body_that_refuses_keeps_every_leader_from_the_school(
    world: Callable[..., Any], drawn_cases: ModuleType, said: str
) -> None:
    posts = [{"urn": 1}, {"urn": 2, "level": "senior"}]
    small = _knowing(world, _body(said, 1, 3), posts=posts, rules={})
    made = _valued(drawn_cases, small)
    assert set(made.problem.urns[made.problem.post].tolist()) == {2}
    reasons = made.case.impact.ineligible.set_index("post_index")["reason"]
    closed = np.flatnonzero(np.isin(made.problem.urns, [1, 3]))
    assert reasons[closed].tolist() == ["body_refused"] * len(closed)
    checks = {check.name: check for check in audit(made.case, made.problem, made.plan).checks}
    assert all(check.holds for check in checks.values())
    assert checks["answers: bodies"].detail == "nobody goes to 2 schools of bodies that refuse"


@pytest.mark.parametrize("said", ["asked", "interested", "agreed"])
def test_any_other_answer_of_a_body_closes_nothing(
    world: Callable[..., Any], drawn_cases: ModuleType, said: str
) -> None:
    small = _knowing(world, _body(said, 1, 2, 3), rules={})
    made = _valued(drawn_cases, small)
    assert set(made.problem.urns[made.problem.post].tolist()) == {1, 2, 3}


def test_the_audit_refuses_a_plan_that_goes_against_a_body(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = _valued(drawn_cases, _answered(world, posts=[{"urn": 2}]))
    refusing = replace(made.case, posts=replace(made.case.posts, schools=_body("refused", 2)))
    broken = {check.name: check.detail for check in audit(refusing, made.problem, made.plan).checks if not check.holds}
    assert set(broken) >= {"eligibility", "answers: bodies"}
    assert " in P1" in broken["answers: bodies"]
    assert "the responsible body refused" in broken["eligibility"]


def test_the_body_s_yes_for_a_school_makes_a_post_known_that_the_school_agreed_to(world: Callable[..., Any]) -> None:
    small = _knowing(world, _body("agreed", 1, 2), _answers(2, school="agreed"))
    known = small.posts.posts[~small.posts.posts["prospect"]]
    assert known["post_id"].tolist() == [
        "P1",
        "ask: 2 head",
    ]  # nobody has asked school 1, and the body alone opens none


def test_the_body_s_yes_for_a_school_holds_a_placement_with_the_other_two(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    small = _knowing(world, _body("agreed", 3), _answers(3, "L2", school="agreed", leader="agreed"))
    made = _valued(drawn_cases, small)
    assert ("L2", "ask: 3 head") in _pairs(made)
    assert [pin.leader_id for pin in made.case.scenario.pins.values()] == ["L2"]
    assert all(check.holds for check in audit(made.case, made.problem, made.plan).checks)


def _conflict(urn: int, leader_id: str) -> tuple[Answer, ...]:
    return (Answer(Asked(urn, None, leader_id), "pair", "conflict", None, None, None, Path("/x/pairs.csv"), 5),)


def test_a_conflict_of_interest_bars_the_leader_from_every_post_of_the_school(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    posts = [{"urn": 1}, {"urn": 1, "level": "senior"}]
    small = _answered(world, _conflict(1, "L1"), _conflict(3, "L1"), _conflict(3, "L2"), posts=posts, rules={})
    made = _valued(drawn_cases, small)
    problem = made.problem
    pairs = {(problem.leader_ids[leader], int(problem.urns[post])) for leader, post in _all_pairs(problem)}
    assert pairs == {("L2", 1), ("L1", 2), ("L2", 2)}
    name = "answer in pairs.csv, row 5 (school 1 for L1)"
    assert made.case.scenario.bans[name].reason == "not possible: a conflict of interest is on record"
    reasons = made.case.impact.ineligible.set_index("post_index")["reason"]
    lost = problem.post_ids.index("ask: 3 head")
    assert reasons[lost] == "conflict_of_interest"
    assert all(check.holds for check in audit(made.case, made.problem, made.plan).checks)


def _all_pairs(problem: Any) -> list[tuple[int, int]]:
    return list(zip(problem.leader.tolist(), problem.post.tolist(), strict=True))


def test_a_conflict_with_a_school_without_posts_bars_nothing_and_is_no_fault(world: Callable[..., Any]) -> None:
    small = _answered(world, _conflict(3, "L1"))
    posts = small.posts.posts
    check_names(replace(small, posts=replace(small.posts, posts=posts[posts["urn"] != 3])).known())


def test_the_audit_refuses_a_plan_against_a_conflict_of_interest(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    made = _valued(drawn_cases, _answered(world, posts=[{"urn": 2}]))
    ((leader, _),) = [pair for pair in _pairs(made) if pair[1] == "P1"]
    conflicting = replace(made.case, posts=replace(made.case.posts, answers=_conflict(2, leader)))
    broken = {check.name: check.detail for check in audit(conflicting, made.problem, made.plan).checks}
    holds = {check.name: check.holds for check in audit(conflicting, made.problem, made.plan).checks}
    assert not holds["answers: no"]
    assert broken["answers: no"] == f"{leader} in P1"
