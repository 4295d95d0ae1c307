"""What duals prove: any of them, of drawn problems, against every plan."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.audit.bound.dual_bound import left_over, prove
from pilotage.placement.audit.case import Claim


def _drawn(random: np.random.Generator) -> Claim:
    """Return a problem with rows of every kind, and duals of no meaning."""
    leaders, posts = int(random.integers(1, 4)), int(random.integers(1, 4))
    pairs = [(leader, post) for leader in range(leaders) for post in range(posts)]
    everything, rows = np.arange(len(pairs)), []
    for number, sense in enumerate(("<=", ">=", "=")):
        weights = random.integers(-9, 9, len(pairs))
        rows.append(Row(f"r{number}", "t", "t", sense, int(random.integers(-5, 9)), everything, weights))
    of_posts = Row("posts", "t", "t", "<=", 2, np.arange(posts), random.integers(0, 3, posts), over="post")
    problem = PlacementProblem(
        tuple(f"L{n}" for n in range(leaders)),
        tuple(f"P{n}" for n in range(posts)),
        np.arange(posts),
        np.array([leader for leader, _ in pairs], dtype=np.int32),
        np.array([post for _, post in pairs], dtype=np.int32),
        random.integers(-2_000, 9_000, len(pairs)),
        1000,
        (*rows, of_posts),
        capacity=random.integers(0, 3, leaders),
    )
    duals = random.normal(0, 2_000, posts), random.normal(0, 500, 4)
    none = np.zeros(0, dtype=np.int64)
    return Claim(problem, PlacementPlan(Status.OPTIMAL, none, 0, 0, 0.0, *duals))


def _plans(claim: Claim) -> list[tuple[int, ...]]:
    """Return every plan of a small problem."""
    problem = claim.problem
    plans = [some for count in range(4) for some in combinations(range(len(problem.benefit)), count)]
    return [plan for plan in plans if _is_plan(claim, np.array(plan, dtype=np.int64))]


def _is_plan(claim: Claim, plan: np.ndarray) -> bool:
    problem = claim.problem
    if (np.bincount(problem.post[plan], minlength=1) > 1).any():
        return False
    if (np.bincount(problem.leader[plan], minlength=len(problem.capacity)) > problem.capacity).any():
        return False
    for row in problem.rows:
        weights = row.weights[plan] if row.over == "pair" else row.weights[problem.post[plan]]
        total = int(weights.sum())
        if not {"<=": total <= row.rhs, ">=": total >= row.rhs, "=": total == row.rhs}[row.sense]:
            return False
    return True


def test_any_duals_prove_a_true_bound_and_leave_no_better_plan_out() -> None:
    random = np.random.default_rng(5)
    for _ in range(300):
        claim = _drawn(random)
        proof = prove(claim, claim.problem.rows)
        assert proof is not None
        worth = {plan: int(claim.problem.benefit[list(plan)].sum()) for plan in _plans(claim)}
        for plan, value in worth.items():
            assert value <= proof.bound
            left, _ = left_over(claim, proof, value)
            assert set(plan) <= set(left.tolist())


def test_the_bound_does_not_overflow() -> None:
    claim = _drawn(np.random.default_rng(6))
    huge = replace(claim.problem, benefit=np.full(len(claim.problem.benefit), 2**59))
    duals = np.full(len(huge.post_ids), -1e30)
    proof = prove(Claim(huge, replace(claim.plan, post_duals=duals, row_duals=np.full(4, 1e30))), huge.rows)
    assert proof is not None
    taken = min(int(huge.capacity.sum()), len(huge.post_ids))
    assert proof.bound >= Fraction(2**59) * min(1, taken) or not taken
