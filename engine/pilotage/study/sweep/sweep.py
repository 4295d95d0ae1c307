"""A sweep: every scenario of a grid file planned, each once, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pandas as pd

from pilotage import assets, pipeline
from pilotage.case.versions import versions
from pilotage.config.grid.members import Member
from pilotage.config.overlay import Resolved
from pilotage.config.refusals.located import located
from pilotage.domain.findings.sweep import Reason, Result, Sweep, Swept
from pilotage.domain.inputs import InputFile, Inputs, expect_unchanged, in_order
from pilotage.domain.progress import Progress
from pilotage.domain.words import plural
from pilotage.errors import DataError, InfeasibleError, PilotageError, Problem, ScenarioError
from pilotage.study.sweep.cluster import connected, planned_there
from pilotage.study.sweep.effects import moves
from pilotage.study.sweep.finished import forecast_checksum, keep_result, key_of, read_result
from pilotage.study.sweep.groups import Gathered, gather_group, groups_of, raise_together
from pilotage.study.sweep.local import planned_here
from pilotage.study.sweep.planned import Shared, Task, task_of
from pilotage.study.sweep.schools import school_choices

Say = Callable[[str], None]
Known = Callable[[Inputs], None]
Planner = Callable[[Shared, Sequence[Task]], Iterator[tuple[str, Result]]]


@dataclass(frozen=True)
class How:
    """How scenarios are planned.

    Attributes
    ----------
    jobs
        Processes at once on this machine; None = one for each core.
    cluster
        The address of a Dask scheduler, which plans them in the place of this machine.
    resume
        Whether results that an earlier sweep finished are taken over.
    """

    jobs: int | None = None
    cluster: str | None = None
    resume: bool = True


@dataclass(frozen=True)
class Read:
    """What was read for all scenarios: the groups, the last of them as read, every file, and facts of each school."""

    groups: list[tuple[Member, ...]]
    last: Gathered
    inputs: Inputs
    schools: pd.DataFrame


def sweep(resolved: Resolved, members: Sequence[Member], how: How, say: Say, known: Known) -> Sweep:
    """Plan every scenario of a sweep, and return all that came of it.

    Each result is kept as soon as it is there: a sweep that ends early goes on from what it has.

    Parameters
    ----------
    known
        Told of every file that was read, before any forecast is made.

    Raises
    ------
    ScenarioError, DataError
        With the problems of all scenarios, before any is planned; or where the cluster does not do the work.
    """
    with _planner(how) as planner:
        read = _read(groups_of(members), say)
        known(read.inputs)
        results: dict[int, Result] = {}
        for group in reversed(read.groups):  # the last is at hand
            gathered = read.last if group is read.groups[-1] else gather_group(group, say)
            for number, result in _results(gathered, planner, how.resume, say):
                results[number] = result
                done = f"{len(results):,} of {len(members):,} scenarios are planned"
                say(Progress(done, len(results), len(members)))
    expect_unchanged(read.inputs)
    return _sweep(resolved, members, results, read)


@contextmanager
def _planner(how: How) -> Iterator[Planner]:
    """Yield what plans tasks: this machine, or a cluster that answers."""
    if how.cluster is None:
        yield partial(planned_here, jobs=how.jobs)
        return
    with connected(how.cluster) as client:
        yield partial(planned_there, client)


def _read(groups: list[tuple[Member, ...]], say: Say) -> Read:
    """Read what every group needs, so that all that is wrong is said before any work."""
    faults, inputs, schools, last = list[PilotageError](), list[InputFile](), list[pd.DataFrame](), None
    for group in groups:
        say(f"Reading schools, leaders and posts for {plural(len(group), 'scenario')}")
        try:
            last = gather_group(group, say)
        except (ScenarioError, DataError) as error:
            faults.append(error)
            continue
        inputs += [each for case in last.cases for each in case.inputs]
        schools.append(last.panel.schools[["urn", "name", "authority", "phase"]])
    raise_together(faults)
    if last is None:
        raise ValueError("a sweep without scenarios")
    facts = pd.concat(schools).drop_duplicates("urn").set_index("urn")
    return Read(groups, last, tuple(in_order(set(inputs))), facts)


def _results(gathered: Gathered, planner: Planner, resume: bool, say: Say) -> Iterator[tuple[int, Result]]:
    """Yield the number and the result of each scenario of a group: first those that are finished already."""
    store, first = assets.store(), gathered.members[0].resolved
    say(f"Forecasting {len(gathered.cases[0].urns):,} schools")
    forecast = pipeline.foresee(first, gathered.cases[0], say)
    checksum = forecast_checksum(forecast)
    numbers: dict[str, list[int]] = {}
    tasks: list[Task] = []
    for member, case in zip(gathered.members, gathered.cases, strict=True):
        key = key_of(member.resolved, case, checksum)
        numbers.setdefault(key, []).append(member.number)
        if len(numbers[key]) == 1:
            tasks.append(task_of(key, member.resolved, case))
    finished = {task.key: read_result(store, task.key) if resume else None for task in tasks}
    done = ((key, result) for key, result in finished.items() if result is not None)
    left = [task for task in tasks if finished[task.key] is None]
    for key, result in done:
        yield from ((number, result) for number in numbers[key])
    for key, result in planner(Shared(gathered.panel, forecast, versions()), left):
        keep_result(store, key, result)
        yield from ((number, result) for number in numbers[key])


def _sweep(resolved: Resolved, members: Sequence[Member], results: dict[int, Result], read: Read) -> Sweep:
    scenario = resolved.scenario
    scenarios = tuple(_swept(member, results[member.number]) for member in members)
    return Sweep(
        scenario=scenario.name,
        why=scenario.why,
        as_of=scenario.as_of,
        synthetic=read.last.panel.synthetic,
        scenarios=scenarios,
        schools=school_choices(scenarios, read.schools),
        moves=moves(scenarios),
        inputs=read.inputs,
        resolved_yaml=resolved.yaml,
    )


def _swept(member: Member, result: Result) -> Swept:
    """Return a scenario with what came of it, its reasons with the lines that set what they name."""
    reasons = tuple(_reasons(member.resolved, result.problems))
    return Swept(member.number, member.settings, result.came, result.plan, reasons, member.drawn)


def _reasons(resolved: Resolved, problems: Sequence[Problem]) -> Iterator[Reason]:
    for problem in problems:
        try:
            with located(resolved.leaves):
                raise InfeasibleError(problem)
        except InfeasibleError as error:
            yield Reason(str(error), ".".join(problem.key) or None)
