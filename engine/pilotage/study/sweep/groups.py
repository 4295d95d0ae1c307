"""The scenarios of a sweep in groups that share one forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.grid.members import Member
from pilotage.config.scenario import OF_FORECAST, Scenario
from pilotage.domain.checksums import Checksum
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError, PilotageError, Problem, ScenarioError, raise_all

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Gathered:
    """A group of scenarios with what was read for it: its schools, and of each scenario its case."""

    members: tuple[Member, ...]
    panel: SchoolPanel
    cases: tuple[Case, ...]


def forecast_rests_on(scenario: Scenario) -> str:
    """Return a checksum of all settings that shape a scenario's forecast."""
    tree = scenario.model_dump(mode="json")
    return Checksum().content([reduce(lambda part, name: part[name], key, tree) for key in OF_FORECAST]).hex


def groups_of(members: Sequence[Member]) -> list[tuple[Member, ...]]:
    """Return the scenarios in groups of one forecast, in the order of their first."""
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(forecast_rests_on(member.resolved.scenario), []).append(member)
    return [tuple(group) for group in groups.values()]


def gather_group(group: tuple[Member, ...], say: Say) -> Gathered:
    """Read the schools of a group once, and the leaders and posts of each of its scenarios.

    Raises
    ------
    ScenarioError, DataError
        With the problems of all its scenarios, each once.
    """
    panel = pipeline.read_panel(group[0].resolved, say)
    cases, faults = list[Case](), list[PilotageError]()
    for member in group:
        try:
            cases.append(pipeline.gather_pool(member.resolved, panel))
        except (ScenarioError, DataError) as error:
            faults.append(error)
    raise_together(faults)
    return Gathered(group, panel, tuple(cases))


def raise_together(faults: Sequence[PilotageError]) -> None:
    """Raise the problems of several errors as one, of the kind of the first; each problem once."""
    if faults:
        every: dict[Problem, None] = dict.fromkeys(problem for fault in faults for problem in fault.problems)
        raise_all(type(faults[0]), every)
