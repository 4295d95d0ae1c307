"""What other programs may rely on: its names and signatures, what it returns, and what it refuses."""

import inspect
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pilotage
from pilotage import api, pipeline
from pilotage.api import Limit, PilotageError, Status, chosen_pairs, placement_problem, read_run, run, solve
from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Audit, Check
from pilotage.errors import AuditError, UsageError

ENGINE = Path(pilotage.__file__).resolve().parents[1]
PAIRS = {"leader_id": ["A", "A", "B", "B"], "post_id": ["P", "Q", "P", "Q"], "benefit": [10, 9, 8, 1]}

#: A change here is a change for the programs of other people: CHANGELOG.md has to say so.
PROMISED = """\
Limit(name: 'str', at_most: 'int | None' = None, at_least: 'int | None' = None, column: 'str | None' = None, \
among: 'str | None' = None) -> None
PlacementProblem(leader_ids: 'tuple[str, ...]', post_ids: 'tuple[str, ...]', urns: 'NDArray[np.int64]', \
leader: 'NDArray[np.int32]', post: 'NDArray[np.int32]', benefit: 'NDArray[np.int64]', scale: 'int', \
rows: 'tuple[Row, ...]' = (), capacity: 'NDArray[np.int64]' = <factory>, \
auxiliaries: 'tuple[Auxiliary, ...]' = (), shared: 'SharedPupils | None' = None) -> None
Row(name: 'str', rule: 'str', label: 'str', sense: 'Sense', rhs: 'int', members: 'NDArray[np.int64]', \
weights: 'NDArray[np.int64]', auxiliaries: 'NDArray[np.int64]' = <factory>, \
auxiliary_weights: 'NDArray[np.int64]' = <factory>, over: 'Over' = 'pair', key: 'str' = '', part: 'Part' = (), \
measure: 'Measure' = 'number', unit: 'Unit' = 'placement', share: 'float | None' = None) -> None
chosen_pairs(problem: 'PlacementProblem', plan: 'PlacementPlan') -> 'pd.DataFrame'
placement_problem(pairs: 'pd.DataFrame | Mapping[str, Any]', *, capacity: 'Mapping[str, int] | None' = None, \
limits: 'Sequence[Limit]' = ()) -> 'PlacementProblem'
read_run(folder: 'str | Path') -> 'ReadRun'
run(scenario: 'str | Path | Mapping[str, Any]', *, settings: 'Sequence[str]' = (), out: 'str | Path | None' = None, \
force: 'bool' = False, say: 'Say | None' = None) -> 'RunRecord'
solve(problem: 'PlacementProblem', *, time_limit_seconds: 'float' = 60.0, seed: 'int' = 1, gap: 'float' = 0.0) \
-> 'PlacementPlan'
"""
NAMED = ("PilotageError", "PlacementPlan", "ReadRun", "RunRecord", "Status")  # made by Pilotage, then read


def test_the_public_names_and_their_signatures_are_those_promised() -> None:
    called = [name for name in api.__all__ if name not in NAMED]
    assert "".join(f"{name}{inspect.signature(getattr(api, name))}\n" for name in sorted(called)) == PROMISED
    assert set(NAMED) < set(api.__all__)
    assert all(getattr(api, name).__doc__ for name in api.__all__)


def test_the_package_has_the_first_names_itself_and_no_other() -> None:
    for name in pilotage.__all__:
        assert getattr(pilotage, name) is getattr(api, name)
    with pytest.raises(AttributeError, match="has no attribute 'sole'"):
        _ = pilotage.sole  # type: ignore[attr-defined]


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import pilotage, sys; print([name for name in ('numpy', 'pandas', 'ortools') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_problem_of_ones_own_is_solved_and_read() -> None:
    # A at P and B at Q make 11, A at Q and B at P make 17
    problem = placement_problem(PAIRS)
    plan = solve(problem)
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, 17_000, 17_000)
    table = chosen_pairs(problem, plan)
    assert table.to_dict("list") == {
        "leader_id": ["A", "B"],
        "post_id": ["Q", "P"],
        "urn": [2, 1],
        "benefit": [9.0, 8.0],
    }


def test_capacity_and_limits_are_kept() -> None:
    problem = placement_problem(PAIRS, capacity={"A": 2, "B": 0}, limits=[Limit("few", at_most=1)])
    assert chosen_pairs(problem, solve(problem))["benefit"].tolist() == [10.0]


def test_what_no_plan_keeps_is_a_status_with_the_limits_in_conflict() -> None:
    plan = solve(placement_problem(PAIRS, limits=[Limit("many", at_least=3)]))
    assert (plan.status, plan.conflict) == (Status.INFEASIBLE, ("many",))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"time_limit_seconds": 0}, "time_limit_seconds - found 0 - seconds above 0"),
        ({"time_limit_seconds": float("nan")}, "time_limit_seconds - found nan"),
        ({"gap": 1}, "gap - found 1 - a share from 0 to below 1"),
        ({"gap": -0.1}, "gap - found -0.1"),
    ],
)
def test_wrong_options_of_solve_are_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        solve(placement_problem(PAIRS), **options)
    assert str(refused.value).startswith(told)


def test_a_problem_whose_arrays_do_not_belong_together_is_refused() -> None:
    problem = placement_problem(PAIRS)
    with pytest.raises(PilotageError, match=r"^urns - shape \(1,\)"):
        solve(replace(problem, urns=problem.urns[:1]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunRecord, Path, list[str]]:
    folder, said = tmp_path_factory.mktemp("api") / "mine", list[str]()
    keys = {"extends": "baseline", "name": "mine", "why": "a test", "report": {"hangs_on": False}}
    record = run(keys, settings=["rules.authority-cap.count=3"], out=folder, say=said.append)
    return record, folder, said


def test_a_run_returns_its_record_and_writes_its_folder(made: tuple[RunRecord, Path, list[str]]) -> None:
    record, folder, said = made
    assert record.clean
    assert record.scenario.rules["authority-cap"].count == 3  # type: ignore[attr-defined]
    read = read_run(str(folder))
    assert read.plan.objective == pytest.approx((record.plan.objective or 0) / record.problem.scale)
    assert len(read.placements) == len(record.plan.chosen) > 0
    assert "Auditing the plan" in said
    assert "Auditing the plan" in (folder / "run.log").read_text(encoding="utf-8")


def test_a_folder_that_is_there_is_replaced_only_when_told(made: tuple[RunRecord, Path, list[str]]) -> None:
    with pytest.raises(UsageError):
        run("baseline", out=made[1])


@pytest.mark.parametrize("written", [True, False])
def test_a_run_whose_audit_fails_is_an_error_with_or_without_a_folder(
    made: tuple[RunRecord, Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    failed = replace(made[0], audit=Audit((Check("capacity", False, "one too many"),)))
    monkeypatch.setattr(pipeline, "run", lambda *_: failed)
    with pytest.raises(AuditError) as refused:
        run("baseline", settings=["report.hangs_on=false"], out=tmp_path / "failed" if written else None)
    assert refused.value.exit_code == 6
    assert ("do not use the files in" in str(refused.value)) == written
    assert ("do not use the plan" in str(refused.value)) != written
    assert (tmp_path / "failed" / "FAILED-AUDIT-plan.json").is_file() == written


USERS = """\
from pathlib import Path

from pilotage import PlacementProblem, read_run, run, solve
from pilotage.api import Limit, PilotageError, PlacementPlan, chosen_pairs, placement_problem

problem: PlacementProblem = placement_problem({"leader_id": ["A"]}, limits=[Limit("few", at_most=1)])
plan: PlacementPlan = solve(problem, seed=2)
benefit: float = chosen_pairs(problem, plan)["benefit"].sum()
try:
    record = run(Path("mine.yaml"), settings=["report.top=5"], out="runs/mine")
except PilotageError as error:
    print(error.exit_code, error.problems[0].where)
else:
    print(record.plan.gap, read_run("runs/mine").plan.objective)
"""


@pytest.mark.slow
def test_a_users_program_passes_strict_types_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    assert (ENGINE / "pilotage" / "py.typed").is_file()
    (tmp_path / "right.py").write_text(USERS, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(USERS.replace("seed=2", "seed='2'"), encoding="utf-8")
    options = ["--strict", "--follow-imports=silent", f"--cache-dir={tmp_path}", f"--config-file={os.devnull}"]
    environment = os.environ | {"MYPYPATH": str(ENGINE)}
    command = [sys.executable, "-m", "mypy", *options, "right.py", "wrong.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1].startswith("Found 1 error in 1 file"), done.stdout
    assert done.stdout.startswith('wrong.py:7: error: Argument "seed" to "solve" has incompatible type "str"')
