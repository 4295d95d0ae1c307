"""Problems stated from tables: the plan of ``solve`` is the best of all plans, each counted from the table."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.api import Limit, Status, chosen_pairs, placement_problem, solve


def _drawn(seed: int) -> tuple[pd.DataFrame, dict[str, int], list[Limit]]:
    draw = np.random.default_rng(seed)
    names = [(leader, post) for leader in "ABC" for post in "PQRS"]
    kept = [names[place] for place in sorted(draw.choice(len(names), 8, replace=False))]
    table = pd.DataFrame(kept, columns=["leader_id", "post_id"])
    table["benefit"] = draw.integers(-20, 100, len(table)) / 4
    table["cost"] = draw.integers(1, 9, len(table))
    table["far"] = draw.random(len(table)) < 0.5
    most = int(draw.integers(6, 24))
    least = None if draw.random() < 0.3 else most - int(draw.integers(0, 5))
    limits = [
        Limit("money", at_most=most, at_least=least, column="cost"),
        Limit("far", at_most=int(draw.integers(0, 3)), among="far"),
    ]
    return table, {str(table["leader_id"][0]): int(draw.integers(0, 3))}, limits


def _keeps(table: pd.DataFrame, capacity: dict[str, int], limits: list[Limit]) -> bool:
    taken: dict[Any, int] = table["leader_id"].value_counts().to_dict()
    if table["post_id"].duplicated().any() or any(taken[name] > capacity.get(name, 1) for name in taken):
        return False
    for limit in limits:
        counted = table if limit.among is None else table[table[limit.among]]
        total = len(counted) if limit.column is None else counted[limit.column].sum()
        if not (limit.at_least or 0) <= total <= (total if limit.at_most is None else limit.at_most):
            return False
    return True


@pytest.mark.parametrize("seed", range(25))
def test_the_plan_is_the_best_of_all_that_keep_the_limits(seed: int) -> None:
    table, capacity, limits = _drawn(seed)
    choices = (list(rows) for size in range(len(table) + 1) for rows in combinations(range(len(table)), size))
    worths = [table["benefit"].iloc[rows].sum() for rows in choices if _keeps(table.iloc[rows], capacity, limits)]
    problem = placement_problem(table.sample(frac=1, random_state=seed), capacity=capacity, limits=limits)
    plan = solve(problem)
    if not worths:
        assert plan.status is Status.INFEASIBLE
        return
    found = chosen_pairs(problem, plan)
    assert plan.status is Status.OPTIMAL
    assert found["benefit"].sum() == max(worths)
    assert _keeps(found.merge(table, on=["leader_id", "post_id"]), capacity, limits)


def test_the_draws_have_plans_that_place_some_and_problems_without_any_plan() -> None:
    statuses = []
    for seed in range(25):
        table, capacity, limits = _drawn(seed)
        statuses.append(solve(placement_problem(table, capacity=capacity, limits=limits)).status)
    assert {Status.OPTIMAL, Status.INFEASIBLE} <= set(statuses)
