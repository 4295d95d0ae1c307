"""By when each leader of the plan has to give notice, and which answers with conditions it rests on, for the lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.answers import STARTED, Answer, Asked, answers_to, by_asked
from pilotage.domain.notice import decide_by
from pilotage.report.lists.known_schools import advertised_again, school_marks
from pilotage.report.words import absent


def decide_by_days(record: RunRecord, leaders: Iterable[str], starts: Iterable[str]) -> list[str | None]:
    """Return the last day for each leader to give notice, as 2016-04-30; None of one who has no school to leave.

    ``starts``: the day on which each starts, as text; what is no leader (a region) has no school to leave.
    """
    people = record.pool.leaders.set_index("leader_id")[["level", "current_urn"]]
    in_post = people.loc[people["current_urn"].notna(), "level"].to_dict()
    pairs = zip(leaders, starts, strict=True)
    return [
        decide_by(in_post[leader], date.fromisoformat(day)).isoformat() if leader in in_post else None
        for leader, day in pairs
    ]


def notice_words(last_day: str | None, as_of: date) -> str:
    """Return that the day for notice has passed, in words; empty where it has not, or none is needed."""
    if last_day is None or date.fromisoformat(last_day) >= as_of:
        return ""
    return f"the last day for the leader to give notice was {date.fromisoformat(last_day):%d %B %Y}"


def conditions(answers: Iterable[Answer]) -> str:
    """Return the conditions of some answers, each with who made it; empty where there are none."""
    made = [f"{answer.words} on the condition: {answer.condition}" for answer in answers if answer.condition]
    return "; ".join(made)


def answers_of(record: RunRecord, asked: Iterable[Asked]) -> list[dict[str, Answer]]:
    """Return the answers that count for each ask, by party."""
    grouped = by_asked(record.posts.answers)
    return [answers_to(each, grouped) for each in asked]


def placement_marks(record: RunRecord, placed: pd.DataFrame) -> list[str]:
    """Return what to see to of each placement (leader_id, post_id, urn, level, decide_by).

    Notice, conditions, whether the post was advertised again, and what planners know of the school.
    """
    rows = list(placed[["urn", "level", "leader_id", "post_id"]].itertuples(index=False, name=None))
    at_level = answers_of(record, (Asked(int(urn), level, leader) for urn, level, leader, _ in rows))
    at_post = answers_of(record, (Asked(int(urn), level, leader, post) for urn, level, leader, post in rows))
    days = [None if absent(day) else str(day) for day in placed["decide_by"]]
    again, known = advertised_again(record, placed["post_id"]), school_marks(record, placed["urn"])
    given = zip(days, at_level, at_post, again, known, strict=True)
    return [
        "; ".join(text for text in (_marks(day, (one | two).values(), record.scenario.as_of), *more) if text)
        for day, one, two, *more in given
    ]


def _marks(day: str | None, answers: Iterable[Answer], as_of: date) -> str:
    """Return the marks of one placement; who has started needs to give no notice any more."""
    given = list(answers)
    started = any(answer.said == STARTED for answer in given)
    late = "" if started else notice_words(day, as_of)
    return "; ".join(text for text in (late, conditions(given)) if text)
