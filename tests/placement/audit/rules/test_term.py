"""Leaders with too many placements, in plans altered by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

TIME = {"years": 3, "term_years": 2}
LATER = [pd.Timestamp("2017-09-01"), pd.Timestamp("2018-09-01")]


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [
        ([0, 1], "L1 twice at a time"),
        ([0, 2], None),
        ([0, 1, 2], "L1: 3, over 2; L1 twice at a time"),
        ([0, 3], "L1 twice at one level of a school"),
    ],
)
def test_a_leader_is_bound_for_a_term(world: Callable[..., Any], chosen: list[int], wrong: str | None) -> None:
    posts = [{}, {"opens_on": LATER[0]}, {"opens_on": LATER[1]}, {"urn": 1, "opens_on": LATER[1]}]
    small = world([{}, {}, {}], [{}], posts, time=TIME)
    benefit = [[5, 4, 3, 1]]
    problem, impact = small.problem(benefit), small.impact(benefit)
    plan = replace(small.plan(benefit), chosen=np.array(chosen))
    checks = {check.name: check for check in small.recount(problem, plan, impact).checks}
    assert (None if checks["one_post_per_leader"].holds else checks["one_post_per_leader"].detail) == wrong


def test_the_rows_of_terms_are_asked_for(world: Callable[..., Any]) -> None:
    posts = [{}, {"opens_on": LATER[0]}, {"urn": 1, "opens_on": LATER[1]}]
    small = world([{}, {}], [{}], posts, time=TIME)
    problem, plan, impact = small.problem([[5, 4, 3]]), small.plan([[5, 4, 3]]), small.impact([[5, 4, 3]])
    assert {row.rule for row in problem.rows} == {"term", "own_post"}
    checks = small.audit(replace(problem, rows=()), replace(plan, row_duals=np.zeros(0)), impact).checks
    missing = next(check.detail for check in checks if check.name == "constraints")
    rows = ["term, L1, 1", "term, L1, 2", "term, L1, 3", "own_post, L1, 1, head"]
    assert missing == "; ".join(f"{row} is missing" for row in rows)
