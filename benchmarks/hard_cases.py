"""Hard but realistic national problems, to time and to prove: spans, teams, several years, prices, alternatives.

A synthetic England of 22,000 schools, written once into the folder that CASES_TMP names.

Usage: python benchmarks/hard_cases.py sample; then: python benchmarks/hard_cases.py CASE SECONDS. Prints one JSON line:
pairs, rows, status, gap, seconds, memory.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pilotage import pipeline
from pilotage.case import case as known_case
from pilotage.config.overlay import Resolved, resolve
from pilotage.domain import tables
from pilotage.domain.explanation import Audit
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.placement.analysis.alternatives import Effort, alternatives
from pilotage.sources import assemble, evidence
from pilotage.sources.pool import invented
from pilotage.sources.sample import build

FOLDER = Path(os.environ.get("CASES_TMP", tempfile.gettempdir()))
ENGLAND = FOLDER / "cases-england"
SCHOOLS = 22_000
Frames = tuple[pd.DataFrame, pd.DataFrame]
Change = Callable[[pd.DataFrame, pd.DataFrame, np.random.Generator], Frames]


@dataclass(frozen=True)
class Case:
    """Settings, how many leaders, how much farther than usual they travel, and what else is changed."""

    settings: list[str]
    leaders: int
    farther: float
    change: Change | None = None
    posts_per_leader: float | None = None
    relocates: bool = False


def spans(count: int) -> Change:
    def change(pool: pd.DataFrame, posts: pd.DataFrame, generator: np.random.Generator) -> Frames:
        who, level = generator.permutation(len(pool))[:count], pool["level"].to_numpy(dtype=object).copy()
        level[level == "executive"] = "head"
        level[who] = "executive"
        executive = level == "executive"
        span = pd.Series(np.where(executive, 4, 0)).where(executive).astype("Int64")
        return pool.assign(level=level, span=span), posts

    return change


def teams(count: int, size: int) -> Change:
    def change(pool: pd.DataFrame, posts: pd.DataFrame, generator: np.random.Generator) -> Frames:
        who, team = generator.permutation(len(pool))[: count * size], np.full(len(pool), None, dtype=object)
        for place, leader in enumerate(who):
            team[leader] = f"T{place // size:03d}"
        more = [posts.assign(post_id=posts["post_id"] + f"-{number}") for number in range(size - 1)]
        return pool.assign(team_id=team), pd.concat([posts, *more], ignore_index=True)

    return change


def costs(pool: pd.DataFrame, posts: pd.DataFrame, generator: np.random.Generator) -> Frames:
    pool = pool.assign(cost_gbp=generator.integers(2000, 20000, len(pool)))
    return pool, posts.assign(salary_gbp=generator.integers(0, 9000, len(posts)))


def years(pool: pd.DataFrame, posts: pd.DataFrame, generator: np.random.Generator) -> Frames:
    opens = pd.to_timedelta(365 * generator.integers(0, 3, len(posts)), unit="D")
    free = pd.to_timedelta(365 * generator.integers(0, 3, len(pool)), unit="D")
    pool = pool.assign(available_from=pd.to_datetime(pool["available_from"]) + free)
    return pool, posts.assign(opens_on=pd.to_datetime(posts["opens_on"]) + opens)


def equal(pool: pd.DataFrame, posts: pd.DataFrame, _: np.random.Generator) -> Frames:
    nobody = pd.array([None] * len(pool), dtype="Int64")
    pool = pool.assign(effect_mean=np.nan, effect_sd=np.nan, current_urn=nobody, max_travel_km=60.0, cost_gbp=8000)
    return pool, posts.assign(consent="yes")


BASE = ["rules.level=null", "rules.consent.accept_unknown=true", "rules.opportunity-areas.share=0.2"]
REGION = "rules.region-cap={rule: region_cap, count: 150}"
SPAN = "rules.span={rule: executive_span, minimum: 3, when_short: reduce}"
SUPPORT = "interventions.support={capacity: {North West: 60, East Midlands: 40}, cost_gbp: 3000}"
PRICED = [
    "rules.opportunity-areas.price=20",
    "rules.budget={rule: budget, total_gbp: 2000000, price: 3}",
    "rules.authority-cap={rule: authority_cap, count: 3, price: 7}",
    "rules.trust-cap={rule: trust_cap, count: 2, price: 11}",
    "rules.fair={rule: deprived_share, share: 0.6, price: 0.5}",
    "rules.availability={rule: availability, price: 4}",
    "rules.phase={rule: phase, price: 30}",
]
YEARS = ["time.years=3", "time.term_years=1", "time.discount_rate=0.1"]


def _budget(total: int) -> str:
    return f"rules.budget.total_gbp={total}"


def _fair(share: float) -> str:
    return f"rules.fair={{rule: deprived_share, share: {share}}}"


CASES = {
    "plain300": Case([_budget(2_700_000)], 300, 8),
    "mixed1000": Case([REGION, _budget(9_000_000), _fair(0.4), SPAN, SUPPORT], 1000, 4, spans(200)),
    "mixed300": Case([_budget(2_500_000), _fair(0.5), SPAN, SUPPORT], 300, 4, spans(60)),
    "spans200": Case([_budget(3_000_000), SPAN.replace("3,", "3, one_trust: true,")], 400, 3, spans(200)),
    "teams100x3": Case(
        [_budget(3_000_000), "rules.teams={rule: teams, when_impossible: leave}"], 400, 2, teams(100, 3), 20
    ),
    "costs": Case([_budget(3_000_000)], 600, 4, costs, relocates=True),
    "multiyear": Case([*YEARS, "rules.budget={rule: budget, total_gbp: 2500000, per_year: true}"], 600, 4, years),
    "equal": Case([_budget(2_400_000)], 400, 4, equal),
    "poolbig": Case([_budget(6_000_000)], 3000, 4, None, 0.3),
    "allprice": Case(PRICED, 400, 2),
    "alts5": Case([_budget(2_700_000), "report.alternatives.count=5", "report.alternatives.loss=0.02"], 300, 4),
}


def stated(name: str, limit: float) -> tuple[Resolved, pipeline.Stated]:
    """Return scenario and problem of a case."""
    case = CASES[name]
    limits = [f"solver.time_limit_seconds={limit}", f"data.folder={ENGLAND.as_posix()}"]
    resolved = resolve("opportunity-areas", [*BASE, *case.settings, *limits])
    known, forecast = _known(resolved, case)
    return resolved, pipeline.state(known, forecast)


def _known(resolved: Resolved, case: Case) -> tuple[known_case.Case, RiskForecast]:
    scenario = resolved.scenario
    panel = assemble.load_panel(scenario, cache=FOLDER, say=lambda _: None)
    urns = assemble.scope_urns(panel, scenario)
    pool, posts = _tables(panel, case, scenario.as_of)
    generator, size = np.random.default_rng(1), len(urns)
    risk = {"urn": urns, "p_fall_if_inspected": generator.random(size) / 2, "need": generator.random(size)}
    found = evidence.load_evidence(dict(scenario.impact.parameters))
    people = LeaderPool(tables.validated(tables.LEADERS, pool, "pool"), True)
    opened = Posts(tables.validated(tables.POSTS, posts, "posts"), True)
    known = known_case.Case(scenario, panel, urns, people, opened, found)
    return known, RiskForecast(panel.as_of, pd.DataFrame(risk), {}, {})


def _tables(panel: SchoolPanel, case: Case, as_of: Any) -> Frames:
    each = case.posts_per_leader or SCHOOLS / case.leaders
    pool, posts = invented.invent(panel.schools, case.leaders, each, 1, as_of)
    if not case.relocates:
        pool = pool.assign(relocates=False, willing_regions=None)
    pool = pool.assign(max_travel_km=pool["max_travel_km"] * case.farther)
    return (pool, posts) if case.change is None else case.change(pool, posts, np.random.default_rng(5))


def main(name: str, limit: float) -> None:
    start = time.perf_counter()
    resolved, problem = stated(name, limit)
    building, start = time.perf_counter() - start, time.perf_counter()
    size = {"name": name, "pairs": len(problem.problem.benefit), "rows": len(problem.problem.rows)}
    decided = pipeline.decide(resolved, problem)
    plan, seconds = decided.plan, time.perf_counter() - start
    told = size | {"status": plan.status.value, "objective": plan.objective, "bound": plan.bound, "gap": plan.gap}
    told |= {"lp": plan.bound_lp, "placed": len(plan.chosen), "solver": plan.solver, "proven_by": plan.proven_by}
    told |= {"limit": limit, "building": round(building, 1), "seconds": round(seconds, 1)}
    wanted, seed = resolved.scenario.report.alternatives, resolved.scenario.solver.seed
    if wanted.count:
        start = time.perf_counter()
        given = (decided.problem, plan, None, wanted, lambda _: Audit(()), Effort(limit, seed))
        more = alternatives(*given)
        each = [(one.status.value, one.new_schools, one.most_new_schools, round(one.gap, 6)) for one in more.plans]
        told |= {"alternatives": each, "ended": more.ended, "alternatives_s": round(time.perf_counter() - start, 1)}
    told["peak_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "sample":
        build.write(ENGLAND, SCHOOLS, 10, 7)
    else:
        main(sys.argv[1], float(sys.argv[2]))
