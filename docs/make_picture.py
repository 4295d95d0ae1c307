"""Make docs/report.png, the first screen of the sample's report.html, with the chromium of the machine.

Usage: python docs/make_picture.py
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from pilotage import pipeline
from pilotage.config.overlay import resolve
from pilotage.report.folder import write_run

PICTURE = Path(__file__).parent / "report.png"
SIZE = {"width": 1280, "height": 900}


def main() -> None:
    """Run the sample and picture what its page shows first."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        page = write_run(pipeline.run(resolve("baseline")), Path(place) / "run", force=False) / "report.html"
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport=SIZE)
        shown.goto(page.as_uri())
        shown.wait_for_selector("html[data-ready]", state="attached")
        shown.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
