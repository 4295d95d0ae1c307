"""Rules, pins and plans that cannot hold: named before solving, with the exit code and the words a planner needs."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pilotage import assets, pipeline
from pilotage.case.case import Case
from pilotage.config.overlay import resolve
from pilotage.domain.forecast import RiskForecast
from pilotage.errors import PilotageError
from pilotage.placement.eligibility.known_pairs import with_known_pairs
from pilotage.sources.pool import tables

Told = Callable[..., str]


@pytest.fixture(scope="module")
def known() -> tuple[Case, RiskForecast]:
    """Return the sample and its forecast, which no rule changes."""
    resolved = resolve("baseline")
    gathered = pipeline.gather(resolved)
    return gathered, pipeline.foresee(resolved, gathered)


@pytest.fixture
def told(known: tuple[Case, RiskForecast], tmp_path: Path) -> Iterator[Told]:
    """Return a function that states the problem of the baseline with settings, and returns what it is refused with."""
    gathered, forecast = known

    def state(*settings: str) -> None:
        scenario = resolve("baseline", settings).scenario
        leaders, posts = tables.load_pool(scenario, gathered.panel)
        scenario = with_known_pairs(scenario, posts.pairs)
        pipeline.state(replace(gathered, scenario=scenario, pool=leaders, posts=posts), forecast)

    def refused(code: int, *settings: str) -> str:
        with pytest.raises(PilotageError) as caught:
            state(*settings)
        assert caught.value.exit_code == code
        return str(caught.value)

    before = Path.cwd()
    os.chdir(tmp_path)
    yield refused
    os.chdir(before)


def _pin(leader: str, post: str) -> str:
    return f"{{leader_id: {leader}, post_id: {post}, reason: r, author: a}}"


def _pool() -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.read_csv(assets.sample() / "leaders.csv"), pd.read_csv(assets.sample() / "posts.csv")


CASE = "{a: {urn: 901519, reason: r, author: a}}"
REFUSED = {
    "a quota above what is eligible": (
        *(4, ("rules.cases: minimum, number", "at least 9 placements", "at most")),
        (f"rules.cases={{rule: case_quota, minimum_count: 9, cases: {CASE}}}",),
    ),
    "a case for no school": (
        *(2, ("rules.cases.cases.a.urn", "no such urn '901'")),
        ("rules.cases={rule: case_quota, cases: {a: {urn: 901, reason: r, author: a}}}",),
    ),
    "a span beyond the posts in reach": (
        *(4, ("rules.span: leader SYN-L", "posts in reach", "when_short: reduce")),
        ("rules.span={rule: executive_span}",),
    ),
    "a word for yes or no": (
        *(2, ("rules.area.hard",)),
        ("rules.area={rule: area_minimum, count: 1, hard: perhaps}",),
    ),
    "hard and priced": (
        *(2, ("rules.area", "is hard and has a price")),
        ("rules.area={rule: area_minimum, count: 1, hard: true, price: 3}",),
    ),
    "an unknown rule": (2, ("rules.odd", "executive_span", "case_quota"), ("rules.odd={rule: odd}",)),
    "an unknown region": (
        *(2, ("interventions.support.capacity.Atlantis", "no such region")),
        ("interventions.support={capacity: {Atlantis: 3}}",),
    ),
    "nothing to do": (2, ("neither placing nor support",), ("interventions.place=false",)),
    "more lots than posts": (
        *(4, ("rules.trial.posts", "could be filled")),
        ("rules.trial={rule: hold_back, posts: 5000}",),
    ),
    "an unknown leader in a pin": (
        *(2, ("pins.a.leader_id", "no such leader_id 'SYN-L9999'")),
        (f"pins.a={_pin('SYN-L9999', 'SYN-P00001')}",),
    ),
    "an unknown leader to leave out": (
        *(2, ("pool.leave_out", "no such leader_id 'SYN-L9999'", "did you mean")),
        ("pool.leave_out=[SYN-L9999]",),
    ),
    "a pin of a leader left out": (
        *(2, ("pins.a.leader_id", "pool.leave_out leaves SYN-L0001 out")),
        ("pool.leave_out=[SYN-L0001]", f"pins.a={_pin('SYN-L0001', 'SYN-P00001')}"),
    ),
    "a pin with a post and a school": (
        *(2, ("pins.a", "needs either post_id or urn, and not both")),
        ("pins.a={leader_id: SYN-L0001, post_id: SYN-P00001, urn: 900001, reason: r, author: a}",),
    ),
    "a pin of an unknown school": (
        *(2, ("pins.a.urn", "no such urn '1'")),
        ("pins.a={leader_id: SYN-L0001, urn: 1, reason: r, author: a}",),
    ),
    "no earlier plan": (
        *(3, ("plan.csv",)),
        ("rules.moves={rule: moves, count: 1, earlier_plan: plan.csv}",),
    ),
    "an area minimum above what is eligible": (
        *(4, ("rules.many", "at least 500 placements in Norwich", "at most")),
        ("rules.many={rule: area_minimum, areas: [Norwich], count: 500}",),
    ),
}


@pytest.mark.parametrize(("code", "words", "settings"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_hold_is_named(told: Told, code: int, words: tuple[str, ...], settings: tuple[str, ...]) -> None:
    _all_in(told(code, *settings), *words)


def _all_in(text: str, *words: str) -> None:
    for word in words:
        assert word in text, (word, text)


def test_a_pin_says_which_rules_bar_it(told: Told) -> None:
    leaders, posts = _pool()
    middle = leaders.loc[leaders["level"] == "middle", "leader_id"].iloc[0]
    post = posts.loc[(posts["level"] == "head") & (posts["consent"] == "no"), "post_id"].iloc[0]
    _all_in(told(2, f"pins.a={_pin(middle, post)}"), f"{middle} may not take {post}", "rules.consent", "rules.level")


def test_a_pin_of_a_school_that_is_too_far_shows_distance_and_limit(told: Told) -> None:
    leaders, posts = _pool()
    schools = pd.read_csv(assets.sample() / "schools.csv").set_index("urn")
    staying = leaders[~leaders["relocates"].astype(bool) & (leaders["level"] == "head")].iloc[0]
    post = posts[posts["level"] == "head"].drop_duplicates("urn", keep=False)
    north, east = (schools[axis].reindex(post["urn"]).to_numpy() - staying[axis] for axis in ("northing", "easting"))
    far = int(post["urn"].iloc[int((north**2 + east**2).argmax())])
    km = max((north**2 + east**2) ** 0.5) / 1000
    pin = f"pins.a={{leader_id: {staying['leader_id']}, urn: {far}, reason: r, author: a}}"
    figures = f"rules.travel ({km:,.1f} km away, and the leader's limit is {staying['max_travel_km']:,.1f} km)"
    _all_in(told(2, pin), f"{staying['leader_id']} may not take a post at school {far}", figures)


def test_pins_above_a_cap_are_named(told: Told) -> None:
    leader, post, authority = _eligible_pair()
    text = told(
        4, "rules.need-floor=null", "rules.none={rule: authority_cap, count: 0}", f"pins.a={_pin(leader, post)}"
    )
    _all_in(text, f"rules.none: {authority}", "pins.a need 1", "remove a pin")


def test_a_pin_that_is_banned_names_the_ban(told: Told) -> None:
    leader, post, _ = _eligible_pair()
    ban = f"bans.never={{post_id: {post}, reason: r, author: a}}"
    _all_in(told(2, ban, f"pins.a={_pin(leader, post)}"), f"{leader} may not take {post}", "bans.never")


def _eligible_pair() -> tuple[str, str, str]:
    """Return a leader, a post of one school nearby that suits, and its authority."""
    leaders, posts = _pool()
    schools = pd.read_csv(assets.sample() / "schools.csv").set_index("urn")
    open_now = posts[(posts["level"] == "head") & (posts["consent"] == "yes") & posts["requires"].isna()]
    for leader in leaders[leaders["level"] == "head"].itertuples():
        for post in open_now.itertuples():
            school = schools.loc[post.urn]
            near = abs(school["easting"] - leader.easting) + abs(school["northing"] - leader.northing) < 15_000
            suits = school["phase"] in leader.phases.split(";") and leader.available_from <= post.opens_on
            if near and suits and (pd.isna(leader.willing_regions) or school["region"] == leader.willing_regions):
                return str(leader.leader_id), str(post.post_id), str(school["authority"])
    raise AssertionError("the sample has no such pair")


MOVES = "rules.moves={rule: moves, count: 1, earlier_plan: plan.csv}"


def test_an_earlier_plan_with_unknown_names_is_told_row_by_row(told: Told) -> None:
    rows = "leader_id,post_id,intervention\nSYN-L9999,SYN-P00001,place\nsupport: London,support: 900001,support\n"
    Path("plan.csv").write_text(rows, encoding="utf-8")
    text = told(3, MOVES)
    _all_in(text, "plan.csv, row 2", "leader_id = 'SYN-L9999'", "a leader_id of the pool")
    assert "row 3" not in text  # support of a leader in post is no placement


def test_an_earlier_plan_of_other_columns_is_told(told: Told) -> None:
    Path("plan.csv").write_text("leader,post\nA,B\n", encoding="utf-8")
    _all_in(told(3, MOVES), "plan.csv", "a row with headers such as leader_id, post_id")
    Path("plan.csv").write_text("leader_id,post\nA,B\n", encoding="utf-8")
    _all_in(told(3, MOVES), "plan.csv", "no column 'post_id'", "as placements.csv of a run has them")


def test_a_team_split_over_levels_that_no_school_has_is_named(told: Told) -> None:
    leaders, _ = _pool()
    leaders["team_id"] = None
    two = leaders[leaders["level"].isin(["head", "executive"])].groupby("level").head(1)
    leaders["team_id"] = leaders["team_id"].astype(object).mask(leaders.index.isin(two.index), "far apart")
    leaders.to_csv("leaders.csv", index=False)
    words = ("rules.teams: team far apart", "no school in reach has posts for all of", "when_impossible: leave")
    _all_in(told(4, "pool.leaders=leaders.csv", "rules.teams={rule: teams}"), *words)
