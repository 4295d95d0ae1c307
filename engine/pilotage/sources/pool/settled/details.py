"""Owner, note and day to decide by of one thing, from every table that says something of it: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pilotage.domain.answers import OPEN, Answer
from pilotage.domain.decision_rows import MEANS


def with_details(holds: Answer, before: Answer | None, answers: Sequence[Answer]) -> Answer:
    """Return the decision that holds with its details.

    Parameters
    ----------
    before
        What held before these answers. What they leave blank, or as it was, stays; what several changed differently is
        kept side by side, and of several days to decide by the first.
    answers
        What was said since. Those count that say the same, or that decided nothing.
    """
    mine = [answer for answer in answers if _about_the_same(holds, answer)]
    old = before if before is not None and _about_the_same(holds, before) else None
    by = _texts(None if old is None else old.by, (answer.by for answer in mine))
    reason = _texts(None if old is None else old.reason, (answer.reason for answer in mine))
    was = None if old is None else old.decide_by
    days = [answer.decide_by for answer in mine if answer.decide_by not in (None, was)]
    until = min((day for day in days if day is not None), default=was)
    return replace(holds, by=by, reason=reason, decide_by=until)


def _about_the_same(holds: Answer, answer: Answer) -> bool:
    return answer.said in (holds.said, MEANS.get(holds.said), *OPEN)


def _texts(old: str | None, texts: Iterable[str | None]) -> str | None:
    """Return the texts that differ from the old one, side by side; else the old one."""
    changed = dict.fromkeys(text for text in texts if text is not None and text != old)
    return "; ".join(changed) or old
