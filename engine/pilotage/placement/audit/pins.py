"""Pins and bans: the placements that a scenario asks for and excludes by name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pilotage.config.scenario import Ban, Pin
from pilotage.domain.findings.explanation import Check
from pilotage.placement.audit.case import AuditCase, Bools
from pilotage.placement.audit.counting import Counted, checked, named
from pilotage.placement.audit.expected import Expected, Stated, on_pairs
from pilotage.placement.audit.rule_audit import PositionTest


def pin_and_ban_checks(counted: Counted) -> Iterator[Check]:
    """Yield a check for each pin and each ban of the scenario."""
    frame, scenario = counted.placements, counted.case.scenario
    for name, pin in scenario.pins.items():
        there = frame["post_id"] == pin.post_id if pin.urn is None else frame["urn"] == pin.urn
        mine = frame[(frame["leader_id"] == pin.leader_id) & there]
        # In another year the leader may take a post of another level there: the pin speaks of the own level, if any.
        made = int((mine["level"] == mine["leader_level"]).sum()) or len(mine)
        wrong = [] if made == 1 else [f"{pin.leader_id} is in {made} posts of those pinned: {pin.where}"]
        yield checked(f"pins.{name}", wrong, f"{pin.leader_id} is in {pin.where}")
    if scenario.pool.leave_out:
        wrong = named(frame, frame["leader_id"].isin(scenario.pool.leave_out))
        yield checked("pool.leave_out", wrong, f"none of {len(scenario.pool.leave_out)} leaders left out is placed")
    for name, ban in scenario.bans.items():
        yield checked(f"bans.{name}", named(frame, _banned(ban, frame)), "no placement matches")


def _banned(ban: Ban, frame: pd.DataFrame) -> pd.Series:
    """Return which placements a ban matches: every field given must."""
    given = {"leader_id": ban.leader_id, "post_id": ban.post_id, "urn": ban.urn}
    hit = pd.Series(True, index=frame.index)
    for column, value in given.items():
        hit &= (frame[column] == value) if value is not None else True
    return hit


def banned(case: AuditCase, ban: Ban) -> PositionTest:
    """Return the test of the pairs that a ban matches."""
    leaders, posts = case.pool.leaders, case.posts.posts
    who = (leaders["leader_id"] == ban.leader_id).to_numpy(dtype=bool) | (ban.leader_id is None)
    post_id = (posts["post_id"] == ban.post_id).to_numpy(dtype=bool) | (ban.post_id is None)
    where = post_id & ((posts["urn"] == ban.urn).to_numpy(dtype=bool) | (ban.urn is None))
    return lambda leader, post: who[leader] & where[post]


def _pinned(case: AuditCase, pin: Pin) -> Bools:
    """Return which posts a pin speaks of: its post, or those of its school."""
    posts = case.posts.posts
    return (posts["post_id"] == pin.post_id if pin.urn is None else posts["urn"] == pin.urn).to_numpy(dtype=bool)


def _level(case: AuditCase, leader_id: str) -> str:
    leaders = case.pool.leaders
    return str(leaders.loc[leaders["leader_id"] == leader_id, "level"].iloc[0])


def pin_rows(stated: Stated) -> Iterator[Expected]:
    """Yield a row for each pin."""
    problem = stated.claim.problem
    for name, pin in stated.case.scenario.pins.items():
        mine = stated.of_leader(problem.leader_ids.index(pin.leader_id))
        members = mine[_pinned(stated.case, pin)[problem.post[mine]]]
        levels = stated.case.posts.posts["level"].to_numpy()[problem.post[members]]
        own = levels == _level(stated.case, pin.leader_id)
        members = members[own] if own.any() else members
        yield on_pairs(("pin", f"pins.{name}", ()), ("=", 1), members)
