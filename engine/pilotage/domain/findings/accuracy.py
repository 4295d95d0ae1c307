"""Accuracy: how well forecasts like those of a run did where they were tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Difference(StrEnum):
    """In what the schools of a test differ in kind from those of a run."""

    SCHOOLS = "schools"  # invented ones against real ones
    SCALE = "scale"  # Ofsted's four grades against its report cards
    GRADE = "grade"  # another grade stands for leadership
    PHASES = "phases"  # a phase of the run was not tested


@dataclass(frozen=True)
class Share:
    """A measured share in [0, 1] with the ends of its interval, null where it has none."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class OutcomeAccuracy:
    """What the nearest back-test of an outcome found.

    Attributes
    ----------
    scenario
        Whose back-test it is.
    test
        Which of its tests, as the metrics name it.
    first_day, last_day
        The first and last day that its forecasts were made for.
    synthetic
        Whether its schools are invented.
    phases
        Of the schools tested, sorted.
    count
        Forecasts tested.
    happened
        The share of all of them where it happened.
    happened_in_top_tenth
        The share where it happened, of the tenth at the highest risk.
    found_in_top_tenth
        The share that this tenth holds of all cases where it happened.
    differs
        In what its schools differ in kind from the run's.
    """

    outcome: str
    scenario: str
    test: str
    first_day: date
    last_day: date
    synthetic: bool
    phases: tuple[str, ...]
    count: int
    happened: Share
    happened_in_top_tenth: Share
    found_in_top_tenth: Share
    differs: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Accuracy:
    """The nearest test of each outcome that a run forecasts; an outcome that is not ``tested`` has none.

    ``own_file``: the forecast comes from a file of the charity's own, which nothing here tests.
    """

    tested: tuple[OutcomeAccuracy, ...] = ()
    own_file: bool = False
