"""Who may go where, and the reason when nobody may.

Rules that bar pairs (consent, need, phase, level, subject, requirement, travel, availability, bans, lots of a trial)
act here: a barred pair is never built. Pairs within reach come from a spatial index; whether a leader suits a post is
looked up by kind of post, so that no table of all leaders by all posts is made. A priced rule bars nothing: its
breaches are priced pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pilotage.config.rules import Consent, HoldBack, NeedThreshold, Priced, Teams, Travel
from pilotage.config.scenario import Scenario
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import Problem, ScenarioError
from pilotage.placement import closing
from pilotage.placement.ground import SUPPORT
from pilotage.placement.rule_spans import FEW_POSTS, enough_posts, span_rule, spanning
from pilotage.placement.rule_teams import PART_OF_TEAM, whole_teams
from pilotage.placement.suitability import Kinds, Suit, kinds_of, reason, suit_rules, suits
from pilotage.placement.support import is_support, support_pairs

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]
R = TypeVar("R", bound=Priced)

MOST_PAIRS = 20_000_000  # beyond: about 0.25 GB for each million while the plan is made


@dataclass(frozen=True)
class Eligible:
    """Eligible pairs, sorted by leader then post, and the reason of each post that no leader may take.

    ``leader``, ``post``: positions in the pool's and the posts' tables; ``travel_km``: straight line, NaN of support;
    ``relocates``:
    beyond the leader's travel limit. ``reasons``: by position of the post. ``price``: pupil-months that priced rules
    charge each pair; empty where none is priced.
    """

    leader: NDArray[np.int32]
    post: NDArray[np.int32]
    travel_km: Floats
    relocates: Bools
    reasons: dict[int, str]
    price: Floats = field(default_factory=lambda: np.zeros(0))


def open_posts(panel: SchoolPanel, posts: Posts) -> pd.DataFrame:
    """Return the posts with phase, region, easting and northing of their schools; same order."""
    columns = ["phase", "region", "authority", "trust", "area", "easting", "northing"]
    joined = panel.schools.set_index("urn")[columns].reindex(posts.posts["urn"]).reset_index(drop=True)
    return posts.posts.reset_index(drop=True).join(joined)


def eligible_pairs(
    panel: SchoolPanel,
    pool: LeaderPool,
    posts: Posts,
    scenario: Scenario,
    valued: NDArray[np.int64],
    need: pd.Series | None = None,
) -> Eligible:
    """Return the pairs that no rule bars.

    Parameters
    ----------
    valued
        URNs in scope whose benefit can be valued; posts of other schools take nobody.
    need
        Need by urn, for a need threshold; none is known without it.

    Raises
    ------
    ScenarioError
        When more than ``MOST_PAIRS`` pairs suit and are within reach.
    """
    known = pd.Series(dtype=float) if need is None else need
    table, leaders = open_posts(panel, posts), pool.leaders
    reasons = _posts_closed(table, scenario, valued, known)
    alive = np.array([position not in reasons for position in range(len(table))], dtype=bool)
    open_to_people, people = alive & ~is_support(table), leaders[~is_support(leaders)]
    kinds = kinds_of(table)
    suited = _suitability(kinds, people, scenario, open_to_people, reasons)
    leader, post = _suited(_reach(table, people, _hard(scenario, Travel), open_to_people), kinds, suited)
    far_off = np.flatnonzero(open_to_people & ~_has_pair(table, post))
    reasons |= {int(p): "no suitable leader within reach" for p in far_off if int(p) not in reasons}
    away = ~holds_level_there(leaders, table, leader, post)
    leader, post = _left(table, (leader, post), away, closing.OWN_POST, reasons)
    in_plan = closing.starts_in_plan(leaders, table, (leader, post), scenario)
    leader, post = _left(table, (leader, post), in_plan, closing.FREE_LATER, reasons)
    if scenario.interventions.support is not None:
        more = support_pairs(table, leaders, alive)
        leader, post = np.concatenate([leader, more[0]]), np.concatenate([post, more[1]])
    leader, post = _pruned(table, leaders, (leader, post), scenario, reasons)
    travel = _distance_km(table, leaders, leader, post)
    far = travel > leaders["max_travel_km"].to_numpy()[leader]
    price = _prices(table, leaders, (leader, post), scenario, kinds, known)
    return Eligible(leader, post, travel, far, reasons, price)


def holds_level_there(
    leaders: pd.DataFrame, table: pd.DataFrame, leader: NDArray[np.int32], post: NDArray[np.int32]
) -> Bools:
    """Return the pairs whose leader already holds the post's level in its school: to go there is no move."""
    current = leaders["current_urn"].to_numpy(dtype=float, na_value=np.nan)[leader]
    level = leaders["level"].to_numpy()[leader] == table["level"].to_numpy()[post]
    found: Bools = (current == table["urn"].to_numpy()[post]) & level
    return found


def _hard(scenario: Scenario, kind: type[R]) -> list[R]:
    return [rule for rule in scenario.rules.values() if isinstance(rule, kind) and rule.price is None]


def _has_pair(table: pd.DataFrame, post: NDArray[np.int32]) -> Bools:
    found = np.zeros(len(table), dtype=bool)
    found[post] = True
    return found


def _posts_closed(
    table: pd.DataFrame, scenario: Scenario, valued: NDArray[np.int64], need: pd.Series
) -> dict[int, str]:
    """Return the reasons that lie in the post itself, by position: the last named wins."""
    placed = (table["level"] != SUPPORT).to_numpy()
    off = pd.Series("placing leaders is switched off", index=table.index)
    found = [(off, placed & (not scenario.interventions.place))]
    thresholds = _hard(scenario, NeedThreshold)
    found += [(closing.need_words(table, need), closing.below_need(t, table, need, scenario)) for t in thresholds]
    lost = placed & table["easting"].isna().to_numpy()
    found.append((pd.Series(closing.NO_PLACE, index=table.index), lost))
    unvalued = ~table["urn"].isin(valued).to_numpy()
    found.append((pd.Series("out of scope, or disadvantaged pupils unknown", index=table.index), unvalued))
    found.append((pd.Series(closing.LATE, index=table.index), closing.too_late(table, scenario)))
    consents = _hard(scenario, Consent)
    if consents:
        refused = np.any([closing.refused(rule, table) for rule in consents], axis=0)
        found.append((closing.consent_words(table), refused))
    return {int(p): words[p] for words, closed in found for p in np.flatnonzero(closed)}


def _suitability(
    kinds: Kinds, leaders: pd.DataFrame, scenario: Scenario, alive: Bools, reasons: dict[int, str]
) -> Bools:
    """Return (kinds of post, leaders) booleans; note posts that no leader suits in ``reasons``."""
    found: Bools = np.ones((len(kinds.first), len(leaders)), dtype=bool)
    for rule in suit_rules(scenario):
        if rule.price is None:
            before: Bools = np.any(found, axis=1)
            found &= suits(rule, kinds, leaders)
            lost: Bools = before & ~np.any(found, axis=1)
            reasons |= {int(p): reason(rule) for p in np.flatnonzero(lost[kinds.of_post] & alive)}
    return found


def _suited(reach: Iterator[NDArray[np.int64]], kinds: Kinds, suited: Bools) -> Pairs:
    """Return the pairs within reach that suit, sorted by leader then post.

    Raises
    ------
    ScenarioError
        When they are more than memory is meant for, as they are where no hard travel rule keeps leaders near.
    """
    found, count = [], 0
    for leader, posts in enumerate(reach):
        some = posts[suited[:, leader][kinds.of_post[posts]]]
        count += len(some)
        if count <= MOST_PAIRS:
            found.append(some)
    if count > MOST_PAIRS:
        told = f"{count:,} pairs of leader and post suit and are within reach"
        do = "make a travel rule hard (a price lets every leader go anywhere), or narrow scope or pool"
        raise ScenarioError(Problem("rules", told, f"at most {MOST_PAIRS:,}", do))
    return _crossed(found)


def _within_reach(table: pd.DataFrame, leaders: pd.DataFrame, rules: list[Travel]) -> Pairs:
    """Return pairs within every leader's travel limit, or open to the leader by relocating; sorted."""
    return _crossed(list(_reach(table, leaders, rules, np.ones(len(table), dtype=bool))))


def _reach(
    table: pd.DataFrame, leaders: pd.DataFrame, rules: list[Travel], alive: Bools
) -> Iterator[NDArray[np.int64]]:
    """Yield, leader by leader, the posts within the travel limit, or open by relocating; ascending."""
    positions = np.flatnonzero(alive & (table["easting"].notna().to_numpy() if rules else True))
    if not rules:
        yield from [positions] * len(leaders)
        return
    tree = cKDTree(table[["easting", "northing"]].to_numpy()[positions])
    ceiling = min((rule.max_km for rule in rules if rule.max_km is not None), default=np.inf)
    radius = np.minimum(leaders["max_travel_km"].to_numpy(), ceiling) * 1000
    homes = leaders[["easting", "northing"]].to_numpy()
    near = tree.query_ball_point(homes, radius, return_sorted=True) if len(positions) else [[]] * len(leaders)
    moves = leaders["relocates"].to_numpy(dtype=bool) & all(rule.relocation for rule in rules)
    region = table["region"].to_numpy()[positions]
    for close, moving, wanted in zip(near, moves, leaders["willing_regions"], strict=True):
        reach = np.ones(len(positions), dtype=bool) if moving else np.zeros(len(positions), dtype=bool)
        reach[np.asarray(close, dtype=np.int64)] = True
        if pd.notna(wanted):
            reach &= np.isin(region, [name.strip() for name in str(wanted).split(";")])
        yield positions[reach]


def _crossed(posts: list[NDArray[np.int64]]) -> Pairs:
    """Return the pairs of each leader in turn with the leader's posts."""
    counts = [len(some) for some in posts]
    together = np.concatenate(posts) if posts else np.zeros(0)
    return np.repeat(np.arange(len(posts)), counts).astype(np.int32), together.astype(np.int32)


def _distance_km(
    table: pd.DataFrame, leaders: pd.DataFrame, leader: NDArray[np.int32], post: NDArray[np.int32]
) -> Floats:
    step = table[["easting", "northing"]].to_numpy()[post] - leaders[["easting", "northing"]].to_numpy()[leader]
    distance: Floats = np.hypot(step[:, 0], step[:, 1]) / 1000
    distance[np.flatnonzero(is_support(table)[post])] = np.nan
    return distance


def _pruned(
    table: pd.DataFrame, leaders: pd.DataFrame, pairs: Pairs, scenario: Scenario, reasons: dict[int, str]
) -> Pairs:
    """Return the pairs left by bans, teams, spans and lots; a post that loses its last pair is given a reason."""
    pairs = _left(table, pairs, ~_banned(table, leaders, *pairs, scenario), "barred by a ban", reasons)
    for name, rule in scenario.rules.items():
        if isinstance(rule, Teams):
            pairs = _left(
                table, pairs, whole_teams((name, rule), table, leaders, pairs, scenario.as_of), PART_OF_TEAM, reasons
            )
    span = span_rule(scenario)
    if span is not None:
        who = spanning(leaders, scenario)
        pairs = _left(table, pairs, enough_posts(span, table, leaders, pairs, who), FEW_POSTS, reasons)
    pinned = [pin.post_id for pin in scenario.pins.values()]
    for name, rule in scenario.rules.items():
        if isinstance(rule, HoldBack):
            held = closing.drawn(name, rule, table, _has_pair(table, pairs[1]), pinned)
            out = table["urn"].isin(table["urn"].iloc[held]).to_numpy()
            pairs = _left(table, pairs, ~out[pairs[1]], closing.BESIDE, reasons)
            reasons |= dict.fromkeys(held.tolist(), closing.HELD_BACK)
    return pairs


def _left(table: pd.DataFrame, pairs: Pairs, keep: Bools, why: str, reasons: dict[int, str]) -> Pairs:
    leader, post = pairs[0][keep], pairs[1][keep]
    lost = _has_pair(table, pairs[1]) & ~_has_pair(table, post)
    reasons |= dict.fromkeys(np.flatnonzero(lost).tolist(), why)
    return leader, post


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


def _prices(
    table: pd.DataFrame, leaders: pd.DataFrame, pairs: Pairs, scenario: Scenario, kinds: Kinds, need: pd.Series
) -> Floats:
    """Return what priced rules charge each pair, in pupil-months; empty where no such rule is priced."""
    leader, post = pairs
    priced = [rule for rule in scenario.rules.values() if isinstance(rule, Priced) and rule.price is not None]
    if not any(isinstance(rule, Consent | NeedThreshold | Travel | Suit) for rule in priced):
        return np.zeros(0)
    charged, placed = np.zeros(len(leader)), ~is_support(table)[post]
    for rule in priced:
        if isinstance(rule, Consent):
            broken = closing.refused(rule, table)[post]
        elif isinstance(rule, NeedThreshold):
            broken = closing.below_need(rule, table, need, scenario)[post]
        elif isinstance(rule, Travel):
            broken = ~_keys_of(_within_reach(table, leaders, [rule]), pairs, table)
        elif isinstance(rule, Suit):
            broken = ~suits(rule, kinds, leaders)[kinds.of_post[post], leader]
        else:
            continue
        counted = broken if isinstance(rule, NeedThreshold) else broken & placed
        charged = charged + counted * (rule.price or 0.0)
    return charged


def _keys_of(reach: Pairs, pairs: Pairs, table: pd.DataFrame) -> Bools:
    """Return which of ``pairs`` are among ``reach``."""
    among, asked = (leader.astype(np.int64) * len(table) + post for leader, post in (reach, pairs))
    return np.isin(asked, among)
