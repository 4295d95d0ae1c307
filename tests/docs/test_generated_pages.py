"""Generated pages are fresh."""

import json
import runpy
from pathlib import Path

from pilotage.config.scenario import Scenario

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def test_the_scenario_page_is_what_the_schema_says() -> None:
    page = runpy.run_path(str(REFERENCE / "make_scenario_page.py"))["page"]
    assert (REFERENCE / "scenario.md").read_text(encoding="utf-8") == page()


def test_the_json_schema_is_fresh() -> None:
    shipped = json.loads((REFERENCE / "scenario.schema.json").read_text(encoding="utf-8"))
    assert shipped == Scenario.model_json_schema()
