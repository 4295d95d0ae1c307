"""Make the pictures of the README and the guide from the sample, or say which are not current.

``python docs/pictures/make_pictures.py [--check]``. It runs the scenario ``baseline``, opens its page in headless
Chromium and pictures a part of it. Each picture holds, as text beside its pixels, a checksum of the words that it
shows. A picture is current if that checksum is the one of today's page: pixels differ between machines, words do not.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
WORDS = "words"  # the key of the checksum in a picture
COLOURS = 128


@dataclass(frozen=True)
class Picture:
    """A picture: what is opened (a hash of the page's address), its part, and the size of the window in pixels."""

    opened: str
    part: str
    width: int
    height: int
    dark: bool = False


PICTURES = {
    "first-screen.png": Picture("", "body", 1280, 900),
    "school-sheet.png": Picture("#school-{urn}", "dialog[open]", 1280, 900),
    "phone.png": Picture("", "body", 400, 800),
}


def words_of(page: Page, picture: Picture) -> str:
    """Return the checksum of the words in the pictured part, with what the picture is of."""
    return sha256(f"{picture}\n{page.locator(picture.part).first.inner_text()}".encode()).hexdigest()


def made(page: Page, picture: Picture) -> bytes:
    """Return the PNG file of what the window shows, with the checksum of its words."""
    image = Image.open(BytesIO(page.screenshot(animations="disabled")))
    beside = PngInfo()
    beside.add_text(WORDS, words_of(page, picture))
    content = BytesIO()
    image.convert("RGB").quantize(COLOURS).save(content, "PNG", pnginfo=beside, optimize=True)
    return content.getvalue()


def stored_words(path: Path) -> str | None:
    """Return the checksum that a picture holds; None where there is no picture, or it holds none."""
    if not path.is_file():
        return None
    with Image.open(path) as image:
        return getattr(image, "text", {}).get(WORDS)


@contextmanager
def opened(report: Path, urn: int, picture: Picture) -> Iterator[Page]:
    """Open the page as a picture wants it, in a browser of its own."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": picture.width, "height": picture.height},
            color_scheme="dark" if picture.dark else "light",
        )
        page.goto(report.as_uri() + picture.opened.format(urn=urn))
        page.wait_for_selector(picture.part)
        yield page
        browser.close()


def chromium() -> str:
    """Return the path of Chromium."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        sys.exit("Chromium is not installed: it makes the pictures.")
    return found


def main(report: Path, urn: int, *, check: bool) -> list[str]:
    """Make every picture; with ``check`` make none. Return the names of those that were not current."""
    stale = []
    for name, picture in PICTURES.items():
        with opened(report, urn, picture) as page:
            if stored_words(HERE / name) == words_of(page, picture):
                continue
            stale.append(name)
            if not check:
                (HERE / name).write_bytes(made(page, picture))
    return stale


def first_placed(folder: Path) -> int:
    """Return the URN of the first school where the plan places a leader."""
    import pandas as pd

    return int(pd.read_csv(folder / "placements.csv")["urn"].iloc[0])


def ran(folder: Path) -> Path:
    """Run the scenario ``baseline`` as a planner would, and return its run folder."""
    out = folder / "run"
    command = [sys.executable, "-m", "pilotage", "run", "baseline", "--quiet", "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


if __name__ == "__main__":
    with TemporaryDirectory() as somewhere:
        run_folder = ran(Path(somewhere))
        only_check = "--check" in sys.argv[1:]
        not_current = main(run_folder / "report.html", first_placed(run_folder), check=only_check)
    print("\n".join(not_current) or "every picture is current")
    sys.exit(bool(not_current) and only_check)
