"""What can go wrong, and the exit code of each.

::

    PilotageError
    |-- UsageError        2  the command, or what it was pointed at
    |   `-- ScenarioError 2  a scenario: unknown key, wrong type, contradictory pins
    |-- DataError         3  files and tables: unreadable, wrong, empty scope
    |-- InfeasibleError   4  the hard rules cannot hold together
    |-- NoPlanInTimeError 5  no plan was found in the time allowed
    `-- AuditError        6  a plan was found and written, and its audit failed: it must not be used

Every error carries one or more :class:`Problem`, each of which says where, what was found, what is allowed and what
to do, so that all problems of one stage reach the planner at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

MOST_TOLD = 20  # problems of one error that are told in full


@dataclass(frozen=True)
class Spot:
    """A place in a planner's table, as a spreadsheet shows it.

    ``table``: the file, with its sheet, as messages name it. ``row``: 0 is the header. ``column``: by its header; empty
    where the whole row is meant. ``cell``: the cell's own name, such as ``Q5``, where no header stands above it.
    """

    table: str
    row: int = 0
    column: str = ""
    cell: str = ""

    @property
    def words(self) -> str:
        """Return the table and the row, as messages name them."""
        return f"{self.table}, row {self.row}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where - what was found - what is allowed - what to do.

    ``cells`` are the cells of a table that it is about, as (table, row, column), so that one fault is told once;
    ``key`` is the key of the scenario that it is about; ``at`` is the place in a table to look at, where ``cells`` do
    not say it.
    """

    where: str
    what: str
    allowed: str = ""
    do: str = ""
    cells: tuple[tuple[str, int, str], ...] = field(default=(), compare=False, repr=False)
    key: tuple[str, ...] = ()
    at: Spot | None = field(default=None, compare=False, repr=False)

    @property
    def spot(self) -> Spot | None:
        """Return the place in a table to look at; None where the problem is not about a table."""
        if self.at is not None or not self.cells:
            return self.at
        table, row, column = self.cells[-1]
        return Spot(table, row + 2, column)

    def __str__(self) -> str:
        return " - ".join(part for part in (self.where, self.what, self.allowed, self.do) if part)


class PilotageError(Exception):
    """Base of all errors that a planner can act on; ``exit_code`` is what the command returns.

    ``ways_out``: settings that may be changed instead, where none is wrong by itself, each with its place.
    """

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.ways_out: tuple[Problem, ...] = ()
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(PilotageError):
    """The command was called with something that it cannot use."""

    exit_code = 2


class ScenarioError(UsageError):
    """A scenario that does not hold together."""


class DataError(PilotageError):
    """A file or table that cannot be used."""

    exit_code = 3


class InfeasibleError(PilotageError):
    """The hard rules cannot hold together: not even the plan that places nobody keeps them."""

    exit_code = 4


class NoPlanInTimeError(PilotageError):
    """No plan was found within the time limit."""

    exit_code = 5


class AuditError(PilotageError):
    """The audit of a plan, or of an alternative to it, failed; its files are written, and marked."""

    exit_code = 6


def raise_all(kind: type[PilotageError], problems: Iterable[Problem]) -> None:
    """Raise ``kind`` with all the problems, if there is any."""
    every = tuple(problems)
    if every:
        raise kind(every)


def expect_extra(command: str, what: str, module: str, extra: str) -> Any:
    """Return a module that comes with an optional extra of Pilotage.

    Parameters
    ----------
    command
        The command or option that needs it, as ``--cluster``.
    what
        The product in words, as ``Dask``.

    Raises
    ------
    UsageError
        Where it is not installed, with what to install.
    """
    try:
        return import_module(module)
    except ImportError:
        allowed = f"an installation with the extra `{extra}`"
        do = f'install it: python -m pip install "pilotage[{extra}]"'
        raise UsageError(Problem(command, f"{what} is not installed", allowed, do)) from None


@contextmanager
def beside(problems: Sequence[Problem]) -> Iterator[None]:
    """Raise some problems of the data together with those that are raised within, or alone where none are."""
    try:
        yield
    except DataError as error:
        raise DataError((*problems, *error.problems)) from None
    raise_all(DataError, problems)


def told(problems: Sequence[Problem]) -> list[str]:
    """Return the problems in words, each once: the first twenty, and how many more there are where they are several."""
    every = list(dict.fromkeys(printable(str(problem)) for problem in problems))
    more = len(every) - MOST_TOLD
    return every if more <= 1 else [*every[:MOST_TOLD], f"and {more_problems(more)} of this kind"]


def more_problems(count: int) -> str:
    """Return how many more problems there are, in words."""
    return f"{count:,} more problem{'' if count == 1 else 's'}"


def printable(text: str) -> str:
    """Return a text without signs that a terminal does not print or that turn it round: they are shown as numbers."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else f"\\u{ord(sign):04x}" for sign in text)
