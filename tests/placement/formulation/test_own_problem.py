"""A problem from a table of pairs: what it states, and each thing that it refuses."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.errors import DataError
from pilotage.placement.formulation.own_problem import Limit, own_problem

PAIRS: dict[str, list[Any]] = {
    "leader_id": ["Bob", "Ann", "Ann", "Bob"],
    "post_id": ["P1", "P2", "P1", "P2"],
    "benefit": [8.0, 9.0, 10.0, 1.0005],
    "urn": [100, 200, 100, 200],
    "cost_gbp": [6, 5, 4, 3],
    "far": [True, False, False, True],
}


def _refused(pairs: Any, limits: tuple[Limit, ...] = (), **capacity: Any) -> str:
    with pytest.raises(DataError) as error:
        own_problem(pairs, capacity, limits)
    return str(error.value)


def test_it_states_pairs_benefits_capacities_and_schools_whatever_the_order_of_rows() -> None:
    table = pd.DataFrame(PAIRS)
    problem = own_problem(table.sample(frac=1, random_state=3), {"Bob": 2}, ())
    assert problem.leader_ids == ("Ann", "Bob")
    assert problem.post_ids == ("P1", "P2")
    assert problem.urns.tolist() == [100, 200]
    assert problem.leader.tolist() == [0, 0, 1, 1]
    assert problem.post.tolist() == [0, 1, 0, 1]
    assert problem.benefit.tolist() == [10_000, 9_000, 8_000, 1_000]  # 1.0005 months are 1,000 whole thousandths
    assert problem.capacities.tolist() == [1, 2]
    assert own_problem(PAIRS, {"Bob": 2}, ()).benefit.tolist() == problem.benefit.tolist()


def test_without_schools_each_post_is_one_of_its_own() -> None:
    problem = own_problem({name: PAIRS[name] for name in ("leader_id", "post_id", "benefit")}, {}, ())
    assert problem.urns.tolist() == [1, 2]


def test_a_limit_counts_pairs_or_adds_up_a_column_of_all_or_of_some() -> None:
    limits = (
        Limit("few", at_most=1),
        Limit("money", at_most=9, at_least=4, column="cost_gbp"),
        Limit("near", at_least=1, among="far"),
    )
    few, most, least, far = own_problem(PAIRS, {}, limits).rows
    assert (few.sense, few.rhs, few.members.tolist(), few.weights.tolist()) == ("<=", 1, [0, 1, 2, 3], [1, 1, 1, 1])
    assert (most.sense, most.rhs, most.weights.tolist()) == ("<=", 9, [4, 5, 6, 3])
    assert (least.sense, least.rhs) == (">=", 4)
    assert (far.sense, far.rhs, far.members.tolist(), far.weights.tolist()) == (">=", 1, [2, 3], [1, 1])
    assert [row.name for row in (few, most, least, far)] == ["few", "money, at most", "money, at least", "near"]


def test_whole_numbers_name_leaders_and_posts_too() -> None:
    problem = own_problem({"leader_id": [7, 8], "post_id": [1, 2], "benefit": [1, 2]}, {"7": 2}, ())
    assert problem.leader_ids == ("7", "8")
    assert problem.capacities.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("leader_id", ["Ann", None, 1.5, " "], "pairs, row 2, leader_id - found None, and 2 more like it - a name or"),
        ("post_id", [True, "P2", "P1", "P3"], None),
        ("benefit", [1, float("nan"), "3", True], "pairs, row 2, benefit - found nan, and 2 more like it - pupil-mon"),
        ("benefit", [1, 2, 3, 1e12], "pairs, row 4, benefit - found 1000000000000.0 - pupil-months"),
        ("benefit", [1, 2, 3, float("-inf")], "pairs, row 4, benefit - found -inf - pupil-months"),
        ("leader_id", ["Ann", "Ann", "Ann", "Bob"], "pairs, row 3, post_id - found 'P1' - each pair of leader and pos"),
        ("urn", [100, 200, 100, 201], "pairs, row 2, urn - found 200, and 1 more like it - one school for each post"),
        ("urn", [100, 200.5, None, "x"], "pairs, row 2, urn - found 200.5, and 2 more like it - a whole number"),
    ],
)
def test_a_wrong_cell_is_named(column: str, values: list[Any], told: str | None) -> None:
    pairs = {**PAIRS, column: pd.Series(values, dtype=object)}
    if told is None:
        assert own_problem(pairs, {}, ()).post_ids == ("P1", "P2", "P3", "True")
    else:
        assert _refused(pairs).startswith(told)


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (Limit("q"), "limit 'q' - no number - at_most, at_least, or both - add the number"),
        (Limit("q", at_most=1.5), "limit 'q' - found 1.5 - a whole number - use a smaller unit"),  # type: ignore[arg-type]
        (Limit("q", at_least=True), "limit 'q' - found True - a whole number"),
        (Limit("q", at_most=1, column="cost"), "limit 'q' - no column 'cost' in the pairs"),
        (Limit("q", at_most=1, among="near"), "limit 'q' - no column 'near' in the pairs"),
        (
            Limit("q", at_most=1, column="leader_id"),
            "pairs, row 1, leader_id - found 'Bob', and 3 more like it - whole",
        ),
        (Limit("q", at_most=1, among="urn"), "pairs, row 1, urn - found 100, and 3 more like it - true or false"),
    ],
)
def test_a_wrong_limit_is_named(limit: Limit, told: str) -> None:
    assert _refused(PAIRS, (limit,)).startswith(told)


def test_two_limits_of_one_name_are_refused() -> None:
    twice = _refused(PAIRS, (Limit("q", at_most=1), Limit("q", at_least=1)))
    assert twice == "limit 'q' - the name of another limit too - a name of its own for each - rename one"


def test_wrong_capacities_are_all_named() -> None:
    told = _refused(PAIRS, Ann=-1, Bob=1.0, Cy=1)
    assert told.splitlines() == [
        "capacity, Ann - found -1 - a whole number, at least 0 - correct it",
        "capacity, Bob - found 1.0 - a whole number, at least 0 - correct it",
        "capacity, Cy - no such leader in the pairs - a leader_id of the pairs - correct the name",
    ]
    assert own_problem(PAIRS, {"Ann": np.int64(0)}, ()).capacities.tolist() == [0, 1]


def test_what_is_no_table_is_refused_and_every_missing_column_is_named() -> None:
    assert _refused({"leader_id": ["Ann"], "post_id": ["P1", "P2"]}).startswith("pairs - no table")
    assert _refused(7).startswith("pairs - no table")
    told = _refused({"leader_id": ["Ann"]})
    assert [line.split(" - ")[0] for line in told.splitlines()] == ["pairs, post_id", "pairs, benefit"]


def test_a_table_without_pairs_is_a_problem_without_pairs() -> None:
    problem = own_problem({"leader_id": [], "post_id": [], "benefit": []}, {}, (Limit("q", at_most=1),))
    assert (problem.leader_ids, problem.post_ids, len(problem.benefit)) == ((), (), 0)
