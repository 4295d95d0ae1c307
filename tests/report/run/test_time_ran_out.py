"""A plan that the time limit cut short: its true gap, said wherever the plan is shown."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pilotage.case.record import RunRecord
from pilotage.domain.plan import PlacementPlan, Status
from pilotage.report.folder import write_run
from pilotage.report.terminal import summary_json, summary_text

WORDS = "Time ran out: a better plan may exist, but it can score at most 5.1% higher"


@pytest.fixture
def cut(make: Callable[..., RunRecord]) -> RunRecord:
    record = make()
    plan = replace(record.plan, status=Status.FEASIBLE, bound=20_750, bound_lp=20_750.5)
    return replace(record, plan=plan)  # 19,750 of at most 20,750: 5.06%


def test_the_terminal_says_so(cut: RunRecord) -> None:
    assert any(WORDS in line for line in summary_text(cut))
    told = summary_json(cut)
    assert (told["status"], told["objective"], told["bound"]) == ("feasible", 19.75, 20.75)
    assert told["gap"] == pytest.approx(1000 / 19_750)


def test_page_workbook_and_plan_say_so(cut: RunRecord, tmp_path: Path) -> None:
    folder = write_run(cut, tmp_path / "run", force=False)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert WORDS in page
    assert 'Proven best</dt><dd class="value">no' in page
    assert "score 20; no plan can pass 21" in page  # 20.75, rounded up
    sheet = load_workbook(folder / "report.xlsx")["Read me"]
    assert any(WORDS in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "feasible"
    assert plan["gap"] == pytest.approx((plan["bound"] - plan["objective"]) / plan["objective"])
    assert plan["objective"] <= plan["bound"] <= plan["bound_lp"]


@pytest.mark.parametrize(("bound", "words"), [(19_751, "less than 0.1% higher"), (23_000, "at most 16.5% higher")])
def test_a_small_gap_is_never_told_as_none(make: Callable[..., RunRecord], bound: int, words: str) -> None:
    record = make()
    plan: PlacementPlan = replace(record.plan, status=Status.FEASIBLE, bound=bound)
    text = "\n".join(summary_text(replace(record, plan=plan)))
    assert words in text
    assert "Proven best" not in text
