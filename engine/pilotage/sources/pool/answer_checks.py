"""Answers that contradict one another, the scenario or the calendar: every one of them, with its file and row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import pandas as pd

from pilotage.config.scenario import Ban, Pin, Scenario
from pilotage.domain.answers import (
    AGREED,
    BODY,
    ENDED,
    LEADER,
    OF_PLANNERS,
    PAIR,
    STARTED,
    SUPPORTING,
    Answer,
    Answers,
    Asked,
    Known,
    barring,
    by_asked,
    holding,
    known_posts,
    opening,
    post_ids,
)
from pilotage.domain.prospects import prospect_id
from pilotage.domain.tables import LEVELS
from pilotage.errors import Problem

CORRECT = "correct one of the two"


@dataclass(frozen=True)
class Checked:
    """The answers, one of each party to each ask, with the scenario and the posts that they are held against.

    ``standing``: what bodies answered for all posts of a school, by URN.
    """

    answers: Answers
    scenario: Scenario
    posts: pd.DataFrame
    standing: Mapping[int, Answer] = field(default_factory=dict)

    @cached_property
    def barring(self) -> Answers:
        """Return the answers that keep a leader, or every leader, from a place or from a whole school."""
        placing = (answer for answer in self.answers if answer.party != SUPPORTING)
        return (*barring(placing), *barring(self.standing.values()))

    @cached_property
    def known(self) -> Known:
        """Return the known posts by school and level."""
        return known_posts(self.posts["urn"], self.posts["level"], self.posts["post_id"])

    @cached_property
    def held(self) -> dict[Asked, Answers]:
        """Return the asks whose placement holds, by an answer or by a binding state of the pair."""
        return holding(self.answers, self.scenario.pool.binding_states)

    @cached_property
    def opened(self) -> dict[Asked, Answers]:
        """Return the asks that make a post known and open."""
        return opening(self.answers)

    def posts_of(self, asked: Asked) -> tuple[str, ...]:
        """Return the names of the posts that an ask is about."""
        return post_ids(asked, self.known)


def problems(
    answers: Answers, scenario: Scenario, posts: pd.DataFrame, standing: Mapping[int, Answer]
) -> Iterator[Problem]:
    """Yield every contradiction; ``posts``: the known posts; ``standing``: answers of bodies for whole schools."""
    checked = Checked(answers, scenario, posts, standing)
    yield from _out_of_time(checked)
    yield from _not_asked_for(checked)
    yield from _which_post(checked)
    yield from _refused_and_agreed(checked)
    yield from _body_twice(checked)
    yield from _against_pins_and_bans(checked)
    yield from _twice(checked)


def _out_of_time(checked: Checked) -> Iterator[Problem]:
    """Yield answers after the day of the run, and starts before what went before them.

    Decisions may be of a later day: they are the planners' own, and no forecast looks at them.
    """
    as_of = checked.scenario.as_of
    for answer in checked.answers:
        if answer.on is not None and answer.on > as_of and answer.party not in OF_PLANNERS:
            what = f"{answer.asked.words}: {answer.words}, which is after as_of ({as_of:%d %b %Y})"
            do = "correct the date, or move as_of: nothing known later may be used"
            yield Problem(answer.where, what, "an answer on or before as_of", do, at=answer.spot)
    for asked, given in by_asked(checked.answers).items():
        for start in (answer for answer in given.values() if answer.said == STARTED):
            for other in given.values():
                if _later(other, start) and other.said not in (*ENDED, STARTED):
                    what = f"{asked.words}: {start.words}, but {other.words} ({other.where})"
                    yield Problem(
                        start.where, what, "a start on or after the day of each answer", CORRECT, at=start.spot
                    )


def _later(one: Answer, other: Answer) -> bool:
    """Return whether an answer is known to be later than another."""
    return one.on is not None and other.on is not None and one.on > other.on


def _not_asked_for(checked: Checked) -> Iterator[Problem]:
    """Yield asks at a school and level where there is neither a known post nor a prospect.

    Planners may note there that somebody was asked, or refused: a post may come open later.
    """
    asking = checked.scenario.pool.prospects
    levels = () if asking is None else asking.levels
    for asked, given in by_asked(answer for answer in checked.answers if not _noted(answer)).items():
        answer = next(iter(given.values()))
        if (
            asked.post_id is None
            and asked.level is not None
            and (asked.urn, asked.level) not in checked.known
            and asked.level not in levels
        ):
            what = f"{asked.words}: no known post there, and pool.prospects "
            what += "is empty" if asking is None else f"has no level {asked.level}"
            allowed = "a level of pool.prospects.levels, or a level at which the table of posts has a post there"
            yield Problem(
                answer.where, what, allowed, "add the level to pool.prospects, or remove the row", at=answer.spot
            )


def _noted(answer: Answer) -> bool:
    """Return whether an answer is the planners' own and opens nothing."""
    return answer.party == SUPPORTING or (answer.party in OF_PLANNERS and answer.said not in (AGREED, STARTED))


def _which_post(checked: Checked) -> Iterator[Problem]:
    """Yield agreements on one of several known posts, and those on a post whose table says no."""
    consent = checked.posts.set_index("post_id")["consent"]
    for asked, why in {**checked.opened, **checked.held}.items():
        posts = checked.posts_of(asked)
        if len(posts) > 1:
            what = f"{asked.words}: {why[0].words}, and the school has {len(posts)} such posts: {', '.join(posts)}"
            do = "name the post (post_id), in a table of pool.pairs or of pool.decisions"
            yield Problem(why[0].where, what, "an answer about one post", do, at=why[0].spot)
        for post in posts:
            if asked in checked.opened and consent.get(post) == "no":
                what = f"{asked.words}: {why[0].words}, and the table of posts has consent = no for {post}"
                yield Problem(why[0].where, what, "consent = yes or unknown", CORRECT, at=why[0].spot)


def _refused_and_agreed(checked: Checked) -> Iterator[Problem]:
    """Yield placements that hold, and posts that are open, which another answer refuses."""
    for bar in checked.barring:
        clashing = {
            asked: why
            for asked, why in {**checked.opened, **checked.held}.items()
            if bar.asked.covers(asked) and (asked in checked.held or bar.asked.leader_id is None)
        }
        for asked, why in clashing.items():
            what = f"{bar.asked.words}: {bar.words}, but {asked.words}: {why[0].words} ({why[0].where})"
            do = "remove the answer that no longer holds; for a leader who has left again, write withdrawn alone"
            yield Problem(bar.where, what, "no refusal of what was agreed or has started", do, at=bar.spot)


def _body_twice(checked: Checked) -> Iterator[Problem]:
    """Yield answers of a body to an ask where it says the opposite for all posts of the school."""
    for answer in checked.answers:
        whole = checked.standing.get(answer.asked.urn)
        if answer.party != BODY or whole is None:
            continue
        said = {answer.said, whole.said}
        if AGREED in said and said & set(ENDED):
            what = f"{answer.asked.words}: {answer.words}, but {whole.asked.words}: {whole.words} ({whole.where})"
            yield Problem(answer.where, what, "one answer of the responsible body", CORRECT, at=answer.spot)


def _against_pins_and_bans(checked: Checked) -> Iterator[Problem]:
    """Yield answers that the scenario's own pins and bans contradict."""
    pins, bans = checked.scenario.pins, checked.scenario.bans
    for bar in checked.barring:
        for name, pin in pins.items():
            if bar.asked.leader_id in (None, pin.leader_id) and _pinned_there(pin, bar.asked, checked):
                yield _against(bar, f"pins.{name} sends {pin.leader_id} to {pin.where}")
    for asked, why in checked.held.items():
        for name, pin in pins.items():
            same, there = pin.leader_id == asked.leader_id, _pinned_there(pin, asked, checked)
            if pin.post_id is not None and same != there and (there or checked.scenario.one_post):
                yield _against(why[0], f"pins.{name} sends {pin.leader_id} to {pin.where}")
        for name, ban in bans.items():
            if _banned(ban, asked, checked):
                yield _against(why[0], f"bans.{name} forbids it")


def _pinned_there(pin: Pin, asked: Asked, checked: Checked) -> bool:
    """Return whether a pin names the posts of an ask; one of a school where they are all that the school has."""
    posts = checked.posts_of(asked)
    if pin.post_id is not None and asked.level is None:
        return pin.post_id in posts or pin.post_id in [prospect_id(asked.urn, level) for level in LEVELS]
    if pin.post_id is not None:
        return pin.post_id in posts
    at_school = checked.posts.loc[checked.posts["urn"] == pin.urn, "post_id"]
    return pin.urn == asked.urn and set(at_school) <= set(posts)


def _banned(ban: Ban, asked: Asked, checked: Checked) -> bool:
    leader = ban.leader_id in (None, asked.leader_id)
    return leader and ban.urn in (None, asked.urn) and (ban.post_id is None or ban.post_id in checked.posts_of(asked))


def _against(answer: Answer, fault: str) -> Problem:
    what = f"{answer.asked.words}: {answer.words}, but {fault}"
    return Problem(answer.where, what, "an answer that the scenario's pins and bans allow", CORRECT, at=answer.spot)


def _twice(checked: Checked) -> Iterator[Problem]:
    """Yield leaders who agreed to two posts, and posts that two leaders hold."""
    said = {asked: why[0] for asked, why in checked.held.items()}
    agreed = {a.asked: a for a in checked.answers if a.party in (LEADER, PAIR) and a.said in (AGREED, STARTED)}
    mine = [(asked.leader_id, asked, answer) for asked, answer in {**agreed, **said}.items()]
    posts = [(checked.posts_of(asked)[0], asked, answer) for asked, answer in said.items()]
    for entries, words, allowed in (
        (mine if checked.scenario.one_post else [], _has_a_post, "one post for a leader"),
        (posts, _has_a_leader, "one leader for a post"),
    ):
        for (first, asked, earlier), (second, other, later) in combinations(entries, 2):
            apart = checked.posts_of(asked) != checked.posts_of(other) or asked.leader_id != other.leader_id
            if first == second and apart:
                earlier, later = sorted((earlier, later), key=lambda answer: (str(answer.file), answer.row))
                what = f"{later.asked.words}: {later.words}, but {words(earlier)} ({earlier.where})"
                yield Problem(
                    later.where, what, allowed, "write refused or withdrawn for the other, or empty it", at=later.spot
                )


def _has_a_post(answer: Answer) -> str:
    asked = answer.asked
    place = f"a post as {asked.level} at school {asked.urn}" if asked.post_id is None else f"post {asked.post_id}"
    return f"leader {asked.leader_id} has {place} already"


def _has_a_leader(answer: Answer) -> str:
    return f"leader {answer.asked.leader_id} has it already"
