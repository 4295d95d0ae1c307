"""What is known of pairs: refused bars, a binding state holds though it costs, the rest are notes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain import tables
from pilotage.placement.eligibility.known_pairs import with_known_pairs
from pilotage.placement.eligibility.pairs import eligible_pairs

BENEFIT: list[list[float | None]] = [[9, 1], [1, 2]]  # the optimum is L1-P1, L2-P2: 11; the other way round it is 2


def _plan(world: Callable[..., Any], rows: list[dict[str, Any]], **pool: Any) -> set[tuple[str, str]]:
    small = world([{}, {}], pool={"source": "files"} | pool)
    frame = pd.DataFrame(rows).assign(by=None).reindex(columns=list(tables.PAIRS.columns))
    pairs = tables.validated(tables.PAIRS, frame.astype({"date": "datetime64[ns]"}), "t")
    known = small.with_rules({}, **_keys(with_known_pairs(small.scenario, pairs)))
    plan = known.plan(BENEFIT)
    made = known.problem(BENEFIT)
    return {(made.leader_ids[made.leader[pair]], made.post_ids[made.post[pair]]) for pair in plan.chosen}


def _keys(scenario: Any) -> dict[str, Any]:
    return {"pins": scenario.model_dump()["pins"], "bans": scenario.model_dump()["bans"]}


def _row(state: str, post: str = "P1") -> dict[str, Any]:
    return {"leader_id": "L1", "post_id": post, "state": state, "date": pd.Timestamp("2016-06-01")}


def test_a_refused_pair_is_never_built(world: Callable[..., Any]) -> None:
    small = world([{}, {}])
    scenario = with_known_pairs(small.scenario, pd.DataFrame([_row("refused") | {"by": None}]))
    found = eligible_pairs(replace(small, scenario=scenario).known(), np.array([1, 2]))
    assert set(zip(found.leader.tolist(), found.post.tolist(), strict=True)) == {(0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("state", ["accepted", "started"])
def test_a_started_or_accepted_pair_is_held_though_it_costs(world: Callable[..., Any], state: str) -> None:
    assert _plan(world, [_row(state, "P2")]) == {("L1", "P2"), ("L2", "P1")}


@pytest.mark.parametrize("state", ["preferred", "interviewed", "offered"])
def test_what_does_not_bind_changes_nothing(world: Callable[..., Any], state: str) -> None:
    assert _plan(world, [_row(state, "P2")]) == {("L1", "P1"), ("L2", "P2")}


def test_an_offer_binds_where_the_scenario_says_so(world: Callable[..., Any]) -> None:
    assert _plan(world, [_row("offered", "P2")], binding_states=["offered"]) == {("L1", "P2"), ("L2", "P1")}


def test_the_pin_says_what_is_known_and_who_said_so(world: Callable[..., Any]) -> None:
    rows = pd.DataFrame([_row("started") | {"by": "governors"}, _row("refused", "P2") | {"by": None}])
    told = with_known_pairs(world([{}, {}]).scenario, rows)
    assert (told.pins["pair L1 P1"].reason, told.pins["pair L1 P1"].author) == ("started on 01 Jun 2016", "governors")
    assert told.bans["pair L1 P2"].author == "the table of pairs"
