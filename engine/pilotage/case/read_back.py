"""A run folder read back: its scenario, lists, plan, audit, forecast and manifest; or refused by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pydantic import ValidationError

from pilotage.case import run_folder
from pilotage.case.forecast_table import read_forecast_table
from pilotage.case.json_models import AuditFacts, Facts, ManifestFacts, PlanFacts
from pilotage.case.list_files import read_list
from pilotage.case.run_folder import FAILED, SCHEMA_VERSION, FolderKind
from pilotage.config.overlay import resolve
from pilotage.config.scenario import Scenario
from pilotage.domain.findings.explanation import Audit
from pilotage.domain.forecast import OutcomeState, RiskForecast
from pilotage.errors import DataError, Problem, ScenarioError, raise_all

AGAIN = "run the scenario again, and read that folder"
Read = TypeVar("Read", bound=Facts)


@dataclass(frozen=True)
class ReadRun:
    """One run as its folder has it.

    Attributes
    ----------
    folder
        Where it was read.
    clean
        Whether every audit of the run held; a run that is not clean must not be used.
    scenario, resolved_yaml
        The scenario as resolved. A file in it has its name alone: ``reload.scenario_again`` finds it.
    ranked, placements, unplaced, alternatives, asks
        The lists, in the order of their files, missing null; ``alternatives`` None where none were asked for, ``asks``
        None where there are no prospects.
    worry_about, ask_next, support
        The newer lists; None in a folder of an earlier version, whose ``placements`` hold the support too.
    forecast
        The forecast at full precision with its draws.
    """

    folder: Path
    clean: bool
    scenario: Scenario
    resolved_yaml: str
    ranked: pd.DataFrame
    placements: pd.DataFrame
    unplaced: pd.DataFrame
    alternatives: pd.DataFrame | None
    asks: pd.DataFrame | None
    worry_about: pd.DataFrame | None
    ask_next: pd.DataFrame | None
    support: pd.DataFrame | None
    plan: PlanFacts
    audit: Audit
    forecast: RiskForecast
    manifest: ManifestFacts


def read_run(folder: Path) -> ReadRun:
    """Return the run that a folder holds.

    Raises
    ------
    DataError
        With every problem found: no run folder, a file missing, a schema that this Pilotage does not read, a file that
        is damaged, or lists that do not belong to the plan.
    """
    manifest = read_manifest(folder)
    _expect_files(folder, manifest)
    problems: list[Problem] = []
    lists = {name: _list(folder, name, forms, problems) for name, forms in manifest.lists.items()}
    plan = _tried(folder, run_folder.PLAN, PlanFacts, problems)
    audit = _tried(folder, run_folder.AUDIT, AuditFacts, problems)
    forecast = _forecast(folder, manifest, problems)
    scenario = _scenario(folder, problems)
    if problems or plan is None or audit is None or forecast is None or scenario is None:
        raise DataError(problems)
    run = ReadRun(
        folder=folder,
        clean=manifest.audit_clean,
        scenario=scenario,
        resolved_yaml=path_of(folder, run_folder.SCENARIO).read_text(encoding="utf-8"),
        ranked=lists[run_folder.RANKED],
        placements=lists[run_folder.PLACEMENTS],
        unplaced=lists[run_folder.UNPLACED],
        alternatives=lists.get(run_folder.ALTERNATIVES),
        asks=lists.get(run_folder.ASKS),
        worry_about=lists.get(run_folder.WORRY),
        ask_next=lists.get(run_folder.ASK_NEXT),
        support=lists.get(run_folder.SUPPORT),
        plan=plan,
        audit=audit.audit,
        forecast=forecast,
        manifest=manifest,
    )
    _expect_one_run(run)
    return run


def read_manifest(folder: Path) -> ManifestFacts:
    """Return what the manifest of a run folder says.

    Raises
    ------
    DataError
        Where there is none, or none of a run, or none that can be read.
    """
    do = f"name a folder that `pilotage run` wrote; it holds {run_folder.MANIFEST}"
    if not folder.is_dir():
        raise DataError(Problem(str(folder), "no such folder", "a run folder", do))
    if not path_of(folder, run_folder.MANIFEST).is_file():
        raise DataError(Problem(str(folder), f"no {run_folder.MANIFEST} in it", "a run folder", do))
    stated = _json(folder, run_folder.MANIFEST)
    kind = stated.get("kind")
    if kind != FolderKind.RUN:
        raise DataError(Problem(str(folder), f"a folder of kind {kind!r}", "a run folder", do))
    return _facts(folder, run_folder.MANIFEST, ManifestFacts)


def read_plan(folder: Path) -> PlanFacts:
    """Return what plan.json of a run folder says.

    Raises
    ------
    DataError
        Where there is none that can be read.
    """
    return _facts(folder, run_folder.PLAN, PlanFacts)


def path_of(folder: Path, name: str) -> Path:
    """Return where a file of a run folder lies: of a run whose audit failed, each name is marked."""
    marked = folder / f"{FAILED}{name}"
    return marked if marked.is_file() else folder / name


def _expect_files(folder: Path, manifest: ManifestFacts) -> None:
    wanted = [*run_folder.READ_BACK, *(name for name in manifest.lists if name not in run_folder.READ_BACK)]
    missing = [name for name in wanted if not path_of(folder, name).is_file()]
    unlisted = [name for name in run_folder.LISTS if name not in manifest.lists]
    problems = [Problem(str(folder / name), "is not there", "every file of the run folder", AGAIN) for name in missing]
    where = str(path_of(folder, run_folder.MANIFEST))
    problems += [Problem(where, f"lists has no {name}", "each list with its columns", AGAIN) for name in unlisted]
    raise_all(DataError, problems)


def _json(folder: Path, name: str) -> dict[str, object]:
    """Return a JSON object of the schema that this Pilotage reads."""
    path = path_of(folder, name)
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise DataError(_damaged(path, f"not JSON from line {error.lineno} on")) from None
    except (ValueError, RecursionError):
        raise DataError(_damaged(path, "not JSON in UTF-8")) from None
    except OSError as error:
        raise DataError(_damaged(path, f"can't be opened ({error.strerror})")) from None
    if not isinstance(stated, dict):
        raise DataError(_damaged(path, "not a JSON object"))
    version = stated.get("schema_version")
    if version == SCHEMA_VERSION and not isinstance(version, bool):
        return stated
    newer = isinstance(version, int) and version > SCHEMA_VERSION
    fault = "no schema_version: written before there was one" if version is None else f"schema_version = {version!r}"
    do = "read it with the Pilotage that wrote it, or a later one" if newer else AGAIN
    raise DataError(Problem(str(path), fault, f"schema_version {SCHEMA_VERSION}, which this Pilotage reads", do))


def _facts(folder: Path, name: str, kind: type[Read]) -> Read:
    """Return what a JSON file says, typed."""
    _json(folder, name)
    path = path_of(folder, name)
    try:
        return kind.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise DataError([_damaged(path, _fault(dict(fault))) for fault in error.errors()]) from None


def _fault(fault: dict[str, Any]) -> str:
    """Return what is wrong with a key, in a planner's words."""
    key = ".".join(str(part) for part in fault["loc"])
    return f"{key} is missing" if fault["type"] == "missing" else f"{key} = {str(fault['input'])[:40]!r}"


def _tried(folder: Path, name: str, kind: type[Read], problems: list[Problem]) -> Read | None:
    try:
        return _facts(folder, name, kind)
    except DataError as error:
        problems += error.problems
        return None


def _list(folder: Path, name: str, forms: dict[str, str], problems: list[Problem]) -> pd.DataFrame:
    path = path_of(folder, name)
    try:
        return read_list(path.read_bytes(), forms)
    except ValueError as error:
        problems.append(_damaged(path, str(error)))
        return pd.DataFrame(columns=list(forms))


def _forecast(folder: Path, manifest: ManifestFacts, problems: list[Problem]) -> RiskForecast | None:
    path = path_of(folder, run_folder.FORECAST)
    try:
        tables = read_forecast_table(path.read_bytes())
    except ValueError as error:
        problems.append(_damaged(path, str(error)))
        return None
    outcomes = {
        name: OutcomeState(state.available, state.why, state.trained_on, state.base_rate)
        for name, state in manifest.outcomes.items()
    }
    return RiskForecast(manifest.as_of, tables.table, outcomes, tables.draws, tables.compared)


def _scenario(folder: Path, problems: list[Problem]) -> Scenario | None:
    path = path_of(folder, run_folder.SCENARIO)
    try:
        return resolve(str(path)).scenario
    except ScenarioError as error:
        problems += [_damaged(path, str(problem)) for problem in error.problems]
        return None


def _expect_one_run(run: ReadRun) -> None:
    """Raise where a list is not that of the plan: cut short, or of another run."""
    problems = []
    schools = np.sort(run.ranked["urn"].to_numpy(dtype=np.int64, na_value=-1))
    if not np.array_equal(schools, run.forecast.table["urn"].to_numpy()):
        forecast = f"{len(run.forecast.table):,}"
        problems.append((run_folder.RANKED, f"its {len(schools):,} schools are not the {forecast} of the forecast"))
    for name, rows, stated in _counted(run):
        if rows != stated:
            problems.append((name, f"{rows:,} rows, not the {stated:,} of the plan"))
    asked = 0 if run.asks is None else len(run.asks)
    if asked != (run.plan.asks or 0):
        problems.append((run_folder.ASKS, f"{asked:,} rows, not the {run.plan.asks or 0:,} of the plan"))
    if run.manifest.scenario != run.scenario.name:
        problems.append((run_folder.SCENARIO, f"name = {run.scenario.name!r}, not {run.manifest.scenario!r}"))
    if run.manifest.as_of != run.scenario.as_of:
        problems.append((run_folder.SCENARIO, f"as_of = {run.scenario.as_of}, not {run.manifest.as_of}"))
    raise_all(DataError, (_damaged(path_of(run.folder, name), fault) for name, fault in problems))


def _counted(run: ReadRun) -> list[tuple[str, int, int]]:
    """Return the rows of placements and of support, each by its file, with the number that the plan states."""
    placed, supported = run.plan.placements, run.plan.supported
    if run.support is None:
        return [(run_folder.PLACEMENTS, len(run.placements), placed + supported)]
    schools = [] if run.worry_about is None else [(run_folder.WORRY, len(run.worry_about), len(run.ranked))]
    of_support = (run_folder.SUPPORT, len(run.support), supported)
    return [(run_folder.PLACEMENTS, len(run.placements), placed), of_support, *schools]


def _damaged(path: Path, fault: str) -> Problem:
    return Problem(str(path), f"damaged: {fault}", "the file as Pilotage wrote it", f"bring it back, or {AGAIN}")
