"""Right plans of all kinds are accepted: worlds drawn by seeds, valued and solved by the product."""

from types import ModuleType

import pytest

from pilotage.domain.plan import Status
from pilotage.placement.audit.audit import audit

FEW, MANY = range(12_000, 12_035), range(800)
AT_LEAST_FEW, AT_LEAST_MANY = 20, 500


def _accepted(drawn_cases: ModuleType, seeds: range, size: int) -> int:
    """Return how many of the seeds' worlds have a plan; the audit accepts each."""
    count = 0
    for seed in seeds:
        made = drawn_cases.solved(seed, size + seed % 4)
        if made is None:
            continue
        checked = audit(made.case, made.problem, made.plan)
        assert checked.clean, (seed, [check for check in checked.checks if not check.holds])
        assert checked.proven_gap is not None
        if made.plan.status is Status.OPTIMAL:
            rounding = made.case.scaled * len(made.problem.post_ids)
            whole = max(made.problem.scale, abs(made.plan.objective))
            assert checked.proven_gap * whole <= rounding + made.problem.scale
        count += 1
    return count


def test_right_plans_are_accepted(drawn_cases: ModuleType) -> None:
    assert _accepted(drawn_cases, FEW, 3) >= AT_LEAST_FEW


@pytest.mark.slow
def test_many_right_plans_are_accepted(drawn_cases: ModuleType) -> None:
    assert _accepted(drawn_cases, MANY, 5) >= AT_LEAST_MANY
