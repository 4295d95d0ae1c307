"""The guide in headless Chromium, opened from its folder: searched, read by all, and asking nobody for anything."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, sync_playwright

from tests.docs.site import build

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
LOOKED_AT = (  # a page of each kind: prose, code, equations, wide tables, lists of links
    *("index", "guide/first-hour", "guide/method", "guide/explaining-a-list", "planners/ask-answer-replan"),
    *("reference/rules", "reference/help", "reference/columns", "reference/decisions", "reference/glossary"),
    *("method/plan", "method/counterfactual", "reference/evidence", "reference/api", "planners/many-scenarios"),
    *("contributing/walks", "contributing/rule", "contributing/column"),
)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("guide") / "site")


@pytest.fixture(scope="module", params=["light", "dark"])
def browser(request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 900})
        opened.close()


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_can_be_read_by_all_and_asks_no_other_host(name: str, site: Path, browser: BrowserContext) -> None:
    page, asked, failed = browser.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto((site / f"{name}.html").as_uri())
    found = Axe().run(page, options={"runOnly": LEVELS}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:", "blob:"))] == []
    assert failed == []
    page.close()


def test_a_word_is_found_without_a_server(site: Path, browser: BrowserContext) -> None:
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.click("input.md-search__input")
    page.keyboard.type("local case")
    first = page.locator(".md-search-result__item a").first
    first.wait_for()
    first.click()
    page.wait_for_url("**/*.html?h=*")
    assert "local case" in page.content().lower()
    page.close()


def test_no_page_is_wider_than_a_phone(site: Path, browser: BrowserContext) -> None:
    page = browser.new_page()
    page.set_viewport_size({"width": 375, "height": 700})
    for name in LOOKED_AT:
        page.goto((site / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, name
    page.close()
