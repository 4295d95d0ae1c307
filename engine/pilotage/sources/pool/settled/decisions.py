"""Decisions of all tables, put together: of different decisions about one thing the later table's holds.

A file given later is the newer one, as a table of new decisions beside the ledger of the run before. Where both
decisions have a day, the later day holds whatever the order. Within one file two decisions that differ need two days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pilotage.domain.answers import Answer, Answers, Asked
from pilotage.domain.inputs import DECISIONS, InputFile, Inputs, input_of
from pilotage.errors import Problem
from pilotage.sources.pool.answer_merge import merged, replaced_note
from pilotage.sources.pool.answer_tables import Within
from pilotage.sources.pool.settled.tables import read_decisions


@dataclass
class Decided:
    """The decisions that hold, those that have ended, what is wrong, and each decision replaced with the later one."""

    answers: dict[Asked, Answer] = field(default_factory=dict)
    ended: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    replaced: list[tuple[Answer, Answer]] = field(default_factory=list)
    inputs: list[InputFile] = field(default_factory=list)

    @property
    def holding(self) -> Answers:
        """Return the decisions that hold."""
        return tuple(self.answers.values())

    @property
    def files(self) -> Inputs:
        """Return the files that were read."""
        return tuple(self.inputs)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return one sentence on decisions that later ones replaced; none where there are none."""
        return replaced_note("decisions about one thing", self.replaced)


def decided(paths: Sequence[Path], within: Within) -> Decided:
    """Return what the tables of decisions say together, the later ones last."""
    result = Decided()
    for path in paths:
        made, ended, problems = read_decisions(path, within)
        result.problems += problems
        result.ended += ended
        if path.is_file():
            result.inputs.append(input_of(path, DECISIONS, key="pool.decisions"))
        one = merged(tuple(made))
        result.problems += one.problems
        for before, now in one.replaced:
            _replace(result, before, now)
        for answer in one.answers:
            _add(result, answer)
    return result


def _add(result: Decided, answer: Answer) -> None:
    """Add a decision of a later file."""
    before = result.answers.get(answer.asked)
    if before is not None and before.said != answer.said:
        older = before.on is not None and answer.on is not None and answer.on < before.on
        first, last = (answer, before) if older else (before, answer)
        _replace(result, first, last)
        result.answers[answer.asked] = last
    elif before is None or answer.on is not None or answer.reason is not None:
        result.answers[answer.asked] = answer


def _replace(result: Decided, before: Answer, now: Answer) -> None:
    result.replaced.append((before, now))
    result.ended.append(before)
