"""What leaders of one school count twice, and weights before rounding."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import Part, Row
from pilotage.placement.audit.audit import audit
from pilotage.placement.audit.values.shared_pupils import rates_of, school_loss


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


@pytest.mark.parametrize("part", [("A", 10, 75), (1, 10), (1, 10, 75, 7, 50), (1, -10, 75), (1, 10, 0)])
def test_a_row_on_shared_pupils_that_names_no_school_and_rates_is_not_read(part: Part) -> None:
    none = np.zeros(0, dtype=np.int64)
    row = Row("r", "shared_pupils", "", "<=", 0, none, none, part=(1, 10, 75))
    assert rates_of(row, 1) == (1, [(10, 75)])
    assert rates_of(replace(row, part=part), 1) is None


def test_a_row_whose_rates_cannot_be_read_is_refused(weighted: Any) -> None:
    made, none = weighted, np.zeros(0, dtype=np.int64)
    row = Row("unread", "shared_pupils", "", "<=", 0, none, none, part=("A",))
    plan = replace(made.plan, cuts=(row,), row_duals=np.append(made.plan.row_duals, 0.0))
    broken = {check.name: check.detail for check in audit(made.case, made.problem, plan).checks if not check.holds}
    assert broken["cuts"] == "unread does not hold for every plan"
