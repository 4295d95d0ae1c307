"""Plans over several years: one term at a time, waiting where it pays, later worth less, and plans re-made."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pilotage.domain.forecast import RiskForecast
from pilotage.placement.eligibility.known_pairs import with_known_pairs
from pilotage.placement.horizon import first_september, planning_year
from pilotage.placement.valuation.benefit import impact_matrix


def _opening(*days: str) -> list[dict[str, Any]]:
    return [{"opens_on": pd.Timestamp(day)} for day in days]


def _audit(small: Any, benefit: Any, before: Any = None) -> set[str]:
    made = before or small
    check = small.recount if before else small.audit
    found = check(made.problem(benefit), made.plan(benefit), made.impact(benefit))
    return {check.name for check in found.checks if not check.holds}


def test_a_planning_year_begins_in_september() -> None:
    days = pd.to_datetime(["2016-01-04", "2016-09-01", "2017-08-31", "2017-09-01", "2019-04-20"]).to_numpy()
    assert first_september(pd.Timestamp("2016-08-31").date()) == 2016
    assert first_september(pd.Timestamp("2016-09-02").date()) == 2017
    assert planning_year(days, pd.Timestamp("2016-08-31").date()).tolist() == [0, 0, 0, 1, 2]


def test_a_leader_waits_where_waiting_is_worth_more(world: Callable[..., Any]) -> None:
    small = world([{}] * 2, leaders=[{}], posts=_opening("2016-09-01", "2017-09-01"), time={"years": 2})
    plan = small.plan([[5, 8]])  # one leader, one term of three years: 8 next year rather than 5 now
    assert plan.objective == 8_000
    assert not _audit(small, [[5, 8]])


def test_a_leader_starts_again_after_the_term(world: Callable[..., Any]) -> None:
    posts = _opening("2016-09-01", "2018-09-01", "2019-09-01")
    time = {"years": 4, "term_years": 3}
    small = world([{}] * 3, leaders=[{}], posts=posts, time=time)
    benefit = [[5, 7, 4]]  # 2016 and 2019 are a term apart: 5 + 4; 2018 alone is 7
    assert small.plan(benefit).objective == 9_000
    assert not _audit(small, benefit)
    long = small.with_rules({}, time=time | {"term_years": 4})
    assert long.plan(benefit).objective == 7_000
    assert _audit(long, benefit, before=small) == {"one_post_per_leader"}


def test_cohorts_arrive_in_later_years(world: Callable[..., Any]) -> None:
    leaders = [{}, {"available_from": pd.Timestamp("2017-09-01")}]
    rules = {"availability": {"rule": "availability"}}
    posts = _opening("2016-09-01", "2017-09-01")
    small = world([{}] * 2, leaders=leaders, posts=posts, rules=rules, time={"years": 2})
    # L2 is not there yet in 2016: so L1 takes P1 though P2 is worth more to her, and L2 comes to P2
    assert small.plan([[5, 8], [None, 6]]).objective == 11_000


def test_what_starts_later_is_worth_less(world: Callable[..., Any]) -> None:
    table = pd.DataFrame({"urn": [1, 2], "need": 0.4, "p_fall_if_inspected": 0.3})
    time = {"years": 2, "discount_rate": 0.25}
    small = world([{}] * 2, leaders=[{}], posts=_opening("2016-09-01", "2017-09-01"), time=time)
    forecast = RiskForecast(small.panel.as_of, table, {}, {})
    impact = impact_matrix(small.known(), forecast)
    first, second = impact.pairs["benefit"]
    assert second == pytest.approx(first * 0.8)
    for name in ("benefit_low", "benefit_high"):
        assert impact.pairs[name][1] == pytest.approx(impact.pairs[name][0] * 0.8)
    assert any("25.0% less for each planning year" in sentence for sentence in impact.assumptions)


def test_the_plan_is_made_again_as_answers_come_in(world: Callable[..., Any]) -> None:
    benefit = [[9, 7, 1], [8, 5, 2]]
    small = world([{}] * 3, leaders=[{}, {}])

    def plan(*known: tuple[str, str, str]) -> set[tuple[str, str]]:
        rows = pd.DataFrame(known, columns=["leader_id", "post_id", "state"]).assign(date=pd.NaT, by=None)
        scenario = with_known_pairs(small.scenario, rows)
        barred = {(ban.leader_id, ban.post_id) for ban in scenario.bans.values()}
        left: list[list[float | None]] = [
            [None if (f"L{n + 1}", f"P{m + 1}") in barred else worth for m, worth in enumerate(row)]
            for n, row in enumerate(benefit)
        ]
        again = replace(small, scenario=scenario)
        made, found = again.problem(left), again.plan(left)
        return {(made.leader_ids[made.leader[p]], made.post_ids[made.post[p]]) for p in found.chosen}

    assert plan() == {("L1", "P2"), ("L2", "P1")}
    refused = ("L2", "P1", "refused")
    assert plan(refused) == {("L1", "P1"), ("L2", "P2")}  # the next best
    started = ("L1", "P2", "started")
    assert plan(refused, started) == {("L1", "P2"), ("L2", "P3")}  # what has started stays
