"""Examples in the documentation do what the documentation says."""

import re
from pathlib import Path
from typing import Any

import pytest

from pilotage import api, pipeline
from pilotage.case.run_folder import ALTERNATIVES, ASKS, LEDGER, RUN_FILES, SCHEMA_VERSION
from pilotage.config.overlay import resolve
from pilotage.report.folder import write_run

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    for link in links:
        if "://" not in link:
            assert (page.parent / link).exists(), link


def test_the_examples_of_the_python_interface_print_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```\s+```text\n(.*?)```", text, flags=re.S)
    assert len(blocks) == text.count("```python") == 3
    for code, printed in blocks:
        exec(compile(code, "api.md", "exec"), {})
        assert capsys.readouterr().out == printed


def test_the_page_of_the_python_interface_names_all_that_is_public() -> None:
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert {name for name in api.__all__ if f"`{name}" not in text} == set()


def test_the_page_of_the_run_folder_lists_every_file_and_the_schema_of_today() -> None:
    page = (ROOT / "docs" / "reference" / "run-folder.md").read_text(encoding="utf-8")
    table = page.split("## The manifest")[0]
    assert set(re.findall(r"`([a-z_.]+\.(?:csv|json|yaml|html|xlsx|parquet|log))`", table)) == {
        *RUN_FILES,
        ALTERNATIVES,
        ASKS,
        LEDGER,
    }
    versions = re.findall(r"^\| (\d+) \|", page.split("## The schema")[1], flags=re.M)
    assert versions == [str(number + 1) for number in range(SCHEMA_VERSION)]
    assert f"`schema_version`, today {SCHEMA_VERSION};" in page


def test_the_example_of_reading_a_run_folder_gives_the_plan_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "reference" / "run-folder.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    record = pipeline.run(resolve("baseline"))
    write_run(record, tmp_path / "runs" / "baseline", force=False)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(block, "run-folder.md", "exec"), names)
    first, changed = capsys.readouterr().out.splitlines()
    assert first.startswith("optimal ")
    assert changed == "[]"
    assert (names["plan"].chosen == record.plan.chosen).all()
