"""Generated pages are fresh."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from pilotage.case.run_folder import FOLDER_FILES, FolderKind
from pilotage.config.rules.catalogue import MODELS
from pilotage.config.scenario import Scenario
from pilotage.sources.evidence import load_evidence

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
MAKERS = sorted(REFERENCE.glob("make_*_page.py"))


def _text(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _beside_the_makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(REFERENCE))


def _made(maker: Path) -> dict[str, Any]:
    return runpy.run_path(str(maker))


def test_each_reference_page_that_can_be_made_has_a_maker() -> None:
    names = {maker.stem.removeprefix("make_").removesuffix("_page") for maker in MAKERS}
    assert names == {"columns", "decisions", "evidence", "help", "rules", "scenario"}


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.stem)
def test_a_page_is_what_the_code_says(maker: Path) -> None:
    name = maker.stem.removeprefix("make_").removesuffix("_page")
    assert _text(name) == _made(maker)["page"](), f"{name}.md is stale: run make docs"


def test_the_json_schema_is_fresh() -> None:
    shipped = json.loads((REFERENCE / "scenario.schema.json").read_text(encoding="utf-8"))
    assert shipped == Scenario.model_json_schema()


def test_the_columns_page_has_every_list_of_a_run_folder() -> None:
    lists = {name for name in FOLDER_FILES[FolderKind.RUN] if name.endswith(".csv")}
    assert lists == set(_made(REFERENCE / "make_columns_page.py")["OF_A_RUN"])


def test_the_catalogue_has_every_rule_and_the_evidence_page_every_parameter_once() -> None:
    rules, evidence = _text("rules"), _text("evidence")
    assert rules.count("\n## ") == len(MODELS)
    for name in load_evidence({}).parameters:
        assert evidence.count(f"| `{name}`") == 1, name


def test_a_cell_of_a_made_table_stays_one_cell() -> None:
    table = _made(REFERENCE / "page_tables.py")["table"]
    assert table(("key",), [("a | b\nc",)]) == "| key |\n|---|\n| a \\| b c |\n"
