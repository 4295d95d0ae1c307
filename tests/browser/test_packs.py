"""Pages of packs in headless Chromium: no violation that axe finds, no request, nothing sideways, one printed page."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from pilotage.report.share.folder import write_pack
from tests.report.share.made import body, trustees

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = ("body/pack.html", "body/schools/101.html", "body/schools/103.html", "trustees/pack.html")

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs")
    for name, made in (("body", body), ("trustees", trustees)):
        pack = made(banner="Invented schools. Do not act on it.", caution="Part of England.")
        write_pack(pack, folder / name, force=False)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def _opened(browser: Browser, path: Path, width: int, scheme: str) -> tuple[Page, list[str]]:
    """Return a page, and what it asks for or complains of beyond itself."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    return page, wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_asks_for_nothing_and_fits(
    browser: Browser, packs: Path, name: str, width: int, scheme: str
) -> None:
    page, wrong = _opened(browser, packs / name, width, scheme)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == []
    page.close()


def test_the_first_tab_skips_to_the_content_and_a_name_opens_its_sheet(browser: Browser, packs: Path) -> None:
    page, _ = _opened(browser, packs / "body/pack.html", 1280, "light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="Alder School").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Alder School"
    page.close()


@pytest.mark.parametrize("name", PAGES[1:3])
def test_a_sheet_prints_on_one_page(browser: Browser, packs: Path, name: str) -> None:
    page, _ = _opened(browser, packs / name, 1280, "light")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.close()
