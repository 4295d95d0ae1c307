"""Support for a leader in post: for schools of the region that offers it, and not beside a new head."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pilotage.domain.explanation import Check
from pilotage.placement.audit.case import AuditCase, Bools, Ints
from pilotage.placement.audit.counting import Counted, checked
from pilotage.placement.audit.expected import Expected, Stated
from pilotage.placement.audit.rule_audit import PositionTest, StructureAudit
from pilotage.placement.audit.support_tables import SUPPORT

HEADS = ("head", "executive")


def most_posts(case: AuditCase, most: Ints) -> Ints:
    """Return the most posts of each leader; a region gives as much support as the scenario says."""
    leaders = case.pool.leaders
    support = (leaders["level"] == SUPPORT).to_numpy(dtype=bool)
    offered = most.copy()
    offered[support] = leaders["span"].astype(float)[support].astype("int64")
    return offered


def barred(case: AuditCase) -> tuple[str, PositionTest]:
    """Return the pairs of support and a post, of a leader and support, and of support and another region's school."""
    leaders, posts = case.pool.leaders, case.posts.posts
    gives = (leaders["level"] == SUPPORT).to_numpy(dtype=bool)
    takes = (posts["level"] == SUPPORT).to_numpy(dtype=bool)
    region, offered = case.sites["region"].to_numpy(), leaders["willing_regions"].to_numpy()

    def test(leader: Ints, post: Ints) -> Bools:
        elsewhere = region[post] != offered[leader]
        return np.asarray((gives[leader] != takes[post]) | (gives[leader] & elsewhere), dtype=bool)

    return "support is for schools of the region", test


def checks(counted: Counted) -> Iterator[Check]:
    """Yield whether no school has its head supported and a new head placed, where there is support."""
    if counted.case.scenario.interventions.support is None:
        return
    frame = counted.placements
    led = frame.loc[frame["level"].isin(HEADS), "urn"]
    both = frame.loc[(frame["level"] == SUPPORT) & frame["urn"].isin(led), "urn"]
    wrong = [f"{urn} is supported and led" for urn in both]
    yield checked("support_or_head", wrong, "no school has its head supported and a new one placed")


def rows(stated: Stated) -> Iterator[Expected]:
    """Yield the rows of schools that can have their head supported or a new head placed."""
    level, urn = stated.case.posts.posts["level"], stated.claim.problem.urns
    support = (level == SUPPORT).to_numpy(dtype=bool) & stated.fillable
    head = level.isin(HEADS).to_numpy(dtype=bool) & stated.fillable
    for school in np.unique(urn[support]).tolist() if head.any() else ():
        heads = np.flatnonzero(head & (urn == school))
        for post in np.flatnonzero(support & (urn == school)).tolist() if len(heads) else ():
            weights = np.zeros(len(urn), dtype=np.int64)
            weights[heads], weights[post] = 1, len(heads)
            yield stated.on_posts(("support_or_head", "support", (school,)), ("<=", len(heads)), weights)


STRUCTURES = (StructureAudit(checks, rows, order=1, barred=barred, most_posts=most_posts),)
