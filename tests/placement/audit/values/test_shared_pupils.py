"""What leaders of one school count twice, and weights before rounding."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from pilotage.placement.audit.audit import audit
from pilotage.placement.audit.values.shared_pupils import school_loss


def test_pupils_are_shared_by_hand() -> None:
    # 75 units at 10 and 50 at 7: the first takes its 75, the second 25 of its 50, and loses half of 7: 3.5, rounded up.
    assert school_loss(np.array([[10], [7]]), np.array([[75], [50]])) == 4
    assert school_loss(np.array([[10, 5], [7, 5]]), np.array([[75, 100], [50, 100]])) == 9  # 3.5 + 5
    assert school_loss(np.array([[10], [7]]), np.array([[50], [50]])) == 0


@pytest.fixture(scope="module")
def weighted(world: Callable[..., Any], drawn_cases: ModuleType) -> Any:
    """Return a world of two heads who share 15.07 finishers, who count three times."""
    keys = {"objective": {"equity_weights": {"areas": {"Coast": 3.0}}}}
    small = world([{"area": "Coast"}], [{}, {}], [{"urn": 1}, {"urn": 1}], **keys)
    small.panel.school_years["pupils"] = 211.0
    made = drawn_cases.valued_world(small)
    assert audit(made.case, made.problem, made.plan).clean
    return made


def test_gains_rounded_before_they_are_weighted_are_refused(weighted: Any) -> None:
    made, shared = weighted, weighted.problem.shared
    rounded = np.rint(np.rint(made.case.impact.yearly.gain * 1000) * 3).astype(np.int64)
    assert (rounded != shared.gain).any()
    problem = replace(made.problem, shared=replace(shared, gain=rounded))
    assert "shared_gains" in {check.name for check in audit(made.case, problem, made.plan).checks if not check.holds}


def test_benefits_rounded_before_they_are_weighted_are_refused(weighted: Any) -> None:
    made = weighted
    rounded = (np.rint(made.case.impact.pairs["benefit"].to_numpy() * 1000) * 3).astype(np.int64)
    assert (rounded != made.problem.benefit).any()
    problem = replace(made.problem, benefit=rounded)
    assert "benefits" in {check.name for check in audit(made.case, problem, made.plan).checks if not check.holds}
