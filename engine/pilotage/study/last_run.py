"""The last run of a scenario: the newest folder of it beside the one that is written, or the one that is named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pilotage.case.read_back import AGAIN, ReadRun, read_run
from pilotage.case.run_list import runs_in
from pilotage.errors import DataError, Problem


@dataclass(frozen=True)
class LastRun:
    """The last run that can be read, if any; ``faults``: why newer ones cannot, one line for each."""

    run: ReadRun | None = None
    faults: tuple[str, ...] = ()


def last_run(scenario: str, folder: Path) -> LastRun:
    """Return the newest run of a scenario, by name, that lies right in a folder and whose audit held."""
    faults = list[str]()
    for listed in runs_in(folder):
        if listed.fault is None and (listed.scenario != scenario or not listed.audit_clean):
            continue
        try:
            return LastRun(read_run(listed.folder), tuple(faults))
        except DataError as error:
            faults.append(str(error.problems[0]))
        except OSError as error:
            faults.append(f"{listed.folder} cannot be read ({error.strerror or error})")
    return LastRun(None, tuple(faults))


def named_run(folder: Path) -> LastRun:
    """Return a run that is named as the last one.

    Raises
    ------
    DataError
        Where it cannot be read, or its audit failed.
    """
    run = read_run(folder)
    if not run.clean:
        what = "the audit of this run failed: its plan must not be used"
        raise DataError(Problem(f"--last {folder}", what, "a run whose audit held", AGAIN))
    return LastRun(run)
