"""Prices of a small decision, each derived by hand from what its pairs are worth."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.findings.prices import PriceKind, PriceState
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.sources.evidence import load_evidence
from pilotage.study.prices.base import Base
from pilotage.study.prices.together import prices

AS_OF, FREE = date(2016, 8, 31), pd.Timestamp("2016-09-01")
PUPILS = [300, 200, 100]  # of the schools 1 to 3: what a leader is worth there, in this ratio
CAP = {"cap": {"rule": "authority_cap", "count": 1}}
NEAR = {"near": {"rule": "travel"}}
MONEY = {"money": {"rule": "budget", "total_gbp": 1_000_000}}
WHO = {"reason": "r", "author": "a"}


def _scenario(**keys: Any) -> Scenario:
    usual = {"name": "small", "why": "a test", "as_of": AS_OF, "data": {"source": "sample"}, "rules": {}}
    usual |= {"outcomes": {"leadership_fall": {}}, "pool": {"source": "files"}}
    return Scenario.model_validate(usual | keys)


def _frame(schema: Any, usual: dict[str, Any], *rows: dict[str, Any]) -> pd.DataFrame:
    return tables.validated(schema, pd.DataFrame([usual | row for row in rows]), "t")


def _case(scenario: Scenario, leaders: int, north_km: float) -> Case:
    """Return three primary schools in one place with a headship each, and some heads who live north of them."""
    urns = range(1, len(PUPILS) + 1)
    place = {"easting": 0.0, "northing": 0.0}
    school = {"name": "A school", "phase": "primary", "authority": "Derby", "region": "East Midlands", **place}
    school |= {"place_source": "sample", "pupils": 210, "sponsor_led": False}
    years = [{"urn": urn, "year": 2015, "known_on": pd.Timestamp("2016-02-01"), "fsm_share": 0.2} for urn in urns]
    years = [row | {"fsm6_share": 0.5, "pupils": float(count)} for row, count in zip(years, PUPILS, strict=True)]
    empty = pd.DataFrame()
    schools = _frame(tables.SCHOOLS, school, *({"urn": urn} for urn in urns))
    panel = SchoolPanel(AS_OF, schools, empty, pd.DataFrame(years), empty, empty, True)
    head = {"level": "head", "phases": "primary", "easting": 0.0, "northing": 1000 * north_km, "max_travel_km": 5.0}
    head |= {"relocates": False, "available_from": FREE}
    pool = _frame(tables.LEADERS, head, *({"leader_id": f"L{number}"} for number in range(1, leaders + 1)))
    post = {"level": "head", "opens_on": FREE, "consent": "yes", "created": False}
    posts = _frame(tables.POSTS, post, *({"post_id": f"P{urn}", "urn": urn} for urn in urns))
    return Case(scenario, panel, np.array(urns), LeaderPool(pool, True), Posts(posts, True), load_evidence({}))


def _priced(rules: dict[str, Any], leaders: int = 2, north_km: float = 0.0, **keys: Any) -> tuple[Any, list[float]]:
    """Return the prices by kind and key, and what a leader is worth at each school (the same for every leader)."""
    case = _case(_scenario(rules=rules, **keys), leaders, north_km)
    table = pd.DataFrame({"urn": case.urns, "need": 0.4, "p_fall_if_inspected": 0.3})
    forecast = RiskForecast(AS_OF, table, {}, {})
    stated = pipeline.state(case, forecast)
    decided = pipeline.decide(cast(Any, SimpleNamespace(scenario=case.scenario)), stated)
    base = Base(case, case.scenario, forecast, stated, decided.problem, decided.plan)
    made = prices(base, lambda _message: None, processes=1)
    pairs = stated.impact.pairs
    worth = pairs[pairs["leader_index"] == 0].set_index("post_index")["benefit"].round(3)
    by_key = {(price.question.kind, price.question.key): price for price in made.prices}
    return by_key, [float(worth.get(post, 0.0)) for post in range(len(PUPILS))]


def _months(by_key: Any, kind: PriceKind, key: str) -> float:
    price = by_key[kind, key]
    assert price.state is PriceState.EXACT
    return float(price.months)


def test_under_a_cap_of_one_and_a_pin_at_the_second_school() -> None:
    pins = {"p": {"leader_id": "L1", "post_id": "P2", **WHO}}
    bans = {"b": {"leader_id": "L2", "urn": 3, **WHO}}
    by_key, (first, second, third) = _priced(CAP | NEAR | MONEY, pins=pins, bans=bans)
    assert first > second > third > 0
    # Today L1 goes to the second school, as pinned, and nobody else anywhere.
    assert _months(by_key, PriceKind.PIN, "p") == pytest.approx(first - second)
    assert _months(by_key, PriceKind.PLACE, "cap") == pytest.approx(first)  # L2 goes to the first school too
    assert _months(by_key, PriceKind.RULE, "cap") == pytest.approx(first)
    assert by_key[PriceKind.RULE, "cap"].worth == pytest.approx(first + second)
    for kind, key in ((PriceKind.BAN, "b"), (PriceKind.RULE, "near"), (PriceKind.RULE, "money")):
        assert _months(by_key, kind, key) == 0
    for kind, key in ((PriceKind.LEADER, "L1"), (PriceKind.MONEY, "money"), (PriceKind.DISTANCE, "")):
        assert _months(by_key, kind, key) == 0
    assert by_key[PriceKind.MONEY, "money"].solved is False


def test_without_a_cap_a_third_leader_takes_the_third_school() -> None:
    by_key, (_, _, third) = _priced({})
    assert _months(by_key, PriceKind.LEADER, "L1") == pytest.approx(third)
    assert set(by_key) == {(PriceKind.LEADER, "L1")}  # no rule on travel: no price of distance


def test_a_floor_that_keeps_leaders_at_worse_schools_costs_the_difference() -> None:
    local = {"floor": {"rule": "case_quota", "minimum_count": 1, "cases": {"c": {"urn": 3, **WHO}}}}
    by_key, (first, _, third) = _priced(local, leaders=1)
    assert _months(by_key, PriceKind.PLACE, "floor") == pytest.approx(first - third)
    assert _months(by_key, PriceKind.RULE, "floor") == pytest.approx(first - third)


def test_10_km_farther_brings_the_schools_within_reach() -> None:
    by_key, worth = _priced(NEAR, leaders=1, north_km=12.0)  # the limit is 5 km
    assert worth == [0.0, 0.0, 0.0]
    assert by_key[PriceKind.DISTANCE, ""].worth > 0
    assert _months(by_key, PriceKind.DISTANCE, "") == by_key[PriceKind.DISTANCE, ""].worth
    assert _months(by_key, PriceKind.RULE, "near") > 0


def test_a_rule_that_a_pin_needs_can_not_be_left_out() -> None:
    rules = {
        "need": {"rule": "need_threshold", "minimum": 0.9},
        "local": {"rule": "case_quota", "cases": {"c": {"urn": 3, **WHO}}},
    }
    by_key, _ = _priced(rules, pins={"p": {"leader_id": "L1", "post_id": "P3", **WHO}})
    price = by_key[PriceKind.RULE, "local"]
    assert price.state is PriceState.REFUSED
    assert price.months is None
    assert any("need" in words for words in price.why)
