"""A plan that was tried: made at once in memory, put into a folder where something is asked of it, saved when told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.case.read_back import ReadRun, read_run
from pilotage.case.record import RunRecord
from pilotage.case.run_log import logged
from pilotage.case.versions import fingerprint
from pilotage.domain.findings.comparison import LeaderChange
from pilotage.report.folder import write_run
from pilotage.report.lists.ranked_schools import placements
from pilotage.study.beyond import with_beyond
from pilotage.study.compare.runs import leader_changes, placed_in
from pilotage.study.explain.opened import Opened, opened_from
from pilotage.study.hangs_on import with_hangs_on
from pilotage.study.session.question import Question
from pilotage.study.session.reading import Reading, gathered, with_forecast

Say = Callable[[str], None]


@dataclass(frozen=True)
class Tried:
    """A plan of a session. ``number``: which plan of the session it is; ``folder``: where its working folder is made.

    ``record``: the run without what the plan hangs on, which is worked out when it is saved.
    """

    number: int
    question: Question
    case: Case
    record: RunRecord
    folder: Path

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"Plan {self.number}: {self.question.scenario.name}"


@dataclass(frozen=True)
class Planned:
    """What planning brings: the plan, and what was read and forecast for it."""

    tried: Tried
    reading: Reading


def try_plan(question: Question, reading: Reading, number: int, folder: Path, say: Say) -> Planned:
    """Plan a question, with what is at hand of its schools and their forecast; ``folder``: of the session.

    Raises
    ------
    ScenarioError, DataError, InfeasibleError, NoPlanInTimeError
        As ``pipeline.run``.
    """
    resolved = question.resolved
    say("Reading leaders and posts")
    reading, case = gathered(reading, resolved, say)
    reading, foreseen = with_forecast(reading, resolved, case, say)
    record = pipeline.plan(resolved, case, foreseen, say)
    return Planned(Tried(number, question, case, record, folder / f"plan-{number}"), reading)


def in_folder(tried: Tried) -> ReadRun:
    """Return the plan as its working folder has it; the folder is written where it is not there yet."""
    if not tried.folder.is_dir():
        write_run(tried.record, tried.folder, force=False)
    return read_run(tried.folder)


def opened_again(tried: Tried, say: Say) -> Opened:
    """Return the plan opened to be explained."""
    return opened_from(in_folder(tried), tried.question.resolved, tried.case, say)


def saved(tried: Tried, runs: Path, say: Say, *, force: bool = False) -> Path:
    """Write the whole run folder below ``runs``, as the command ``run`` does, and return it.

    Raises
    ------
    UsageError
        Where the folder is there already and ``force`` is not given, or it cannot be written.
    """
    resolved = tried.question.resolved
    with logged() as log:
        tell = log.heard(say)
        record = with_beyond(resolved, with_hangs_on(resolved, tried.record, tell), tell)
        tell("Writing the run folder")
        return write_run(record, run_folder(tried, runs), force=force, log=log.text)


def run_folder(tried: Tried, runs: Path) -> Path:
    """Return the folder of a plan below ``runs``: named by the scenario and its inputs, as the command ``run`` does."""
    name = tried.record.scenario.name
    return runs / f"{name}-{fingerprint(tried.record.resolved_yaml, tried.record.inputs)}"


def moves(before: Tried, after: Tried) -> tuple[LeaderChange, ...]:
    """Return each leader whose posts differ between two plans."""
    return tuple(leader_changes(placed_in(placements(before.record)), placed_in(placements(after.record))))
