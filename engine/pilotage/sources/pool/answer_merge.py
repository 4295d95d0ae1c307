"""Several tables of answers, put together: one answer of each party to each ask.

Equal answers are one, and what one of them leaves blank the other adds. Of different answers with different dates the
later holds, which a note says. Without two dates that differ, nobody can tell which holds: that is a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pilotage.domain.answers import AGREED, ASKED, STARTED, Answer, Answers, Asked
from pilotage.errors import Problem

MOST_NAMED = 5  # answers named in a note


@dataclass
class Merged:
    """What came of putting tables together: the answers, the problems, and each answer replaced, with the later one."""

    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    replaced: list[tuple[Answer, Answer]] = field(default_factory=list)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return one sentence on answers that a later one replaced; none where there are none."""
        return replaced_note("answers to one ask", self.replaced)


def replaced_note(what: str, replaced: Sequence[tuple[Answer, Answer]]) -> tuple[str, ...]:
    """Return one sentence on answers, each with the later one in its place; none where there are none."""
    if not replaced:
        return ()
    pairs = replaced[:MOST_NAMED]
    named = "; ".join(f"{_said(now)} in the place of {_said(old)}, for {now.asked.words}" for old, now in pairs)
    more = len(replaced) - MOST_NAMED
    return (f"Of different {what} the later holds: {named}{f'; and {more} more' if more > 0 else ''}.",)


def merged(answers: Answers) -> Merged:
    """Return one answer of each party to each ask."""
    groups: dict[tuple[Asked, str], list[Answer]] = {}
    for answer in answers:
        groups.setdefault((answer.asked, answer.party), []).append(answer)
    result = Merged()
    for group in groups.values():
        ordered = sorted(group, key=lambda answer: (answer.on is None, answer.on or date.min))
        result.answers.append(_one_of(ordered, result))
    return result


def _one_of(ordered: Iterable[Answer], result: Merged) -> Answer:
    """Return what holds of the answers of one party to one ask, which are sorted by date, those without date last."""
    first, *others = ordered
    holds = first
    for answer in others:
        dated = holds.on is not None and answer.on is not None and answer.on != holds.on
        if _agree(holds, answer):
            holds = _together(holds, answer)
        elif dated and answer.said == ASKED and holds.said in (AGREED, STARTED):
            result.problems.append(_before_the_ask(holds, answer))
        elif dated:
            result.replaced.append((holds, answer))
            holds = answer
        else:
            result.problems.append(_conflict(holds, answer))
    return holds


def _agree(one: Answer, other: Answer) -> bool:
    """Return whether two answers say the same, or one of them leaves blank what the other says."""
    blank = one.condition is None or other.condition is None
    return one.said == other.said and (blank or one.condition == other.condition)


def _together(one: Answer, other: Answer) -> Answer:
    """Return two answers that agree as one: the later date, every author and reason, and what either has."""
    by = sorted({name for text in (one.by, other.by) if text is not None for name in text.split("; ")})
    days = [day for day in (one.on, other.on) if day is not None]
    condition = one.condition if other.condition is None else other.condition
    reason = "; ".join(dict.fromkeys(text for text in (one.reason, other.reason) if text)) or None
    until = min((day for day in (one.decide_by, other.decide_by) if day is not None), default=None)
    made = replace(one, on=max(days, default=None), by="; ".join(by) or None, condition=condition)
    return replace(made, reason=reason, decide_by=until)


def _said(answer: Answer) -> str:
    return f"{answer.words} ({answer.place})"


def _in_full(answer: Answer) -> str:
    condition = "" if answer.condition is None else f", on the condition {answer.condition!r}"
    return f"{answer.words}{condition}"


def _before_the_ask(agreed: Answer, asked: Answer) -> Problem:
    what = f"{asked.asked.words}: {asked.words}, but {agreed.words} already ({agreed.where})"
    return Problem(
        asked.where, what, "an ask on or before the day of its answer", "correct one of the two dates", at=asked.spot
    )


def _conflict(one: Answer, other: Answer) -> Problem:
    first, second = sorted((one, other), key=lambda answer: (str(answer.file), answer.row))
    what = f"{second.asked.words}: {_in_full(second)}, but {_in_full(first)} in {first.where}"
    allowed = "one answer of each party, or several with different dates, of which the later holds"
    return Problem(
        second.where, what, allowed, "remove the one that no longer holds, or give both their dates", at=second.spot
    )
