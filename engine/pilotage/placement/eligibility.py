"""Who may go where, and the reason when nobody may.

Rules that bar pairs (consent, phase, level, travel, availability, bans) act here: a barred pair is never built. Pairs
within reach come from a spatial index; whether a leader suits a post is looked up by kind of post, so that no
table of all leaders by all posts is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pilotage.config.scenario import Availability, Consent, LevelRule, PhaseRule, Scenario, Travel
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel

Bools = NDArray[np.bool_]
R = TypeVar("R")
Test = Callable[[pd.DataFrame, pd.Series], pd.Series]


@dataclass(frozen=True)
class Eligible:
    """Eligible pairs, sorted by leader then post, and the reason of each post that no leader may take.

    ``leader``, ``post``: positions in the pool's and the posts' tables; ``travel_km``: straight line; ``relocates``:
    beyond the leader's travel limit. ``reasons``: by position of the post.
    """

    leader: NDArray[np.int32]
    post: NDArray[np.int32]
    travel_km: NDArray[np.float64]
    relocates: Bools
    reasons: dict[int, str]


def open_posts(panel: SchoolPanel, posts: Posts) -> pd.DataFrame:
    """Return the posts with phase, region, easting and northing of their schools; same order."""
    columns = ["phase", "region", "authority", "trust", "area", "easting", "northing"]
    joined = panel.schools.set_index("urn")[columns].reindex(posts.posts["urn"]).reset_index(drop=True)
    return posts.posts.reset_index(drop=True).join(joined)


def eligible_pairs(
    panel: SchoolPanel, pool: LeaderPool, posts: Posts, scenario: Scenario, valued: NDArray[np.int64]
) -> Eligible:
    """Return the pairs that no rule bars.

    Parameters
    ----------
    valued
        URNs in scope whose benefit can be valued; posts of other schools take nobody.
    """
    table, leaders = open_posts(panel, posts), pool.leaders
    reasons = _posts_closed(table, scenario, valued)
    alive = np.array([position not in reasons for position in range(len(table))], dtype=bool)
    suits, kind = _suitability(table, leaders, scenario, alive, reasons)
    leader, post = _within_reach(table, leaders, _rules(scenario, Travel), alive)
    keep = suits[kind[post], leader]
    leader, post = leader[keep], post[keep]
    near = set(post.tolist())
    reasons |= {
        int(p): "no suitable leader within reach" for p in np.flatnonzero(alive) if int(p) not in near | reasons.keys()
    }
    kept = ~_banned(table, leaders, leader, post, scenario)
    leader, post = leader[kept], post[kept]
    reasons |= dict.fromkeys(near - set(post.tolist()), "barred by a ban")
    travel = _distance_km(table, leaders, leader, post)
    far = travel > leaders["max_travel_km"].to_numpy()[leader]
    return Eligible(leader, post, travel, far, reasons)


def _rules(scenario: Scenario, kind: type[R]) -> list[R]:
    return [rule for rule in scenario.rules.values() if isinstance(rule, kind)]


def _posts_closed(table: pd.DataFrame, scenario: Scenario, valued: NDArray[np.int64]) -> dict[int, str]:
    """Return the reasons that lie in the post itself: no consent, out of scope or not to be valued."""
    accepted = {"yes", "unknown"} if all(r.accept_unknown for r in _rules(scenario, Consent)) else {"yes"}
    refused = ~table["consent"].isin(accepted) if _rules(scenario, Consent) else pd.Series(False, index=table.index)
    words = table["consent"].map({"no": "the school does not consent", "unknown": "consent is not yet known"})
    reasons = {int(p): words[p] for p in np.flatnonzero(refused)}
    unvalued = ~table["urn"].isin(valued)
    return {int(p): "out of scope, or disadvantaged pupils unknown" for p in np.flatnonzero(unvalued)} | reasons


def _suitability(
    table: pd.DataFrame, leaders: pd.DataFrame, scenario: Scenario, alive: Bools, reasons: dict[int, str]
) -> tuple[Bools, NDArray[np.int64]]:
    """Return (kinds of post, leaders) booleans and each post's kind; note posts that no leader suits in ``reasons``."""
    keys = table[["level", "phase", "opens_on"]]
    groups = keys.groupby(["level", "phase", "opens_on"], sort=True, dropna=False)
    kind = groups.ngroup().to_numpy().astype(np.int64)
    first = keys.groupby(kind).first()
    suits: Bools = np.ones((len(first), len(leaders)), dtype=bool)
    for reason, test in _tests(scenario):
        before: Bools = np.any(suits, axis=1)
        for number in range(len(first)):
            suits[number] &= test(leaders, first.iloc[number]).to_numpy(dtype=bool)
        lost: Bools = before & ~np.any(suits, axis=1)
        reasons |= {int(p): reason for p in np.flatnonzero(lost[kind] & alive)}
    return suits, kind


def _tests(scenario: Scenario) -> list[tuple[str, Test]]:
    """Return, for each rule in force, the reason it gives and its test of all leaders against one kind of post."""
    found: list[tuple[str, Test]] = []
    if _rules(scenario, LevelRule):
        found.append(("no leader of the post's level", lambda leaders, post: leaders["level"] == post["level"]))
    if _rules(scenario, PhaseRule):
        found.append(("no leader of its level for the phase", _trained_for))
    grace = [pd.Timedelta(days=rule.grace_days) for rule in _rules(scenario, Availability)]
    if grace:
        limit = min(grace)
        found.append(
            ("no suitable leader free when it opens", lambda ls, p: ls["available_from"] <= p["opens_on"] + limit)
        )
    return found


def _trained_for(leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    padded = ";" + leaders["phases"].str.replace(" ", "") + ";"
    return padded.str.contains(f";{post['phase']};", regex=False)


def _within_reach(
    table: pd.DataFrame, leaders: pd.DataFrame, rules: list[Travel], alive: Bools
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return pairs within every leader's travel limit, or open to the leader by relocating; sorted."""
    positions = np.flatnonzero(alive & (table["easting"].notna().to_numpy() if rules else True))
    if not rules:
        return _crossed(np.arange(len(leaders)), [positions] * len(leaders))
    tree = cKDTree(table[["easting", "northing"]].to_numpy()[positions])
    ceiling = min((rule.max_km for rule in rules if rule.max_km is not None), default=np.inf)
    radius = np.minimum(leaders["max_travel_km"].to_numpy(), ceiling) * 1000
    homes = leaders[["easting", "northing"]].to_numpy()
    near = tree.query_ball_point(homes, radius, return_sorted=True) if len(positions) else [[]] * len(leaders)
    moves = leaders["relocates"].to_numpy(dtype=bool) & all(rule.relocation for rule in rules)
    region = table["region"].to_numpy()[positions]
    found = []
    for close, moving, wanted in zip(near, moves, leaders["willing_regions"], strict=True):
        reach = np.ones(len(positions), dtype=bool) if moving else np.zeros(len(positions), dtype=bool)
        reach[np.asarray(close, dtype=np.int64)] = True
        if pd.notna(wanted):
            reach &= np.isin(region, [name.strip() for name in str(wanted).split(";")])
        found.append(positions[reach])
    return _crossed(np.arange(len(leaders)), found)


def _crossed(leaders: NDArray[np.int64], posts: list[NDArray[np.int64]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    counts = [len(some) for some in posts]
    together = np.concatenate(posts) if posts else np.zeros(0)
    return np.repeat(leaders, counts).astype(np.int32), together.astype(np.int32)


def _distance_km(
    table: pd.DataFrame, leaders: pd.DataFrame, leader: NDArray[np.int32], post: NDArray[np.int32]
) -> NDArray[np.float64]:
    step = table[["easting", "northing"]].to_numpy()[post] - leaders[["easting", "northing"]].to_numpy()[leader]
    distance: NDArray[np.float64] = np.hypot(step[:, 0], step[:, 1]) / 1000
    return distance


def _banned(
    table: pd.DataFrame, leaders: pd.DataFrame, leader: NDArray[np.int32], post: NDArray[np.int32], scenario: Scenario
) -> Bools:
    barred = np.zeros(len(leader), dtype=bool)
    for ban in scenario.bans.values():
        hit = np.ones(len(leader), dtype=bool)
        if ban.leader_id is not None:
            hit &= (leaders["leader_id"] == ban.leader_id).to_numpy()[leader]
        if ban.post_id is not None:
            hit &= (table["post_id"] == ban.post_id).to_numpy()[post]
        if ban.urn is not None:
            hit &= (table["urn"] == ban.urn).to_numpy()[post]
        barred |= hit
    return barred
