"""Caps of named trusts, and caps that count in named places only: by hand, and a planted breach of each."""

from collections.abc import Callable
from typing import Any

import pytest

SCHOOLS = [
    {"trust": "Ark", "authority": "Camden", "region": "London"},
    {"trust": "Ark", "authority": "Camden", "region": "London"},
    {"trust": "Oak", "authority": "Bury", "region": "North West"},
    {"trust": "Oak", "authority": "Bury", "region": "North West"},
]
GAINS = [[9, 8, 2, 1]] * 2 + [[1, 1, 7, 6]] * 2  # freely 9 + 8 + 7 + 6
FREE = 30_000


@pytest.mark.parametrize(
    ("rule", "objective"),
    [
        ({"rule": "trust_cap", "count": 1}, 9 + 7),
        ({"rule": "trust_cap", "count": 1, "trusts": ["Ark"]}, 9 + 7 + 6),
        ({"rule": "trust_cap", "count": 1, "trusts": ["Oak"]}, 9 + 8 + 7),
        ({"rule": "trust_cap", "count": 1, "areas": ["region: North West"]}, 9 + 8 + 7),
        ({"rule": "trust_cap", "count": 1, "trusts": ["Ark"], "areas": ["Bury"]}, 9 + 8 + 7 + 6),  # Ark has none there
        ({"rule": "authority_cap", "count": 1, "areas": ["London"]}, 9 + 7 + 6),
        ({"rule": "region_cap", "count": 1, "areas": ["trust: Oak"]}, 9 + 8 + 7),
    ],
)
def test_only_what_is_named_is_capped(world: Callable[..., Any], rule: dict[str, Any], objective: int) -> None:
    small = world(SCHOOLS, rules={"r": rule})
    assert small.plan(GAINS).objective == 1000 * objective
    assert small.audited(GAINS).clean
    breached = small.broken(GAINS, before=small.with_rules({}))
    assert breached == ({"rules.r"} if 1000 * objective < FREE else set())


def test_a_breach_of_a_named_trust_is_said(world: Callable[..., Any]) -> None:
    small = world(SCHOOLS, rules={"r": {"rule": "trust_cap", "count": 1, "trusts": ["Oak"]}})
    found = small.audited(GAINS, before=small.with_rules({}))
    assert [check.detail for check in found.checks if not check.holds] == ["2 in Oak, over 1"]
    assert small.scenario.rules["r"].asks() == "at most 1 placement in any one trust (Oak)"
