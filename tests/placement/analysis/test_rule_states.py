"""Every rule of a scenario is named: what it alone bars, the real share, what a priced one is broken by."""

from collections.abc import Callable
from typing import Any

import pytest

from pilotage.domain.bars import BarCount
from pilotage.domain.findings.explanation import RuleState
from pilotage.placement.analysis.shadow_prices import rule_states

PAIR_RULES = {name: {"rule": name} for name in ("consent", "phase", "level", "travel", "availability")}


def _states(small: Any, need: list[float] | None = None) -> dict[str, RuleState]:
    return {state.name: state for state in rule_states(small.plan_case(need))}


def test_what_each_rule_alone_bars_is_counted(world: Callable[..., Any]) -> None:
    # One primary head. Of eight posts the first suits, each of the next five fails one rule, the last two fail two.
    schools = [{}, {}, {"phase": "secondary"}, {}, {}, {"easting": 31_000.0}, {"easting": 31_000.0}, {}]
    posts = [
        {},
        {"consent": "no"},
        {},  # of another phase
        {"level": "senior"},
        {"opens_on": "2016-08-01"},  # before the leader is free
        {},  # out of reach
        {"level": "senior"},  # out of reach, and of another level
        {"level": "senior", "opens_on": "2016-08-01"},
    ]
    states = _states(world(schools, leaders=[{}], posts=posts, rules=PAIR_RULES))
    assert {name: (state.barred_alone, state.unit) for name, state in states.items()} == {
        "consent": (1, "post"),
        "phase": (1, "pair"),
        "level": (1, "pair"),
        "travel": (1, "pair"),
        "availability": (1, "pair"),
    }
    assert all(state.acts == "bars" and state.binding and state.hard for state in states.values())
    # Nobody may take seven posts: of those that fail two rules, the first rule looked at is the reason.
    closed = {name: state.closed_posts for name, state in states.items()}
    assert closed == {"consent": 1, "phase": 1, "level": 3, "travel": 1, "availability": 1}


def test_a_rule_that_bars_nothing_does_not_bind(world: Callable[..., Any]) -> None:
    states = _states(world([{}], rules=PAIR_RULES))
    assert {(state.barred_alone, state.closed_posts, state.binding) for state in states.values()} == {(0, 0, False)}


def test_a_post_closed_twice_is_barred_by_neither_rule_alone(world: Callable[..., Any]) -> None:
    need = {"need": {"rule": "need_threshold", "minimum": 0.5}}
    small = world([{}] * 3, posts=[{"consent": "no"}, {}], rules={"consent": {"rule": "consent"}} | need)
    states = _states(small, [0.4, 0.4, 0.6])
    assert (states["consent"].barred_alone, states["need"].barred_alone) == (0, 1)
    assert (states["consent"].closed_posts, states["need"].closed_posts) == (1, 1)


def test_bans_lots_and_the_own_post_are_counted(world: Callable[..., Any]) -> None:
    ban = {"leader_id": "L1", "reason": "r", "author": "a"}
    rules = {"trial": {"rule": "hold_back", "posts": 1, "seed": 3}}
    case = world([{}, {}], leaders=[{}, {"current_urn": 2}], rules=rules, bans={"no": ban}).plan_case()
    assert [one for one in case.impact.bars if one.alone] == [
        BarCount("own_post", "pair", 1),
        BarCount("bans.no", "pair", 2),
        BarCount("trial", "pair", 1),
    ]
    states = {state.name: state for state in rule_states(case)}
    assert (states["bans.no"].acts, states["bans.no"].barred_alone) == ("bars", 2)
    assert (states["trial"].acts, states["trial"].closed_posts) == ("bars", 1)


def test_a_priced_rule_says_by_how_many_placements_it_is_broken(world: Callable[..., Any]) -> None:
    rules = {"phase": {"rule": "phase", "price": 0.5}, "level": {"rule": "level", "price": 0.5}}
    state = _states(world([{"phase": "secondary"}, {}], rules=rules))
    assert (state["phase"].breach, state["phase"].binding, state["phase"].hard) == (1, True, False)
    assert (state["level"].breach, state["level"].binding, state["level"].barred_alone) == (0, False, None)


def test_the_share_is_the_real_one(world: Callable[..., Any]) -> None:
    # Three placements, one of them in the area: a third, of at least 30%; no figure of the row itself is shown.
    schools = [{"area": "Derby"}, {}, {}]
    rule = {"rule": "area_minimum", "areas": ["area: Derby"], "share": 0.3}
    state = _states(world(schools, rules={"area": rule}))["area"]
    assert (state.measure, state.activity, state.whole, state.limit) == ("share", 1, 3, None)
    assert (state.share, state.share_limit) == (pytest.approx(1 / 3), 0.3)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_nothing_or_all_has_the_real_share_too(world: Callable[..., Any], share: float) -> None:
    kind = "area_maximum" if share else "area_minimum"
    state = _states(
        world([{"area": "Derby"}, {}], rules={"a": {"rule": kind, "areas": ["area: Derby"], "share": share}})
    )["a"]
    assert (state.share, state.share_limit) == (0.5, share)


def test_the_share_of_benefit_is_in_pupil_months(world: Callable[..., Any]) -> None:
    rule = {"rule": "deprived_share", "share": 0.25, "most_deprived": 0.5}
    case = world([{}, {}], rules={"poor": rule}).plan_case()
    (state,) = rule_states(case)
    chosen = case.impact.pairs["benefit"].to_numpy()[case.plan.chosen]
    assert state.unit == "pupil_month"
    assert state.share == pytest.approx(0.5)  # two schools alike, one of them in the deprived half
    assert state.whole == pytest.approx(chosen.sum(), abs=0.002)


def test_a_cap_that_nothing_can_exceed_is_named(world: Callable[..., Any]) -> None:
    state = _states(world([{}, {}], rules={"cap": {"rule": "authority_cap", "count": 2}}))["cap"]
    assert (state.can_bind, state.binding, state.acts) == (False, False, "counts")


def test_a_priced_cap_says_what_is_beyond_it(world: Callable[..., Any]) -> None:
    state = _states(world([{}, {}, {}], rules={"cap": {"rule": "authority_cap", "count": 1, "price": 0.001}}))[
        "cap: Derby"
    ]
    assert (state.activity, state.limit, state.breach, state.breach_price) == (3, 1, 2, 0.001)


def test_structure_is_said_once_and_pins_one_by_one(world: Callable[..., Any]) -> None:
    boss = {"level": "executive", "span": 3}
    posts = [{"level": "executive"}] * 4
    pin = {"leader_id": "L2", "post_id": "P4", "reason": "r", "author": "a"}
    span = {"span": {"rule": "executive_span", "minimum": 2, "when_short": "reduce"}}
    second = {"level": "executive", "span": 2}
    states = _states(world([{}] * 4, leaders=[boss, second], posts=posts, rules=span, pins={"p": pin}))
    assert list(states) == ["span", "pins.p"]
    assert {(state.measure, state.activity) for state in states.values()} == {("structure", None)}
    assert [state.binding for state in states.values()] == [False, True]


def test_every_rule_of_a_scenario_has_a_state(world: Callable[..., Any]) -> None:
    rules = PAIR_RULES | {
        "budget": {"rule": "budget", "total_gbp": 90_000},
        "balance": {"rule": "phase_balance", "shares": {"primary": {"minimum": 0.1, "maximum": 0.9}}},
        "trust": {"rule": "trust_cap", "count": 4},
        "subject": {"rule": "subject"},
    }
    states = rule_states(world([{}, {"phase": "secondary"}], rules=rules).plan_case())
    assert list(dict.fromkeys(state.key for state in states)) == list(rules)
    sides = [state.part for state in states if state.key == "balance"]
    assert sides == [("primary", "minimum"), ("primary", "maximum")]
