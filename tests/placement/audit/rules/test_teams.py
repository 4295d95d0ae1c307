"""Leaders of one team, by a plan that was made without the rule."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from pilotage.placement.audit.capacities import capacities_of
from pilotage.placement.audit.eligibility.groups import Eligibility

TEAM = [{"team_id": "A"}, {"team_id": "A"}]


def test_a_team_that_is_split_is_refused(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    broken = refused(world([{}, {}], TEAM), [[5, 1], [1, 4]], rules={"r": {"rule": "teams"}})
    assert broken["rules.r"] == "team A: 1 of 2, 1 of 2 in a place and a planning year"
    rows = [f"r, A, {urn}, 1, {member} is missing" for urn in (1, 2) for member in (1, 2)]
    assert broken["constraints"] == "; ".join(rows)


def test_a_second_rule_looks_at_what_the_first_leaves(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    # Schools 1 and 2 lie in Derby and have a post each; school 3, in Hull, has two. All of a team in one authority: 1
    # and 2 together, or 3. All of it in one school: 3 alone.
    schools, posts = [{}, {}, {"authority": "Hull"}], [{"urn": urn} for urn in (1, 2, 3, 3)]
    rules = {"a": {"rule": "teams", "together": "authority"}, "b": {"rule": "teams", "together": "school"}}
    case = drawn_cases.valued_world(world(schools, TEAM, posts, rules)).case
    who = Eligibility(case, capacities_of(case), np.ones(4, dtype=bool), np.arange(4))
    assert who.before_lots(np.zeros(4, dtype=int), np.arange(4)).tolist() == ["rules.b", "rules.b", None, None]


def test_a_team_without_enough_posts_is_barred(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    posts = [{"urn": 1}, {"urn": 1, "opens_on": pd.Timestamp("2017-09-01")}]
    rules = {"r": {"rule": "teams", "when_impossible": "leave"}}
    case = drawn_cases.valued_world(world([{}], TEAM, posts, rules, time={"years": 2, "term_years": 2})).case
    who = Eligibility(case, capacities_of(case), np.ones(2, dtype=bool), np.arange(2))
    assert who.before_lots(np.zeros(2, dtype=int), np.arange(2)).tolist() == ["rules.r", "rules.r"]
