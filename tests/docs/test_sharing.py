"""The page on sharing, followed literally."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "planners" / "sharing.md").read_text(encoding="utf-8")
TEMPLATE = (DOCS / "planners" / "data-protection-assessment.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^pilotage (.*)$", PAGE, flags=re.M)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the page was followed."""
    folder = tmp_path_factory.mktemp("planner")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            done = CliRunner().invoke(app, [*shlex.split(command), "--quiet"])
            assert done.exit_code == 0, (command, done.output, done.exception)
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_pack_for_each_reader_is_made(followed: Path) -> None:
    assert [command.split()[0] for command in COMMANDS] == ["run", "share", "share", "share"]
    kinds = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))["audience"]["kind"]
        for path in (followed / "packs").glob("*/manifest.json")
    }
    assert kinds == {"north-west-5": "trust", "blackpool": "authority", "trustees": "trustees"}
    run = json.loads((followed / "runs" / "plan" / "manifest.json").read_text(encoding="utf-8"))
    assert run["audience"] == {"kind": "internal", "name": None}


def test_each_reader_gets_what_the_page_says(followed: Path) -> None:
    trust, area = (_rows(followed / "packs" / name / "schools.csv") for name in ("north-west-5", "blackpool"))
    assert {row["trust"] for row in trust} == {"North West Learning Trust 5 (synthetic)"}
    assert {row["authority"] for row in area} == {"Blackpool"}
    for row in area:
        maintained = row["school_type"] == "Community School"
        assert row["support_priority"].startswith("Published facts alone") != maintained
        assert maintained or not any(row[name] for name in ("outlook", "gap", "reasons", "why_here", "offered"))
    assert any(row["offered"] for row in area)
    sheets = {path.stem for path in (followed / "packs" / "blackpool" / "schools").iterdir()}
    assert sheets == {row["urn"] for row in area if row["school_type"] == "Community School"}
    assert "Signed off by Jane Doe, 5 September 2016." in (followed / "packs/blackpool/README.txt").read_text("utf-8")


def test_the_files_that_the_page_lists_are_those_of_the_packs(followed: Path) -> None:
    listed = set(re.findall(r"`([\w.]+\.\w+)`", PAGE[PAGE.index("## The files") : PAGE.index("## Small numbers")]))
    there = {path.name for path in (followed / "packs").glob("*/*") if path.is_file()}
    assert listed == there


def test_the_template_says_what_is_the_charitys_to_decide_and_who_signs() -> None:
    for asked in ("lawful basis", "How long", "Who decides", "Who can see", "Rights", "Risks", "data forget"):
        assert asked in TEMPLATE
    assert TEMPLATE.count("____") > 30
    assert TEMPLATE.count("**[charity]**") > 12
    assert re.search(r"Signed: ____ \(name, role, day\) \*\*\[charity\]\*\*", TEMPLATE)
