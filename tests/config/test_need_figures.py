"""Which figure counts in need, and with what weight: what a scenario may say, and what it is told."""

import pytest

from pilotage.config.overlay import resolve
from pilotage.errors import ScenarioError


def test_a_figure_of_the_outcome_is_taken() -> None:
    outcomes = resolve("baseline", ["outcomes.gap_widening.need=p_widens"]).scenario.outcomes
    assert outcomes["gap_widening"].need == "p_widens"


def test_a_figure_of_another_outcome_is_refused_with_those_allowed() -> None:
    with pytest.raises(ScenarioError, match=r"gap_widening.need is p_stuck.* give p_gap_wide or p_widens"):
        resolve("baseline", ["outcomes.gap_widening.need=p_stuck"])


def test_weights_that_are_all_zero_leave_no_need_and_are_refused() -> None:
    names = ("leadership_fall", "leadership_stuck", "gap_widening")
    with pytest.raises(ScenarioError, match="only weights of 0"):
        resolve("baseline", [f"outcomes.{name}.weight=0" for name in names])
