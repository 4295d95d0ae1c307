"""Planning again after a change, at regional size, from Python: a pin, an assumption, a rule.

A synthetic England of 2,000 schools and 100 leaders who travel five times as far as usual. Each line is the median of
five runs of stating and solving the problem; reading the tables and forecasting are not repeated. Machines are noisy:
read the ratios.

Usage: python benchmarks/replan.py [SCHOOLS LEADERS]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from pilotage import pipeline
from pilotage.config.overlay import resolve
from pilotage.sources import sample

RUNS = 5
FARTHER = 5
CHANGES = {
    "nothing": [],
    "a weight": ["impact.parameters.fall_value_pupil_months=150"],
    "a rule": ["rules.authority-cap.count=2"],
    "a minimum": ["rules.areas={rule: area_minimum, share: 0.4}"],
}


def main(schools: int = 2000, leaders: int = 100) -> None:
    with tempfile.TemporaryDirectory() as folder:
        england = Path(folder) / "england"
        sample.write(england, schools, leaders, 7)
        pool = pd.read_csv(england / "leaders.csv")
        pool.assign(max_travel_km=pool["max_travel_km"] * FARTHER).to_csv(england / "leaders.csv", index=False)
        tables = [f"pool.{name}={(england / name).as_posix()}.csv" for name in ("leaders", "posts")]
        base = [f"data.folder={england.as_posix()}", *tables, "rules.consent.accept_unknown=true"]
        first = resolve("baseline", base)
        known = pipeline.gather(first)
        forecast = pipeline.foresee(first, known)
        plan = pipeline.decide(first, pipeline.state(known, forecast))
        leader = plan.problem.leader_ids[plan.problem.leader[plan.plan.chosen[-1]]]
        post = plan.problem.post_ids[plan.problem.post[plan.plan.chosen[-1]]]
        ban = f"bans.refused={{leader_id: {leader}, post_id: {post}, reason: refused, author: governors}}"
        for name, settings in (CHANGES | {"a refusal": [ban]}).items():
            print(_line(name, resolve("baseline", [*base, *settings]), forecast))


def _line(name: str, changed: object, forecast: object) -> str:
    known, seconds = pipeline.gather(changed), []
    for _ in range(RUNS):
        start = time.perf_counter()
        stated = pipeline.state(known, forecast)
        decided = pipeline.decide(changed, stated)
        seconds.append(time.perf_counter() - start)
    pairs, objective = len(stated.problem.benefit), decided.plan.objective
    return f"{name:<12}{pairs:>9,} pairs  {statistics.median(seconds):6.2f} s  objective {objective:,}"


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:]))
