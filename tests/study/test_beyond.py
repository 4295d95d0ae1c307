"""Decisions and a limit on changes, and what lies beyond: equal to trying every plan, on drawn worlds."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.overlay import Resolved
from pilotage.config.scenario import Scenario
from pilotage.domain.answers import DECISION, Answer, Asked
from pilotage.domain.plan import PlacementProblem
from pilotage.errors import PilotageError
from pilotage.placement.eligibility.answered import with_answers
from pilotage.sources.evidence import load_evidence
from pilotage.study.beyond import with_beyond
from tests.placement import drawn_cases as drawn
from tests.report import worlds

SIZE = 5
QUICK, ALL = range(25), range(25, 300)
Pairs = frozenset[tuple[str, str]]


def _case(seed: int) -> Case:
    """Return a world with one post in each school, decisions about some pairs, and an earlier plan that is limited."""
    random = np.random.default_rng(seed)
    panel, pool, posts = (make(random, SIZE) for make in (drawn._panel, drawn._pool, drawn._posts))
    table = posts.posts.head(SIZE).assign(urn=range(1, len(posts.posts.head(SIZE)) + 1))
    pool = replace(
        pool, leaders=pool.leaders.assign(level="head", phases=";".join({*drawn.PHASES}), max_travel_km=90.0)
    )
    leaders, names = pool.leaders["leader_id"].tolist(), table["post_id"].tolist()
    count = int(random.integers(1, min(len(leaders), len(names)) + 1))
    pairs = {"leader_id": random.permutation(leaders)[:count], "post_id": random.permutation(names)[:count]}
    earlier = pd.DataFrame(pairs)
    answers = [
        Answer(
            Asked(int(row["urn"]), str(row["level"]), str(random.choice(leaders)), str(row["post_id"])),
            *(DECISION, str(random.choice(["agreed", "refused", "asked", "withdrawn", "started"]))),
            *(None, None, None, Path("decided.csv"), number + 2),
        )
        for number, row in table.sample(int(random.integers(0, 3)), random_state=seed).reset_index().iterrows()
    ]
    rule = {"rule": "moves", "earlier_plan": "placements.csv", "count": int(random.integers(0, 4))}
    keys = {"rules": {"changes": rule, "cap": {"rule": "region_cap", "count": int(random.integers(1, 4))}}}
    scenario = Scenario.model_validate(drawn._scenario(random, SIZE) | BARE | keys)
    posts = replace(posts, posts=table, pairs=posts.pairs.head(0), answers=tuple(answers), earlier={"changes": earlier})
    return with_answers(Case(scenario, panel, panel.schools["urn"].to_numpy(), pool, posts, load_evidence({})))


BARE: dict[str, Any] = {"objective": {}, "pins": {}, "bans": {}, "interventions": {}, "time": {}}


def _best(problem: PlacementProblem, case: Case, limited: bool) -> int | None:
    """Return the most that any plan is worth, each tried: pins, the region's cap, the limit."""
    pairs = list(zip(problem.leader.tolist(), problem.post.tolist(), problem.benefit.tolist(), strict=True))
    region = case.panel.schools.set_index("urn")["region"]
    rule, cap = case.scenario.rules["changes"], case.scenario.rules["cap"]
    earlier = set(case.posts.earlier["changes"].itertuples(index=False, name=None))
    pinned = {(pin.leader_id, pin.post_id) for pin in case.scenario.pins.values()}
    best = None
    for size in range(min(len(problem.leader_ids), len(problem.post_ids)) + 1):
        for chosen in combinations(pairs, size):
            if len({pair[0] for pair in chosen}) < size or len({pair[1] for pair in chosen}) < size:
                continue
            named = {(problem.leader_ids[leader], problem.post_ids[post]) for leader, post, _ in chosen}
            regions = [region[int(problem.urns[post])] for _, post, _ in chosen]
            full = any(regions.count(each) > cast("Any", cap).count for each in regions)
            if full or not pinned <= named or (limited and len(earlier - named) > cast("Any", rule).count):
                continue
            worth = sum(benefit for *_, benefit in chosen)
            best = worth if best is None else max(best, worth)
    return best


def _agrees(seed: int) -> bool:
    """Hold one world against brute force; return whether it has a plan."""
    case = _case(seed)
    random = np.random.default_rng(seed + 1_000)
    forecast = drawn._forecast(random, case.panel)
    resolved = cast("Resolved", SimpleNamespace(scenario=case.scenario))
    try:
        stated = pipeline.state(case, forecast)
    except PilotageError:  # a decision that the rules bar, said with its file and row
        return False
    expected = _best(stated.problem, case, limited=True)
    try:
        decided = pipeline.decide(resolved, stated)
    except PilotageError:
        assert expected is None
        return False
    assert decided.plan.objective == expected
    parts = {name: getattr(case, name) for name in ("scenario", "panel", "urns", "pool", "posts")}
    made = {"forecast": forecast, "impact": stated.impact, "problem": decided.problem, "plan": decided.plan}
    full = Resolved(case.scenario, {}, "")
    beyond = with_beyond(full, worlds.record(**parts, **made), lambda _: None).beyond
    assert beyond is not None
    (limit,) = beyond.limits
    assert limit.given_up <= limit.at_most
    unlimited = _best(stated.problem, case, limited=False)
    assert beyond.more is not None
    assert unlimited is not None
    assert round(beyond.more * decided.problem.scale) == unlimited - expected
    assert bool(beyond.leaders) or unlimited == expected
    return True


def test_at_most_k_changes_and_beyond_is_the_unlimited_optimum() -> None:
    assert sum(_agrees(seed) for seed in QUICK) > len(QUICK) // 4


@pytest.mark.slow
def test_so_it_is_on_many_more_worlds() -> None:
    assert sum(_agrees(seed) for seed in ALL) > len(ALL) // 4
