"""How heavy report.html is and how fast it answers, with as many schools as England has.

The schools of the sample are repeated under new URNs until there are ``--schools`` of them; the plan stays that of the
sample. The page is opened in headless Chromium as a file: ``open`` is the time from asking for it until its tables can
be used, ``sort`` and ``filter`` are each one change of the table of all schools until its rows are drawn, and
``search`` is a word typed into its box. Each figure is a median. The page before the tables (``--before``, a file) is
opened the same way, where one is given.

Usage: python benchmarks/page.py [--schools N] [--runs N] [--before FILE] [--keep FILE] [--no-write]
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright
from results import machine, write_section

from pilotage import pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import resolve
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.page.page import page

READY = "html[data-ready]"
DRAW = """change => new Promise(done => {
  const start = performance.now();
  change();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def main() -> None:
    """Make the page, open it, use it, print the figures and write their section."""
    parser = argparse.ArgumentParser(description="Size and speed of report.html.")
    parser.add_argument("--schools", type=int, default=21_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--keep", type=Path, help="where to keep the page")
    parser.add_argument("--no-write", action="store_true", help="print only, and leave RESULTS.md as it is")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = asked.keep or Path(folder) / "report.html"
        seconds = written(repeated(pipeline.run(resolve("baseline")), asked.schools), file)
        rows = [f"| size | {file.stat().st_size / 1e6:.1f} MB |", f"| made in | {seconds:.1f} s |"]
        rows += [f"| {name} | {value:.2f} s |" for name, value in measured(file, asked.runs).items()]
        if asked.before:
            rows += [
                f"| earlier page, {name} | {value:.2f} s |" for name, value in opened(asked.before, asked.runs).items()
            ]
    text = "\n".join([f"{asked.schools:,} schools; {machine()}", "", "| what | median |", "|---|---|", *rows])
    print(text)
    if not asked.no_write:
        write_section("Results of benchmarks/page.py", text)


def repeated(record: RunRecord, wanted: int) -> RunRecord:
    """Return the run with its schools repeated under new URNs."""
    times = -(-wanted // len(record.urns))
    step = int(record.panel.schools["urn"].max()) + 1

    def tiled(table: pd.DataFrame) -> pd.DataFrame:
        if "urn" not in table:
            return table
        return pd.concat([table.assign(urn=table["urn"] + step * copy) for copy in range(times)], ignore_index=True)

    names = ("schools", "inspections", "school_years", "results")
    panel = replace(record.panel, **{name: tiled(getattr(record.panel, name)) for name in names})
    urns = np.sort(np.concatenate([record.urns + step * copy for copy in range(times)]))[:wanted]
    draws = {name: np.tile(values, (times, 1)) for name, values in record.forecast.draws.items()}
    forecast = replace(record.forecast, table=tiled(record.forecast.table), draws=draws)
    return replace(record, panel=panel, urns=urns, forecast=forecast)


def written(record: RunRecord, file: Path) -> float:
    """Write the page and return the seconds that it took, its lists apart."""
    ranked, placed = ranked_schools(record), placements(record)
    start = time.perf_counter()
    file.write_text(page(record, ranked, placed), encoding="utf-8")
    return time.perf_counter() - start


def measured(file: Path, runs: int) -> dict[str, float]:
    """Return the medians of opening, sorting, filtering and searching, in seconds."""
    sorted_by = "() => document.querySelectorAll('#schools thead th')[5].click()"
    chosen = (
        "() => { const each = document.querySelector('#filters select[name=phase]');"
        " each.selectedIndex = each.selectedIndex === 1 ? 2 : 1;"
        " each.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    typed = (
        "() => { const box = document.querySelector('.dt-search input');"
        " box.value = box.value ? '' : 'high'; box.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    acts = {"sort": sorted_by, "filter": chosen, "search": typed}
    return opened(file, runs, lambda sheet: {name: drawn(sheet, act) for name, act in acts.items()})


def drawn(sheet: Page, change: str) -> float:
    """Return the seconds from a change until the browser has drawn it."""
    milliseconds: float = sheet.evaluate(f"({DRAW})({change})")
    return milliseconds / 1000


def opened(file: Path, runs: int, use: Callable[[Page], dict[str, float]] = lambda _: {}) -> dict[str, float]:
    """Return the medians of opening a file, each time in a fresh context, and of what is done with it then."""
    seconds: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(runs):
            sheet = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            figures: dict[str, Any] = {"open": _open(sheet, file)} | use(sheet)
            for name, value in figures.items():
                seconds.setdefault(name, []).append(value)
            sheet.context.close()
        browser.close()
    return {name: statistics.median(values) for name, values in seconds.items()}


def _open(sheet: Page, file: Path) -> float:
    """Open a file and return the seconds until it can be used: its script has run, where it has one."""
    start = time.perf_counter()
    sheet.goto(file.resolve().as_uri())
    if sheet.locator("script[type=module]").count():
        sheet.wait_for_selector(READY, state="attached")
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
