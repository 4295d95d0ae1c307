"""What was answered to asks, held against the placements, from the answers themselves: pins and bans play no part."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pilotage.domain.answers import Answer, Asked
from pilotage.domain.findings.explanation import Check
from pilotage.domain.prospects import PROSPECT
from pilotage.placement.audit.case import AuditCase, Bools
from pilotage.placement.audit.counting import Counted, checked, named
from pilotage.placement.audit.support_tables import SUPPORT

THREE = {"school", "body", "leader"}


def answer_checks(counted: Counted) -> Iterator[Check]:
    """Yield whether nobody is where the answer was no, who agreed or started is placed, and posts rest on a yes."""
    frame, answers = counted.placements, counted.case.posts.answers
    closed = refused_by_bodies(counted.case)
    if counted.case.posts.schools.standing:
        there = frame["urn"].isin(closed) & (frame["level"] != SUPPORT)
        yield checked(
            "answers: bodies", named(frame, there), f"nobody goes to {len(closed)} schools of bodies that refuse"
        )
    if not answers:
        return
    no = [answer for answer in answers if answer.said in ("refused", "withdrawn", "conflict")]
    wrong = [text for answer in no for text in named(frame, pd.Series(_matches(frame, answer.asked), frame.index))]
    yield checked("answers: no", wrong, f"nobody is placed or asked for against {len(no)} refusals and conflicts")
    settled = [asked for asked in {answer.asked: None for answer in answers} if _settled(asked, answers)]
    missing = [f"{asked.words} is not in the plan" for asked in settled if not _matches(frame, asked).any()]
    yield checked("answers: yes", missing, f"{len(settled)} placements hold by what was agreed or has started")
    without = [post for post, asked in _made_known(counted.case) if not _agreed(asked, answers)]
    yield checked("answers: posts", [f"{post} without a yes of school and body" for post in without], "each has a yes")


def refused_by_bodies(case: AuditCase) -> list[int]:
    """Return the schools (URN) whose responsible body refused, or withdrew, for all their posts."""
    standing = case.posts.schools.standing.items()
    return [urn for urn, answer in standing if answer.said in ("refused", "withdrawn")]


def _matches(frame: pd.DataFrame, asked: Asked) -> Bools:
    """Return the placements and asks that an ask speaks of, shape (rows of the frame,)."""
    level = frame["level"] == asked.level if asked.level is not None else frame["level"] != SUPPORT
    hit = (frame["urn"] == asked.urn) & level
    hit &= (frame["leader_id"] == asked.leader_id) | (asked.leader_id is None)
    matches: Bools = (hit & ((frame["post_id"] == asked.post_id) | (asked.post_id is None))).to_numpy(dtype=bool)
    return matches


def _settled(asked: Asked, answers: tuple[Answer, ...]) -> bool:
    """Return whether all three, or a decision, said yes to an ask of a leader, or somebody says it has started."""
    mine = [answer for answer in answers if answer.asked == asked]
    given = {answer.party: answer.said for answer in mine if answer.party in THREE}
    decided = any(answer.party == "decision" and answer.said in ("agreed", "started") for answer in mine)
    agreed = set(given) == THREE and set(given.values()) == {"agreed"}
    return asked.leader_id is not None and (agreed or decided or "started" in given.values())


def certain(answers: tuple[Answer, ...]) -> tuple[Asked, ...]:
    """Return the asks of a leader to which all have said yes, or the table of pairs says so."""
    stated = {a.asked for a in answers if a.party == "pair" and a.said in ("accepted", "started")}
    return tuple(asked for asked in {a.asked: None for a in answers} if asked in stated or _settled(asked, answers))


def _made_known(case: AuditCase) -> Iterator[tuple[str, Asked]]:
    """Yield the known posts with the name of an ask."""
    posts = case.posts.posts
    known = posts[~posts[PROSPECT]] if PROSPECT in posts else posts
    for post, urn, level in known[["post_id", "urn", "level"]].itertuples(index=False, name=None):
        if post == f"ask: {urn} {level}":
            yield post, Asked(int(urn), level)


def _agreed(asked: Asked, answers: tuple[Answer, ...]) -> bool:
    """Return whether school and body, or a decision, agreed at a place, or somebody has started there."""
    said = THREE | {"decision"}
    there = [a for a in answers if (a.asked.urn, a.asked.level) == (asked.urn, asked.level) and a.party in said]
    yes = {answer.party for answer in there if answer.said == "agreed"}
    both = {"school", "body"} <= yes or "decision" in yes
    return both or any(answer.said == "started" for answer in there)
