"""Planning again after a change, at regional size, from Python: a pin, an assumption, a rule, several rules.

A synthetic England of 2,000 schools and 100 leaders, first with its own few posts and leaders who travel five times as
far as usual, then with more posts invented, and all levels of leader eligible for each. Each line is the median of five
runs of stating and solving the problem; reading the tables and forecasting are not repeated. ``gap`` is the proven one,
and ``fractional`` says that the linear optimum is no plan. Machines are noisy: read the ratios.

Usage: python benchmarks/replan.py [SCHOOLS LEADERS]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from pilotage import pipeline
from pilotage.config.overlay import resolve
from pilotage.domain.plan import PlacementProblem
from pilotage.sources.pool import invented
from pilotage.sources.sample import build

RUNS = 5
FARTHER = 5
POSTS_A_SCHOOL = 3
AREAS, FAIR = "rules.areas={rule: area_minimum, share: 0.4}", "rules.fair={rule: deprived_share, share: 0.7}"
BUDGET, TIGHTER = "rules.budget.total_gbp=800000", "rules.budget.total_gbp=700000"
CHANGES = {
    "nothing": [],
    "a weight": ["impact.parameters.fall_value_months=1"],
    "a cap": ["rules.authority-cap.count=2"],
    "an area minimum": [AREAS],
    "a share of benefit": [FAIR],
    "a budget": [TIGHTER],
    "two rules": [AREAS, BUDGET],
    "three rules": [AREAS, FAIR, TIGHTER],
    "spans": ["rules.span={rule: executive_span, minimum: 3}", AREAS],
    "a price": ["rules.areas={rule: area_minimum, share: 0.6, price: 3}", TIGHTER],
}


def main(schools: int = 2000, leaders: int = 100) -> None:
    for title, base, forecast in _regions(schools, leaders):
        print(title)
        for name, changed in _changed(base, forecast):
            print(_line(name, changed, forecast), flush=True)


def problems(schools: int = 2000, leaders: int = 100) -> Iterator[tuple[str, PlacementProblem]]:
    """Yield the name and the problem of every case, for other benchmarks."""
    for title, base, forecast in _regions(schools, leaders):
        for name, changed in _changed(base, forecast):
            stated = pipeline.state(pipeline.gather(changed), forecast)
            yield f"{title}-{name}".replace(" ", "-").lower(), stated.problem


def _regions(schools: int, leaders: int) -> Iterator[tuple[str, list[str], object]]:
    """Yield title, settings and forecast of the region as it is, and with more posts."""
    with tempfile.TemporaryDirectory() as folder:
        england = Path(folder) / "england"
        build.write(england, schools, leaders, 7)
        pool = pd.read_csv(england / "leaders.csv")
        pool.assign(max_travel_km=pool["max_travel_km"] * FARTHER).to_csv(england / "leaders.csv", index=False)
        base = [f"data.folder={england.as_posix()}", "rules.consent.accept_unknown=true"]
        first = resolve("baseline", [*base, *_tables(england)])
        known = pipeline.gather(first)
        forecast = pipeline.foresee(first, known)
        yield "The region", [*base, *_tables(england)], forecast
        more = _more_posts(known, leaders, first.scenario.as_of, Path(folder) / "more")
        yield "The region with more posts", [*base, *_tables(more), "rules.level=null"], forecast


def _tables(folder: Path) -> list[str]:
    return [f"pool.{name}={(folder / name).as_posix()}.csv" for name in ("leaders", "posts")]


def _more_posts(known: pipeline.Known, leaders: int, as_of: object, folder: Path) -> Path:
    """Write leaders who travel far, and several posts in each school, into a folder."""
    schools, drawn = known.panel.schools, []
    for seed in range(1, POSTS_A_SCHOOL + 1):
        pool, posts = invented.invent(schools, leaders, len(schools) / leaders, seed, as_of)
        drawn.append(posts.assign(post_id=posts["post_id"] + f"-{seed}"))
    folder.mkdir()
    pool.assign(max_travel_km=pool["max_travel_km"] * FARTHER).to_csv(folder / "leaders.csv", index=False)
    pd.concat(drawn).to_csv(folder / "posts.csv", index=False)
    return folder


def _changed(base: list[str], forecast: object) -> Iterator[tuple[str, object]]:
    """Yield each case: a change, a refusal of a placement of the plan, a pin that the plan does not have."""
    resolved = resolve("baseline", base)
    plan = pipeline.decide(resolved, pipeline.state(pipeline.gather(resolved), forecast))
    problem, last = plan.problem, plan.plan.chosen[-1]
    leader, post = problem.leader_ids[problem.leader[last]], problem.post_ids[problem.post[last]]
    others = np.setdiff1d(np.flatnonzero(problem.leader == problem.leader[last]), plan.plan.chosen)
    other = problem.post_ids[problem.post[others[problem.benefit[others].argmax()]]]
    why = "reason: agreed, author: governors"
    pin = f"pins.agreed={{leader_id: {leader}, post_id: {other}, {why}}}"
    ban = f"bans.refused={{leader_id: {leader}, post_id: {post}, {why}}}"
    for name, settings in (CHANGES | {"a refusal": [ban], "a pin": [pin]}).items():
        yield name, resolve("baseline", [*base, *settings])


def _line(name: str, changed: object, forecast: object) -> str:
    known, seconds = pipeline.gather(changed), []
    for _ in range(RUNS):
        start = time.perf_counter()
        stated = pipeline.state(known, forecast)
        decided = pipeline.decide(changed, stated)
        seconds.append(time.perf_counter() - start)
    pairs, plan = len(stated.problem.benefit), decided.plan
    fractional = "fractional" if plan.bound_lp - plan.objective >= 1 else "whole"
    found = f"objective {plan.objective:,}  {plan.status.value}  gap {plan.gap:.1e}  {fractional}"
    return f"{name:<20}{pairs:>8,} pairs  {statistics.median(seconds):6.2f} s (most {max(seconds):.2f})  {found}"


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:]))
