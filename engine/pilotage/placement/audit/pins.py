"""Pins and bans: the placements that a scenario asks for and excludes by name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pilotage.config.scenario import Ban
from pilotage.domain.findings.explanation import Check
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.audit.counting import Counted, checked, named
from pilotage.placement.audit.expected import Expected, Stated, on_pairs
from pilotage.placement.audit.rule_audit import PositionTest


def pin_and_ban_checks(counted: Counted) -> Iterator[Check]:
    """Yield a check for each pin and each ban of the scenario."""
    frame, scenario = counted.placements, counted.case.scenario
    for name, pin in scenario.pins.items():
        made = ((frame["leader_id"] == pin.leader_id) & (frame["post_id"] == pin.post_id)).any()
        wrong = [] if made else [f"{pin.leader_id} is not in {pin.post_id}"]
        yield checked(f"pins.{name}", wrong, f"{pin.leader_id} is in {pin.post_id}")
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


def pin_rows(stated: Stated) -> Iterator[Expected]:
    """Yield a row for each pin."""
    problem = stated.claim.problem
    for name, pin in stated.case.scenario.pins.items():
        mine = stated.of_leader(problem.leader_ids.index(pin.leader_id))
        members = mine[problem.post[mine] == problem.post_ids.index(pin.post_id)]
        yield on_pairs(("pin", f"pins.{name}", ()), ("=", 1), members)
