"""Who proved what, wherever a plan is shown."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Alternative, Alternatives, Audit, Check, ProvenHow
from pilotage.domain.plan import ProvenBy, Status
from pilotage.report.folder import FAILED, write_run
from pilotage.report.run.proof import audit_words, failure, proven
from pilotage.report.terminal import summary_json, summary_text

BEST = "under the rules of this scenario no plan scores higher, over all 7 possible pairs of leader and post"
CHECKS = (Check("one post per leader", True, "2 leaders"),)


def _record(make: Callable[..., RunRecord], by: ProvenBy | None, solver: str, audit: Audit) -> RunRecord:
    record = make(audit=audit)
    return replace(record, plan=replace(record.plan, proven_by=by, solver=solver))


@pytest.mark.parametrize(
    ("by", "solver", "how", "gap", "words"),
    [
        (
            *(ProvenBy.SEARCH, "HiGHS", ProvenHow.LINEAR, 0.0021),
            f"Proven best: {BEST}. Proven by the integer solver (HiGHS). "
            "The audit alone, in exact arithmetic, proves it within 0.3% of the best.",
        ),
        (
            *(ProvenBy.LINEAR, "GLOP", ProvenHow.LINEAR, 0.0),
            f"Proven best twice: {BEST}. Proven by the linear programme's duals (GLOP), "
            "and by the audit, which sums them again in exact arithmetic.",
        ),
        (
            *(ProvenBy.LINEAR, "GLOP", ProvenHow.LINEAR, 0.000039),
            f"Proven best: {BEST}. Proven by the linear programme's duals (GLOP). "
            "The audit alone, in exact arithmetic, proves it within 0.004% of the best.",
        ),
        (
            *(ProvenBy.SEARCH, "SCIP", ProvenHow.SEARCH, 0.0),
            f"Proven best twice: {BEST}. Proven by the integer solver (SCIP), "
            "and again by the audit's own exact search.",
        ),
        (
            *(ProvenBy.SEARCH, "HiGHS", ProvenHow.LINEAR, 0.0),
            f"Proven best twice: {BEST}. Proven by the integer solver (HiGHS), "
            "and by the audit, which sums the linear programme's duals in exact arithmetic.",
        ),
        (
            *(ProvenBy.LINEAR, "GLOP", ProvenHow.LINEAR, 0.0000011),
            f"Proven best: {BEST}. Proven by the linear programme's duals (GLOP). "
            "The audit alone, in exact arithmetic, proves it within 0.0002% of the best.",
        ),
        (
            *(ProvenBy.SEARCH, "HiGHS", ProvenHow.NONE, None),
            f"Proven best: {BEST}. Proven by the integer solver (HiGHS).",
        ),
    ],
)
def test_who_proved_the_best_plan(
    make: Callable[..., RunRecord], by: ProvenBy, solver: str, how: ProvenHow, gap: float | None, words: str
) -> None:
    assert proven(_record(make, by, solver, Audit(CHECKS, gap, how))) == words


def test_best_within_one_part_in_a_million_says_so(make: Callable[..., RunRecord]) -> None:
    record = make()
    plan = replace(record.plan, objective=5_000_000, bound=5_000_004)
    words = proven(replace(record, plan=plan))
    assert "no plan scores over 0.004 pupil-months (one part in 1,000,000 of the score) higher, over all 7" in words


def test_the_gap_asked_for_is_not_time_that_ran_out(make: Callable[..., RunRecord]) -> None:
    record = make()
    solver = record.scenario.solver.model_copy(update={"gap": 0.05})
    short = replace(record.plan, status=Status.FEASIBLE, bound=20_000)
    asked = replace(record, plan=short, scenario=record.scenario.model_copy(update={"solver": solver}))
    assert (
        "The search stopped at the gap asked for (5.00%): a better plan may exist, but it can score at most 1.3%"
        in proven(asked)
    )
    late = replace(asked, plan=replace(short, bound=22_000))
    assert proven(late).startswith("Time ran out: a better plan may exist")


def test_the_json_says_who(make: Callable[..., RunRecord], tmp_path: Path) -> None:
    record = _record(make, ProvenBy.LINEAR, "GLOP", Audit(CHECKS, 0.002, ProvenHow.LINEAR, 1.5))
    folder = write_run(record, tmp_path / "run", force=False)
    proof = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["proof"]
    assert proof["proven_by"] == "linear_programme"
    assert proof["solver"] == "GLOP"
    assert (proof["audit_proven_gap"], proof["audit_proven_how"]) == (0.002, "linear_programme")
    assert proof["in_words"] == proven(record)
    assert summary_json(record)["proof"] == proof
    audit = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    assert (audit["audit_proven_gap"], audit["audit_proven_how"]) == (0.002, "linear_programme")
    assert json.loads((folder / "timings.json").read_text(encoding="utf-8"))["seconds"]["audit_alone"] == 1.5


def test_a_failed_audit_is_said_first_everywhere(make: Callable[..., RunRecord], tmp_path: Path) -> None:
    record = make(audit=Audit((Check("budget", False, "overspent"),)))
    told = "Not to be used: the audit failed. What does not hold: budget."
    assert failure(record) == audit_words(record) == told
    assert summary_text(record)[0] == told
    folder = write_run(record, tmp_path / "run", force=False)
    page = (folder / f"{FAILED}report.html").read_text(encoding="utf-8")
    body = page[page.index("<body>") :]
    assert body.index(told) < body.index("Synthetic England") < body.index("<h1>")
    sheet = openpyxl.load_workbook(folder / f"{FAILED}report.xlsx")["Read me"]
    assert sheet["A2"].value == told
    assert sheet["A2"].fill.fgColor.rgb == "FFB3261E"
    assert sheet["A3"].value.startswith("Synthetic England")
    assert 'Proven best</dt><dd class="value">no' in page


def test_a_failed_alternative_is_said_too(make: Callable[..., RunRecord]) -> None:
    record = make()
    other = Alternative(record.plan.chosen, 1, 0, Status.OPTIMAL, Audit((Check("budget", False, ""),)), 0, 0.0)
    assert failure(replace(record, alternatives=Alternatives((other,)))) == (
        "Not to be used: the audit failed. What does not hold: alternative 1: budget."
    )
