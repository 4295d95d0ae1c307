"""A setup workbook in the place of a scenario: what is written beside it, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pilotage.cli.streams import say

if TYPE_CHECKING:
    from pilotage.case.run_list import ListedRun
    from pilotage.cli.options import PlanOutput
    from pilotage.config.overlay import Resolved

MOST = 10_000  # folders of results beside one workbook


def scenario_of(scenario: str, settings: list[str] | None) -> Resolved:
    """Return the scenario of a path, of a name, or of a setup workbook, with settings laid over it."""
    from pilotage.sources.setup import scenario as named
    from pilotage.sources.setup.table_faults import with_table_faults

    with with_table_faults(scenario):
        return named.scenario_of(scenario, settings or ())


@contextmanager
def correcting(scenario: str) -> Iterator[None]:
    """Where a setup workbook cannot be used, write a copy of it in which its faults are marked, and say so."""
    from pilotage.errors import DataError, InfeasibleError, ScenarioError

    try:
        yield
    except (ScenarioError, DataError, InfeasibleError) as error:
        from pilotage.sources.setup.corrections import write_corrections
        from pilotage.sources.setup.scenario import SUFFIXES

        path = Path(scenario)
        copy = write_corrections(path, error) if path.suffix.casefold() in SUFFIXES and path.is_file() else None
        if copy is not None:
            error.add_note(f"Written: {copy}, a copy in which these cells are marked. Correct them in {path}.")
        raise


def beside(scenario: str, output: PlanOutput) -> PlanOutput:
    """Return where a plan is written: beside a setup workbook, where the command names no folder."""
    from pilotage.sources.setup.scenario import is_workbook

    if output.out is not None or not is_workbook(scenario):
        return output
    path = Path(scenario)
    first = first_results(path)
    if output.force:
        return replace(output, out=first)
    numbered = (path.with_name(f"{first.name}-{number}") for number in range(2, MOST))
    return replace(output, out=next(folder for folder in (first, *numbered) if not folder.exists()))


def first_results(workbook: Path) -> Path:
    """Return the folder that the first run of a setup workbook makes."""
    return workbook.with_name(f"{workbook.stem}-results")


def runs_of(folder: Path) -> tuple[ListedRun, ...]:
    """Return the runs below a folder, or those beside a setup workbook that were made of it, newest first."""
    from pilotage.case.run_list import runs_below, runs_in
    from pilotage.sources.setup.scenario import is_workbook

    if not (folder.is_file() and is_workbook(str(folder))):
        return runs_below(folder)
    first = first_results(folder).name
    return tuple(run for run in runs_in(folder.parent) if re.fullmatch(rf"{re.escape(first)}(-\d+)?", run.folder.name))


def expect_file(scenario: str) -> None:
    """Refuse a setup workbook, where keys of a file are changed one by one.

    Raises
    ------
    UsageError
        Naming the scenario that a run of the workbook writes.
    """
    from pilotage.errors import Problem, UsageError
    from pilotage.sources.setup.scenario import is_workbook

    if is_workbook(scenario):
        do = f"run the workbook first; then name {Path(scenario).stem}-scenario.yaml, which the run writes beside it"
        raise UsageError(Problem(scenario, "is a setup workbook", "a scenario file, or a name in configs/", do))


def tell_scenario(scenario: str, output: PlanOutput) -> None:
    """Write the scenario that a setup workbook stands for beside it, and say so."""
    from pilotage.sources.setup.as_yaml import write_scenario
    from pilotage.sources.setup.corrections import first_copy
    from pilotage.sources.setup.scenario import is_workbook, set_up

    if is_workbook(scenario):
        path = Path(scenario)
        written, earlier = write_scenario(set_up(path)), first_copy(path)
        if not output.as_json:
            say(f"The same question as a scenario file: {written}")
            say(f"{earlier} is of an earlier try: you may delete it" if earlier.exists() else "", end="")
