"""A problem from outside whose arrays do not belong together is refused, each array by its name."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import Auxiliary, PlacementProblem, Row
from pilotage.errors import DataError
from pilotage.placement.formulation.consistent import expect_consistent

NONE = np.zeros(0, dtype=np.int64)


def _row(**changed: Any) -> Row:
    own: dict[str, Any] = {"members": np.array([0, 2]), "weights": np.array([1, 1])}
    return Row("cap", "cap", "", "<=", 1, **(own | changed))


def _problem(**changed: Any) -> PlacementProblem:
    ends = np.array([0, 0, 1], dtype=np.int32)
    problem = PlacementProblem(("A", "B"), ("P", "Q"), np.array([1, 2]), ends, np.array([0, 1, 1]), np.ones(3, int), 10)
    return replace(problem, **changed)


def test_a_problem_that_holds_together_is_taken() -> None:
    spare = (Auxiliary("spare", 3),)
    row = _row(auxiliaries=np.array([0]), auxiliary_weights=np.array([-1]))
    over = _row(members=np.array([1]), weights=np.array([2]), over="leader")
    expect_consistent(_problem(rows=(row, over), auxiliaries=spare, capacity=np.array([0, 2])))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"benefit": [1, 2, 3]}, "benefit - a list - an array of 3 whole numbers"),
        ({"benefit": np.ones(3)}, "benefit - numbers of the type float64 - whole numbers"),
        ({"benefit": np.ones((3, 1), int)}, "benefit - shape (3, 1) - an array of 3"),
        ({"urns": np.array([1])}, "urns - shape (1,) - an array of 2"),
        ({"leader": np.array([0, 0])}, "leader - shape (2,) - an array of 3"),
        ({"leader": np.array([0, 0, 2])}, "leader - a position that is not there - whole numbers from 0 to 1"),
        ({"post": np.array([0, -1, 1])}, "post - a position that is not there"),
        ({"capacity": np.array([1])}, "capacity - shape (1,) - an array of 2"),
        ({"capacity": np.array([1, -1])}, "capacity - a number below 0"),
        ({"leader_ids": ("A", "A")}, "leader_ids - a name comes twice"),
        ({"scale": 0}, "scale - found 0 - integer units"),
        ({"rows": (_row(weights=np.array([1])),)}, "rows[0] (cap).weights - shape (1,) - an array of 2"),
        ({"rows": (_row(members=np.array([2, 0])),)}, "rows[0] (cap).members - not in ascending order"),
        ({"rows": (_row(members=np.array([0, 3])),)}, "rows[0] (cap).members - a position that is not there"),
        ({"rows": (_row(over="post"),)}, "rows[0] (cap).members - a position that is not there - whole numbers from 0"),
        ({"rows": (_row(auxiliaries=np.array([0]), auxiliary_weights=np.array([1])),)}, "rows[0] (cap).auxiliaries -"),
    ],
)
def test_an_array_that_does_not_belong_is_named(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(DataError) as refused:
        expect_consistent(_problem(**changed))
    assert str(refused.value).startswith(told)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(DataError) as refused:
        expect_consistent(_problem(urns=NONE, benefit=np.ones(3), rows=(_row(weights=np.array([0.5, 1])),)))
    assert len(refused.value.problems) == 3
