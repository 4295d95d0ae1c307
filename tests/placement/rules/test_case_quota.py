"""Schools put forward by local knowledge: by hand, counted again by the audit, named where they are unknown."""

from collections.abc import Callable
from typing import Any

import pytest

from pilotage.errors import ScenarioError

AREAS = [{"area": "Derby"}, {"area": "Derby"}, {}]
CASE = {"urn": 3, "reason": "the governors asked", "author": "AB"}


@pytest.mark.parametrize(
    ("limits", "worth"),
    [
        ({"minimum_count": 1}, 11_000),  # the school put forward is worth less, and takes one
        ({"minimum_share": 0.5}, 11_000),
        ({"maximum_count": 1}, 17_000),
        ({"minimum_share": 0.4, "maximum_share": 0.6}, 11_000),
    ],
)
def test_schools_put_forward_get_their_quota(world: Callable[..., Any], limits: dict[str, float], worth: int) -> None:
    benefit = [[9, 8, 1], [9, 8, 2]]
    small = world(AREAS, leaders=[{}, {}], rules={"cases": {"rule": "case_quota", "cases": {"c": CASE}} | limits})
    assert small.plan(benefit).objective == worth
    assert small.audited(benefit).clean
    if worth == 11_000:
        assert small.broken(benefit, before=small.with_rules({})) == {"rules.cases"}


def test_a_maximum_of_schools_put_forward_binds(world: Callable[..., Any]) -> None:
    cases = {"a": CASE | {"urn": 1}, "b": CASE | {"urn": 2}}
    small = world(AREAS, leaders=[{}, {}], rules={"cases": {"rule": "case_quota", "cases": cases, "maximum_count": 1}})
    assert small.plan([[9, 8, 1], [9, 8, 2]]).objective == 11_000
    assert small.broken([[9, 8, 1], [9, 8, 2]], before=small.with_rules({})) == {"rules.cases"}


def test_a_case_for_no_school_is_named(world: Callable[..., Any]) -> None:
    rule = {"rule": "case_quota", "cases": {"c": CASE | {"urn": 77}}}
    with pytest.raises(ScenarioError, match=r"rules\.cases\.cases\.c\.urn - no such urn '77'"):
        world(AREAS, rules={"cases": rule}).problem([[1, 1, 1]] * 3)
