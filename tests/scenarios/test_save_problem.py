"""`pilotage run --save-problem`: from its files alone another solver finds the objective that the run reports."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

PRICED = ["--set", "rules.budget.price=0.05", "--set", "rules.budget.total_gbp=150000"]


def _run(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pilotage", "run", "baseline", *PRICED, "--quiet", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, encoding="utf-8")


def _codes(names: pd.Series, listed: list[str]) -> np.ndarray:
    return names.map({name: number for number, name in enumerate(listed)}).to_numpy()


def _optimum(folder: Path) -> int:
    """Return what HiGHS finds, read from the files alone."""
    stated = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
    pairs = pd.read_parquet(folder / "pairs.parquet")
    size, others = len(pairs), len(stated["auxiliaries"])
    every, ones = np.arange(size), np.ones(size)
    blocks, low, high = [], [], []
    for column, table in (("leader_id", stated["leaders"]), ("post_id", stated["posts"])):
        code = _codes(pairs[column], [one[column] for one in table])
        blocks.append(sparse.csr_array((ones, (code, every)), shape=(len(table), size + others)))
        low += [-np.inf] * len(table)
        high += [one.get("capacity", 1) for one in table]
    lengths = pairs["rows"].map(len)
    row = np.concatenate(pairs["rows"].tolist()).tolist()
    column, weight = np.repeat(every, lengths).tolist(), np.concatenate(pairs["weights"].tolist()).tolist()
    for number, one in enumerate(stated["rows"]):
        for extra in one["auxiliaries"]:
            row, column = [*row, number], [*column, size + extra["auxiliary"]]
            weight.append(extra["weight"])
        low.append(-np.inf if one["sense"] == "<=" else one["rhs"])
        high.append(np.inf if one["sense"] == ">=" else one["rhs"])
    blocks.append(sparse.csr_array((weight, (row, column)), shape=(len(stated["rows"]), size + others)))
    worth = np.concatenate([pairs["benefit"], [one["benefit"] for one in stated["auxiliaries"]]])
    lower = np.concatenate([np.zeros(size), [one["lower"] for one in stated["auxiliaries"]]])
    upper = np.concatenate([ones, [one["upper"] for one in stated["auxiliaries"]]])
    rules = LinearConstraint(sparse.vstack(blocks, format="csr"), low, high)
    options = {"mip_rel_gap": 0.0}
    found = milp(-worth, constraints=rules, bounds=Bounds(lower, upper), integrality=1, options=options)
    assert found.success, found.message
    return round(-found.fun)


def test_another_solver_reaches_the_objective_of_the_run_from_the_saved_files(tmp_path: Path) -> None:
    done = _run("--out", "run", "--save-problem", "saved", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "saved").iterdir()} == {"manifest.json", "problem.json", "pairs.parquet"}
    stated = json.loads((tmp_path / "saved" / "problem.json").read_text(encoding="utf-8"))
    kinds = {one["kind"] for one in stated["auxiliaries"]}
    assert kinds == {"breach", "shared_pupils"}
    assert [one["name"] for one in stated["auxiliaries"] if one["kind"] == "breach"] == ["budget: breach"]
    plan = json.loads((tmp_path / "run" / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "optimal"
    assert plan["objective"] * stated["scale"] == _optimum(tmp_path / "saved")


def test_a_folder_that_is_there_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "mine.txt").write_text("mine", encoding="utf-8")
    done = _run("--out", "run", "--save-problem", "saved", cwd=tmp_path)
    assert done.returncode == 2
    assert "saved" in done.stderr
    assert not (tmp_path / "run").exists()
    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["mine.txt"]
