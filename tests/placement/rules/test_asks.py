"""Prospects and asks: by hand, through eligibility, benefit, rows and audit."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.known_schools import COLUMNS, KnownSchools
from pilotage.domain.plan import Status
from pilotage.errors import DataError
from pilotage.placement.audit.audit import audit
from pilotage.placement.prospects import with_prospects
from pilotage.placement.rules.asks import thousandths
from pilotage.sources.evidence import load_evidence

RULES: dict[str, Any] = {name: {"rule": name} for name in ("consent", "level", "phase", "travel")}
HALF = {"acceptance_consent_unknown": 0.5, "acceptance_consent_yes": 0.5}  # at the leader's own base
FAR = {"urn": 1, "level": "middle", "consent": "no"}  # a post that nobody takes


def _asking(world: Callable[..., Any], schools: int, posts: list[dict[str, Any]], **asked: Any) -> Any:
    pool = {"source": "files", "prospects": {"levels": ["head"]} | asked}
    return world([{} for _ in range(schools)], [{}], posts, RULES, pool=pool)


def _chosen(made: Any) -> list[str]:
    return [made.problem.post_ids[post] for post in made.problem.post[made.plan.chosen]]


def _broken(made: Any) -> set[str]:
    return {check.name for check in audit(made.case, made.problem, made.plan).checks if not check.holds}


def test_every_school_without_such_a_post_gets_one_prospect_of_each_level(world: Callable[..., Any]) -> None:
    small = _asking(world, 3, [{"urn": 2}, FAR], levels=["senior", "head"])
    posts = with_prospects(small.known()).posts.posts
    asked = ["ask: 1 senior", "ask: 1 head", "ask: 2 senior", "ask: 3 senior", "ask: 3 head"]
    assert posts["post_id"].tolist() == ["P1", "P2", *asked]
    assert posts["prospect"].tolist() == [False, False, *[True] * 5]
    assert set(posts["consent"][2:]) == {"unknown"}
    assert set(posts["opens_on"][2:]) == {pd.Timestamp("2016-09-01")}


def test_a_known_post_with_the_name_of_a_prospect_is_refused(world: Callable[..., Any]) -> None:
    with pytest.raises(DataError, match="ask: 1 head"):
        with_prospects(_asking(world, 1, [FAR | {"post_id": "ask: 1 head"}]).known())


def test_chances_are_rounded_up_to_thousandths() -> None:
    assert thousandths(np.array([0.0, 1e-9, 0.001, 0.0011, 0.3 * 0.1, 0.5, 1.0])).tolist() == [
        1,
        1,
        1,
        2,
        30,
        500,
        1000,
    ]


def test_a_prospect_is_worth_its_chance_of_opening(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    asked = drawn_cases.valued_world(_asking(world, 1, [FAR], chance_open=0.25), **HALF)
    table = world(
        [{}], [{}], [{"consent": "unknown"}], RULES | {"consent": {"rule": "consent", "accept_unknown": True}}
    )
    known = drawn_cases.valued_world(table, **HALF)
    pairs, beside = asked.case.impact.pairs, known.case.impact.pairs
    assert pairs["benefit"].tolist() == pytest.approx([0.25 * beside["benefit"][0]])
    assert pairs[["acceptance", "chance_open", "chance"]].iloc[0].tolist() == pytest.approx([0.5, 0.25, 0.125])
    assert _broken(asked) == set()


def test_the_chance_is_the_yearly_turnover_unless_the_scenario_says(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    made = drawn_cases.valued_world(_asking(world, 1, [FAR]), turnover_yearly_head_primary=0.11)
    assert made.case.impact.pairs["chance_open"].tolist() == pytest.approx([0.11])
    values = {name: load_evidence({}).value(f"turnover_yearly_head_{name}") for name in ("primary", "secondary")}
    assert values == {"primary": round(1 - 0.793 ** (1 / 3), 3), "secondary": round(1 - 0.647 ** (1 / 3), 3)}


@pytest.mark.parametrize(
    ("levels", "stated", "chance"),
    [
        ("head", None, 0.6),
        ("senior;head", None, 0.6),
        ("senior;executive", None, 0.074),
        ("no", None, 0.074),
        (None, None, 0.074),
        ("head", 0.25, 0.6),
        ("head", 0.8, 0.8),
    ],
)
def test_a_post_advertised_again_comes_open_with_at_least_its_own_chance(
    world: Callable[..., Any], drawn_cases: ModuleType, levels: str | None, stated: float | None, chance: float
) -> None:
    small = _asking(world, 1, [FAR], chance_open=stated)
    table = pd.DataFrame([{"urn": 1, "readvertised": levels}]).reindex(columns=["urn", *COLUMNS]).set_index("urn")
    made = drawn_cases.valued_world(replace(small, posts=replace(small.posts, schools=KnownSchools(table))))
    assert made.case.impact.pairs["chance_open"].tolist() == pytest.approx([chance])
    assert _broken(made) == set()
    said = [text for text in made.case.impact.assumptions if text.startswith("chance_open_readvertised = 0.6 ")]
    assert len(said) == ("head" in (levels or ""))
    without = replace(made.case, posts=replace(made.case.posts, schools=KnownSchools()))
    broken = {check.name for check in audit(without, made.problem, made.plan).checks if not check.holds}
    assert ("factors" in broken) == (chance == 0.6)  # the audit calculates the chance by itself


@pytest.mark.parametrize(
    ("most", "chance_open", "asks"), [(3, 1.0, 2), (4, 0.5, 4), (3, 0.5, 3), (4, 0.8, 2), (1, 0.1, 1)]
)
def test_asks_add_up_to_a_chance_of_at_most_one(
    world: Callable[..., Any], drawn_cases: ModuleType, most: int, chance_open: float, asks: int
) -> None:
    # Both agree with chance 0.5 at four equal schools: 2 x 500, 4 x 250, 3 x 250 and 2 x 400 thousandths.
    small = _asking(world, 4, [FAR], chance_open=chance_open, asks_per_leader=most)
    made = drawn_cases.valued_world(small, **HALF)
    assert made.plan.status is Status.OPTIMAL
    assert len(_chosen(made)) == asks
    assert _broken(made) == set()


@pytest.mark.parametrize(
    ("chance_open", "chosen"), [(0.2, ["P1"]), (0.45, ["ask: 2 head", "ask: 3 head", "ask: 4 head"])]
)
def test_a_known_post_is_taken_alone_or_not_at_all(
    world: Callable[..., Any], drawn_cases: ModuleType, chance_open: float, chosen: list[str]
) -> None:
    # Three asks are worth 0.6 or 1.35 of the known post, at equal schools and with the same chance of a yes.
    made = drawn_cases.valued_world(_asking(world, 4, [{"urn": 1}], chance_open=chance_open), **HALF)
    assert _chosen(made) == chosen
    assert _broken(made) == set()


@pytest.mark.parametrize("known", [{"urn": 1}, {"urn": 3, "level": "middle"}])
def test_a_pin_on_a_school_is_kept_by_an_ask_where_no_known_post_is_of_the_leaders_level(
    world: Callable[..., Any], drawn_cases: ModuleType, known: dict[str, Any]
) -> None:
    # Freely the leader takes the known post: it is worth five asks, a middle leader's post 1.7 asks.
    pins = {"promise": {"leader_id": "L1", "urn": 3, "reason": "promised", "author": "AB"}}
    pool = {"source": "files", "prospects": {"levels": ["head"], "chance_open": 0.2, "asks_per_leader": 1}}
    rules = {name: rule for name, rule in RULES.items() if name != "level"}
    small = world([{} for _ in range(4)], [{}], [known], rules, pool=pool)
    assert _chosen(drawn_cases.valued_world(small, **HALF)) == ["P1"]
    pinned = drawn_cases.valued_world(small.with_rules(rules, pool=pool, pins=pins), **HALF)
    assert _chosen(pinned) == ["ask: 3 head"]
    assert _broken(pinned) == set()


def test_a_leader_pinned_to_a_school_may_ask_there_at_another_level_too(
    world: Callable[..., Any], drawn_cases: ModuleType
) -> None:
    pins = {"promise": {"leader_id": "L1", "urn": 1, "reason": "promised", "author": "AB"}}
    pool = {"source": "files", "prospects": {"levels": ["head", "senior"], "chance_open": 0.5}}
    rules = {name: rule for name, rule in RULES.items() if name != "level"}
    made = drawn_cases.valued_world(world([{}], [{"level": "senior"}], [FAR], rules, pool=pool, pins=pins), **HALF)
    assert sorted(_chosen(made)) == ["ask: 1 head", "ask: 1 senior"]
    assert _broken(made) == set()


@pytest.mark.parametrize(
    ("more", "bound"),
    [
        ({}, False),
        ({"money": {"rule": "budget", "total_gbp": 19_500}}, True),  # the leaders cost 9,000, 10,000 and 11,000
        ({"cap": {"rule": "authority_cap", "count": 1}}, True),
        ({"cap": {"rule": "trust_cap", "count": 1}, "money": {"rule": "budget", "total_gbp": 30_000}}, True),
        (
            {"cap": {"rule": "authority_cap", "count": 1, "price": 5}, "some": {"rule": "area_minimum", "count": 1}},
            True,
        ),
        ({"floor": {"rule": "area_maximum", "count": 1, "areas": ["Derby"]}}, True),
    ],
)
def test_one_ask_that_is_sure_to_open_is_a_post_of_the_table(
    world: Callable[..., Any], drawn_cases: ModuleType, more: dict[str, Any], bound: bool
) -> None:
    where = [("Derby", "Derby", "Oak"), ("Derby", None, "Oak"), ("Leeds", None, "Oak")]
    schools = [
        {"easting": 4000.0 * n, "pupils": 200 + n, "authority": authority, "area": area, "trust": trust}
        for n, (authority, area, trust) in enumerate([*where, *where[:2]])
    ]
    leaders = [{"easting": 7000.0 * n, "cost_gbp": 9_000 + 1_000 * n} for n in range(3)]
    bans = {"b": {"urn": 4, "reason": "r", "author": "a"}}
    pool = {"source": "files", "prospects": {"levels": ["head"], "chance_open": 1, "asks_per_leader": 1}}
    asked = world(schools, leaders, [FAR], RULES | more, pool=pool, bans=bans)
    asked = replace(asked, posts=replace(asked.posts, posts=asked.posts.posts.iloc[:0]))
    agreed = RULES | more | {"consent": {"rule": "consent", "accept_unknown": True}}
    posts = [{"post_id": f"ask: {n + 1} head", "urn": n + 1, "consent": "unknown"} for n in range(5)]
    one, other = (
        drawn_cases.valued_world(small) for small in (asked, world(schools, leaders, posts, agreed, bans=bans))
    )
    for name in ("leader", "post", "benefit", "capacities", "urns"):
        assert getattr(one.problem, name).tolist() == getattr(other.problem, name).tolist()
    for name in ("cost_gbp", "acceptance", "benefit", "travel_km", "price"):
        if name in other.case.impact.pairs:
            assert one.case.impact.pairs[name].tolist() == other.case.impact.pairs[name].tolist()
    assert [_stated(row) for row in one.problem.rows] == [_stated(row) for row in other.problem.rows]
    assert (len(one.problem.rows) > 0) == bound
    assert one.plan.chosen.tolist() == other.plan.chosen.tolist()
    assert one.plan.objective == other.plan.objective
    assert _broken(one) == _broken(other) == set()


def _stated(row: Any) -> tuple[Any, ...]:
    return row.name, row.sense, row.rhs, row.members.tolist(), row.weights.tolist()


def test_asks_are_barred_by_every_rule_but_consent(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    pool = {"source": "files", "prospects": {"levels": ["head"]}}
    bans = {"b": {"urn": 2, "reason": "r", "author": "a"}}
    schools = [{}, {}, {"easting": 90_000.0}, {"phase": "secondary"}, {}]
    made = drawn_cases.valued_world(world(schools, [{"current_urn": 5}], [FAR], RULES, pool=pool, bans=bans))
    assert {made.problem.post_ids[post] for post in made.problem.post} == {"ask: 1 head"}
    assert _broken(made) == set()


def test_support_is_numbered_after_prospects(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    offer = {"support": {"capacity": {"East Midlands": 1}}}
    pool = {"source": "files", "prospects": {"levels": ["head"], "chance_open": 0.3}}
    made = drawn_cases.valued_world(world([{}, {}], [{}], [FAR], RULES, pool=pool, interventions=offer))
    assert made.problem.post_ids == ("P1", "ask: 1 head", "ask: 2 head", "support: 1", "support: 2")
    assert made.case.impact.supports().sum() == 2
    assert made.case.impact.asks().sum() == 2
    assert _broken(made) == set()


@pytest.mark.parametrize(
    ("basis", "total", "asks"), [("committed", 19_999, 1), ("expected", 4_003, 1), ("expected", 4_004, 2)]
)
def test_a_budget_counts_asks_whole_or_by_their_chance(
    world: Callable[..., Any], drawn_cases: ModuleType, basis: str, total: int, asks: int
) -> None:
    # Each ask costs 10,009 and comes true with a chance of 200 thousandths: 2,001.8 pounds, rounded up 2,002.
    pool = {"source": "files", "prospects": {"levels": ["head"], "chance_open": 0.4}}
    rules = RULES | {"money": {"rule": "budget", "total_gbp": total, "basis": basis}}
    small = world([{} for _ in range(4)], [{"cost_gbp": 10_009}], [FAR], rules, pool=pool)
    made = drawn_cases.valued_world(small, **HALF)
    assert len(_chosen(made)) == asks
    assert _broken(made) == set()


@pytest.mark.parametrize(("total", "missing"), [(15_011, 0), (15_010, 1)])
def test_by_chance_known_posts_and_support_still_cost_the_whole(
    world: Callable[..., Any], drawn_cases: ModuleType, total: int, missing: int
) -> None:
    # L1's known post costs 10,009, the support of one school 3,000, and L2's ask 200 thousandths of 10,009: 2,002.
    pool = {"source": "files", "prospects": {"levels": ["senior"], "chance_open": 0.4, "asks_per_leader": 1}}
    rules = RULES | {"money": {"rule": "budget", "total_gbp": total, "basis": "expected"}}
    offer = {"place": True, "support": {"capacity": {"East Midlands": 1}, "cost_gbp": 3000}}
    leaders = [{"cost_gbp": 10_009}, {"cost_gbp": 10_009, "level": "senior"}]
    posts = [{"urn": 1}, FAR | {"urn": 2}]
    small = world([{}, {}], leaders, posts, rules, pool=pool, interventions=offer)
    made = drawn_cases.valued_world(small, **HALF)
    assert len(_chosen(made)) == 3 - missing
    assert _broken(made) == set()


@pytest.mark.parametrize(("free", "asked"), [("2017-01-04", True), ("2017-08-31", True), ("2017-09-01", False)])
def test_a_leader_who_is_free_later_in_the_year_may_ask_for_what_may_come_open_then(
    world: Callable[..., Any], drawn_cases: ModuleType, free: str, asked: bool
) -> None:
    pool = {"source": "files", "prospects": {"levels": ["head"], "chance_open": 0.2}}
    leader = {"available_from": pd.Timestamp(free)}
    rules = RULES | {"availability": {"rule": "availability"}}
    made = drawn_cases.valued_world(world([{}], [leader], [FAR, {"urn": 1, "level": "senior"}], rules, pool=pool))
    assert _chosen(made) == (["ask: 1 head"] if asked else [])
    assert _broken(made) == set()
