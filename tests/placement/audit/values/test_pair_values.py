"""What pairs are worth, by hand."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from pilotage.placement.audit.capacities import capacities_of
from pilotage.placement.audit.values.figures import Figures
from pilotage.placement.audit.values.pair_values import worths

SIMPLE = {
    **{f"fade_in_year_{year}": 1.0 for year in (1, 2, 3, 4)},
    **{f"stay_three_years_{level}_primary": 1.0 for level in ("head", "executive")},
    **{"acceptance_consent_yes": 1.0, "acceptance_at_travel_limit": 0.5, "acceptance_relocation": 0.25},
    **{"fall_value_months": 10, "fall_reduction": 0.1, "placement_cost_gbp": 8000, "relocation_cost_gbp": 500},
    **{"leader_quality": 1, "months_per_sd_primary_above": 2, "origin_loss_share": 0.5},
}


def _worth(made: Any, leader: int, post: int) -> Any:
    return worths(Figures(made.case, capacities_of(made.case)), np.array([leader]), np.array([post]))[0]


def test_a_head_next_door_by_hand(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}]), **SIMPLE)
    worth = _worth(made, 0, 0)
    # 210 pupils, half disadvantaged, seven year groups: 15 finish. No file tells q, which is 0: 2 months x 15 x 4 years
    # = 120, and a fall averted: 10 x 15 x 0.3 x 0.1 = 4.5
    assert worth.benefit == pytest.approx(124.5)
    assert worth.yearly == pytest.approx((30, 30, 30, 30))
    assert (worth.averted, worth.units, worth.averted_units, worth.cost_gbp) == (pytest.approx(4.5), 100, 100, 8000)


def test_travel_and_the_school_left_by_hand(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    schools = [{"easting": 15_000.0}, {"phase": "secondary"}, {"easting": 60_000.0}]
    leaders = [{"current_urn": 2, "phases": "primary;secondary", "relocates": True}]
    posts = [{"urn": 1, "salary_gbp": 300.0}, {"urn": 3}]
    made = drawn_cases.valued_world(world(schools, leaders, posts), **SIMPLE)
    near, far = _worth(made, 0, 0), _worth(made, 0, 1)
    # Half of the travel limit: 1 - 0.5 x 0.5 = 0.75. Left: 17.5 finish (six year groups), x 0.5 x a secondary head's 1.
    assert near.benefit == pytest.approx(0.75 * (120 - 8.75 + 4.5))
    assert near.cost_gbp == 8300
    assert (far.acceptance, far.cost_gbp) == (0.25, 8500)


def test_own_evidence_is_shrunk_by_its_precision(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    small = world([{}], [{"effect_mean": 0.4, "effect_sd": 0.2}])
    month = drawn_cases.valued_world(small, **SIMPLE).case.evidence.value("sd_per_month")
    own = {"effect_mean": 4 * month, "effect_sd": 2 * month}
    made = drawn_cases.valued_world(world([{}], [own]), **SIMPLE)
    assert _worth(made, 0, 0).effect_months == pytest.approx(3)  # as sure as the usual 2: halfway between 2 and 4
