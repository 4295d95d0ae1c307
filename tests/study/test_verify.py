"""Each promise of ``verify``: files, inputs, plan and figures that are not the run's own are found."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.read_back import read_run
from pilotage.case.reload import scenario_again
from pilotage.case.run_folder import FAILED
from pilotage.domain.findings.verified import Verified
from pilotage.errors import AuditError, DataError
from pilotage.report.compare.verified import NO_CHECKSUMS, verified_text
from pilotage.study.verify import refuse_failed, verify
from tests.study.renewed import renew

FILES = (
    *("ask_next.csv", "audit.json", "forecast.parquet", "placements.csv", "plan.json", "ranked_schools.csv"),
    *("report.html", "report.xlsx", "scenario.resolved.yaml", "support_in_post.csv", "unplaced.csv", "worry_about.csv"),
)
pytestmark = pytest.mark.usefixtures("gathered_once")


def _verified(folder: Path) -> Verified:
    return verify(folder, lambda _text: None)


def _edit(folder: Path, name: str, **changed: Any) -> None:
    """Change keys of a JSON file, and renew the checksums."""
    stated = json.loads((folder / name).read_text(encoding="utf-8")) | changed
    (folder / name).write_text(json.dumps(stated), encoding="utf-8")
    renew(folder)


def _refused(folder: Path) -> list[str]:
    """Return what a folder is refused for by exit 6: what holds not."""
    with pytest.raises(AuditError) as caught:
        refuse_failed(folder, _verified(folder))
    return [problem.where for problem in caught.value.problems]


def test_a_run_as_it_was_written_passes(small_run: Path) -> None:
    found = _verified(small_run)
    refuse_failed(small_run, found)
    assert found.files == len(FILES)
    assert found.bound == found.stated_bound
    assert found.other_versions == ()
    text = "\n".join(verified_text(small_run, found))
    assert f"{len(FILES)} files and" in text
    assert "are as they were at the run" in text
    assert "Bound derived again: the same" in text


@pytest.mark.parametrize("name", FILES)
def test_a_file_edited_by_a_byte_is_named_and_so_is_one_that_is_gone(name: str, small_run: Path) -> None:
    content = bytearray((small_run / name).read_bytes())
    content[len(content) // 2] ^= 1
    (small_run / name).write_bytes(bytes(content))
    with pytest.raises(DataError) as caught:
        _verified(small_run)
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [
        (str(small_run / name), "was changed since the run")
    ]
    (small_run / name).unlink()
    with pytest.raises(DataError) as caught:
        _verified(small_run)
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [(str(small_run / name), "is gone")]


def test_the_files_above_are_all_files_of_a_run(small_run: Path) -> None:
    varying = {"manifest.json", "run.log", "timings.json"}
    assert {path.name for path in small_run.iterdir()} - varying == set(FILES)


def test_a_file_that_came_since_is_named_unless_a_file_manager_or_excel_left_it(small_run: Path) -> None:
    for name in (".DS_Store", "~$report.xlsx"):
        (small_run / name).write_text("", encoding="utf-8")
    refuse_failed(small_run, _verified(small_run))
    (small_run / "my notes.txt").write_text("Ask Ash first.", encoding="utf-8")
    with pytest.raises(DataError, match=r"my notes.txt - was not written by the run .* move it elsewhere"):
        _verified(small_run)


def test_a_placement_changed_for_another_that_is_allowed_fails_the_audit(small_run: Path) -> None:
    run = read_run(small_run)
    resolved = scenario_again(run)
    stated = pipeline.state(pipeline.gather(resolved), run.forecast)
    problem, first = stated.problem, run.placements.iloc[0]
    named = np.array(problem.leader_ids)[problem.leader], np.array(problem.post_ids)[problem.post]
    others = (named[0] == first["leader_id"]) & (named[1] != first["post_id"]) & ~stated.impact.asks()
    assert others.any()
    pair = int(np.flatnonzero(others)[0])
    path = small_run / "placements.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[0, ["post_id", "urn"]] = [named[1][pair], str(problem.urns[problem.post[pair]])]
    table.to_csv(path, index=False)
    renew(small_run)
    assert "audit, objective" in _refused(small_run)


def test_two_leaders_in_one_post_are_refused(small_run: Path) -> None:
    path = small_run / "placements.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(table) > 1
    table.loc[1] = table.loc[0]
    table.to_csv(path, index=False)
    renew(small_run)
    assert "audit, chosen_pairs" in _refused(small_run)


def test_a_placement_that_no_rule_allows_is_named(small_run: Path) -> None:
    path = small_run / "placements.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[0, "post_id"] = "NOWHERE"
    table.to_csv(path, index=False)
    renew(small_run)
    with pytest.raises(DataError, match=r"NOWHERE - a pair that the scenario allows"):
        _verified(small_run)


@pytest.mark.parametrize("units", [-50_000, 1, 50_000])
def test_an_edited_bound_is_found_whole_as_it_may_look(units: int, small_run: Path) -> None:
    stated = json.loads((small_run / "plan.json").read_text(encoding="utf-8"))
    integers = stated["integers"] | {"bound": stated["integers"]["bound"] + units}
    bound, objective = integers["bound"], integers["objective"]
    figures = {"bound": bound / integers["scale"], "gap": (bound - objective) / max(1, abs(objective))}
    _edit(small_run, "plan.json", integers=integers, **figures)
    assert "audit, plan.json, integers.bound" in _refused(small_run)


@pytest.mark.parametrize("name", ["benefit", "objective", "bound", "bound_lp"])
def test_an_edited_figure_is_found(name: str, small_run: Path) -> None:
    stated = json.loads((small_run / "plan.json").read_text(encoding="utf-8"))
    _edit(small_run, "plan.json", **{name: stated[name] + 0.01})
    assert _refused(small_run) == [f"audit, plan.json, {name}"]


def test_with_other_versions_another_bound_is_said_and_no_fault(small_run: Path) -> None:
    stated = json.loads((small_run / "manifest.json").read_text(encoding="utf-8"))
    renew(small_run, versions=stated["versions"] | {"pilotage": "0.0.1"})
    found = _verified(small_run)
    refuse_failed(small_run, found)
    assert [(name, then) for name, then, _ in found.other_versions] == [("pilotage", "0.0.1")]
    assert "made with other versions (pilotage 0.0.1 -> " in "\n".join(verified_text(small_run, found))


def test_an_input_that_changed_or_is_gone_is_named(small_run: Path) -> None:
    table = Path("tables/own_leaders.csv")
    table.write_bytes(table.read_bytes() + b"\n")
    with pytest.raises(DataError, match=r"own_leaders.csv \(leaders\) - has changed since the run"):
        _verified(small_run)
    table.unlink()
    with pytest.raises(DataError, match=r"own_leaders.csv \(leaders\) - is gone"):
        _verified(small_run)


def test_a_folder_of_an_earlier_version_is_checked_but_for_its_own_files(small_run: Path) -> None:
    stated = json.loads((small_run / "manifest.json").read_text(encoding="utf-8"))
    del stated["files"]
    (small_run / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    found = _verified(small_run)
    refuse_failed(small_run, found)
    assert found.files is None
    assert NO_CHECKSUMS in verified_text(small_run, found)
    assert "files and" not in verified_text(small_run, found)[0]


def test_a_run_whose_audit_failed_is_refused_though_its_plan_passes_now(small_run: Path) -> None:
    renew(small_run, audit_clean=False)
    for path in list(small_run.iterdir()):
        path.rename(path.with_name(f"{FAILED}{path.name}"))
    assert _refused(small_run) == ["audit of the run"]


@pytest.mark.parametrize("changed", [{"as_of": "2015-08-31"}, {"scenario": "other"}])
def test_a_manifest_of_another_scenario_or_day_is_refused(changed: dict[str, str], small_run: Path) -> None:
    renew(small_run, **changed)
    with pytest.raises(DataError, match=r"scenario.resolved.yaml - damaged"):
        _verified(small_run)
