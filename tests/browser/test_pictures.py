"""The pictures of README and docs: each shows today's page, by the words that it holds."""

import re
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def _maker() -> ModuleType:
    spec = spec_from_file_location("make_pictures", FOLDER / "make_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    maker = module_from_spec(spec)
    sys.modules[spec.name] = maker  # its dataclasses look themselves up there
    spec.loader.exec_module(maker)
    return maker


def _named_pictures() -> set[str]:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = (re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", page.read_text(encoding="utf-8")) for page in pages)
    return {Path(name).name for names in found for name in names}


def test_every_picture_of_a_page_is_made_by_the_script_and_each_is_shown() -> None:
    maker = _maker()
    assert _named_pictures() == set(maker.PICTURES) == {path.name for path in FOLDER.glob("*.png")}


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_every_picture_is_current_and_an_old_one_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = _maker()
    folder = maker.ran(tmp_path)
    report, urn = folder / "report.html", maker.first_placed(folder)
    assert maker.main(report, urn, check=True) == []

    old = tmp_path / "pictures"
    shutil.copytree(FOLDER, old)
    monkeypatch.setattr(maker, "HERE", old)
    Image.new("RGB", (2, 2)).save(old / "phone.png")
    (old / "school-sheet.png").unlink()
    assert maker.main(report, urn, check=True) == ["school-sheet.png", "phone.png"]
    assert maker.main(report, urn, check=False) == ["school-sheet.png", "phone.png"]
    assert maker.main(report, urn, check=True) == []
