"""Decisions of all tables, put together: of different decisions about one thing the later table's holds.

Ledgers come first: they say what held before. A table of new decisions counts by what it changes, so that of two
people's workbooks of one run each keeps what the other left as it was. A file given later is the newer one. Where both
decisions have a day, the later day holds whatever the order. Within one file two decisions that differ need two days.
Owners, notes and days to decide by are kept, those of several tables together (``details``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pilotage.domain.answers import NOTED, OPEN, Answer, Answers, Asked
from pilotage.domain.decision_rows import MEANS
from pilotage.domain.inputs import DECISIONS, InputFile, Inputs, input_of
from pilotage.errors import Problem
from pilotage.sources.pool.answer_merge import merged, replaced_note
from pilotage.sources.pool.answer_tables import Within
from pilotage.sources.pool.settled.details import with_details
from pilotage.sources.pool.settled.tables import DecisionTable, read_decisions


@dataclass
class Decided:
    """The decisions that hold, those that have ended, what is wrong, and each decision replaced with the later one."""

    answers: dict[Asked, Answer] = field(default_factory=dict)
    ended: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    replaced: list[tuple[Answer, Answer]] = field(default_factory=list)
    inputs: list[InputFile] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

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
        """Return what was noticed on the way, and one sentence on decisions that later ones replaced."""
        return (*self.told, *replaced_note("decisions about one thing", self.replaced))


def decided(paths: Sequence[Path], within: Within) -> Decided:
    """Return what the tables of decisions say together, the later ones last."""
    result = Decided()
    files = [read_decisions(path, within) for path in paths]
    every = [table for file in files for table in file]
    for table in every:
        result.problems += table.problems
        result.told += table.notes
        result.ended += table.ended
    result.inputs += [input_of(path, DECISIONS, key="pool.decisions") for path in paths if path.is_file()]
    for table in (table for table in every if table.ledger):
        _add_ledger(result, table)
    before = dict(result.answers)
    said: dict[Asked, list[Answer]] = {}
    for file in files:
        for answer in _of_one_file([table for table in file if not table.ledger], result):
            said.setdefault(answer.asked, []).append(answer)
    for asked, answers in said.items():
        _add_changes(result, before.get(asked), answers)
    result.ended = _each_once(result)
    return result


def _add_ledger(result: Decided, table: DecisionTable) -> None:
    """Add the decisions of a ledger, one of each thing; those of a later ledger replace them."""
    one = merged(tuple(table.made))
    result.problems += one.problems
    for answer in one.answers:
        before = result.answers.get(answer.asked)
        holds = answer if before is None else _holds(result, before, answer)
        result.answers[answer.asked] = with_details(holds, before, [answer])


def _of_one_file(tables: Iterable[DecisionTable], result: Decided) -> list[Answer]:
    """Return the answers of a file, at most one settled one of each thing."""
    groups: dict[Asked, list[Answer]] = {}
    for answer in (answer for table in tables for answer in table.made):
        groups.setdefault(answer.asked, []).append(answer)
    made = list[Answer]()
    for answers in groups.values():
        settled = [answer for answer in answers if answer.said not in OPEN]
        fresh = [answer for answer in answers if answer.said in OPEN and settled and _later(answer, *settled)]
        one = merged((*settled, *fresh))
        result.problems += one.problems
        for before, now in one.replaced:
            _replace(result, before, now)
        made += [*(answer for answer in answers if answer not in settled and answer not in fresh), *one.answers]
    return made


def _add_changes(result: Decided, before: Answer | None, answers: list[Answer]) -> None:
    """Add what tables of new decisions say about one thing; ``before``: what held."""
    holds = before
    for answer in answers:
        if holds is None:
            holds = answer
        elif not _as_before(before, answer):
            holds = _holds(result, holds, answer)
    assert holds is not None
    result.answers[holds.asked] = with_details(holds, before, answers)


def _as_before(before: Answer | None, answer: Answer) -> bool:
    """Return whether an answer is what held before, and so changes nothing but details."""
    return before is not None and answer.said == before.said and answer.on in (None, before.on)


def _holds(result: Decided, before: Answer, now: Answer) -> Answer:
    """Return which of two answers about one thing holds; the other has ended, unless it was a note alone."""
    if now.said == before.said or MEANS.get(before.said) == now.said:
        return replace(before, on=max((day for day in (before.on, now.on) if day is not None), default=None))
    if now.said in OPEN and not _later(now, before) and not _more_than(now, before):
        _end(result, now)
        return before
    if before.said in OPEN:
        _end(result, before)
        return now
    older = before.on is not None and now.on is not None and now.on < before.on
    first, last = (now, before) if older else (before, now)
    _replace(result, first, last)
    return last


def _more_than(now: Answer, before: Answer) -> bool:
    """Return whether an open answer says more than another open one."""
    return before.said in OPEN and OPEN.index(now.said) > OPEN.index(before.said)


def _later(answer: Answer, *others: Answer) -> bool:
    """Return whether an answer is known to be later than others."""
    days = [other.on for other in others]
    return answer.on is not None and all(day is not None and answer.on > day for day in days)


def _end(result: Decided, answer: Answer) -> None:
    """Keep an answer that is no longer the newest; a note lives on in what holds."""
    if answer.said != NOTED:
        result.ended.append(answer)


def _replace(result: Decided, before: Answer, now: Answer) -> None:
    result.replaced.append((before, now))
    result.ended.append(before)


def _each_once(result: Decided) -> list[Answer]:
    """Return what has ended, each once: a workbook says again what its ledger has."""
    first: dict[tuple[Asked, str, date | None], Answer] = {}
    for answer in result.ended:
        first.setdefault((answer.asked, answer.said, answer.on), answer)
    holding = {(answer.asked, answer.said, answer.on) for answer in result.holding}
    return [answer for key, answer in first.items() if key not in holding]
