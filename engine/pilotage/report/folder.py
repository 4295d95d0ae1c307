"""The run folder: written aside, then renamed, so that it appears whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case import run_folder
from pilotage.case.forecast_table import forecast_bytes, forecast_rows
from pilotage.case.list_files import neutral
from pilotage.case.record import RunRecord
from pilotage.case.run_folder import ALTERNATIVES, FAILED, MANIFEST, RUN_FILES, SCHEMA_VERSION, FolderKind
from pilotage.domain.findings.areas import AreaState
from pilotage.domain.findings.evaluation import PREDICTION_COLUMNS, Evaluation
from pilotage.domain.forecast import FORECAST_COLUMNS, RiskForecast
from pilotage.errors import AuditError, Problem, UsageError, raise_all
from pilotage.report.areas.columns import area_columns
from pilotage.report.areas.page import area_page
from pilotage.report.cards.card import card, scenario_cards
from pilotage.report.columns import PLACEMENTS, RANKED, SUPPORTED, UNPLACED, Column
from pilotage.report.lists.alternatives import ALTERNATIVE_PLACEMENTS, alternative_placements
from pilotage.report.lists.ask_next import ASK_NEXT, ask_next
from pilotage.report.lists.asks import ASKS, asks
from pilotage.report.lists.ranked_schools import only, placements, ranked_schools
from pilotage.report.lists.unplaced import unplaced_leaders
from pilotage.report.lists.worry_about import WORRY_ABOUT, worry_about
from pilotage.report.run import plan_json
from pilotage.report.run.page import page
from pilotage.report.run.workbook import write_workbook

ASKED_FILES = frozenset((ALTERNATIVES, run_folder.ASKS))  # in a run folder where the scenario asks for them
FORECAST_FILES = frozenset(("forecast.csv", run_folder.FORECAST, MANIFEST))
AREA_FILES = {"areas.csv", "leadership.csv", "areas.html", MANIFEST}
EVALUATION_FILES = frozenset(("metrics.json", "predictions.csv", "card.md", MANIFEST))
PROBLEM_FILES = frozenset(("problem.json", "pairs.parquet"))
CLUTTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))  # left by file managers


def write_run(record: RunRecord, out: Path, *, force: bool, log: str = "") -> Path:
    """Write every file of a run into the folder ``out``; where its audit failed, each is marked by its name.

    ``log`` is what was said on the way, the text of ``run.log``.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or holds files that Pilotage did not write, or cannot be replaced.
    """
    return whole_folder(out, force, lambda folder: _run_files(record, folder, log))


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
        metrics = evaluation.metrics | {"outcomes": {outcome: evaluation.metrics["outcomes"][outcome]}}
        page = models / outcome / "cards" / f"{evaluation.scenario}.md"
        figures = models / outcome / "metrics" / f"{evaluation.scenario}.json"
        for path in (page, figures):
            path.parent.mkdir(parents=True, exist_ok=True)
        _write_text(page, card(metrics, outcome))
        _write_json(figures, metrics)
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
        fault = f"holds what Pilotage did not write: {', '.join(foreign[:5])}"
        raise UsageError(Problem(str(out), fault, "--force replaces only a run folder", "move it out, or name another"))


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
        fault, do = f"cannot be replaced ({error.strerror})", "close its files in Excel and the browser, and run again"
        raise UsageError(Problem(str(out), fault, "a folder that nothing holds open", do)) from None


def _run_files(record: RunRecord, folder: Path, log: str) -> None:
    start = time.perf_counter()
    ranked, placed = ranked_schools(record), placements(record)
    with ThreadPoolExecutor(max_workers=1) as beside:  # the renderer of the charts leaves the other cores free
        drawn = beside.submit(page, record, ranked, placed)
        _lists_and_facts(record, folder, ranked, placed)
        write_workbook(record, ranked, placed, folder / run_folder.WORKBOOK)
        _write_text(folder / run_folder.PAGE, drawn.result())
    _write_text(folder / run_folder.RUN_LOG, log)
    stamp = {"audit_clean": record.clean}
    _write_json(folder / run_folder.TIMINGS, stamp | plan_json.timing_facts(record, time.perf_counter() - start))
    if not record.clean:
        _mark(folder)


def _lists_and_facts(record: RunRecord, folder: Path, ranked: pd.DataFrame, placed: pd.DataFrame) -> None:
    """Write the lists as CSV, the forecast, the scenario, and what is known of plan, audit and run as JSON."""
    lists = {
        run_folder.RANKED: (ranked, RANKED),
        run_folder.WORRY: (worry_about(record), WORRY_ABOUT),
        run_folder.ASK_NEXT: (ask_next(record), ASK_NEXT),
        run_folder.PLACEMENTS: (only(placed, "place"), PLACEMENTS),
        run_folder.SUPPORT: (only(placed, "support")[[column.name for column in SUPPORTED]], SUPPORTED),
        run_folder.UNPLACED: (unplaced_leaders(record), UNPLACED),
    }
    if record.scenario.report.alternatives.count:
        lists[ALTERNATIVES] = (alternative_placements(record), ALTERNATIVE_PLACEMENTS)
    if record.scenario.pool.prospects is not None:
        lists[run_folder.ASKS] = (asks(record), ASKS)
    for name, (table, columns) in lists.items():
        write_csv(table, columns, folder / name)
    (folder / run_folder.FORECAST).write_bytes(forecast_bytes(record.forecast))
    _write_text(folder / run_folder.SCENARIO, record.resolved_yaml)
    stamp = {"audit_clean": record.clean}
    _write_json(folder / run_folder.PLAN, stamp | plan_json.plan_facts(record))
    _write_json(folder / run_folder.AUDIT, stamp | plan_json.audit_facts(record))
    forms = {name: {column.name: column.form for column in columns} for name, (_, columns) in lists.items()}
    manifest = {"kind": FolderKind.RUN} | stamp | plan_json.manifest_facts(record) | {"lists": forms}
    _write_json(folder / MANIFEST, manifest)


def _mark(folder: Path) -> None:
    """Put ``FAILED`` before the name of every file, so that none is taken for a plan that may be used."""
    for path in sorted(folder.iterdir()):
        path.rename(path.with_name(f"{FAILED}{path.name}"))


def _forecast_files(forecast: RiskForecast, folder: Path, synthetic: bool) -> None:
    table = forecast_rows(forecast)
    texts = [column for column in RANKED if column.name in FORECAST_COLUMNS and column.form == "text"]
    write_csv(table, texts, folder / "forecast.csv")  # figures unrounded: a plan from this file is the run's own
    (folder / run_folder.FORECAST).write_bytes(forecast_bytes(forecast))
    outcomes = {name: vars(state) for name, state in forecast.outcomes.items()}
    stamp = {"as_of": forecast.as_of.isoformat(), "synthetic": {"schools": synthetic}, "outcomes": outcomes}
    _write_json(folder / MANIFEST, {"kind": FolderKind.FORECAST} | stamp)


def _area_files(state: AreaState, folder: Path) -> None:
    write_csv(state.gaps, area_columns(state.gaps), folder / "areas.csv")
    write_csv(state.leadership, area_columns(state.leadership), folder / "leadership.csv")
    _write_text(folder / "areas.html", area_page(state))
    stamp = {"as_of": state.as_of.isoformat(), "synthetic": {"schools": state.synthetic}, "notes": list(state.notes)}
    stamp |= {"area_list": state.label, "key_stage": state.key_stage}
    _write_json(folder / MANIFEST, {"kind": FolderKind.AREAS} | stamp)


def _evaluation_files(evaluation: Evaluation, folder: Path, versions: dict[str, str]) -> None:
    metrics = evaluation.metrics
    write_csv(evaluation.predictions[list(PREDICTION_COLUMNS)], (), folder / "predictions.csv")
    _write_json(folder / "metrics.json", metrics)
    _write_text(folder / "card.md", scenario_cards(metrics))
    stamp = {"as_of": metrics["as_of"], "synthetic": {"schools": metrics["synthetic"]}, "inputs": metrics["inputs"]}
    _write_json(folder / MANIFEST, {"kind": FolderKind.EVALUATION} | stamp | {"versions": versions})


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


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON file that says by which schema it is to be read."""
    stated = {"schema_version": SCHEMA_VERSION} | value
    _write_text(path, json.dumps(stated, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
