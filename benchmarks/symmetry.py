"""Cohorts of leaders identical but for their names, solved as one with a count, beside the same solved one by one.

A synthetic England of 22,000 schools with the rules of benchmarks/national.py, and a pool of cohorts who differ in
nothing but their names; then the same pool one by one, where no two are identical, to see what looking costs. Each
line is the median of five runs of solving alone; the machine's noise is in it: read the ratios. A budget of less than 1
of the usual makes the linear optimum fractional: then branch and bound decides, which takes minutes one by one.

Usage: python benchmarks/symmetry.py [COHORTS LEADERS_PER_COHORT FARTHER BUDGET]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from pilotage.case.case import Case
from pilotage.config.overlay import resolve
from pilotage.domain import tables
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import LeaderPool, Posts
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve
from pilotage.placement.solver.symmetry import folded
from pilotage.placement.valuation.benefit import impact_matrix
from pilotage.sources import assemble, evidence
from pilotage.sources.pool import invented
from pilotage.sources.sample import build

RUNS = 5
SCHOOLS = 22_000
LIMIT = 60.0
RULES = ["rules.level=null", "rules.consent.accept_unknown=true", "rules.opportunity-areas.share=0.2"]


def main(cohorts: int = 30, each: int = 10, farther: float = 9, budget: float = 1) -> None:
    with tempfile.TemporaryDirectory() as folder:
        england = Path(folder) / "england"
        build.write(england, SCHOOLS, 10, 7)
        for name, problem in (
            (f"{cohorts} cohorts of {each}", built(cohorts, each, farther, budget, england)),
            (f"{cohorts * each} leaders, none identical", built(cohorts * each, 1, farther, budget, england)),
        ):
            seconds = _seconds(lambda problem=problem: folded(problem))
            print(f"{name}: {len(problem.benefit):,} pairs; looking for symmetry {seconds:.2f} s")
            for told, as_one in (("classes as one", True), ("one by one", False)):
                print(_line(told, problem, as_one), flush=True)


def built(cohorts: int, each: int, farther: float, budget: float, england: Path) -> PlacementProblem:
    """Return the problem of cohorts of ``each`` leaders, so much ``farther`` and with a ``budget`` so much of usual."""
    size = cohorts * each
    region = f"rules.region-cap={{rule: region_cap, count: {max(1, round(size * 0.15))}}}"
    settings = [
        *RULES,
        region,
        f"data.folder={england.as_posix()}",
        f"rules.budget.total_gbp={round(size * 9000 * budget)}",
    ]
    scenario = resolve("opportunity-areas", settings).scenario
    panel = assemble.load_panel(scenario, cache=england, say=lambda _: None)
    urns = assemble.scope_urns(panel, scenario)
    pool, posts = invented.invent(panel.schools, cohorts, SCHOOLS / cohorts, 1, scenario.as_of)
    pool = pool.assign(relocates=False, willing_regions=None, max_travel_km=pool["max_travel_km"] * farther)
    pool = pool.loc[pool.index.repeat(each)].reset_index(drop=True)
    pool = pool.assign(leader_id=[f"SYN-L{number:05d}" for number in range(1, size + 1)])
    generator = np.random.default_rng(1)
    risk = {"urn": urns, "need": generator.random(len(urns)), "p_fall_if_inspected": generator.random(len(urns)) / 2}
    forecast = RiskForecast(panel.as_of, pd.DataFrame(risk), {}, {})
    people = LeaderPool(tables.validated(tables.LEADERS, pool, "pool"), True)
    opened = Posts(tables.validated(tables.POSTS, posts, "posts"), True)
    case = Case(scenario, panel, urns, people, opened, evidence.load_evidence({}))
    return placement_problem(case, impact_matrix(case, forecast))


def _line(name: str, problem: PlacementProblem, as_one: bool) -> str:
    plan = solve(problem, time_limit_seconds=LIMIT, seed=1, symmetry=as_one)
    seconds = _seconds(lambda: solve(problem, time_limit_seconds=LIMIT, seed=1, symmetry=as_one))
    objective, bound = (f"{one:,}" for one in (plan.objective or 0, plan.bound or 0))
    passes = f"{plan.iterations} passes"
    return f"  {name:<14}{seconds:7.2f} s  {passes:<11}{plan.status:<11} objective {objective}  bound {bound}"


def _seconds(run: object) -> float:
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


if __name__ == "__main__":
    main(*(float(text) if "." in text else int(text) for text in sys.argv[1:]))
