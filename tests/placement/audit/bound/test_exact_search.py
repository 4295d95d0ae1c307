"""What the audit's own search says: a better plan, a bound, or nothing where it cannot know."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Status
from pilotage.placement.audit.bound import exact_search
from pilotage.placement.audit.bound.dual_bound import prove
from pilotage.placement.audit.bound.exact_search import Searched, search
from pilotage.placement.audit.case import AuditCase, Claim
from pilotage.placement.audit.expected import Expected, Variable

NONE = np.zeros(0, dtype=np.int64)
WIDE = 60  # 60 leaders and 60 posts: 3,600 pairs


@pytest.fixture(scope="module")
def case(world: Callable[..., Any]) -> AuditCase:
    made: AuditCase = world([{}]).case(world([{}]).impact([[1]]))
    return made


def _claim(benefit: np.ndarray, chosen: list[int]) -> Claim:
    """Return a plan of a problem of ``benefit[leader, post]``, in units, whose duals prove little."""
    leaders, posts = benefit.shape
    leader, post = (part.astype(np.int32) for part in np.divmod(np.arange(benefit.size), posts))
    names = tuple(str(number) for number in range(max(leaders, posts)))
    problem = PlacementProblem(
        names[:leaders], names[:posts], np.arange(posts), leader, post, benefit.ravel().astype(np.int64), 1000
    )
    held, value = np.array(chosen, dtype=np.int64), int(problem.benefit[chosen].sum())
    return Claim(problem, PlacementPlan(Status.OPTIMAL, held, value, value, None, post_duals=np.zeros(posts)))


def _search(case: AuditCase, claim: Claim, *rows: Expected) -> Searched:
    proof = prove(claim, ())
    assert proof is not None
    return search(case, claim, rows, proof)


def _table(best: int) -> np.ndarray:
    """Return benefits of 1,000 each, and of ``best`` where a leader takes the post of the same number."""
    return np.full((WIDE, WIDE), 1000) + (best - 1000) * np.eye(WIDE, dtype=np.int64)


def test_too_many_pairs_for_a_proof_still_show_a_better_plan(case: AuditCase) -> None:
    # each leader at the next post: 60 x 1,000; a single one at its own is better
    shifted = [leader * WIDE + (leader + 1) % WIDE for leader in range(WIDE)]
    better = _search(case, _claim(_table(5000), shifted)).better
    assert better is not None
    assert 0 < better <= WIDE * 4000


def test_too_many_pairs_prove_nothing_where_none_is_better(case: AuditCase) -> None:
    # with a price of 0 each leader counts 2,000 at the first post, which only one can have: every pair stays open
    table = np.full((WIDE, WIDE), 1000)
    table[:, 0] = 2000
    best = [0, *(leader * WIDE + leader for leader in range(1, WIDE))]
    assert _search(case, _claim(table, best)) == Searched()


@pytest.mark.parametrize("weight", [2**50, 2**50 + 1])
def test_weights_whose_sums_could_overflow_are_not_searched(case: AuditCase, weight: int) -> None:
    row = Expected(("t", "t", ()), "<=", weight, np.array([0]), np.array([weight]))
    searched = _search(case, _claim(np.array([[2000, 1000]]), [1]), row)
    assert searched == Searched(better=1000 if weight == 2**50 else None)


def test_a_model_that_the_solver_refuses_says_nothing(case: AuditCase) -> None:
    # 2^40 breaches at 2^40 units each are beyond 64 bits
    breach = Variable("breach", "t", (), -(2**40), 2**40)
    row = Expected(("t", "t", ()), "<=", 1, np.array([0]), np.array([1]), variables={breach: -1})
    assert _search(case, _claim(np.array([[2000, 1000]]), [1]), row) == Searched()


def test_what_optimal_allows_is_no_better_plan_and_nothing_beyond_it_is_left(case: AuditCase) -> None:
    # of 20 million a millionth is 20: 5 more is allowed, and no plan is worth over 20 more
    claim = _claim(np.array([[20_000_000, 20_000_005]]), [0])
    assert _search(case, claim) == Searched(bound=20_000_020)
    claim = _claim(np.array([[20_000_000, 20_000_021]]), [0])
    assert _search(case, claim) == Searched(better=21)


@pytest.mark.parametrize(("name", "value"), [("DETERMINISTIC_SECONDS", 0.0), ("MOST_REPEATS", 1)])
def test_a_search_cut_short_says_nothing(
    case: AuditCase, monkeypatch: pytest.MonkeyPatch, name: str, value: float
) -> None:
    monkeypatch.setattr(exact_search, name, value)
    claim = _claim(np.array([[20_000_000, 20_000_005]]), [0])  # the first answer is allowed, and asks for a second
    assert _search(case, claim) == Searched()
    assert _search(case, replace(claim, plan=replace(claim.plan, objective=0, chosen=NONE))).better is not None
