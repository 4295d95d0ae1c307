"""Bench: what one window of the workbench remembers. Another window has its own."""

from __future__ import annotations

import shutil
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pilotage.case.case import Case
from pilotage.config.leaf import Key
from pilotage.domain.findings.repair import Repair
from pilotage.errors import DataError, PilotageError, Problem, ScenarioError
from pilotage.sources.setup.answer_cells import AnswerCells
from pilotage.sources.setup.corrections import write_corrections
from pilotage.sources.setup.scenario import is_workbook
from pilotage.study.explain.opened import Opened
from pilotage.study.session import question as questions
from pilotage.study.session.answer_sheet import answers_of
from pilotage.study.session.checking import Together, checked_together, with_repair
from pilotage.study.session.job import Job
from pilotage.study.session.question import Question
from pilotage.study.session.reading import Reading, gathered
from pilotage.study.session.tables import OpenTable, TableRole, named_by, tables_of
from pilotage.study.session.tried import Planned, Tried, opened_again, try_plan

SET_UP, QUESTION, RUN, ANSWER, COMPARE, ANSWERS, EXPORT = STEPS = (
    *("Set up", "Question", "Run", "Answer", "Compare", "Answers", "Export"),
)
AT_ONCE = 3.0  # seconds of a check of all rules, beyond which the next one waits until it is asked for
RUNS, TABLES = Path("runs"), Path("tables")  # below the folder in which the workbench was started


def _silent(_message: str) -> None:
    """Say nothing."""


@dataclass
class Bench:
    """What a window remembers.

    Attributes
    ----------
    generation
        Grows whenever the form is to show other values than those that were typed.
    step, then
        The step that is shown next, None for the one that is shown now; and the one to show when the work is done.
    problems
        What is wrong with the last thing that was asked, until the next one.
    said
        What was done last, in a sentence.
    change_refused
        Whether a change was refused since the screen was last drawn: what was typed is then not what would be planned.
    answers
        The answers of the setup workbook that is open, or that could not be opened; None of another scenario.
    wrong, marked
        What is wrong with a setup workbook that could not be opened, and the copy of it in which that is marked.
    refused
        What is wrong with a file that was dropped in as a table and could not be used.
    before
        What was open before, where it has changes that the one which is open has not.
    of_one
        The file that was opened last, and the workbooks of which it is a corrected copy.
    home
        The folder of its plans, readable by its owner alone; it goes with the window.
    """

    question: Question | None = None
    reading: Reading = field(default_factory=Reading)
    plans: list[Tried] = field(default_factory=list)
    tables: dict[TableRole, OpenTable] = field(default_factory=dict)
    job: Job[Any] | None = None
    after: Callable[[Any], None] | None = None
    generation: int = 0
    problems: tuple[Problem, ...] = ()
    step: str | None = None
    then: str = ANSWER
    said: str = ""
    change_refused: bool = False
    answers: AnswerCells | None = None
    wrong: tuple[Problem, ...] = ()
    marked: Path | None = None
    refused: dict[TableRole, tuple[Problem, ...]] = field(default_factory=dict)
    before: Question | None = None
    of_one: frozenset[Path] = frozenset()
    home: Path = field(default_factory=lambda: Path(mkdtemp(prefix="pilotage-workbench-")))
    _checked: tuple[Question, Case | None, tuple[Problem, ...]] | None = None
    _together: Together | None = None
    _seconds: float = 0.0  # that the last check of all rules took
    _opened: tuple[Tried, Opened] | None = None

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.home, ignore_errors=True)

    @property
    def latest(self) -> Tried | None:
        """Return the newest plan."""
        return self.plans[-1] if self.plans else None

    def open(self, name: str) -> None:
        """Open a scenario or a setup workbook; the plans of the window stay.

        What is wrong with one that cannot be opened stays in ``wrong`` where its answers can be mended on the screen,
        else in ``problems``; of a workbook a copy is then written in which the cells are marked.
        """
        left, path = self.question, Path(name)
        self.problems, self.said, self.wrong, self.marked = (), "", (), None
        self.of_one = frozenset({path})
        try:
            self._take(questions.opened(name))
            self.before = left if left is not None and left.edits else None
        except (ScenarioError, DataError) as error:
            self.answers = answers_of(name)
            if is_workbook(name):
                self.marked = write_corrections(path, error)
            if self.answers is not None:
                self.wrong = error.problems
            else:
                self.problems = error.problems
                self.answers = None if left is None else answers_of(left.name)

    def open_corrected(self, path: Path) -> None:
        """Open the workbook with corrected answers, with the changes that were made here to the one before."""
        before, earlier = self.question, self.of_one
        self.open(str(path))
        self.of_one |= earlier
        if self.question is not None and self.question is not before and before is not None and before.file in earlier:
            self.problems = self._tried(questions.with_edits(self.question, before.edits))
            self._take(self.question)
            self.before = None

    def go_back(self) -> None:
        """Open what was open before, with the changes made to it."""
        if self.before is not None:
            self._take(self.before)
            self.before = None

    def read_again(self) -> None:
        """Read the scenario again from the disk, with the changes made here."""
        if self.question is not None:
            self._take(questions.read_again(self.question))

    def undo(self) -> None:
        """Drop every change."""
        if self.question is not None:
            self._take(questions.without_edits(self.question))

    def _take(self, question: Question) -> None:
        self.question, self.generation = question, self.generation + 1
        self.tables, self.answers = tables_of(question), answers_of(question.name)
        self.wrong, self.marked, self.refused = (), None, {}

    def use(self, table: OpenTable) -> tuple[Problem, ...]:
        """Let the question name a table; where that does not hold, nothing changes and the problems return."""
        assert self.question is not None
        edits: dict[Key, Any] = {}
        if table.role in (TableRole.LEADERS, TableRole.POSTS) and self.question.scenario.pool.source == "synthetic":
            edits["pool", "source"] = "files"
        edits["pool", table.role.value] = named_by(self.question, table, self.tables.get(table.role))
        problems = self._tried(questions.with_edits(self.question, edits))
        if not problems:
            self.tables[table.role] = table
            self.check_again()
        return problems

    def change(self, key: Key, value: Any) -> tuple[Problem, ...]:
        """Change a value of the question; where it would not hold together, nothing changes and the problems return."""
        assert self.question is not None
        return self._tried(questions.with_edits(self.question, {key: value}))

    def remove(self, key: Key) -> tuple[Problem, ...]:
        """Remove an entry of the question, as ``change``."""
        assert self.question is not None
        return self._tried(questions.without_entry(self.question, key))

    def _tried(self, question: Question) -> tuple[Problem, ...]:
        try:
            _ = question.resolved  # raises what is wrong with it
        except ScenarioError as error:
            self.change_refused = True
            return error.problems
        self.question = question
        return ()

    def remove_entry(self, key: Key) -> None:
        """Remove an entry of the question; what is wrong with that is shown at the top."""
        self.problems = self.remove(key)

    def take_back(self, key: Key) -> None:
        """Drop the change of a key alone; where the rest would not hold together, nothing changes."""
        assert self.question is not None
        self.problems = self._tried(questions.without_edit(self.question, key))
        if not self.problems:
            kept = {role: table for role, table in self.tables.items() if ("pool", role.value) != key}
            self.tables = tables_of(self.question) | kept
            self.generation += 1

    def go_to(self, step: str, then: str = ANSWER) -> None:
        """Show another step next; ``then``: the one to show when the work that goes on is done."""
        self.step, self.then = step, then

    def checked(self) -> tuple[Case | None, tuple[Problem, ...]]:
        """Return the case of the question, or what is wrong with it; nothing is forecast."""
        question = self.question
        assert question is not None
        if self._checked is None or self._checked[0] is not question:
            try:
                self.reading, case = gathered(self.reading, question.resolved, _silent)
                self._checked = question, case, ()
            except PilotageError as error:
                self._checked = question, None, error.problems
        return self._checked[1:]

    def together(self, *, asked: bool = False) -> Together | None:
        """Return how the rules of the question go together; None where that takes long and was not asked for."""
        question, (case, _) = self.question, self.checked()
        assert question is not None
        if case is None:
            return None
        if self._together is None or self._together.question is not question:
            if self._seconds > AT_ONCE and not asked:
                return None
            start = time.perf_counter()
            self._together = checked_together(question, self.reading, case)
            self._seconds = time.perf_counter() - start
        return self._together

    def repair(self, repair: Repair) -> None:
        """Change the question by a way out; what is wrong with that is shown at the top."""
        assert self.question is not None
        self.problems = self._tried(with_repair(self.question, repair))
        self.generation += 1

    def check_again(self) -> None:
        """Have the tables read again at the next check."""
        self._checked = self._together = None

    def plan(self) -> None:
        """Plan the question beside the screen."""
        question, reading = self.question, self.reading
        assert question is not None
        number, home = len(self.plans) + 1, self.home
        self.start(lambda say: try_plan(question, reading, number, home, say), self._planned)

    def _planned(self, planned: Planned) -> None:
        self.plans.append(planned.tried)
        self.reading, self._together = planned.reading, None  # the check can use its forecast from now on
        self.said = f"{planned.tried.name} is made."

    def start(self, work: Callable[[Callable[[str], None]], Any], after: Callable[[Any], None]) -> None:
        """Begin a piece of work; ``after`` takes its result."""
        self.problems, self.said = (), ""
        self.job, self.after = Job(work), after

    def finish(self) -> None:
        """Take the result of the work that has ended, and go to the step that it leads to."""
        job, after = self.job, self.after
        assert job is not None
        assert after is not None
        self.job = self.after = None
        if job.cancelled:
            self.said = "Cancelled. Nothing is half written: a folder is there whole, or not at all."
            return
        try:
            after(job.result)
        except PilotageError as error:
            self.problems = error.problems
            return
        if self.job is None:
            self.go_to(self.then)

    def opened(self, tried: Tried) -> Opened:
        """Return a plan opened to be explained; the last one stays open."""
        if self._opened is None or self._opened[0] is not tried:
            self._opened = tried, opened_again(tried, _silent)
        return self._opened[1]
