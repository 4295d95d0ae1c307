"""The folders of runs, forecasts, areas and evaluations: which files, and what is in each (``case.writing``: how)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case import run_folder
from pilotage.case.forecast_table import forecast_bytes, forecast_rows
from pilotage.case.list_files import neutral
from pilotage.case.record import RunRecord
from pilotage.case.run_folder import ALTERNATIVES, FAILED, MANIFEST, SCHEMA_VERSION, FolderKind
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.checksums import sha256_of
from pilotage.domain.findings.areas import AreaState
from pilotage.domain.findings.evaluation import PREDICTION_COLUMNS, Evaluation
from pilotage.domain.forecast import FORECAST_COLUMNS, RiskForecast
from pilotage.domain.words import one_line, printable
from pilotage.errors import AuditError, Problem, raise_all
from pilotage.report.areas.columns import area_columns
from pilotage.report.areas.page import area_page
from pilotage.report.cards.card import card, scenario_cards
from pilotage.report.columns import PLACEMENTS, RANKED, SUPPORTED, UNPLACED, Column
from pilotage.report.internal import AUDIENCE
from pilotage.report.lists.alternatives import ALTERNATIVE_PLACEMENTS, alternative_placements
from pilotage.report.lists.ask_next import ASK_NEXT, ask_next
from pilotage.report.lists.asks import ASKS, asks
from pilotage.report.lists.ledger import LEDGER, ledger
from pilotage.report.lists.ranked_schools import only, placements, ranked_schools
from pilotage.report.lists.unplaced import unplaced_leaders
from pilotage.report.lists.worry_about import WORRY_ABOUT, worry_about
from pilotage.report.page.page import page
from pilotage.report.run import plan_json
from pilotage.report.workbook.book import write_workbook


def write_run(record: RunRecord, out: Path, *, force: bool, log: str = "") -> Path:
    """Write every file of a run into the folder ``out``; where its audit failed, each is marked by its name.

    ``log`` is what was said on the way, the text of ``run.log``.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or holds files that Pilotage did not write, or cannot be replaced.
    """
    return whole_folder(out, force, lambda folder: _run_files(record, folder, log))


def write_forecast(
    forecast: RiskForecast, out: Path, *, force: bool, synthetic: bool, data: Sequence[str] = ()
) -> Path:
    """Write forecast.csv, forecast.parquet (the same, plus draws as lists) and manifest.json into ``out``.

    ``data``: how old the data is and how much it covers, in words.

    Raises
    ------
    UsageError
        As for ``write_run``.
    """
    return whole_folder(out, force, lambda folder: _forecast_files(forecast, folder, synthetic, data))


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
        write_text(page, card(metrics, outcome))
        write_json(figures, metrics)
        written += [page, figures]
    return written


def refuse_failed(record: RunRecord, out: Path | None) -> None:
    """Refuse to call a run done whose audit failed, its folder (None where there is none) being written and marked.

    Raises
    ------
    AuditError
        With one problem for each check that does not hold.
    """
    tell = "tell who maintains Pilotage"
    do = (
        f"do not use the files in {out}; {tell}, with its {FAILED}audit.json" if out else f"do not use the plan; {tell}"
    )
    failed = record.failed_checks
    raise_all(AuditError, (Problem(f"audit, {check.name}", check.detail, "what the rules say", do) for check in failed))


def _run_files(record: RunRecord, folder: Path, log: str) -> None:
    start = time.perf_counter()
    ranked, placed = ranked_schools(record), placements(record)
    with ThreadPoolExecutor() as beside:  # what draws charts and what writes Parquet leave the other cores free
        drawn, packed = beside.submit(page, record, ranked, placed), beside.submit(forecast_bytes, record.forecast)
        forms = _lists_and_facts(record, folder, ranked, placed)
        write_workbook(record, ranked, placed, folder / run_folder.WORKBOOK)
        (folder / run_folder.FORECAST).write_bytes(packed.result())
        write_text(folder / run_folder.PAGE, drawn.result())
    stamp = {"audit_clean": record.clean}
    manifest = {"kind": FolderKind.RUN} | AUDIENCE | stamp | plan_json.manifest_facts(record)
    write_json(folder / MANIFEST, manifest | {"lists": forms, "files": _checksums(folder)})
    write_text(folder / run_folder.RUN_LOG, log)
    write_json(folder / run_folder.TIMINGS, stamp | plan_json.timing_facts(record, time.perf_counter() - start))
    if not record.clean:
        _mark(folder)


def _checksums(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file that was written, by its name."""
    return {path.name: sha256_of(path) for path in sorted(folder.iterdir())}


def _lists_and_facts(
    record: RunRecord, folder: Path, ranked: pd.DataFrame, placed: pd.DataFrame
) -> dict[str, dict[str, str]]:
    """Write the lists as CSV, the scenario, plan and audit; return the form of each list's columns."""
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
    settled = ledger(record)
    if len(settled):
        lists[run_folder.LEDGER] = (settled, LEDGER)
    for name, (table, columns) in lists.items():
        write_csv(table, columns, folder / name)
    write_text(folder / run_folder.SCENARIO, record.resolved_yaml)
    stamp = {"audit_clean": record.clean}
    write_json(folder / run_folder.PLAN, stamp | plan_json.plan_facts(record))
    write_json(folder / run_folder.AUDIT, stamp | plan_json.audit_facts(record))
    return {name: {column.name: column.form for column in columns} for name, (_, columns) in lists.items()}


def _mark(folder: Path) -> None:
    """Put ``FAILED`` before the name of every file, so that none is taken for a plan that may be used."""
    for path in sorted(folder.iterdir()):
        path.rename(path.with_name(f"{FAILED}{path.name}"))


def _forecast_files(forecast: RiskForecast, folder: Path, synthetic: bool, data: Sequence[str]) -> None:
    table = forecast_rows(forecast)
    texts = [column for column in RANKED if column.name in FORECAST_COLUMNS and column.form == "text"]
    write_csv(table, texts, folder / run_folder.FORECAST_LIST)  # unrounded: a plan from it is the run's own
    (folder / run_folder.FORECAST).write_bytes(forecast_bytes(forecast))
    outcomes = {name: vars(state) for name, state in forecast.outcomes.items()}
    stamp = {"as_of": forecast.as_of.isoformat(), "synthetic": {"schools": synthetic}, "outcomes": outcomes}
    write_json(folder / MANIFEST, {"kind": FolderKind.FORECAST} | AUDIENCE | stamp | {"data": list(data)})


def _area_files(state: AreaState, folder: Path) -> None:
    write_csv(state.gaps, area_columns(state.gaps), folder / run_folder.AREA_LIST)
    write_csv(state.leadership, area_columns(state.leadership), folder / run_folder.LEADERSHIP_LIST)
    write_text(folder / run_folder.AREA_PAGE, area_page(state))
    stamp = {"as_of": state.as_of.isoformat(), "synthetic": {"schools": state.synthetic}, "notes": list(state.notes)}
    stamp |= {"area_list": state.label, "key_stage": state.key_stage}
    write_json(folder / MANIFEST, {"kind": FolderKind.AREAS} | AUDIENCE | stamp)


def _evaluation_files(evaluation: Evaluation, folder: Path, versions: dict[str, str]) -> None:
    metrics = evaluation.metrics
    write_csv(evaluation.predictions[list(PREDICTION_COLUMNS)], (), folder / run_folder.PREDICTIONS)
    write_json(folder / run_folder.METRICS, metrics)
    write_text(folder / run_folder.CARD, scenario_cards(metrics))
    stamp = {"as_of": metrics["as_of"], "synthetic": {"schools": metrics["synthetic"]}, "inputs": metrics["inputs"]}
    write_json(folder / MANIFEST, {"kind": FolderKind.EVALUATION} | AUDIENCE | stamp | {"versions": versions})


def write_csv(frame: pd.DataFrame, columns: Iterable[Column], path: Path) -> None:
    r"""Write a list as Excel opens it: UTF-8 with a byte-order mark, ``\r\n``, missing blank.

    A text that a spreadsheet would take for a formula (it starts with ``=``, ``+``, ``-``, ``@``, a tab or a return)
    gets an apostrophe before it, so that it is shown and never run. Control characters are left out.
    """
    plain = frame.copy()
    for column in columns:
        values = plain[column.name]
        if column.form == "text":
            texts = [neutral(one_line(value) if isinstance(value, str) else value) for value in values]
            plain[column.name] = pd.Series(texts, index=values.index, dtype=object)
        elif pd.api.types.is_float_dtype(values):
            plain[column.name] = values.round(column.decimals)
    plain.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, control characters left out."""
    path.write_text(printable(text), encoding="utf-8", newline="\n")


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON file that says by which schema it is to be read."""
    stated = {"schema_version": SCHEMA_VERSION} | value
    write_text(path, json.dumps(_printable(stated), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _printable(value: Any) -> Any:
    """Return plain content with its texts ``printable``: JSON would keep control characters, written as codes."""
    if isinstance(value, dict):
        return {printable(str(key)): _printable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(each) for each in value]
    return printable(value) if isinstance(value, str) else value
