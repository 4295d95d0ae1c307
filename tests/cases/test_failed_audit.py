"""A plan whose audit fails is written so that nobody takes it for one that may be used, and never ends in exit 0."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pilotage import pipeline
from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Alternatives, Audit, Check
from pilotage.report.terminal import summary_json

FAILED = "FAILED-AUDIT-"
BROKEN = Check("prices", False, "3 pupil-months charged, 9 owed")


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[RunRecord], RunRecord]], None]:
    """Return what changes the records of runs to come, as a wrong solver or a wrong rule would."""

    def spoil(change: Callable[[RunRecord], RunRecord]) -> None:
        for name in ("run", "place"):
            plan = getattr(pipeline, name)
            monkeypatch.setattr(pipeline, name, lambda *given, plan=plan: change(plan(*given)))

    return spoil


def _with(audit: Audit, check: Check) -> Audit:
    return replace(audit, checks=(*audit.checks, check))


def _failing(record: RunRecord) -> RunRecord:
    return replace(record, audit=_with(record.audit, BROKEN))


def _failing_alternative(record: RunRecord) -> RunRecord:
    (first,) = record.alternatives.plans
    spoilt = replace(first, audit=_with(first.audit, BROKEN))
    return replace(record, alternatives=Alternatives((spoilt,), record.alternatives.ended))


def _marked(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    assert all(name.startswith(FAILED) for name in names)
    for name in ("ranked_schools.csv", "placements.csv", "report.xlsx", "report.html", "scenario.resolved.yaml"):
        assert f"{FAILED}{name}" in names
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.json")]
    assert len(texts) == 4
    assert [json.loads(text)["audit_clean"] for text in texts] == [False] * 4


def test_a_failed_audit_marks_every_file_and_exits_6(case: Any, spoilt: Any) -> None:
    spoilt(_failing)
    done = case.place([{}], [{}])
    assert done.code == 6
    assert done.out.startswith("Not to be used: the audit failed. What does not hold: prices.")
    assert "every file is marked as not to be used" in done.out
    assert (
        "error: audit, prices - 3 pupil-months charged, 9 owed - what the rules say - do not use the files" in done.err
    )
    assert "Traceback" not in done.err
    _marked(case.work / "out")


def test_a_run_exits_6_too_and_json_says_so(
    england: tuple[Path, Path], pilotage: Callable[..., Any], tmp_path: Path, spoilt: Any
) -> None:
    spoilt(_failing)
    folder, out = england[0].as_posix(), tmp_path / "out"
    done = pilotage("run", "baseline", "--json", "--out", str(out), "--set", f"data.folder={folder}")
    assert done.code == 6
    assert json.loads(done.out)["audit_clean"] is False
    _marked(out)


def test_a_marked_folder_is_replaced_with_force_and_only_with_it(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as wrong:
        place = pipeline.place
        wrong.setattr(pipeline, "place", lambda *given: _failing(place(*given)))
        assert case.place([{}], [{}]).code == 6
    assert case.place([{}], [{}]).code == 2
    assert case.place([{}], [{}], options=("--force",)).code == 0
    names = {path.name for path in (case.work / "out").iterdir()}
    assert not any(name.startswith(FAILED) for name in names)
    assert json.loads((case.work / "out" / "plan.json").read_text(encoding="utf-8"))["audit_clean"] is True


def test_a_file_of_ones_own_in_a_marked_folder_is_kept(case: Any, spoilt: Any) -> None:
    spoilt(_failing)
    assert case.place([{}], [{}]).code == 6
    (case.work / "out" / f"{FAILED}notes.txt").write_text("mine", encoding="utf-8")
    done = case.place([{}], [{}], options=("--force",))
    assert done.code == 2
    assert f"{FAILED}notes.txt" in done.err


def test_a_failed_audit_of_an_alternative_counts_as_much(case: Any, spoilt: Any) -> None:
    spoilt(_failing_alternative)
    posts = [{}, {"urn": 900006}]
    done = case.place([{}], posts, "report.alternatives.count=1", "report.alternatives.loss=0.5")
    assert done.code == 6
    assert done.out.startswith("Not to be used: the audit failed. What does not hold: alternative 1: prices.")
    assert "audit, alternative 1: prices" in done.err
    _marked(case.work / "out")


def test_the_summary_of_a_clean_run_says_that_it_is(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[RunRecord]()
    place = pipeline.place
    monkeypatch.setattr(pipeline, "place", lambda *given: seen.append(place(*given)) or seen[0])
    assert case.place([{}], [{}]).code == 0
    assert summary_json(seen[0])["audit_clean"] is True
    assert seen[0].failed_checks == ()
