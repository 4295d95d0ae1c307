"""Broken setup workbooks, through the command line: one clear error each, exit code, a copy and nothing else."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sources.setup.books import cell_of, filled

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \U0001f600 " + "x" * 300


def _hostile(book: Any) -> None:
    cell = cell_of(book, "Posts", "school_name", 2)
    cell.value, cell.data_type = HOSTILE, "s"
    cell_of(book, "Posts", "urn", 2).value = None


def _merged(book: Any) -> None:
    book["Posts"].merge_cells("E1:F1")


@pytest.mark.parametrize(
    ("answers", "edit", "code", "words"),
    [
        ({"rules.travel.max_km": "forty km"}, None, 2, "row 13: Longest way to work in km - found 'forty km'"),
        ({"rules.budget.total_gbp": "50%"}, None, 2, "found '50%'"),
        ({}, _hostile, 3, "no school has this name"),
        ({}, _merged, 3, "no header stands above it"),
    ],
)
def test_a_broken_workbook_is_refused_in_words(
    tmp_path: Path, answers: dict[str, Any], edit: Any, code: int, words: str
) -> None:
    path = filled(tmp_path / "plan.xlsx", answers, edit)
    command = [sys.executable, "-m", "pilotage", "check", str(path), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["plan-to-correct.xlsx", "plan.xlsx"]
