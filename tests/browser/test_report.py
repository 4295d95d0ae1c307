"""report.html as a person uses it, in headless Chromium: found, sorted, picked out, opened, printed, on a phone.

Every test fails on an error of the page, on anything that it writes to the console and on every request beyond the
file.
"""

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import textstat
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pilotage.case.record import RunRecord
from pilotage.domain.findings.accuracy import Accuracy, OutcomeAccuracy, Share
from pilotage.report.folder import write_run
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.page.page import page as page_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WORLDS = Path(__file__).resolve().parent.parent / "report" / "worlds.py"
SCRIPT_NAME = "<img src=x onerror=alert(1)>&amp;<script>alert(2)</script>"
EMOJI_NAME = "Oak 🌳 École"
LONG_NAME = "Saint " + "Bartholomew" * 27
COPIES = 8  # of the eight schools
STEP = 1000  # between the URNs of a school and of its copy
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
MOST_WORDS = 1500
HARDEST_GRADE = 9.0

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def worlds() -> ModuleType:
    spec = spec_from_file_location("browser_worlds", WORLDS)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _many(record: RunRecord) -> RunRecord:
    """Return the run with copies of its schools, some of which have names that a page may stumble over."""

    def copied(table: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([table.assign(urn=table["urn"] + STEP * copy) for copy in range(COPIES)], ignore_index=True)

    schools = copied(record.panel.schools)
    names = {1105: SCRIPT_NAME, 2105: EMOJI_NAME, 3105: LONG_NAME}
    phases = schools["phase"].where(schools["urn"] < 4000, "secondary")
    named = [names.get(int(urn), f"{name} {urn}") for urn, name in zip(schools["urn"], schools["name"], strict=True)]
    schools = schools.assign(name=named, phase=phases, trust=np.where(schools["urn"] % 2, "Ark", None))
    schools["disadvantaged_pupils"] = 40
    table = copied(record.forecast.table)
    draws = {name: np.tile(values, (COPIES, 1)) for name, values in record.forecast.draws.items()}
    leaders = record.pool.leaders.assign(easting=425_000.0, northing=[325_000.0, 335_000.0, 340_000.0])
    years = pd.DataFrame({"urn": schools["urn"], "year": 2016, "known_on": pd.Timestamp("2016-06-01")})
    years = years.assign(fsm6_share=0.2 + (schools["urn"] % 7) / 100, fsm_share=0.2, ks2_expected_share=0.6)
    panel = replace(record.panel, schools=schools.drop(columns="disadvantaged_pupils"), school_years=years)
    tested = _accuracy()
    return replace(
        record,
        panel=panel,
        urns=np.sort(schools["urn"].to_numpy(dtype=np.int64)),
        forecast=replace(record.forecast, table=table, draws=draws),
        pool=replace(record.pool, leaders=leaders),
        accuracy=tested,
    )


def _accuracy() -> Accuracy:
    day = pd.Timestamp("2014-04-30").date()
    shares = {"happened": Share(0.19), "happened_in_top_tenth": Share(0.27), "found_in_top_tenth": Share(0.25)}
    phases = ("primary", "secondary")
    return Accuracy((OutcomeAccuracy("leadership_fall", "s", "t", day, day, False, phases, 1135, **shares),))


@pytest.fixture(scope="module")
def report(worlds: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    record = _many(worlds.record())
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page_of(record, ranked_schools(record), placements(record)), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def sheet(browser: Browser, report: Path) -> Iterator[Page]:
    """Yield the page, opened; what it complains of or asks for fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened, complaints = context.new_page(), []
    opened.on("console", lambda message: complaints.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    opened.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    opened.on("request", lambda request: complaints.append(request.url) if request.url != report.as_uri() else None)
    opened.goto(report.as_uri())
    opened.wait_for_selector("html[data-ready]", state="attached")
    complaints[:] = [each for each in complaints if not each.startswith(report.as_uri())]
    yield opened
    assert complaints == []
    context.close()


def _names(sheet: Page) -> list[str]:
    return sheet.locator("#schools tbody th a").all_inner_texts()


def _column(sheet: Page, place: int) -> list[str]:
    cells: list[str] = sheet.locator(f"#schools tbody tr > :nth-child({place})").all_inner_texts()
    return cells


def test_a_school_is_found_by_name_urn_and_trust(sheet: Page) -> None:
    expect(sheet.locator("#schools tbody tr")).to_have_count(25)
    sheet.get_by_label("Search schools").fill("dogwood 3106")
    assert _names(sheet) == ["Dogwood School 3106"]
    sheet.get_by_label("Search schools").fill("5108")
    assert _names(sheet) == ["Fir School 5108"]
    sheet.get_by_label("Search schools").fill("ark elm")
    assert len(_names(sheet)) == COPIES
    sheet.get_by_label("Search schools").fill("no such school")
    assert "None of the schools fits" in sheet.locator("#schools tbody").inner_text()


def test_numbers_sort_as_numbers_and_unknown_comes_last_both_ways(sheet: Page) -> None:
    sheet.get_by_label("Rows").first.select_option("100")
    heading = sheet.locator("#schools thead th").nth(4)
    seen = {heading.get_attribute("aria-sort")}
    for _ in range(2):
        heading.click()
        sheet.wait_for_function(
            "seen => !seen.includes(document.querySelectorAll('#schools thead th')[4].ariaSort)", arg=[*seen]
        )
        seen = {heading.get_attribute("aria-sort")}
        sheet.wait_for_timeout(200)  # the rows are drawn in the next turn of the page
        shown = _column(sheet, 5)
        known = [int(text) for text in shown if text]
        assert shown[: len(known)] == [str(value) for value in known]
        assert len(shown) == 8 * COPIES
        assert shown.count("") == 2 * COPIES  # Cedar and the school without a gap
        ways = heading.get_attribute("aria-sort")
        assert known == sorted(known, reverse=ways == "descending")


def test_schools_are_picked_out_by_phase_status_and_trust(sheet: Page) -> None:
    sheet.get_by_label("Phase").select_option("secondary")
    expect(sheet.locator("#worry .dt-info")).to_contain_text("1 to 25 of 32 schools (picked out of 64)")
    sheet.get_by_label("Trust").select_option("Ark")
    expect(sheet.locator("#worry .dt-info")).to_contain_text("of 16 schools")
    sheet.get_by_role("button", name="Show all").click()
    expect(sheet.locator("#worry .dt-info")).to_contain_text("1 to 25 of 64 schools")
    sheet.get_by_label("Status in the plan").select_option("placed")
    assert sorted(_names(sheet)) == ['<b>&"x" 104', "Alder School 105"]
    sheet.get_by_role("button", name="Show all").click()
    sheet.get_by_label("Area", exact=True).select_option(label="East Midlands")
    expect(sheet.locator("#worry .dt-info")).to_contain_text("of 64 schools")


def test_a_sheet_opens_with_enter_closes_with_escape_and_gives_the_focus_back(sheet: Page) -> None:
    first = sheet.locator("#schools tbody a").first
    first.focus()
    name = first.inner_text()
    sheet.keyboard.press("Enter")
    opened = sheet.get_by_role("dialog")
    expect(opened).to_be_visible()
    expect(opened.get_by_role("heading", level=2)).to_have_text(name)
    assert sheet.evaluate("document.activeElement.closest('dialog') !== null")
    assert re.search(r"#school-\d+$", sheet.url)
    sheet.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    assert sheet.evaluate("document.activeElement.textContent") == name
    assert sheet.url.endswith("#worry")


def test_a_click_on_a_row_opens_its_sheet_and_a_similar_school_opens_another(sheet: Page) -> None:
    sheet.get_by_label("Search schools").fill("Alder School 105")
    sheet.locator("#schools tbody tr td").first.click()
    opened = sheet.get_by_role("dialog")
    text = opened.inner_text()
    for words in ("about 30 in 100 schools like this", "placed. The plan sends a leader there.", "210", "L1, L3"):
        assert words in text
    for words in ("Absence 6.0%", "2015/16: 60% reach the expected standard", "pilotage explain RUN --school 105"):
        assert words in text
    similar = opened.locator(".similar a")
    expect(similar).to_have_count(5)
    other = similar.first.inner_text()
    similar.first.click()
    expect(opened.get_by_role("heading", level=2)).to_have_text(other)
    opened.get_by_role("button", name="Close").click()
    expect(opened).to_be_hidden()


def test_an_address_opens_a_sheet_or_a_tab(sheet: Page, report: Path) -> None:
    sheet.goto(f"{report.as_uri()}#school-106")
    sheet.reload()
    expect(sheet.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text("Dogwood School 106")
    sheet.goto(f"{report.as_uri()}#rules")
    expect(sheet.locator("#rules")).to_be_visible()
    expect(sheet.get_by_role("dialog")).to_be_hidden()
    expect(sheet.locator("#worry")).to_be_hidden()


def test_tabs_are_walked_with_the_arrow_keys(sheet: Page) -> None:
    tabs = sheet.get_by_role("tab")
    titles = tabs.all_inner_texts()
    assert titles == [
        *("Worry about", "Placements", "Rules and what each cost", "How accurate has this been"),
        *("Areas", "Method and assumptions"),
    ]  # nothing to ask for and nobody supported: no tab without content
    tabs.first.focus()
    for title in titles[1:]:
        sheet.keyboard.press("ArrowRight")
        expect(sheet.get_by_role("tab", name=title)).to_have_attribute("aria-selected", "true")
        expect(sheet.get_by_role("tabpanel", name=title)).to_be_visible()
        assert sheet.get_by_role("tabpanel").count() == 1
    sheet.keyboard.press("ArrowRight")
    expect(tabs.first).to_be_focused()
    sheet.keyboard.press("End")
    expect(tabs.last).to_be_focused()
    sheet.keyboard.press("ArrowLeft")
    sheet.keyboard.press("Home")
    expect(tabs.first).to_be_focused()


def test_hostile_names_are_text_wherever_they_stand(sheet: Page) -> None:
    sheet.get_by_label("Search schools").fill("onerror")
    assert _names(sheet) == [SCRIPT_NAME]
    sheet.locator("#schools tbody a").click()
    expect(sheet.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(SCRIPT_NAME)
    sheet.keyboard.press("Escape")
    for name in (EMOJI_NAME, LONG_NAME, EMOJI_NAME.replace("É", "E")):
        sheet.get_by_label("Search schools").fill(name)
        assert _names(sheet) == [name.replace("Ecole", "École")]
    assert sheet.locator("img").count() == 0


def _paper(sheet: Page, file: Path) -> tuple[int, str]:
    """Return how many pages the printer makes of what is shown, and their text."""
    sheet.pdf(path=file, prefer_css_page_size=True)
    about = subprocess.run(["pdfinfo", str(file)], capture_output=True, check=True, text=True).stdout
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True, text=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", about).group(1)), text  # type: ignore[union-attr]


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo is not installed")
def test_a_sheet_prints_on_one_page_without_other_schools_and_leaders(sheet: Page, tmp_path: Path) -> None:
    for urn in (105, 3105):
        sheet.evaluate(f"location.hash = 'school-{urn}'")
        expect(sheet.get_by_role("dialog")).to_be_visible()
        pages, text = _paper(sheet, tmp_path / "sheet.pdf")
        assert pages == 1
        assert f"URN {urn}" in text
        assert "about 30 in 100 schools like this" in " ".join(text.split())
        assert "no judgement of anybody" in text
        assert "For the governors of this school" in text
        assert ("The plan sends a leader there." in text) == (urn == 105)
        others = ("Dogwood", "Beech", "Elm School", "Cedar", "HYPERLINK", "L1", "L3", "number 3", "Worry about")
        assert [words for words in others if words in text] == []


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo is not installed")
def test_the_whole_page_prints_every_tab(sheet: Page, tmp_path: Path) -> None:
    pages, text = _paper(sheet, tmp_path / "whole.pdf")
    words = " ".join(text.split())
    assert pages < 20
    titles = ("Who goes where", "Worry about", "at most 2 placements in Derby", "A forecast is not an effect", "Audit:")
    assert [title for title in titles if title not in words] == []
    assert "Absence 6.0%" in words  # reasons, which the screen keeps for the sheet


@pytest.mark.parametrize("width", [400, 768, 1280])
def test_nothing_sticks_out_sideways(sheet: Page, width: int) -> None:
    sheet.set_viewport_size({"width": width, "height": 900})
    for tab in sheet.get_by_role("tab").all():
        tab.click()
        assert sheet.evaluate("document.documentElement.scrollWidth") <= width
    sheet.evaluate("location.hash = 'school-3105'")
    expect(sheet.get_by_role("dialog")).to_be_visible()
    assert sheet.evaluate("document.getElementById('sheet').scrollWidth") <= width


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (400, "light")])
def test_no_rule_of_wcag_is_broken(sheet: Page, width: int, scheme: Any) -> None:
    sheet.set_viewport_size({"width": width, "height": 900})
    sheet.emulate_media(color_scheme=scheme)
    broken: list[str] = []
    for tab in sheet.get_by_role("tab").all():
        tab.click()
        broken += _broken(sheet, tab.inner_text())
    sheet.evaluate("location.hash = 'school-105'")
    expect(sheet.get_by_role("dialog")).to_be_visible()
    broken += _broken(sheet, "a sheet")
    assert broken == []


def _broken(sheet: Page, where: str) -> list[str]:
    found = Axe().run(sheet, options={"runOnly": {"type": "tag", "values": list(RULES)}})
    return [
        f"{where}: {each['id']}: {each['nodes'][0]['html'][:120]}: {each['nodes'][0]['failureSummary'][:200]}"
        for each in found.response["violations"]
    ]


def test_the_keyboard_reaches_the_lists_first_by_the_skip_link(sheet: Page) -> None:
    sheet.keyboard.press("Tab")
    skip = sheet.get_by_role("link", name="Skip to the lists")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    sheet.keyboard.press("Enter")
    expect(sheet.locator("#parts")).to_be_focused()


VISIBLE_WORDS = """root => {
  const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (!around.closest('script, style, option, svg, dialog') && around.checkVisibility())
      words.push(...walker.currentNode.textContent.split(/\\s+/).filter(word => /\\w/.test(word)));
  }
  return words.length;
}"""


def test_the_first_screen_and_two_tabs_are_under_fifteen_hundred_words(sheet: Page) -> None:
    first = sheet.evaluate(VISIBLE_WORDS, "body")
    sheet.get_by_role("tab").nth(1).click()
    assert 200 < first + sheet.evaluate(VISIBLE_WORDS, "#placements") < MOST_WORDS


def test_the_prose_reads_like_a_newspaper(sheet: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    syllables = import_module("textstat.backend.counts._count_syllables")
    known = defaultdict(list, syllables.get_cmudict("en_US"))  # textstat hyphenates what gives an empty entry
    monkeypatch.setattr(syllables, "get_cmudict", lambda _: known)
    sentences = sheet.evaluate(
        "[...document.querySelectorAll('p, li, dd, figcaption')].filter(each => !each.closest('dialog, nav, .placed'))"
        ".map(each => each.textContent.trim().replace(/\\s+/g, ' ')).filter(text => text.split(' ').length > 7)"
    )
    plain = [re.sub(r"\b\w+\.(csv|json|xlsx|yaml|md)\b|\b[\w./-]+/[\w./-]+\b", "file", text) for text in sentences]
    plain = [re.sub(r"[£−]?\d[\d,.]*[%km]?", "six", text) for text in plain]  # a numeral is one short word
    prose = " ".join(text if text.endswith((".", "?")) else f"{text}." for text in plain)
    assert len(prose) > 2000
    assert textstat.flesch_kincaid_grade(prose) <= HARDEST_GRADE


def test_without_script_everything_is_there(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(report.as_uri())
    for key in ("worry", "placements", "rules", "accuracy", "areas", "method"):
        assert plain.locator(f"#{key}").is_visible()
    assert plain.locator("#schools tbody tr").count() == 25
    assert "Absence 6.0%" in plain.locator("#schools").inner_text()
    assert not plain.locator("#filters").is_visible()
    context.close()


def test_the_page_of_a_run_folder_shows_the_plan(browser: Browser, worlds: ModuleType, tmp_path: Path) -> None:
    folder = write_run(worlds.record(), tmp_path / "run", force=False)
    context = browser.new_context()
    opened = context.new_page()
    opened.goto((folder / "report.html").as_uri())
    opened.wait_for_selector("html[data-ready]", state="attached")
    text = opened.locator("body").inner_text()
    for words in ("Synthetic England", "Alder School", "A forecast is not an effect", "2 of 3 leaders matched", "L3"):
        assert words in text
    context.close()
