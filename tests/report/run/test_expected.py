"""What a plan comes to, by hand: two placements of the small run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.asking import Answers, Asking, Spread
from pilotage.report.folder import write_run
from pilotage.report.run.expected import expected, expected_facts, expected_lines
from pilotage.report.terminal import summary_text


def _record(make: Callable[..., RunRecord]) -> RunRecord:
    record = make()
    pairs = record.impact.pairs.assign(acceptance=0.5, stay=0.8, cost_gbp=10_000)
    pairs.loc[record.plan.chosen[0], ["acceptance", "stay", "cost_gbp"]] = [0.8, 0.5, 20_000]
    return replace(record, impact=replace(record.impact, pairs=pairs))


def test_each_offer_counts_by_its_chances(make: Callable[..., RunRecord]) -> None:
    of = expected(_record(make))
    assert of.offers == 2
    assert of.yes == pytest.approx(0.8 + 0.5)
    assert of.in_post == pytest.approx(0.8 * 0.5 + 0.5 * 0.8)
    assert of.committed_gbp == 30_000
    assert of.spent_gbp == pytest.approx(0.8 * 20_000 + 0.5 * 10_000)


ANSWERS = Answers(
    draws=2000,
    offers=2,
    first_round=Spread(1.3, 1.0, 2.0),
    placed=Spread(1.6, 1.0, 2.0),
    in_post=(Spread(1.4, 0.0, 2.0), Spread(1.2, 0.0, 2.0), Spread(0.8, 0.0, 1.0)),
    spent_gbp=Spread(24_600.0, 10_000.0, 30_000.0),
)
ASKED = (
    "Asked in order, with the next ask or a reserve after each no, the plan comes to about 2 placements (1 to 2 in "
    "eight of ten simulations), about 1 of them at the first offer. About 1 are in post after one year, 1 after two "
    "and 1 after three; about £25,000 is spent."
)


def test_it_is_said_in_plain_sentences(make: Callable[..., RunRecord]) -> None:
    record = replace(_record(make), asking=Asking(answers=ANSWERS))
    committed = "Of 2 offers about 1 are expected to be accepted; the cost is £30,000 if all are accepted."
    assert expected_lines(record) == [committed, ASKED]
    assert [line for line in summary_text(record) if line in (committed, ASKED)] == [committed, ASKED]


def test_page_and_workbook_say_it_too(make: Callable[..., RunRecord], tmp_path: Path) -> None:
    folder = write_run(replace(_record(make), asking=Asking(answers=ANSWERS)), tmp_path / "run", force=False)
    assert ASKED in (folder / "report.html").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(folder / "report.xlsx")["Read me"]
    assert ASKED in [cell.value for cell in sheet["B"]]


def test_plan_json_has_mean_and_range_of_each_figure(make: Callable[..., RunRecord]) -> None:
    facts = expected_facts(replace(_record(make), asking=Asking(answers=ANSWERS)))
    assert facts["offers"] == 2
    assert facts["asked_in_order"] == {
        "draws": 2000,
        "offers": 2,
        "first_round": {"mean": 1.3, "low": 1.0, "high": 2.0},
        "placed": {"mean": 1.6, "low": 1.0, "high": 2.0},
        "in_post_after_1": {"mean": 1.4, "low": 0.0, "high": 2.0},
        "in_post_after_2": {"mean": 1.2, "low": 0.0, "high": 2.0},
        "in_post_after_3": {"mean": 0.8, "low": 0.0, "high": 1.0},
        "spent_gbp": {"mean": 24_600.0, "low": 10_000.0, "high": 30_000.0},
    }


def test_a_plan_that_places_nobody_expects_nothing(make: Callable[..., RunRecord]) -> None:
    record = make()
    nobody = replace(record, plan=replace(record.plan, chosen=record.plan.chosen[:0]))
    assert expected_lines(nobody) == []
    none = {"offers": 0, "yes": 0, "in_post": 0, "committed_gbp": 0, "spent_gbp": 0}
    assert expected_facts(nobody) == none | {"asked_in_order": None}
