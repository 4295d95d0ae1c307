"""Which solver closes the reduced pairs best: HiGHS, SCIP (plain, and with counts), CP-SAT, or the search once our own.

Of each problem the linear optimum over all pairs comes first, by column generation; then reduced-cost fixing leaves
few pairs, which each method closes in the same way (``placement.integer_phase``): what is timed is that alone. The
methods take turns, so that the machine's noise falls on all; seconds are of processor time, which other programmes
disturb least (CP-SAT has four threads: its sum). Our own search was removed; ``--own REVISION`` runs it from
that revision of the repository, in a process of its own. ``--whole`` gives HiGHS, SCIP and CP-SAT the whole model.

Usage: python benchmarks/cases.py FOLDER first; then: python benchmarks/mip.py FOLDER [--cases PART_OF_A_NAME]
[--methods highs,scip,counts,cpsat,own] [--limit SECONDS] [--repeat RUNS] [--own REVISION] [--whole] [--log FILE]
[--table] [--note TEXT]
"""

import argparse
import json
import math
import os
import pickle
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from results import machine, markdown, write_section

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.solver.column_generation import Relaxation
from pilotage.placement.solver.cp_sat import Choice, value_of
from pilotage.placement.solver.symmetry import folded

TITLE = "Results of benchmarks/mip.py"
METHODS = "highs,scip,counts,cpsat,own"
HERE = Path(__file__).resolve()


@dataclass(frozen=True)
class Closing:
    """What is to be closed: the problem, with the rows added to its linear programme, the optimum, a plan."""

    problem: PlacementProblem
    relaxation: Relaxation
    plan: Choice | None


def main() -> None:
    given = _parser().parse_args()
    if given.worker:
        _work_own(given.folder)
        return
    if given.table:
        write_section(TITLE, table(given.log, given.note))
        return
    with tempfile.TemporaryDirectory() as folder:
        own = _checkout(given.own, Path(folder)) if given.own else None
        for path in sorted(given.folder.glob("*.pickle")):
            if given.cases in path.stem:
                for line in _case(path, given, own):
                    print(_told(line), flush=True)
                    if given.log:
                        with given.log.open("a", encoding="utf-8") as log:
                            log.write(json.dumps(line) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", default="")
    parser.add_argument("--methods", default=METHODS)
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--own", default="", help="a revision that still has the search")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--log", type=Path, help="file of runs, one JSON line each, that this call adds to")
    parser.add_argument("--table", action="store_true", help="write the table of the log, and run nothing")
    parser.add_argument("--note", default="", help="what a reader of the table must know of these runs")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser


def _checkout(revision: str, folder: Path) -> Path:
    """Write the engine of a revision into a folder."""
    archive = folder / "engine.tar"
    call = ["git", "-C", str(HERE.parents[1]), "archive", "-o", str(archive), revision, "engine"]
    subprocess.run(call, check=True)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "engine"


def _case(path: Path, given: argparse.Namespace, own: Path | None) -> list[dict[str, Any]]:
    problem = pickle.loads(path.read_bytes())
    closing = _everything(problem) if given.whole else linear(problem, given.limit)
    size = {"case": path.stem, "pairs": len(problem.benefit)}
    if closing is None:
        return [size | {"method": "-", "seconds": None, "left": 0, "ended": "the linear optimum is whole"}]
    methods = [name for name in given.methods.split(",") if name != "own" or own is not None]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in methods}
    with _Own(own, closing, given.limit) as search:
        for _ in range(given.repeat):
            for name in methods:
                if not runs[name] or runs[name][-1]["wall"] < given.limit / 2:
                    runs[name].append(search.run() if name == "own" else _timed(name, closing, given.limit))
    return [size | {"method": name} | _median(found) for name, found in runs.items()]


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    middle = {name: round(statistics.median(run[name] for run in runs), 4) for name in ("seconds", "wall")}
    return runs[-1] | middle | {"runs": len(runs)}


def linear(problem: PlacementProblem, limit: float) -> Closing | None:
    """Return what there is to close after the linear optimum, None where that is whole."""
    from pilotage.placement.solver import solve as solver
    from pilotage.placement.solver.master_lp import Rows
    from pilotage.placement.solver.task import Task

    fold = folded(problem)
    small = problem if fold is None else fold.small
    task = Task(small, Rows(small), time.monotonic() + 10 * limit, 1, 0.0)
    columns = solver.first_columns(small, np.zeros(0, dtype=np.int64))
    if solver._empty_plan(small) is None:
        columns = solver.relax(task.rows, columns, task.deadline, shortfall=True).columns
    task, relaxation = solver._with_cuts(task, columns, task.deadline)
    if solver._whole(task.problem, relaxation) is not None:
        return None
    return Closing(task.problem, relaxation, solver._greedy(task, relaxation))


def _everything(problem: PlacementProblem) -> Closing:
    """Return the whole model, without what a linear programme says."""
    from pilotage.placement.solver.solve import _without_prices

    fold = folded(problem)
    small = problem if fold is None else fold.small
    return Closing(small, _without_prices(small, np.arange(len(small.benefit))), None)


def _timed(name: str, closing: Closing, limit: float) -> dict[str, Any]:
    """Close the gap by one method and return seconds, objective, proven bound, and the pairs of the last pool."""
    from pilotage.placement.solver.cp_sat import solve_integers
    from pilotage.placement.solver.integer_phase import solve_integer
    from pilotage.placement.solver.master_lp import Rows
    from pilotage.placement.solver.mip import solve_mip
    from pilotage.placement.solver.task import Task

    pools: list[int] = []

    def close(rows: Any, pool: Any, hint: Any, limits: Any) -> Any:
        pools.append(len(pool.pairs))
        if name == "cpsat":
            return solve_integers(rows, pool, hint, limits, 1)
        if name == "counts":
            return with_counts(rows, pool, hint, limits)
        return solve_mip(rows, pool, hint, limits, 1, solver="HiGHS" if name == "highs" else "SCIP")

    start, wall = time.process_time(), time.perf_counter()
    task = Task(closing.problem, Rows(closing.problem), time.monotonic() + limit, 1, 0.0)
    found = solve_integer(task, closing.relaxation, closing.plan, close=close)
    seconds, wall = time.process_time() - start, time.perf_counter() - wall
    value = None if found.choice is None else value_of(closing.problem, found.choice)
    return _result(seconds, wall, value, found.bound) | {"left": max(pools, default=0)}


def _result(seconds: float, wall: float, value: int | None, bound: int | None) -> dict[str, Any]:
    gap = None if value is None or bound is None else (bound - value) / max(1, abs(value))
    return {"seconds": round(seconds, 4), "wall": round(wall, 4), "objective": value, "bound": bound, "gap": gap}


def with_counts(rows: Any, pool: Any, hint: Any, limits: Any) -> Any:
    """Return what SCIP finds where the pairs of one weight in a row have a count to branch on before all else."""
    from ortools.math_opt.python import mathopt

    from pilotage.placement.solver import mip

    before, plain = mip.mathopt.solve, mathopt.solve

    def counted(model: Any, engine: Any, *, params: Any, model_params: Any) -> Any:
        variables = list(model.variables())
        priorities = {}
        for members in _classes(rows, pool.pairs):
            count = model.add_integer_variable(lb=0, ub=len(members))
            model.add_linear_constraint(sum(variables[one] for one in members) - count == 0)
            priorities[count] = 10
        return plain(model, engine, params=params, model_params=replace(model_params, branching_priorities=priorities))

    mip.mathopt.solve = counted
    try:
        return mip.solve_mip(rows, pool, hint, limits, 1, solver="SCIP")
    finally:
        mip.mathopt.solve = before


def _classes(rows: Any, pairs: np.ndarray) -> list[list[int]]:
    """Return the pairs of each weight of each row with 2 to 12 weights, each set once, and all pairs."""
    weights = rows.weights.of_pairs(pairs).tocsr()
    sets = {tuple(range(len(pairs)))}
    for start, end in zip(weights.indptr[:-1], weights.indptr[1:], strict=True):
        values = np.unique(weights.data[start:end])
        for value in values if 1 < len(values) <= 12 else ():
            sets.add(tuple(np.sort(weights.indices[start:end][weights.data[start:end] == value]).tolist()))
    return [list(one) for one in sorted(sets)]


class _Own:
    """The search of a revision, in a process of its own that closes the same problem whenever asked."""

    def __init__(self, engine: Path | None, closing: Closing, limit: float) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.folder = tempfile.TemporaryDirectory()
        state = {"problem": closing.problem, "relaxation": closing.relaxation, "plan": closing.plan, "limit": limit}
        (Path(self.folder.name) / "closing.pickle").write_bytes(pickle.dumps(state))
        if engine is None:
            return
        call = [sys.executable, str(HERE), self.folder.name, "--worker"]
        piped, environment = subprocess.PIPE, os.environ | {"PYTHONPATH": str(engine)}
        self.process = subprocess.Popen(call, stdin=piped, stdout=piped, text=True, env=environment)

    def __enter__(self) -> "_Own":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait()
        self.folder.cleanup()

    def run(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        while not (line := self.process.stdout.readline()).startswith("{"):
            if not line:
                return _result(math.inf, math.inf, None, None) | {"left": None}
        return json.loads(line)


def _work_own(folder: Path) -> None:
    """Close the problem in ``folder`` by the search of the engine on the path, once for each line that comes in."""
    from pilotage.placement.solver import solve as solver
    from pilotage.placement.solver.master_lp import Rows

    state = pickle.loads((folder / "closing.pickle").read_bytes())
    problem, limit = state["problem"], state["limit"]
    for _ in sys.stdin:
        start, wall = time.process_time(), time.perf_counter()
        task = solver.Task(problem, Rows(problem), time.monotonic() + limit, 1, 0.0)
        objective, bound = _closed_by_own(solver, task, state["relaxation"], state["plan"])
        seconds, wall = time.process_time() - start, time.perf_counter() - wall
        print(json.dumps(_result(seconds, wall, objective, bound) | {"left": None}), flush=True)


def _closed_by_own(solver: Any, task: Any, relaxation: Any, best: Any) -> tuple[int | None, int | None]:
    """Close the gap, and again with the rows that an answer breaks which counts pupils twice; as ``solve`` did."""
    from pilotage.placement.formulation.shared_pupils import broken_rows, understated, with_losses

    problem, bound = task.problem, math.inf
    while True:
        plan = solver._integers(task, relaxation, best)
        if plan.objective is None:
            return None, None
        true = Choice(plan.chosen, with_losses(problem, plan.chosen, plan.auxiliary))
        best, bound = solver._better(problem, best, true), min(bound, plan.bound)
        if not understated(problem, plan.chosen, plan.auxiliary) or task.left <= 0:
            return value_of(problem, best), max(bound, value_of(problem, best))
        own = np.ones(len(plan.chosen)), plan.auxiliary.astype(float)
        task = solver._with_rows(task, broken_rows(task.problem, plan.chosen, *own))
        relaxation = solver.relax(task.rows, relaxation.columns, task.deadline)


def table(log: Path, note: str) -> str:
    """Return the table of a log: a line for each case and method, its seconds against those of SCIP."""
    lines = [json.loads(text) for text in log.read_text(encoding="utf-8").splitlines()]
    reference = {line["case"]: line["seconds"] for line in lines if line["method"] == "scip"}
    names = ("case", "pairs", "left", "method", "runs", "seconds", "wall", "times scip", "objective", "gap")
    body = [_cells(line, reference.get(line["case"])) for line in lines if line["method"] != "-"]
    whole = sorted({line["case"] for line in lines if line["method"] == "-"})
    about = (
        f"Machine: {machine()}. What each method takes to close the pairs that reduced-cost fixing leaves (`left`: of "
        "the largest pool): `seconds` of processor time and `wall`, medians. Nothing to close, since the linear "
        f"optimum is a plan: {', '.join(whole) or 'no case'}."
    )
    return f"{about} {note}".strip() + "\n\n" + summary(lines) + "\n\n" + markdown(names, body)


def _cells(line: dict[str, Any], reference: float | None) -> list[str]:
    times = "-" if not reference else f"{line['seconds'] / reference:.2f}"
    gap = "-" if line["gap"] is None else f"{line['gap']:.1e}"
    objective = "-" if line["objective"] is None else f"{line['objective']:,}"
    numbers = [f"{line['seconds']:.3f}", f"{line['wall']:.3f}", times, objective, gap]
    return [line["case"], f"{line['pairs']:,}", f"{line['left'] or '-'}", line["method"], str(line["runs"]), *numbers]


def summary(lines: list[dict[str, Any]]) -> str:
    """Return for each kind of case and method the median of its seconds against those of SCIP, and what it closed."""
    reference = {line["case"]: line["seconds"] for line in lines if line["method"] == "scip"}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in lines:
        if line["method"] != "-" and line["case"] in reference:
            groups.setdefault((line["case"].split("-", 1)[0], line["method"]), []).append(line)
    body = []
    for (kind, method), of_group in groups.items():
        ratios = [line["seconds"] / reference[line["case"]] for line in of_group]
        closed = sum(line["gap"] is not None and line["gap"] <= 1e-6 for line in of_group)
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        body.append([kind, method, str(len(of_group)), str(closed), f"{middle:.2f}", f"{low:.2f} to {high:.2f}"])
    return markdown(("kind", "method", "cases", "closed", "median times scip", "range"), body)


def _told(line: dict[str, Any]) -> str:
    if line["method"] == "-":
        return f"{line['case']:<48}{line['pairs']:>10,}  {line['ended']}"
    gap = "-" if line["gap"] is None else f"{line['gap']:.1e}"
    numbers = f"{line['left'] or '-':>8}{line['seconds']:>10.3f} s  {line['objective']}  gap {gap}"
    return f"{line['case']:<48}{line['pairs']:>10,}  {line['method']:<8}{numbers}"


if __name__ == "__main__":
    main()
