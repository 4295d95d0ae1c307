"""The pages of the guide, followed block by block: files are written, commands run, and what is quoted is printed."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.errors import PilotageError

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.M | re.S)
BY_HAND = ("powershell", "shell")  # setting up, which tests/cases and CI do on a clone
REFUSED = {"pilotage check our-own.yaml": [3, 0], "pilotage run too-many.yaml --out runs/too-many": [4]}
FOLLOWED = ("first-hour", "leaders-and-posts", "a-rule", "explaining-a-list")


class Block(NamedTuple):
    kind: str
    text: str
    before: str


def _blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text[: found.start()].rstrip()) for found in BLOCK.finditer(text)]


def _file_of(block: Block) -> str:
    """Return the name of the file that a block is: in its first line, or the last name before it."""
    if block.kind == "yaml":
        return re.findall(r"^# (\S+)$", block.text, flags=re.M)[0]
    return re.findall(r"`(\S+\.csv)`", block.before)[-1]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _follow(page: Path, folder: Path) -> None:
    codes = {command: list(expected) for command, expected in REFUSED.items()}
    printed = ""
    for block in _blocks(page):
        if block.kind in BY_HAND:
            continue
        if block.kind in ("yaml", "csv"):
            (folder / _file_of(block)).write_text(block.text, encoding="utf-8")
        elif block.kind == "text":
            for line in block.text.splitlines():
                assert _one_line(line) in printed, (line, printed)
        else:
            printed = "".join(_printed(command, codes) for command in block.text.splitlines())


def _printed(command: str, codes: dict[str, list[int]]) -> str:
    """Return what a command prints and, where it is refused, its problems, in one line."""
    first, *words = shlex.split(command)
    assert first == "pilotage"
    result = CliRunner(env={"COLUMNS": "400"}).invoke(app, words)
    error = result.exception
    refused = error if isinstance(error, PilotageError) else None
    code = refused.exit_code if refused else result.exit_code
    assert code == (codes[command].pop(0) if command in codes else 0), (command, result.output, error)
    told = [str(refused), *getattr(refused, "__notes__", [])] if refused else [result.output]
    return _one_line("\n".join(told))


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_page_does_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PILOTAGE_REAL_DATA", raising=False)
    _follow(GUIDE / f"{name}.md", tmp_path)


def test_the_first_check_on_a_computer_says_what_it_could_not_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = GUIDE / "first-hour.md"
    scenario = next(block for block in _blocks(page) if block.kind == "yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PILOTAGE_CACHE", str(tmp_path / "cache"))
    Path(_file_of(scenario)).write_text(scenario.text, encoding="utf-8")
    printed = _printed("pilotage check my-plan.yaml", {})
    assert "168 schools, 120 leaders, 1,759 posts, 95 eligible pairs; no problem found" in printed
    assert "Not checked: what rests on the forecast" in printed
    told = _one_line(page.read_text(encoding="utf-8"))
    assert "168 schools, 120 leaders, 1,759 posts" in told
    assert "The first check on a computer counts 95 of them" in told


def test_every_page_with_a_command_is_followed() -> None:
    held = {page.stem for page in PAGES if any(block.kind not in BY_HAND for block in _blocks(page))}
    assert held == set(FOLLOWED)


def test_the_hour_has_every_step_from_the_check_to_the_defended_list() -> None:
    told = [block.text.split()[1] for block in _blocks(GUIDE / "first-hour.md") if block.kind == ""]
    assert told == ["check", "run", "run", "compare", "explain", "explain", "run", "verify"]
    steps = re.findall(r"^## (\d+)\. ", (GUIDE / "first-hour.md").read_text(encoding="utf-8"), flags=re.M)
    assert steps == [str(number) for number in range(1, 12)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_command_named_in_a_sentence_exists(page: Path) -> None:
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for name in re.findall(r"`pilotage ([a-z]+)", text):
        assert name in get_command(app).commands, name
