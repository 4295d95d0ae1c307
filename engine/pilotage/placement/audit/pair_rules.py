"""Rules that bar or price single pairs, read anew from the tables: which pairs keep them.

A pair is barred by what the scenario says of the pair itself: hard rules, bans, the leader's own post, a post that
opens too late, a school out of scope or without a value. What depends on other pairs is in ``group_rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.case_quota import CaseQuota
from pilotage.config.rules.consent import Consent
from pilotage.config.rules.match import Availability, LevelRule, PhaseRule, Requirement, Subject
from pilotage.config.rules.need import NeedThreshold
from pilotage.config.rules.travel import Travel
from pilotage.config.scenario import Ban, Scenario
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.placement.audit.case import AuditCase, pair_frame, planning_year
from pilotage.placement.audit.support_tables import SUPPORT

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Pairwise = Consent | LevelRule | PhaseRule | Subject | Requirement | Availability | NeedThreshold | Travel

SLACK_KM = 1e-6


def joined(names: pd.DataFrame, pool: LeaderPool, posts: Posts, panel: SchoolPanel) -> pd.DataFrame:
    """Return placements (leader_id, post_id, ...) with the columns of their leaders, posts and schools."""
    leaders = (
        pool.leaders.drop(columns=["cost_gbp"]).add_prefix("leader_").rename(columns={"leader_leader_id": "leader_id"})
    )
    schools = panel.schools.add_prefix("school_").rename(columns={"school_urn": "urn"})
    frame = names.merge(leaders, on="leader_id", how="left").merge(posts.posts, on="post_id", how="left")
    return frame.merge(schools, on="urn", how="left")


def own_post(frame: pd.DataFrame) -> pd.Series:
    """Return the placements whose leader already holds the post's level in its school."""
    same = frame["leader_current_urn"].astype("Int64") == frame["urn"].astype("Int64")
    return (same & (frame["leader_level"] == frame["level"])).fillna(False).astype(bool)


def banned(ban: Ban, frame: pd.DataFrame) -> pd.Series:
    """Return which placements a ban matches: every field given must."""
    given = {"leader_id": ban.leader_id, "post_id": ban.post_id, "urn": ban.urn}
    hit = pd.Series(True, index=frame.index)
    for column, value in given.items():
        hit &= (frame[column] == value) if value is not None else True
    return hit


def kept(rule: Pairwise, frame: pd.DataFrame, scenario: Scenario, need: pd.Series) -> pd.Series:
    """Return, for each placement, whether it keeps a rule that bars pairs; of these only need concerns support."""
    support = (frame["level"] == SUPPORT) & (not isinstance(rule, NeedThreshold))
    return _kept(rule, frame, scenario, need) | support


def _kept(rule: Pairwise, frame: pd.DataFrame, scenario: Scenario, need: pd.Series) -> pd.Series:
    if isinstance(rule, Consent):
        return frame["consent"].isin(["yes", "unknown"] if rule.accept_unknown else ["yes"])
    if isinstance(rule, LevelRule):
        return frame["leader_level"] == frame["level"]
    if isinstance(rule, PhaseRule):
        return _each(frame, "school_phase", "leader_phases")
    if isinstance(rule, Subject):
        free = (frame["level"] != "middle") | frame["subject"].isna()
        return free | _each(frame, "subject", "leader_subjects", whole=True)
    if isinstance(rule, Requirement):
        return _each(frame, "requires", "leader_meets")
    if isinstance(rule, Availability):
        return frame["leader_available_from"] <= frame["opens_on"] + pd.Timedelta(days=rule.grace_days)
    if isinstance(rule, NeedThreshold):
        return _needy(rule, frame, scenario, need)
    return _travel_kept(rule, frame)


def _each(frame: pd.DataFrame, wanted: str, listed: str, *, whole: bool = False) -> pd.Series:
    """Return where every word of one column is among the words of another; no word wanted is met by all.

    ``whole``: the first column holds a single word, whatever stands in it.
    """
    kept = [
        ({str(asked).strip().lower()} if whole and pd.notna(asked) else _words(asked)) <= _words(offered)
        for asked, offered in zip(frame[wanted].tolist(), frame[listed].tolist(), strict=True)
    ]
    return pd.Series(kept, frame.index, dtype=bool)


def _words(text: object) -> set[str]:
    absent = text is None or text is pd.NA or text != text
    return set() if absent else {part.strip().lower() for part in str(text).split(";")}


def _needy(rule: NeedThreshold, frame: pd.DataFrame, scenario: Scenario, need: pd.Series) -> pd.Series:
    known = need.dropna().sort_values(ascending=False)
    least: float | None = rule.minimum
    if rule.top_share is not None:
        least = known.iloc[max(1, round(rule.top_share * len(known))) - 1] if len(known) else 0.0
    cases = [
        case.urn for quota in scenario.rules.values() if isinstance(quota, CaseQuota) for case in quota.cases.values()
    ]
    own = frame["urn"].map(need)
    return (own >= least) | (own.isna() & (rule.unknown == "keep")) | frame["urn"].isin(cases)


def _travel_kept(rule: Travel, frame: pd.DataFrame) -> pd.Series:
    east = (frame["school_easting"] - frame["leader_easting"]).astype(float)
    north = (frame["school_northing"] - frame["leader_northing"]).astype(float)
    ceiling = np.inf if rule.max_km is None else rule.max_km
    near = np.sqrt(east**2 + north**2) / 1000 <= frame["leader_max_travel_km"].clip(upper=ceiling) + SLACK_KM
    pairs = zip(frame["leader_willing_regions"].tolist(), frame["school_region"].tolist(), strict=True)
    willing = [
        pd.isna(listed) or region in [name.strip() for name in str(listed).split(";")] for listed, region in pairs
    ]
    moves = frame["leader_relocates"].astype(bool) & rule.relocation & east.notna()
    return pd.Series(np.asarray(near | moves) & np.array(willing, dtype=bool), frame.index)


def charges(frame: pd.DataFrame, scenario: Scenario, need: pd.Series) -> NDArray[np.float64]:
    """Return what priced rules on pairs charge each placement, in pupil-months."""
    total = np.zeros(len(frame))
    for rule in scenario.rules.values():
        if isinstance(rule, Pairwise) and rule.price is not None:
            total += ~kept(rule, frame, scenario, need).to_numpy(dtype=bool) * rule.price
    return total


def bars(case: AuditCase, valued: Bools, leader: Ints, post: Ints) -> NDArray[np.object_]:
    """Return what bars each pair (positions in the tables) by itself, None where nothing does, shape (pairs,).

    ``valued``: which posts are in schools in scope whose benefit can be valued.
    """
    reason = np.full(len(leader), None, dtype=object)
    for name, barred in _by_position(case, valued):
        left = np.flatnonzero(pd.isna(reason))
        reason[left[barred(leader[left], post[left])]] = name
    left = np.flatnonzero(pd.isna(reason))
    if len(left):
        frame = pair_frame(case, leader[left], post[left])
        for name, rule in case.scenario.rules.items():
            if isinstance(rule, Pairwise) and rule.price is None and not isinstance(rule, LevelRule):
                broken = ~kept(rule, frame, case.scenario, case.need).to_numpy(dtype=bool)
                reason[left[broken]] = f"rules.{name}"
    return reason


Test = Callable[[Ints, Ints], Bools]


def _by_position(case: AuditCase, valued: Bools) -> Iterator[tuple[str, Test]]:
    """Yield what can bar a pair and needs no table of pairs: few are left for the rest."""
    scenario, leaders, posts = case.scenario, case.pool.leaders, case.posts.posts
    level, offered = leaders["level"].to_numpy(), posts["level"].to_numpy()
    yield "out of scope, or its pupils are not known", lambda leader, post: ~valued[post]
    opens, free = (planning_year(days, scenario.as_of) for days in (posts["opens_on"], leaders["available_from"]))
    years = scenario.time.years
    yield "starts after the plan", lambda leader, post: np.maximum(opens[post], free[leader]) >= years
    nowhere = case.sites["easting"].isna().to_numpy(dtype=bool) & (offered != SUPPORT)
    yield "the school's place is not known", lambda leader, post: nowhere[post]
    yield "support is for schools of the region", lambda leader, post: _wrong_support(case, leader, post)
    placed = (offered != SUPPORT) & (not scenario.interventions.place)
    yield "interventions.place", lambda leader, post: placed[post]
    for name, rule in scenario.rules.items():
        if isinstance(rule, LevelRule) and rule.price is None:
            yield f"rules.{name}", lambda leader, post: (level[leader] != offered[post]) & (offered[post] != SUPPORT)
    home, urn = leaders["current_urn"].astype(float).to_numpy(), posts["urn"].to_numpy()
    yield "the leader's own post", lambda leader, post: (home[leader] == urn[post]) & (level[leader] == offered[post])
    for name, ban in scenario.bans.items():
        yield f"bans.{name}", _matches(case, ban)


def _matches(case: AuditCase, ban: Ban) -> Test:
    leaders, posts = case.pool.leaders, case.posts.posts
    who = (leaders["leader_id"] == ban.leader_id).to_numpy(dtype=bool) | (ban.leader_id is None)
    post_id = (posts["post_id"] == ban.post_id).to_numpy(dtype=bool) | (ban.post_id is None)
    where = post_id & ((posts["urn"] == ban.urn).to_numpy(dtype=bool) | (ban.urn is None))
    return lambda leader, post: who[leader] & where[post]


def _wrong_support(case: AuditCase, leader: Ints, post: Ints) -> Bools:
    """Return the pairs of support and a post, of a leader and support, and of support and another region's school."""
    leaders, posts = case.pool.leaders, case.posts.posts
    gives = (leaders["level"] == SUPPORT).to_numpy(dtype=bool)[leader]
    takes = (posts["level"] == SUPPORT).to_numpy(dtype=bool)[post]
    region = case.sites["region"].to_numpy()[post] == leaders["willing_regions"].to_numpy()[leader]
    return np.asarray((gives != takes) | (gives & ~region), dtype=bool)
