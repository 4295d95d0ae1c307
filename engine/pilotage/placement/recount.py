"""Rules that bar pairs, re-counted from the tables: which placements keep them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules import (
    Availability,
    CaseQuota,
    Consent,
    LevelRule,
    NeedThreshold,
    PhaseRule,
    Requirement,
    Subject,
    Travel,
)
from pilotage.config.scenario import Ban, Scenario
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.placement.ground import SUPPORT

Pairwise = Consent | LevelRule | PhaseRule | Subject | Requirement | Availability | NeedThreshold | Travel

SLACK_KM = 1e-6


def joined(names: pd.DataFrame, pool: LeaderPool, posts: Posts, panel: SchoolPanel) -> pd.DataFrame:
    """Return placements (leader_id, post_id, ...) with the columns of their leaders, posts and schools."""
    leaders = (
        pool.leaders.drop(columns=["cost_gbp"]).add_prefix("leader_").rename(columns={"leader_leader_id": "leader_id"})
    )
    schools = panel.schools.add_prefix("school_").rename(columns={"school_urn": "urn"})
    found = names.merge(leaders, on="leader_id", how="left").merge(posts.posts, on="post_id", how="left")
    return found.merge(schools, on="urn", how="left")


def what_bars(frame: pd.DataFrame, scenario: Scenario, need: pd.Series) -> list[str]:
    """Return the rules and bans, as the scenario names them, that bar the one pair of ``frame``."""
    hard = ((name, rule) for name, rule in scenario.rules.items() if isinstance(rule, Pairwise) and rule.price is None)
    rules = [(name, rule) for name, rule in hard if len(need) or not isinstance(rule, NeedThreshold)]
    barred = [f"rules.{name}" for name, rule in rules if not kept(rule, frame, scenario, need).all()]
    return barred + [f"bans.{name}" for name, ban in scenario.bans.items() if banned(ban, frame).all()]


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
        return free | _each(frame, "subject", "leader_subjects")
    if isinstance(rule, Requirement):
        return _each(frame, "requires", "leader_meets")
    if isinstance(rule, Availability):
        return frame["leader_available_from"] <= frame["opens_on"] + pd.Timedelta(days=rule.grace_days)
    if isinstance(rule, NeedThreshold):
        return _needy(rule, frame, scenario, need)
    return _travel_kept(rule, frame)


def _each(frame: pd.DataFrame, wanted: str, listed: str) -> pd.Series:
    """Return where every word of one column is among the words of another; no word wanted is met by all."""
    pairs = zip(frame[wanted], frame[listed], strict=True)
    return pd.Series([_words(one) <= _words(other) for one, other in pairs], frame.index, dtype=bool)


def _words(text: object) -> set[str]:
    absent = text is None or text is pd.NA or text != text
    return set() if absent else {part.strip().lower() for part in str(text).split(";")}


def _needy(rule: NeedThreshold, frame: pd.DataFrame, scenario: Scenario, need: pd.Series) -> pd.Series:
    known = need.dropna().sort_values(ascending=False)
    least = rule.minimum
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
    pairs = zip(frame["leader_willing_regions"], frame["school_region"], strict=True)
    willing = [
        pd.isna(listed) or region in [name.strip() for name in str(listed).split(";")] for listed, region in pairs
    ]
    moves = frame["leader_relocates"].astype(bool) & rule.relocation
    return pd.Series(np.asarray(near | moves) & np.array(willing, dtype=bool), frame.index)


def charges(frame: pd.DataFrame, scenario: Scenario, need: pd.Series) -> NDArray[np.float64]:
    """Return what priced rules on pairs charge each placement, in pupil-months."""
    total = np.zeros(len(frame))
    for rule in scenario.rules.values():
        if isinstance(rule, Pairwise) and rule.price is not None:
            total += ~kept(rule, frame, scenario, need).to_numpy(dtype=bool) * rule.price
    return total
