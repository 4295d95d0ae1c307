"""How the rules of a question go together, asked at each change; and what would make a plan possible where none is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pilotage.case.case import Case
from pilotage.domain.findings.repair import Repair, Repairs, Way
from pilotage.errors import PilotageError, Problem
from pilotage.pipeline import NoPlanKeepsError
from pilotage.study.check import Checked, checked
from pilotage.study.repair.repairs import Broken, repairs
from pilotage.study.session.question import Question, with_edits, without_entry
from pilotage.study.session.reading import Reading, forecast_at_hand

Say = Callable[[str], None]


def _silent(_message: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Together:
    """How the rules of a question go together.

    Attributes
    ----------
    found
        What the check found; None where no plan keeps the rules, or they could not be stated.
    broken
        What a way out is looked for in, where no plan keeps the rules.
    """

    question: Question
    found: Checked | None
    problems: tuple[Problem, ...] = ()
    broken: Broken | None = None


def checked_together(question: Question, reading: Reading, case: Case) -> Together:
    """Check the rules of a question together, with its forecast where one is at hand; nothing is trained."""
    resolved = question.resolved
    try:
        return Together(question, checked(resolved, case, _silent, forecast_at_hand(reading, resolved)))
    except NoPlanKeepsError as error:
        return Together(question, None, error.problems, Broken(resolved, error.case, error.forecast))
    except PilotageError as error:
        return Together(question, None, error.problems)


def ways_out(together: Together, say: Say = _silent) -> Repairs:
    """Return what would make a plan possible, where no plan keeps the rules."""
    assert together.broken is not None
    return repairs(together.broken, say)


def with_repair(question: Question, repair: Repair) -> Question:
    """Return the question with the changes of a repair."""
    for change in repair.changes:
        if change.way is Way.REMOVE:
            question = without_entry(question, change.key)
        else:
            question = with_edits(question, {change.key: change.needed})
    return question
