"""compare.html in headless Chromium: it asks the network for nothing, and fits a phone."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pilotage.domain.findings.comparison import Setting, SettingWords
from pilotage.report.compare.page import compare_page
from tests.report.compare.made import comparison

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page that compares two runs, with a name and a setting that no line holds."""
    found = comparison()
    name = "very-long-name-" * 9
    wide = Setting(f"rules.{name}", "{}", None, SettingWords(f"Rule {name}", "100000," * 40, None))
    found = replace(found, schools={1: "Ash" * 60, 2: "Beech"}, settings=(*found.settings, wide), attribution=None)
    path = tmp_path_factory.mktemp("compared") / "compare.html"
    path.write_text(compare_page(found), encoding="utf-8")
    return path


def _chromium(folder: Path, *arguments: str) -> str:
    command = [str(CHROMIUM), *FLAGS, *QUIET, f"--user-data-dir={folder / 'profile'}", *arguments]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, encoding="utf-8")
    return done.stdout


def _fetched(page: str, folder: Path) -> int:
    """Return how many further resources a page asks for."""
    count = "onload=()=>{document.title='asked '+performance.getEntriesByType('resource').length}"
    (folder / "counted.html").write_text(page.replace("</body>", f"<script>{count}</script></body>"), encoding="utf-8")
    dom = _chromium(folder, "--virtual-time-budget=4000", "--dump-dom", (folder / "counted.html").as_uri())
    found = re.search(r"<title>asked (\d+)</title>", dom)
    assert found is not None
    return int(found.group(1))


def test_the_page_of_a_comparison_asks_for_nothing_else(compared: Path, tmp_path: Path) -> None:
    page = compared.read_text(encoding="utf-8")
    assert _fetched(page, tmp_path) == 0
    leak = '<img src="http://pilotage.invalid/pixel.png" alt=""></body>'
    assert _fetched(page.replace("</body>", leak), tmp_path) == 1  # the count would see a request


@pytest.mark.parametrize("width", [400, 800, 1280])
def test_nothing_of_a_comparison_sticks_out_sideways(compared: Path, tmp_path: Path, width: int) -> None:
    assert _width(compared.read_text(encoding="utf-8"), tmp_path, width) <= width


def _width(page: str, tmp_path: Path, width: int) -> int:
    """Return how wide a page is in a frame of some width."""
    measure = "<script>document.title='width '+document.documentElement.scrollWidth</script></body>"
    (tmp_path / "measured.html").write_text(page.replace("</body>", measure), encoding="utf-8")
    frame = f'<iframe id="f" src="measured.html" style="width:{width}px;height:3000px;border:0"></iframe>'
    tell = "<script>onload=()=>{document.title=document.getElementById('f').contentDocument.title}</script>"
    (tmp_path / "frame.html").write_text(frame + tell, encoding="utf-8")
    options = ("--allow-file-access-from-files", "--virtual-time-budget=4000", "--dump-dom")
    dom = _chromium(tmp_path, *options, (tmp_path / "frame.html").as_uri())
    found = re.search(r"<title>width (\d+)</title>", dom)
    assert found is not None
    return int(found.group(1))
