"""Column generation against peers on the same problem: monolithic CP-SAT, and greedy.

Problems are synthetic Englands with the product's own benefit formula, an area minimum, caps and a budget; every peer
has the same time limit. Machines are noisy: read the ratios.

Usage: python benchmarks/placement.py [SCHOOLS LEADERS LIMIT_SECONDS]
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from pilotage.config.overlay import resolve
from pilotage.domain import tables
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import LeaderPool, Posts
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.baselines import greedy
from pilotage.placement.impact import impact_matrix
from pilotage.placement.integers import Limits, solve_integers, value_of
from pilotage.placement.rules import placement_problem
from pilotage.placement.solve import solve
from pilotage.sources import assemble, evidence, sample, synthetic_pool

SETTINGS = [
    "rules.level=null",
    "rules.consent.accept_unknown=true",
    "rules.opportunity-areas.share=0.2",
    "rules.region-cap={rule: region_cap, count: 150}",
]


def problem(schools: int, leaders: int, folder: Path) -> PlacementProblem:
    sample.write(folder / "england", schools, 10, 7)
    place, budget = (folder / "england").as_posix(), leaders * 9000
    settings = [*SETTINGS, f"data.folder={place}", f"rules.budget.total_gbp={budget}"]
    scenario = resolve("opportunity-areas", settings).scenario
    panel = assemble.load_panel(scenario, cache=folder, say=print)
    urns = assemble.scope_urns(panel, scenario)
    pool, posts = synthetic_pool.invent(panel.schools, leaders, schools / leaders, 1, scenario.as_of)
    pool = pool.assign(relocates=True, willing_regions=None)
    generator = np.random.default_rng(1)
    risk = {"urn": urns, "need": generator.random(len(urns)), "p_fall_if_inspected": generator.random(len(urns)) / 2}
    forecast = RiskForecast(panel.as_of, pd.DataFrame(risk), {}, {})
    nouns = (
        LeaderPool(tables.validated(tables.LEADERS, pool, "pool"), True),
        Posts(tables.validated(tables.POSTS, posts, "posts"), True),
    )
    impact = impact_matrix(forecast, panel, *nouns, scenario, evidence.load_evidence({}), urns)
    return placement_problem(impact, panel, *nouns, scenario)


def main(schools: int = 2500, leaders: int = 60, limit: float = 60.0) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stated = problem(schools, leaders, Path(folder))
    print(f"{len(stated.benefit):,} pairs, {len(stated.rows)} rows, limit {limit:g} s")
    print(f"{'method':<22}{'seconds':>9}{'objective':>14}{'proven bound':>14}")
    start = time.perf_counter()
    plan = solve(stated, time_limit_seconds=limit, seed=1)
    _line("column generation", time.perf_counter() - start, plan.objective, plan.bound)
    start = time.perf_counter()
    answer = solve_integers(stated, np.arange(len(stated.benefit)), None, None, Limits(limit), 1)
    _line(
        "monolithic CP-SAT",
        time.perf_counter() - start,
        answer.choice and value_of(stated, answer.choice),
        answer.bound,
    )
    start = time.perf_counter()
    chosen = greedy(stated)
    _line("greedy by benefit", time.perf_counter() - start, value_of(stated, chosen), None)


def _line(name: str, seconds: float, objective: int | None, bound: int | None) -> None:
    print(f"{name:<22}{seconds:>9.2f}{objective if objective is not None else '-':>14}{bound or '-':>14}")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(*(int(text) for text in given[:2]), *(float(text) for text in given[2:]))
