"""Seconds from a changed weight to the new plan on the screen of the workbench, beside the command that plans the same.

Starts the real workbench and drives it in Chromium: the first plan fills what is kept, then the weight of the gap is
changed and planned again, several times. ``headline`` is the time from the Enter key in the field until the new plan's
sentence is there, ``whole page`` until nothing of the page is missing. The command beside it is ``pilotage run`` of the
same region with the same weight and a warm cache. Medians; all in one run, in turn.

Usage: python benchmarks/workbench.py [--region NAME] [--times N] [--no-write]
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, expect, sync_playwright
from results import machine, markdown, write_section

ROOT = Path(__file__).resolve().parents[1]
NAME, FIELD = "region", "Weight: The gap of disadvantaged pupils"
MILLISECONDS = 240_000
PATIENCE = 120  # seconds until the server answers
HEADLINE, WHOLE, COMMAND = "headline on the screen", "whole page on the screen", "`pilotage run`, the whole command"


def main() -> None:
    """Measure, print the table and write its section."""
    parser = argparse.ArgumentParser(description="Seconds from a changed weight to the new plan on the screen.")
    parser.add_argument("--region", default="London")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--no-write", action="store_true", help="print only, and leave RESULTS.md as it is")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        scenario = f"extends: baseline\nname: {NAME}\nwhy: One region.\nscope: {{regions: [{asked.region}]}}\n"
        (desk / f"{NAME}.yaml").write_text(scenario, encoding="utf-8")
        seconds = measured(desk, asked.times)
    rows = [[name, f"{statistics.median(each):.2f}", f"{max(each):.2f}"] for name, each in seconds.items()]
    what = f"`baseline` in {asked.region}, the weight of the gap changed {asked.times} times. {machine()}."
    text = f"{what}\n\n{markdown(('from the changed weight to', 'median s', 'slowest s'), rows)}"
    print(text)
    if not asked.no_write:
        write_section("Results of benchmarks/workbench.py", text)


def measured(desk: Path, times: int) -> dict[str, list[float]]:
    """Return the seconds of each change, on the screen and by the command."""
    seconds: dict[str, list[float]] = {HEADLINE: [], WHOLE: [], COMMAND: []}
    with served(desk) as address, page_of(address) as page:
        plan(page, 1)
        for number in range(2, times + 2):
            weight = str(1 + number / 2)
            headline, whole = change(page, number, weight)
            seconds[HEADLINE].append(headline)
            seconds[WHOLE].append(whole)
            seconds[COMMAND].append(by_command(desk, weight))
    return seconds


@contextmanager
def served(desk: Path) -> Iterator[str]:
    """Start the workbench on a port that is free, and end it after."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    command = [sys.executable, "-m", "pilotage", "serve", f"{NAME}.yaml", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, cwd=desk, start_new_session=True, stdout=subprocess.DEVNULL)
    address, until = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    try:
        while time.monotonic() < until:
            with suppress(OSError), urlopen(f"{address}/_stcore/health", timeout=5):
                break
            time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@contextmanager
def page_of(address: str) -> Iterator[Page]:
    """Open a window of the workbench."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(MILLISECONDS)
        page.goto(address)
        page.get_by_text("Your tables").wait_for()
        yield page
        browser.close()


def plan(page: Page, number: int) -> None:
    """Plan the question as it stands, and wait for the whole answer."""
    page.get_by_role("button", name="Plan now").click()
    page.get_by_text(f"Plan {number}: {NAME} is made.").wait_for()
    settled(page)


def settled(page: Page) -> None:
    """Wait until nothing of the page is missing."""
    page.get_by_role("button", name="Explain this school").wait_for()
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=MILLISECONDS)
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=MILLISECONDS)


def change(page: Page, number: int, weight: str) -> tuple[float, float]:
    """Change the weight and plan; return the seconds until the headline and until the whole page are there."""
    page.locator("section[data-testid=stSidebar] label", has_text="Question").first.click()
    page.get_by_text("What counts as need").click()
    field = page.get_by_label(FIELD, exact=True).first
    field.fill(weight)
    start = time.perf_counter()
    field.press("Enter")
    page.get_by_text("1 changed").wait_for()
    page.get_by_role("button", name="Plan now").click()
    page.get_by_text(f"Plan {number}: {NAME} is made.").wait_for()
    page.get_by_role("heading", name="modelled to add").wait_for()
    headline = time.perf_counter() - start
    settled(page)
    return headline, time.perf_counter() - start


def by_command(desk: Path, weight: str) -> float:
    """Return the seconds of the command that plans the same."""
    settings = ["--set", f"outcomes.gap_widening.weight={weight}", "--force", "--quiet", "--out", "by-command"]
    start = time.perf_counter()
    command = [sys.executable, "-m", "pilotage", "run", f"{NAME}.yaml", *settings]
    subprocess.run(command, cwd=desk, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
