"""What was to be decided by a day that has passed, and is still open."""

from __future__ import annotations

from datetime import date

from pilotage.domain.answers import OPEN, Answers
from pilotage.domain.words import plural

MOST_NAMED = 5  # in one note


def overdue_note(answers: Answers, as_of: date) -> tuple[str, ...]:
    """Return one sentence on what was to be decided before the day of the run and is not; none where there is none."""
    late = [answer for answer in answers if answer.said in OPEN and answer.decide_by and answer.decide_by < as_of]
    if not late:
        return ()
    named = [
        f"{answer.asked.words} (by {answer.decide_by:%d %b %Y}{'' if answer.by is None else f', {answer.by}'})"
        for answer in late[:MOST_NAMED]
    ]
    more = f"; and {len(late) - MOST_NAMED} more" if len(late) > MOST_NAMED else ""
    has = "has" if len(late) == 1 else "have"
    return (f"{plural(len(late), 'ask')} {has} no answer by the day noted: {'; '.join(named)}{more}.",)
