"""CONTRIBUTING names what exists: its pages, commands, hooks and functions."""

import re
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs" / "contributing").glob("*.md"))
ENGINE = ROOT / "engine" / "pilotage"
WALKS = (ROOT / "docs" / "contributing" / "walks.md").read_text(encoding="utf-8")
FUNCTIONS = sorted(set(re.findall(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`", WALKS)))
MOST_WORDS = 500


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_short_and_linked(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").split()) < MOST_WORDS
    assert f"(docs/contributing/{page.name})" in CONTRIBUTING


def test_there_is_a_page_for_each_thing_that_is_added_often() -> None:
    assert {page.stem for page in PAGES} == {"rule", "feature", "source", "column", "outcome", "walks"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_the_walks_exists(name: str) -> None:
    module = next(module for module in _modules_of(name) if (ENGINE / f"{module.replace('.', '/')}.py").exists())
    rest = name.removeprefix(f"{module}.").split(".")
    assert callable(reduce(getattr, rest, import_module(f"pilotage.{module}")))


def _modules_of(name: str) -> list[str]:
    """Return the dotted names that may be the module of a function or method, the longest first."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]


def test_the_walks_name_functions_in_every_step() -> None:
    steps = [row for row in WALKS.splitlines() if row.startswith("| ") and not row.startswith("| step")]
    assert len(steps) > 25
    assert all(re.search(r"`[a-z_.]+\.[A-Za-z_.]+`", row) for row in steps)


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.M))
    texts = [CONTRIBUTING, *(page.read_text(encoding="utf-8") for page in PAGES)]
    named = {name for text in texts for name in re.findall(r"`make ([a-z]+)`", text)}
    assert {"lint", "test", "coverage", "hooks"} <= named <= targets


def test_hooks_need_no_network() -> None:
    config = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)
    for tool in ("ruff check", "ruff format", "mypy", "lint-imports"):
        assert any(tool in hook["entry"] for hook in hooks), tool


@pytest.mark.parametrize(
    "page", [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "benchmarks").glob("*.md"))], ids=lambda page: page.name
)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert "://" in link or (page.parent / link).exists(), link
