"""All of England: column generation beside GLOP and PDLP on the whole linear programme, HiGHS, CP-SAT and greedy.

The linear programme of most of these problems has whole optima, so that GLOP and PDLP over all pairs are the fairest
peers; their seconds are of the solver alone, stating the model apart. They do not see that leaders of one school share
its pupils. Synthetic Englands with the product's own benefit
formula, an area minimum, authority, trust and region caps and a budget. Each method runs in a process of its own, so
that its memory is its own; each has the same time limit. Seconds of column generation include stating its programmes.

Usage: python benchmarks/national.py [--sizes 1000x9,...] [--methods columns,glop,pdlp,highs,cpsat,greedy]
[--limit SECONDS] [--repeat RUNS] [--log FILE] [--note TEXT]; with a log, runs of earlier calls stand in the table too,
so that it can be made in parts.
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ortools.math_opt.python import mathopt

sys.path.insert(0, str(Path(__file__).parent))

from results import RESULTS, machine, markdown, write_section

from pilotage.case.case import Case
from pilotage.config.overlay import resolve
from pilotage.domain import tables
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import LeaderPool, Posts
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.audit.audit import audit
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.cp_sat import Choice, Limits, Pool, solve_integers, value_of
from pilotage.placement.solver.greedy import greedy
from pilotage.placement.solver.incumbent import checked
from pilotage.placement.solver.integer_phase import settled
from pilotage.placement.solver.master_lp import Rows, programme
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix
from pilotage.sources import assemble, evidence
from pilotage.sources.pool import invented
from pilotage.sources.sample import build

SCHOOLS = 22_000
SIZES = "1000x9,300x8,2000x8.7,100x9,30x9"  # leaders x how much farther than usual they travel
METHODS = "columns,glop,pdlp,highs,cpsat,greedy"
GAP = 1e-4
TITLE = "Results of benchmarks/national.py"
PATIENCE = 400  # seconds beyond its limit after which a method is stopped
SETTINGS = ["rules.level=null", "rules.consent.accept_unknown=true", "rules.opportunity-areas.share=0.2"]


def built(leaders: int, farther: float, folder: Path) -> tuple[PlacementProblem, AuditCase, float]:
    """Return the problem, what its audit starts from, and the seconds that its pairs and rows took."""
    place = (folder / "england").as_posix()
    region = f"rules.region-cap={{rule: region_cap, count: {max(1, round(leaders * 0.15))}}}"
    settings = [*SETTINGS, region, f"data.folder={place}", f"rules.budget.total_gbp={leaders * 9000}"]
    scenario = resolve("opportunity-areas", settings).scenario
    panel = assemble.load_panel(scenario, cache=folder, say=lambda _: None)
    urns = assemble.scope_urns(panel, scenario)
    pool, posts = invented.invent(panel.schools, leaders, SCHOOLS / leaders, 1, scenario.as_of)
    pool = pool.assign(relocates=False, willing_regions=None, max_travel_km=pool["max_travel_km"] * farther)
    generator = np.random.default_rng(1)
    risk = {"urn": urns, "need": generator.random(len(urns)), "p_fall_if_inspected": generator.random(len(urns)) / 2}
    forecast = RiskForecast(panel.as_of, pd.DataFrame(risk), {}, {})
    people = LeaderPool(tables.validated(tables.LEADERS, pool, "pool"), True)
    opened = Posts(tables.validated(tables.POSTS, posts, "posts"), True)
    start, parameters = time.perf_counter(), evidence.load_evidence({})
    case = Case(scenario, panel, urns, people, opened, parameters)
    impact = impact_matrix(case, forecast)
    problem = placement_problem(case, impact)
    seconds = time.perf_counter() - start
    return problem, AuditCase.of(case, forecast, impact), seconds


def run(method: str, leaders: int, farther: float, limit: float, folder: Path) -> dict[str, Any]:
    problem, case, building = built(leaders, farther, folder)
    size = {"method": method, "leaders": leaders, "pairs": len(problem.benefit), "rows": len(problem.rows)}
    size |= {"objective": None, "bound": None, "building": round(building, 2)}
    print(json.dumps(size), flush=True)  # what is known of a method that does not come back
    if method == "columns":
        return size | audited(problem, case, limit)
    start = time.perf_counter()
    objective, bound, seconds = answer(method, problem, limit)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    seconds = round(time.perf_counter() - start if seconds is None else seconds, 2)
    return size | {"objective": objective, "bound": bound, "seconds": seconds, "peak_gb": round(peak, 2)}


def audited(problem: PlacementProblem, case: AuditCase, limit: float) -> dict[str, Any]:
    """Return what column generation finds, with its seconds, and those of the audit of its plan."""
    start = time.perf_counter()
    plan = solve(problem, time_limit_seconds=limit, seed=1, gap=GAP)
    seconds = time.perf_counter() - start
    checked = audit(case, problem, plan)
    ended = "" if checked.clean else f"the audit fails: {[check.name for check in checked.checks if not check.holds]}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    told = {"objective": plan.objective, "bound": plan.bound, "seconds": round(seconds, 2), "peak_gb": round(peak, 2)}
    return told | {"audit": round(checked.seconds, 2), "ended": ended}


def answer(method: str, problem: PlacementProblem, limit: float) -> tuple[int | None, int | None, float | None]:
    """Return objective and proven bound of one method, and its seconds where not all that passes counts."""
    everything = np.arange(len(problem.benefit))
    if method == "greedy":
        choice = checked(problem, greedy(problem))
        return None if choice is None else value_of(problem, choice), None, None
    if method == "cpsat":
        found = solve_integers(Rows(problem), Pool.whole(problem), None, Limits(limit, None, GAP), 1)
        return None if found.choice is None else value_of(problem, found.choice), found.bound, None
    if method == "highs":
        return *highs(problem, everything, limit), None
    return linear(problem, everything, limit, mathopt.SolverType[method.upper()])


def linear(
    problem: PlacementProblem, everything: np.ndarray, limit: float, solver: mathopt.SolverType
) -> tuple[int | None, int | None, float]:
    """Return what the whole linear programme gives: the plan that it rounds to, if it is one, and its claim."""
    model = mathopt.Model.from_model_proto(programme(Rows(problem), everything, float(problem.scale), shortfall=False))
    parameters = mathopt.SolveParameters(time_limit=pd.Timedelta(seconds=limit).to_pytimedelta())
    start = time.perf_counter()
    result = mathopt.solve(model, solver, params=parameters)
    seconds = time.perf_counter() - start
    if not result.has_primal_feasible_solution():
        return None, None, seconds
    values = result.solutions[0].primal_solution.variable_values if result.solutions else {}
    taken = np.array([values[one] for one in model.variables()])[: len(everything)]
    none = np.zeros(len(problem.auxiliaries), dtype=np.int64)
    choice = settled(problem, Choice(np.flatnonzero(taken > 0.5), none))
    claim = round(result.termination.objective_bounds.dual_bound * problem.scale)
    return None if choice is None else value_of(problem, choice), claim, seconds


def highs(problem: PlacementProblem, everything: np.ndarray, limit: float) -> tuple[int | None, int | None]:
    proto = programme(Rows(problem), everything, float(problem.scale), shortfall=False)
    proto.variables.integers[:] = [True] * len(proto.variables.ids)
    seconds = pd.Timedelta(seconds=limit).to_pytimedelta()
    parameters = mathopt.SolveParameters(time_limit=seconds, relative_gap_tolerance=GAP)
    result = mathopt.solve(mathopt.Model.from_model_proto(proto), mathopt.SolverType.HIGHS, params=parameters)
    bounds = result.termination.objective_bounds
    ends = (bounds.primal_bound if result.has_primal_feasible_solution() else np.nan, bounds.dual_bound)
    told = [round(one * problem.scale) if np.isfinite(one) else None for one in ends]
    return told[0], told[1]


def medians(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row per size and method: medians of the runs of column generation, objective and bound of the last."""
    frame = pd.DataFrame(rows)
    order = {name: number for number, name in enumerate(METHODS.split(","))}
    found = []
    for (_, method), part in frame.groupby(["pairs", "method"]):
        last = part.iloc[-1].to_dict()
        last |= {
            name: round(float(part[name].median()), 2)
            for name in ("building", "seconds", "audit", "peak_gb")
            if name in part
        }
        last |= {"runs": len(part), "order": order[str(method)]}
        found.append({name: _plain(value) for name, value in last.items()})
    return sorted(found, key=lambda row: (row["pairs"], row["order"]))


def _plain(value: object) -> object:
    if isinstance(value, float) and np.isnan(value):
        return None
    return int(value) if isinstance(value, np.integer | float) and float(value).is_integer() else value


def table(rows: list[dict[str, Any]], limit: float, note: str = "") -> str:
    names = (
        *(
            "leaders",
            "pairs",
            "rows",
            "method",
            "runs",
            "objective",
            "bound",
            "building",
            "seconds",
            "audit",
            "peak_gb",
        ),
        "ended",
    )
    about = (
        f"Machine: {machine()}. Limit of each method: {limit:g} s, or a gap of {GAP:g}. Objective and bound in "
        "thousandths of a pupil-month; `building` (pairs and rows), `seconds` (the method; of GLOP and PDLP the solver "
        "alone) and `audit` (of the plan of column generation) apart; peak memory is of the whole process; medians "
        "where there are several runs. A dash in "
        "`objective`: no plan when the method ended. GLOP and PDLP solve the linear programme only: objective is of "
        "the plan that its optimum rounds to, bound its claim. `ended` is how a method ended that did not come back by "
        f"itself: it was stopped {PATIENCE} s after its limit, had no memory left or broke off."
    )
    body = [[_told(row.get(name)) for name in names] for row in medians(rows)]
    return f"{about} {note}".strip() + "\n\n" + markdown(names, body)


def _told(value: object) -> str:
    return "-" if value in (None, "") else f"{value:,}" if isinstance(value, int) else str(value)


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--sizes", default=SIZES)
    given.add_argument("--methods", default=METHODS)
    given.add_argument("--limit", type=float, default=300.0)
    given.add_argument("--repeat", type=int, default=1, help="runs of column generation")
    given.add_argument("--out", type=Path, default=RESULTS)
    given.add_argument("--log", type=Path, help="file of runs, one JSON line each, that this call adds to")
    given.add_argument("--note", default="", help="what a reader of the table must know of these runs")
    given.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = given.parse_args()
    if options.one:
        method, leaders, farther, folder = options.one
        print(json.dumps(run(method, int(leaders), float(farther), options.limit, Path(folder))))
        return
    rows = _logged(options.log)
    with tempfile.TemporaryDirectory() as folder:
        build.write(Path(folder) / "england", SCHOOLS, 10, 7)
        for size in options.sizes.split(","):
            for method in options.methods.split(","):
                for _ in range(options.repeat if method == "columns" else 1):
                    rows += _child(method, size, options.limit, folder, options.log)
                    text = table(rows, options.limit, options.note)
                    write_section(TITLE, text, options.out)


def _logged(log: Path | None) -> list[dict[str, Any]]:
    if log is None or not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def _child(method: str, size: str, limit: float, folder: str, log: Path | None) -> list[dict[str, Any]]:
    command = [sys.executable, __file__, "--limit", str(limit), "--one", method, *size.split("x"), folder]
    line, ended = _ran(command, limit)
    print(line or f"{method} {size}: {ended}", flush=True)
    if not line:
        return []
    row = json.loads(line) | {"ended": ended}
    if log is not None:
        with log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
    return [row]


def _ran(command: list[str], limit: float) -> tuple[str, str]:
    """Return the last line that a method printed, and how it ended where it did not come back by itself."""
    most = limit + PATIENCE
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=most, check=False)
    except subprocess.TimeoutExpired as late:
        told = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        return _last(told), f"stopped after {most:.0f} s"
    if "memory" in done.stderr.lower() or "bad_alloc" in done.stderr or done.returncode == -signal.SIGKILL:
        return _last(done.stdout), "out of memory"
    if done.returncode < 0:
        return _last(done.stdout), f"broke off ({signal.Signals(-done.returncode).name})"
    return _last(done.stdout), done.stderr.strip()[-200:] if done.returncode else ""


def _last(told: str) -> str:
    lines = told.splitlines()
    return lines[-1] if lines else ""


if __name__ == "__main__":
    main()
