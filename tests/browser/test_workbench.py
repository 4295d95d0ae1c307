"""The whole conversation with the workbench in real Chromium: nothing leaves the machine, no step has an axe fault."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from pilotage import assets
from pilotage.config.overlay import resolve
from tests.sources.setup.books import filled

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PICTURES = os.environ.get("PILOTAGE_PICTURES")  # a folder for a picture of each step, to be looked at
SECONDS = 240_000  # milliseconds that a step may take on a busy machine
SCENARIO = """\
# Agreed in May.
extends: baseline
name: north
why: The North East.
scope:
  regions: [North East]
"""

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "north.yaml").write_text(SCENARIO, encoding="utf-8")
    leaders = (assets.sample() / "leaders.csv").read_text(encoding="utf-8-sig")
    header, first, *rest = leaders.splitlines()
    cells = first.split(",")
    cells[header.split(",").index("level")] = "hedgehog"
    (folder / "leaders.csv").write_text("\n".join([header, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    filled(folder / "setup.xlsx", {"as_of": "soon"})
    return folder


@pytest.fixture(scope="module")
def address(desk: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    command = [sys.executable, "-m", "pilotage", "serve", "north.yaml", "--no-browser", "--port", str(port)]
    served = subprocess.Popen(command, cwd=desk, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/_stcore/health")
        yield url
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.wait(30)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 120
    while True:
        with contextlib.suppress(OSError), urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.5)


class Desk:
    """A page of the workbench, with what it asked for and what went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page, self.asked, self.faults = page, list[str](), list[str]()
        page.set_default_timeout(SECONDS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda opened: self.asked.append(opened.url))
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    @property
    def foreign(self) -> list[str]:
        """Return every request that is for another machine than this one."""
        return [url for url in self.asked if urlsplit(url).hostname not in ("127.0.0.1", None)]

    def step(self, name: str) -> None:
        """Go to a step and look at it."""
        self.page.locator("section[data-testid=stSidebar] label", has_text=name).first.click()
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        self.settled()

    def settled(self) -> None:
        """Wait until the page has shown everything."""
        self.page.wait_for_timeout(700)
        expect(self.page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=SECONDS)
        expect(self.page.locator("[data-stale=true]")).to_have_count(0, timeout=SECONDS)

    def click(self, name: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.settled()

    def fill(self, label: str, value: str) -> None:
        """Fill a field and leave it."""
        field = self.page.get_by_label(label, exact=True).first
        field.fill(value)
        field.press("Enter")
        self.settled()

    def says(self, words: str) -> None:
        """Expect words on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=SECONDS)

    def look(self, name: str) -> None:
        """Take a picture where one is wanted, and expect no fault of axe at level A or AA."""
        self.settled()
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
        rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
        faults = Axe().run(self.page, options=rules).response["violations"]
        assert [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in faults] == [], name


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
        browser.close()


def test_the_whole_conversation(address: str, browser_page: Page, desk: Path) -> None:
    window = Desk(browser_page)
    _set_up(window, address, desk)
    _ask(window)
    _answer(window)
    _compare_and_answer(window, desk)
    _export(window, desk)
    assert window.foreign == []
    assert window.faults == []


def _set_up(window: Desk, address: str, desk: Path) -> None:
    window.page.goto(address)
    window.says("Your tables")
    window.settled()
    window.look("1-set-up")
    with window.page.expect_download() as taken:
        window.page.get_by_role("button", name="Get a setup workbook to fill in").click()
    assert taken.value.path().read_bytes().startswith(b"PK")
    window.page.locator("input[type=file]").first.set_input_files(desk / "setup.xlsx")
    window.says("found 'soon'")
    window.says("Download the copy with these cells marked")
    window.look("2-bad-workbook")
    _type(window, FOURTH_ANSWER, "31/08/2016")
    window.click("Use the corrected answers")
    window.says("Open: tables/setup-2.xlsx.")
    expect(window.page.get_by_text("found 'soon'")).to_have_count(0)
    window.look("3-mended-workbook")
    window.fill("Or a scenario file, or a setup workbook, of your own (its path)", "north.yaml")
    window.click("Open the scenario")
    window.says("Open: north.yaml.")
    window.page.locator("input[type=file]").nth(1).set_input_files(desk / "leaders.csv")
    window.says("Please correct these cells:")
    window.look("3-bad-cell")
    _type(window, FIRST_LEVEL, "head")
    window.click("Use the corrected cells")
    window.says("In use: tables/leaders-2.csv, 120 rows.")
    expect(window.page.get_by_text("Please correct these cells:")).to_have_count(0)
    window.look("3-mended")


FOURTH_ANSWER, FIRST_LEVEL = (360, 157), (175, 50)  # pixels from the corner of the grid


def _type(window: Desk, place: tuple[int, int], text: str) -> None:
    """Type into a cell of the first grid."""
    grid = window.page.locator("[data-testid=stDataFrame] canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    window.page.mouse.click(box["x"] + place[0], box["y"] + place[1])
    window.page.wait_for_timeout(500)
    window.page.keyboard.press("Enter")
    window.page.wait_for_timeout(500)
    window.page.keyboard.press("Control+a")
    window.page.keyboard.type(text, delay=50)
    window.page.keyboard.press("Enter")
    window.settled()


def _ask(window: Desk) -> None:
    window.step("Question")
    window.says("151 schools in scope")
    window.page.get_by_text("What counts as need").click()
    window.fill("Weight: The gap of disadvantaged pupils", "2")
    window.says("Weight in need, the gap of disadvantaged pupils: 2 (before: 1)")
    expect(window.page.get_by_role("button", name="Take back: Leaders", exact=True)).to_be_visible()
    window.says("eligible pairs of a leader and a post, and some plan keeps all rules")
    window.look("4-question")
    window.click("Plan now")
    expect(window.page.get_by_role("heading", name="Answer", exact=True)).to_be_visible(timeout=SECONDS)
    window.says("The four lists")


def _answer(window: Desk) -> None:
    window.settled()
    window.page.wait_for_function("document.querySelector('img[alt^=\"Map of the schools\"]').naturalWidth > 100")
    window.look("5-answer")
    _choose_second_placement(window)
    window.click("Explain this school")
    window.says("Schools to worry about:")
    window.look("6-explained")
    window.fill("Why", "Its governors have their own candidate.")
    window.fill("Who asks for it", "Ann")
    window.click("Pin this leader here")
    window.says("Against Plan 1: north")
    window.look("7-pinned")


def _choose_second_placement(window: Desk) -> None:
    """Choose a row of a list: the sheet below shows its school."""
    school = window.page.get_by_role("combobox", name="School")
    before = school.input_value()
    window.page.get_by_role("tab", name="Placements").click()
    window.settled()
    grid = window.page.locator("[data-testid=stDataFrame]:visible canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    window.page.mouse.click(box["x"] + 18, box["y"] + 35 + 70 + 35)
    window.settled()
    expect(school).to_have_value(re.compile(": placed"))
    expect(school).not_to_have_value(before)


def _compare_and_answer(window: Desk, desk: Path) -> None:
    window.step("Compare")
    window.click("Compare")
    window.says("Settings that differ")
    pin = window.page.get_by_role("row").filter(has_text="Pin of")
    expect(pin).to_contain_text("Ann: Its governors have their own candidate.")
    expect(window.page.get_by_role("columnheader", name="What it makes alone")).to_be_visible()
    window.look("8-compared")
    window.step("Answers")
    window.look("9-answers")
    _refuse_first(window)
    window.look("9-refused")
    window.click("Plan again with these answers")
    window.says("Against Plan 2: north")
    (answers,) = (desk / "tables").glob("answers*.csv")
    assert answers.read_text(encoding="utf-8-sig").count("refused") == 1


def _refuse_first(window: Desk) -> None:
    """Choose an answer in the first row: the sixth column, after the leader, the post, the URN, level and school."""
    grid = window.page.locator("[data-testid=stDataFrame] canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    window.page.mouse.click(box["x"] + 20, box["y"] + 50)
    for key in (*["ArrowRight"] * 5, "Enter"):
        window.page.wait_for_timeout(300)
        window.page.keyboard.press(key)
    window.page.locator("#portal input").first.wait_for()
    window.page.keyboard.type("refused", delay=50)
    window.page.keyboard.press("Enter")
    window.settled()


def _export(window: Desk, desk: Path) -> None:
    window.step("Export")
    window.click("Save the run folder")
    window.says("Download the page")
    window.look("10-export")
    with window.page.expect_download() as taken:
        window.page.get_by_role("button", name="Download the page").click()
    assert "Synthetic England" in taken.value.path().read_text(encoding="utf-8")
    window.fill("Signed off by (blank: a draft)", "Ann Example")
    window.click("Make the pack")
    window.click("Make the sheet")
    window.look("11-shared")
    with window.page.expect_download() as taken:
        window.page.get_by_role("button", name="Download the governors' sheet").click()
    assert "Ann Example" in taken.value.path().read_text(encoding="utf-8")
    window.fill("File to write", "north.yaml")
    window.click("Save the scenario file")
    window.says("Saved as north.yaml")
    assert (desk / "north.yaml").read_text(encoding="utf-8").startswith("# Agreed in May.")
    assert resolve(str(desk / "north.yaml")).scenario.outcomes["gap_widening"].weight == 2.0
    assert len(list((desk / "runs").iterdir())) == 2
