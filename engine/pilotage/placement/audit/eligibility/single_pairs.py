"""What bars or prices a pair by itself, read anew from the tables.

A pair is barred by what the scenario says of the pair itself: hard rules, bans, the leader's own post, a post that
opens too late, a school out of scope or without a value. What depends on other pairs is in ``groups``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.placement.audit.answers import refused_by_bodies
from pilotage.placement.audit.case import AuditCase, Bools, Ints, pair_frame, planning_year
from pilotage.placement.audit.pins import banned
from pilotage.placement.audit.rule_audit import PairTable, PositionTest, R, Reasons, RuleAudit
from pilotage.placement.audit.rules.catalogue import STRUCTURES, audited, exempt_schools
from pilotage.placement.audit.support_tables import SUPPORT


def pair_table(case: AuditCase, frame: pd.DataFrame) -> PairTable:
    """Return pairs, with what rules on one pair ask of schools."""
    table, day = case.posts.schools.table, pd.Timestamp(case.scenario.as_of)
    ended = table["supported_until"].astype("datetime64[ns]") < day
    supported = table.loc[~ended, "supported_by"].dropna()
    return PairTable(frame, case.need, exempt_schools(case.scenario), case.schools["phase"], supported)


def own_post(frame: pd.DataFrame) -> pd.Series:
    """Return the placements whose leader already holds the post's level in its school."""
    same = frame["leader_current_urn"].astype("Int64") == frame["urn"].astype("Int64")
    return (same & (frame["leader_level"] == frame["level"])).fillna(False).astype(bool)


def broken(audit: RuleAudit[R], rule: R, pairs: PairTable) -> Bools:
    """Return which pairs break a rule on one pair, shape (pairs,); no other rule breaks any."""
    if audit.satisfied is None:
        return np.zeros(len(pairs.frame), dtype=bool)
    support = (pairs.frame["level"] == SUPPORT) & (not audit.for_support)
    return ~(audit.satisfied(rule, pairs) | support).to_numpy(dtype=bool)


def charges(pairs: PairTable, scenario: Scenario) -> NDArray[np.float64]:
    """Return what priced rules on pairs charge each pair, in pupil-months."""
    total = np.zeros(len(pairs.frame))
    for _, rule, audit in audited(scenario):
        price = rule.breach_price()
        if audit.satisfied is not None and price is not None:
            total += broken(audit, rule, pairs) * price
    return total


def bars(case: AuditCase, valued: Bools, leader: Ints, post: Ints) -> Reasons:
    """Return what bars each pair (positions in the tables) by itself, None where nothing does, shape (pairs,).

    ``valued``: which posts are in schools in scope whose benefit can be valued.
    """
    reasons = np.full(len(leader), None, dtype=object)
    for name, barred in _by_position(case, valued):
        left = np.flatnonzero(pd.isna(reasons))
        reasons[left[barred(leader[left], post[left])]] = name
    left = np.flatnonzero(pd.isna(reasons))
    if len(left):
        pairs = pair_table(case, pair_frame(case, leader[left], post[left]))
        for name, rule, audit in audited(case.scenario):
            if audit.satisfied is not None and audit.by_position is None and rule.breach_price() is None:
                reasons[left[broken(audit, rule, pairs)]] = f"rules.{name}"
    return reasons


def _by_position(case: AuditCase, valued: Bools) -> Iterator[tuple[str, PositionTest]]:
    """Yield what can bar a pair and needs no table of pairs: few are left for the rest."""
    scenario, leaders, posts = case.scenario, case.pool.leaders, case.posts.posts
    level, offered = leaders["level"].to_numpy(), posts["level"].to_numpy()
    yield "out of scope, or its pupils are not known", lambda leader, post: ~valued[post]
    opens, free = (planning_year(days, scenario.as_of) for days in (posts["opens_on"], leaders["available_from"]))
    years = scenario.time.years
    yield "starts after the plan", lambda leader, post: np.maximum(opens[post], free[leader]) >= years
    nowhere = case.sites["easting"].isna().to_numpy(dtype=bool) & (offered != SUPPORT)
    yield "the school's place is not known", lambda leader, post: nowhere[post]
    refused = posts["urn"].isin(refused_by_bodies(case)).to_numpy(dtype=bool) & (offered != SUPPORT)
    yield "the responsible body refused", lambda leader, post: refused[post]
    yield from (structure.barred(case) for structure in STRUCTURES if structure.barred is not None)
    placed = (offered != SUPPORT) & (not scenario.interventions.place)
    yield "interventions.place", lambda leader, post: placed[post]
    for name, rule, audit in audited(scenario):
        if audit.by_position is not None and rule.breach_price() is None:
            yield f"rules.{name}", audit.by_position(rule, case)
    home, urn = leaders["current_urn"].astype(float).to_numpy(), posts["urn"].to_numpy()
    yield "the leader's own post", lambda leader, post: (home[leader] == urn[post]) & (level[leader] == offered[post])
    for name, ban in scenario.bans.items():
        yield f"bans.{name}", banned(case, ban)
