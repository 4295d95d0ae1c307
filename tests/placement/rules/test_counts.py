"""Rules that count placements: a plan derived by hand in which each binds, and the audit's own count of each."""

from collections.abc import Callable
from typing import Any

import pytest

from pilotage.domain.explanation import Audit
from pilotage.errors import ScenarioError

AREAS = [{"area": "Derby"}, {"area": "Derby"}, {}]
PHASES = [{"phase": "primary"}, {"phase": "primary"}, {"phase": "secondary"}]
CASE = {"urn": 3, "reason": "the governors asked", "author": "AB"}


def _audit(small: Any, benefit: list[list[float | None]], plan: Any = None, before: Any = None) -> Audit:
    """Return the audit under ``small``'s rules of its plan, or of the plan that ``before`` made under looser ones."""
    made = before or small
    problem, impact = made.problem(benefit), made.impact(benefit)
    found = plan or made.plan(benefit)
    return (small.recount if before else small.audit)(problem, found, impact)


def _broken(found: Audit) -> set[str]:
    return {check.name for check in found.checks if not check.holds}


def test_area_maximum_by_count_sends_the_second_elsewhere(world: Callable[..., Any]) -> None:
    benefit = [[9, 8, 1], [9, 8, 2]]  # freely 9 + 8; at most one in Derby: 9 + 2
    small = world(AREAS, leaders=[{}, {}], rules={"most": {"rule": "area_maximum", "areas": ["Derby"], "count": 1}})
    assert small.plan(benefit).objective == 11_000
    assert _audit(small, benefit).clean
    assert _broken(_audit(small, benefit, before=small.with_rules({}))) == {"rules.most"}


def test_area_maximum_by_share_of_placements(world: Callable[..., Any]) -> None:
    benefit = [[9, 8, 1], [9, 8, 2]]  # at most half in Derby: one there needs one elsewhere, 9 + 2
    small = world(AREAS, leaders=[{}, {}], rules={"most": {"rule": "area_maximum", "share": 0.5}})
    assert small.plan(benefit).objective == 11_000
    assert _broken(_audit(small, benefit, before=small.with_rules({}))) == {"rules.most"}


def test_area_maximum_by_share_of_the_pool_rounds_down(world: Callable[..., Any]) -> None:
    rule = {"rule": "area_maximum", "share": 0.9, "of": "pool"}  # 0.9 of 2 leaders = 1.8, so one in the area
    small = world(AREAS, leaders=[{}, {}], rules={"most": rule})
    assert small.plan([[9, 8, 1], [9, 8, 2]]).objective == 11_000
    assert _audit(small, [[9, 8, 1], [9, 8, 2]]).clean


def test_phase_balance_holds_a_minimum_and_a_maximum(world: Callable[..., Any]) -> None:
    benefit = [[9, 8, 1], [9, 8, 2]]
    half = {"rule": "phase_balance", "shares": {"primary": {"maximum": 0.5}}}
    small = world(PHASES, leaders=[{}, {}], rules={"balance": half})
    assert small.plan(benefit).objective == 11_000
    least = small.with_rules({"balance": {"rule": "phase_balance", "shares": {"secondary": {"minimum": 0.5}}}})
    assert least.plan(benefit).objective == 11_000
    for strict in (small, least):
        assert _audit(strict, benefit).clean
        assert _broken(_audit(strict, benefit, before=small.with_rules({}))) == {"rules.balance"}


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
    assert _audit(small, benefit).clean
    if worth == 11_000:
        assert _broken(_audit(small, benefit, before=small.with_rules({}))) == {"rules.cases"}


def test_a_maximum_of_schools_put_forward_binds(world: Callable[..., Any]) -> None:
    cases = {"a": CASE | {"urn": 1}, "b": CASE | {"urn": 2}}
    small = world(AREAS, leaders=[{}, {}], rules={"cases": {"rule": "case_quota", "cases": cases, "maximum_count": 1}})
    assert small.plan([[9, 8, 1], [9, 8, 2]]).objective == 11_000
    assert _broken(_audit(small, [[9, 8, 1], [9, 8, 2]], before=small.with_rules({}))) == {"rules.cases"}


def test_a_case_for_no_school_is_named(world: Callable[..., Any]) -> None:
    rule = {"rule": "case_quota", "cases": {"c": CASE | {"urn": 77}}}
    with pytest.raises(ScenarioError, match=r"rules\.cases\.cases\.c\.urn - no such urn '77'"):
        world(AREAS, rules={"cases": rule}).problem([[1, 1, 1]] * 3)


def test_shares_whose_minimums_exceed_the_whole_are_refused(world: Callable[..., Any]) -> None:
    shares = {"primary": {"minimum": 0.6}, "secondary": {"minimum": 0.6}}
    with pytest.raises(ValueError, match="add up to more than the whole"):
        world(PHASES, rules={"balance": {"rule": "phase_balance", "shares": shares}})


@pytest.mark.parametrize(
    ("keys", "words"),
    [({"hard": True, "price": 2.0}, "is hard and has a price"), ({"hard": False}, "has no price")],
)
def test_a_rule_is_hard_or_has_a_price(world: Callable[..., Any], keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        world(AREAS, rules={"level": {"rule": "level"} | keys})
