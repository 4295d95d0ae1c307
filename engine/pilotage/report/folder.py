"""The run folder: written aside, then renamed, so that it appears whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.findings.areas import AreaState
from pilotage.domain.findings.evaluation import PREDICTION_COLUMNS, Evaluation
from pilotage.domain.forecast import FORECAST_COLUMNS, RiskForecast
from pilotage.errors import AuditError, Problem, UsageError, raise_all
from pilotage.report.areas.page import area_page
from pilotage.report.areas.state import area_columns
from pilotage.report.cards.card import card, scenario_cards
from pilotage.report.columns import PLACEMENTS, RANKED, UNPLACED, Column
from pilotage.report.lists.alternatives import OTHERS, alternative_placements
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.lists.unplaced import unplaced_leaders
from pilotage.report.run import plan_json
from pilotage.report.run.page import page
from pilotage.report.run.workbook import write_workbook

RUN_FILES = frozenset(
    (
        *("ranked_schools.csv", "placements.csv", "unplaced.csv", "plan.json", "audit.json", "scenario.resolved.yaml"),
        *("manifest.json", "report.xlsx", "report.html", "timings.json"),
    )
)
ASKED_FILES = frozenset(("alternatives.csv",))  # in a run folder where the scenario asks for them
FORECAST_FILES = frozenset(("forecast.csv", "forecast.parquet", "manifest.json"))
AREA_FILES = {"areas.csv", "leadership.csv", "areas.html", "manifest.json"}
EVALUATION_FILES = frozenset(("metrics.json", "predictions.csv", "card.md", "manifest.json"))
PROBLEM_FILES = frozenset(("problem.json", "pairs.parquet"))
FAILED = "FAILED-AUDIT-"  # before the name of every file of a run whose audit failed
CLUTTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))  # left by file managers
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_run(record: RunRecord, out: Path, *, force: bool) -> Path:
    """Write every file of a run into the folder ``out``; where its audit failed, each is marked by its name.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or holds files that Pilotage did not write, or cannot be replaced.
    """
    return whole_folder(out, force, lambda folder: _run_files(record, folder))


def write_forecast(forecast: RiskForecast, out: Path, *, force: bool, synthetic: bool) -> Path:
    """Write forecast.csv, forecast.parquet (the same, plus draws as lists) and manifest.json into ``out``.

    Raises
    ------
    UsageError
        As for ``write_run``.
    """
    return whole_folder(out, force, lambda folder: _forecast_files(forecast, folder, synthetic))


def write_areas(state: AreaState, out: Path, *, force: bool) -> Path:
    """Write areas.csv, leadership.csv, areas.html and manifest.json into ``out``.

    Raises
    ------
    UsageError
        As for ``write_run``.
    """
    return whole_folder(out, force, lambda folder: _area_files(state, folder))


def write_evaluation(evaluation: Evaluation, out: Path, versions: dict[str, str], *, force: bool) -> Path:
    """Write metrics.json, predictions.csv, card.md (the cards of every outcome) and manifest.json into ``out``.

    Raises
    ------
    UsageError
        As for ``write_run``.
    """
    return whole_folder(out, force, lambda folder: _evaluation_files(evaluation, folder, versions))


def write_cards(evaluation: Evaluation, models: Path) -> list[Path]:
    """Write the card and the metrics of each outcome into ``models/<outcome>/``, and return what was written."""
    written = []
    for outcome in evaluation.metrics["outcomes"]:
        one = evaluation.metrics | {"outcomes": {outcome: evaluation.metrics["outcomes"][outcome]}}
        page = models / outcome / "cards" / f"{evaluation.scenario}.md"
        figures = models / outcome / "metrics" / f"{evaluation.scenario}.json"
        for path in (page, figures):
            path.parent.mkdir(parents=True, exist_ok=True)
        _write_text(page, card(one, outcome))
        _write_json(figures, one)
        written += [page, figures]
    return written


def refuse_existing(out: Path, *, force: bool) -> None:
    """Refuse a folder that exists, unless ``force`` and it holds only what Pilotage writes.

    Raises
    ------
    UsageError
        Saying what is there and what to do.
    """
    if not out.exists() and not out.is_symlink():
        return
    if not force:
        raise UsageError(Problem(str(out), "already exists", "a new folder", "name another, or replace it by --force"))
    foreign = _foreign(out)
    if foreign:
        found = f"holds what Pilotage did not write: {', '.join(foreign[:5])}"
        raise UsageError(Problem(str(out), found, "--force replaces only a run folder", "move it out, or name another"))


def refuse_failed(record: RunRecord, out: Path) -> None:
    """Refuse to call a run done whose audit failed, its folder being written and marked.

    Raises
    ------
    AuditError
        With one problem for each check that does not hold.
    """
    do = f"do not use the files in {out}; tell who maintains Pilotage, with its {FAILED}audit.json"
    failed = record.failed_checks
    raise_all(AuditError, (Problem(f"audit, {check.name}", check.detail, "what the rules say", do) for check in failed))


def _foreign(out: Path) -> list[str]:
    if not out.is_dir() or out.is_symlink():
        return [out.name]
    ours = RUN_FILES | ASKED_FILES | FORECAST_FILES | AREA_FILES | EVALUATION_FILES | PROBLEM_FILES | CLUTTER
    names = sorted(path.name for path in out.iterdir())
    return [name for name in names if name.removeprefix(FAILED) not in ours and not name.startswith("~$")]


def whole_folder(out: Path, force: bool, fill: Callable[[Path], None]) -> Path:
    """Fill a folder beside ``out`` and rename it; whatever fails, nothing half-made stays."""
    refuse_existing(out, force=force)
    aside = _beside(out, "writing")
    aside.mkdir(parents=True)
    try:
        fill(aside)
        _replace(out, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return out


def _beside(out: Path, what: str) -> Path:
    full = out.resolve()
    return full.parent / f".{full.name}.{what}-{os.getpid()}"


def _replace(out: Path, ready: Path) -> None:
    """Move the old folder aside, put the new one in its place, then delete the old one; undo on failure."""
    if not out.exists():
        ready.rename(out)
        return
    old = _beside(out, "old")
    _move_aside(out, old)
    try:
        ready.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _move_aside(out: Path, old: Path) -> None:
    try:
        out.rename(old)
    except OSError as error:
        found, do = f"cannot be replaced ({error.strerror})", "close its files in Excel and the browser, and run again"
        raise UsageError(Problem(str(out), found, "a folder that nothing holds open", do)) from None


def _run_files(record: RunRecord, folder: Path) -> None:
    start = time.perf_counter()
    ranked, placed = ranked_schools(record), placements(record)
    write_csv(ranked, RANKED, folder / "ranked_schools.csv")
    write_csv(placed, PLACEMENTS, folder / "placements.csv")
    write_csv(unplaced_leaders(record), UNPLACED, folder / "unplaced.csv")
    if record.scenario.report.alternatives.count:
        write_csv(alternative_placements(record), OTHERS, folder / "alternatives.csv")
    _write_text(folder / "scenario.resolved.yaml", record.resolved_yaml)
    stamp = {"audit_clean": record.clean}
    _write_json(folder / "plan.json", stamp | plan_json.plan_facts(record))
    _write_json(folder / "audit.json", stamp | plan_json.audit_facts(record))
    _write_json(folder / "manifest.json", stamp | plan_json.manifest_facts(record))
    write_workbook(record, ranked, placed, folder / "report.xlsx")
    _write_text(folder / "report.html", page(record, ranked, placed))
    _write_json(folder / "timings.json", stamp | plan_json.timing_facts(record, time.perf_counter() - start))
    if not record.clean:
        _mark(folder)


def _mark(folder: Path) -> None:
    """Put ``FAILED`` before the name of every file, so that none is taken for a plan that may be used."""
    for path in sorted(folder.iterdir()):
        path.rename(path.with_name(f"{FAILED}{path.name}"))


def _forecast_files(forecast: RiskForecast, folder: Path, synthetic: bool) -> None:
    table = forecast.table[list(FORECAST_COLUMNS)].reset_index(drop=True)
    texts = [column for column in RANKED if column.name in FORECAST_COLUMNS and column.form == "text"]
    write_csv(table, texts, folder / "forecast.csv")  # figures unrounded: a plan from this file is the run's own
    drawn = {f"{name}_draws": pd.Series(list(draws)) for name, draws in sorted(forecast.draws.items())}
    table.assign(**drawn).to_parquet(folder / "forecast.parquet", index=False)
    outcomes = {name: vars(state) for name, state in forecast.outcomes.items()}
    stamp = {"as_of": forecast.as_of.isoformat(), "synthetic": {"schools": synthetic}, "outcomes": outcomes}
    _write_json(folder / "manifest.json", stamp)


def _area_files(state: AreaState, folder: Path) -> None:
    write_csv(state.gaps, area_columns(state.gaps), folder / "areas.csv")
    write_csv(state.leadership, area_columns(state.leadership), folder / "leadership.csv")
    _write_text(folder / "areas.html", area_page(state))
    stamp = {"as_of": state.as_of.isoformat(), "synthetic": {"schools": state.synthetic}, "notes": list(state.notes)}
    _write_json(folder / "manifest.json", stamp | {"area_list": state.label, "key_stage": state.key_stage})


def _evaluation_files(evaluation: Evaluation, folder: Path, versions: dict[str, str]) -> None:
    metrics = evaluation.metrics
    write_csv(evaluation.predictions[list(PREDICTION_COLUMNS)], (), folder / "predictions.csv")
    _write_json(folder / "metrics.json", metrics)
    _write_text(folder / "card.md", scenario_cards(metrics))
    stamp = {"as_of": metrics["as_of"], "synthetic": {"schools": metrics["synthetic"]}, "inputs": metrics["inputs"]}
    _write_json(folder / "manifest.json", stamp | {"versions": versions})


def write_csv(frame: pd.DataFrame, columns: Iterable[Column], path: Path) -> None:
    r"""Write a list as Excel opens it: UTF-8 with a byte-order mark, ``\r\n``, missing blank.

    A text that a spreadsheet would take for a formula (it starts with ``=``, ``+``, ``-``, ``@``, a tab or a return)
    gets an apostrophe before it, so that it is shown and never run.
    """
    plain = frame.copy()
    for column in columns:
        values = plain[column.name]
        if column.form == "text":
            plain[column.name] = pd.Series([neutral(value) for value in values], index=values.index, dtype=object)
        elif pd.api.types.is_float_dtype(values):
            plain[column.name] = values.round(column.decimals)
    plain.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def neutral(text: object) -> object:
    """Return ``text``, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_json(path: Path, value: dict[str, Any]) -> None:
    _write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
