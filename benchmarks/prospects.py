"""Asking all of England: prospects at every school, without the need floor and with far travel, beside GLOP and PDLP.

Synthetic Englands with the product's own benefit formula. No post is known; every school may come to have a head's
post, and each leader, whatever the level, may ask for three of them. Authority, trust and region caps and a budget that
counts asks by their chance hold. Column generation solves to the end (gap 0) and is audited. GLOP and PDLP solve the
whole linear programme, without the rows on shared pupils; with one post a school there are none. Seconds of GLOP and
PDLP are of the solver alone. With ``--levels head,senior`` two leaders of a school share its pupils, which is harder.

Usage: python benchmarks/prospects.py [--sizes 30x4,100x4,300x4] [--levels head] [--limit SECONDS] [--no-write]
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from national import SCHOOLS, linear
from ortools.math_opt.python import mathopt
from results import machine, markdown, write_section

from pilotage.case.case import Case
from pilotage.config.overlay import resolve
from pilotage.domain import tables
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import LeaderPool, Posts
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.audit.audit import audit
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.prospects import with_prospects
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix
from pilotage.sources import assemble, evidence
from pilotage.sources.pool import invented
from pilotage.sources.sample import build

TITLE = "Results of benchmarks/prospects.py"
SIZES = "30x4,100x4,300x4"  # leaders x how much farther than usual they travel
SETTINGS = ["rules.level=null", "rules.need-floor=null", "rules.availability=null", "scope.phases=[]"]
PEERS = (mathopt.SolverType.GLOP, mathopt.SolverType.PDLP)
HEADINGS = (
    "leaders",
    "levels",
    "pairs",
    "rows",
    "method",
    "status",
    "objective",
    "bound",
    "building",
    "seconds",
    "audit",
)


def built(leaders: int, farther: float, levels: str, folder: Path) -> tuple[PlacementProblem, AuditCase, float]:
    """Return the problem, what its audit starts from, and the seconds that its pairs and rows took."""
    region = f"rules.region-cap={{rule: region_cap, count: {max(1, round(leaders * 0.45))}}}"
    money = [f"rules.budget.total_gbp={leaders * 300}", "rules.budget.basis=expected"]
    asked = [f"pool.prospects={{levels: [{levels}]}}", f"data.folder={(folder / 'england').as_posix()}"]
    scenario = resolve("baseline", [*SETTINGS, region, *money, *asked]).scenario
    panel = assemble.load_panel(scenario, cache=folder, say=lambda _: None)
    urns = assemble.scope_urns(panel, scenario)
    pool, posts = invented.invent(panel.schools, leaders, None, 1, scenario.as_of)
    pool = pool.assign(relocates=False, willing_regions=None, max_travel_km=pool["max_travel_km"] * farther)
    generator = np.random.default_rng(1)
    risk = {"urn": urns, "need": generator.random(len(urns)), "p_fall_if_inspected": generator.random(len(urns)) / 2}
    forecast = RiskForecast(panel.as_of, pd.DataFrame(risk), {}, {})
    people = LeaderPool(tables.validated(tables.LEADERS, pool, "pool"), True)
    nothing = Posts(tables.validated(tables.POSTS, posts, "posts"), True)
    start = time.perf_counter()
    case = with_prospects(Case(scenario, panel, urns, people, nothing, evidence.load_evidence({})))
    impact = impact_matrix(case, forecast)
    problem = placement_problem(case, impact)
    return problem, AuditCase.of(case, forecast, impact), time.perf_counter() - start


def rows_of(size: str, levels: str, limit: float, folder: Path) -> list[list[str]]:
    """Return a row of the table for column generation and for each peer."""
    leaders, _, farther = size.partition("x")
    problem, case, building = built(int(leaders), float(farther), levels, folder)
    known = [leaders, levels, f"{len(problem.benefit):,}", f"{len(problem.rows):,}"]
    start = time.perf_counter()
    plan = solve(problem, time_limit_seconds=limit, seed=1)
    seconds = time.perf_counter() - start
    checked = audit(case, problem, plan)
    clean = f"{checked.seconds:.1f}" if checked.clean else "fails"
    figures = [f"{plan.objective:,}", f"{plan.bound:,}", f"{building:.1f}", f"{seconds:.1f}", clean]
    made = [[*known, "columns", plan.status.value, *figures]]
    for peer in PEERS:
        objective, claim, took = linear(problem, np.arange(len(problem.benefit)), limit, peer)
        told = ["-" if value is None else f"{value:,}" for value in (objective, claim)]
        made.append([*known, peer.name.lower(), "linear optimum" if claim else "none", *told, "", f"{took:.1f}", ""])
    for row in made:
        print(" | ".join(row), flush=True)
    return made


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--sizes", default=SIZES)
    given.add_argument("--levels", default="head")
    given.add_argument("--limit", type=float, default=120.0)
    given.add_argument("--note", default="", help="what a reader of the table must know of these runs")
    given.add_argument("--no-write", action="store_true")
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build.write(Path(folder) / "england", SCHOOLS, 10, 7)
        rows = [
            row
            for size in options.sizes.split(",")
            for row in rows_of(size, options.levels, options.limit, Path(folder))
        ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    about = (
        f"Machine: {machine()}. {SCHOOLS:,} synthetic schools, each with a prospect; no known post, no need floor, far "
        f"travel, three asks a leader. Limit of each method: {options.limit:g} s. Objective and bound in thousandths "
        "of a pupil-month; `building` (pairs and rows), `seconds` (the method; of GLOP and PDLP the solver alone) and "
        "`audit` apart. GLOP and PDLP solve the linear programme only: objective is of the plan that its optimum "
        f"rounds to, if it is one. Peak memory of all runs in one process: {peak:.1f} GB. {options.note}"
    )
    if not options.no_write:
        write_section(TITLE, f"{about.strip()}\n\n{markdown(HEADINGS, rows)}")


if __name__ == "__main__":
    main()
