"""What answers mean, by hand: who is barred, which posts are open, which placements hold."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pilotage.domain.answers import Answer, Answers, Asked, barring, holding, known_posts, opening, post_ids

ANYONE, LEA, BOB = Asked(1, "head"), Asked(1, "head", "Lea"), Asked(1, "head", "Bob")


def _said(asked: Asked, **parties: str) -> Answers:
    return tuple(
        Answer(asked, party, said, date(2016, 6, 1), None, None, Path("asks.csv"), 2) for party, said in parties.items()
    )


def _held(*answers: Answers, binding: tuple[str, ...] = ()) -> set[Asked]:
    return set(holding([answer for group in answers for answer in group], binding))


def _opened(*answers: Answers) -> set[Asked]:
    return set(opening([answer for group in answers for answer in group]))


@pytest.mark.parametrize("said", ["refused", "withdrawn"])
@pytest.mark.parametrize(("asked", "party"), [(ANYONE, "school"), (ANYONE, "body"), (LEA, "school"), (LEA, "leader")])
def test_a_refusal_bars_whom_it_names_and_opens_nothing(asked: Asked, party: str, said: str) -> None:
    answers = _said(asked, **{party: said})
    assert [answer.asked for answer in barring(answers)] == [asked]
    assert not _held(answers)
    assert not _opened(answers)


@pytest.mark.parametrize("said", ["asked", "interested"])
def test_an_ask_that_is_still_open_changes_nothing(said: str) -> None:
    answers = _said(LEA, school=said, body=said, leader=said)
    assert not barring(answers)
    assert not _held(answers)
    assert not _opened(answers)


def test_school_and_body_open_a_post_and_the_leader_makes_it_hold() -> None:
    assert not _opened(_said(LEA, school="agreed"))
    assert _opened(_said(ANYONE, school="agreed", body="agreed")) == {ANYONE}
    both = _said(LEA, school="agreed", body="agreed")
    assert _opened(both) == {LEA}
    assert not _held(both)
    every = (*both, *_said(LEA, leader="agreed"))
    assert _held(every) == _opened(every) == {LEA}


def test_an_agreement_about_any_leader_counts_where_the_leaders_row_is_blank_but_holds_nobody() -> None:
    general = _said(ANYONE, school="agreed", body="agreed")
    two = (*_said(LEA, leader="agreed"), *_said(BOB, leader="agreed"))
    assert not _held(general, two)  # which of the two is for the plan to say
    assert ANYONE in _opened(general, two)
    assert _opened(_said(ANYONE, body="agreed"), _said(LEA, school="agreed")) == {LEA}
    assert not _opened(_said(ANYONE, school="agreed"), _said(LEA, school="refused", body="agreed"))


@pytest.mark.parametrize("party", ["school", "body", "leader"])
def test_who_has_started_holds_whoever_says_so(party: str) -> None:
    assert _held(_said(LEA, **{party: "started"})) == {LEA}
    assert _opened(_said(LEA, **{party: "started"})) == {LEA}


def test_the_state_of_a_pair_holds_where_the_scenario_says_so() -> None:
    accepted = _said(Asked(1, "head", "Lea", "P1"), pair="accepted")
    assert not _held(accepted)
    assert len(_held(accepted, binding=("accepted",))) == 1


COVERS: list[tuple[Asked, Asked, bool]] = [
    (ANYONE, LEA, True),
    (LEA, ANYONE, False),
    (LEA, BOB, False),
    (ANYONE, Asked(1, "senior"), False),
    (ANYONE, Asked(1, "head", "Lea", "P1"), True),
    (Asked(1, "head", None, "P2"), Asked(1, "head", "Lea", "P1"), False),
]


@pytest.mark.parametrize(("bar", "other", "covered"), COVERS)
def test_what_an_answer_is_about(bar: Asked, other: Asked, covered: bool) -> None:
    assert bar.covers(other) is covered


def test_an_ask_is_about_known_posts_or_else_the_prospect() -> None:
    posts: dict[str, Any] = {"urns": [1, 1, 2], "levels": ["head", "senior", "head"], "names": ["P1", "P2", "P3"]}
    known = known_posts(**posts)
    assert post_ids(ANYONE, known) == ("P1",)
    assert post_ids(Asked(3, "head"), known) == ("ask: 3 head",)
    assert post_ids(Asked(1, "head", "Lea", "P9"), known) == ("P9",)
