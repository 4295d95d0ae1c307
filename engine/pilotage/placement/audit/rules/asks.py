"""Asks for prospects: a leader holds one known post, or several prospects whose chances add up to at most one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pilotage.domain.findings.explanation import Check
from pilotage.domain.prospects import PER_MILLE, PROSPECT
from pilotage.placement.audit.case import AuditCase, Ints
from pilotage.placement.audit.counting import Counted, checked
from pilotage.placement.audit.expected import Expected, Stated
from pilotage.placement.audit.rule_audit import StructureAudit
from pilotage.placement.audit.support_tables import SUPPORT

SLACK = 1e-6  # thousandths: what another order of factors may change


def in_thousandths(chance: pd.Series) -> Ints:
    """Return chances in whole thousandths, rounded up, at least 1."""
    whole = np.ceil(chance.to_numpy(dtype=np.float64) * PER_MILLE - SLACK)
    return np.maximum(whole.astype(np.int64), 1)


def most_posts(case: AuditCase, most: Ints) -> Ints:
    """Return the most posts of each leader: as many as one may ask for, where there are prospects."""
    asked = case.scenario.pool.prospects
    people = (case.pool.leaders["level"] != SUPPORT).to_numpy(dtype=bool)
    return most if asked is None else np.where(people, asked.asks_per_leader, most)


def checks(counted: Counted) -> Iterator[Check]:
    """Yield whether no leader holds a known post beside anything else, or asks for more than one may."""
    asked = counted.case.scenario.pool.prospects
    if asked is None:
        return
    wrong = []
    mine = counted.placements[counted.placements["level"] != SUPPORT]
    for leader, held in mine.groupby("leader_id"):
        if not held[PROSPECT].all() and len(held) > 1:
            wrong.append(f"{leader} has a known post and {len(held) - 1} more")
        if len(held) > asked.asks_per_leader:
            wrong.append(f"{leader} asks {len(held)} times, {asked.asks_per_leader} are allowed")
        total = int(in_thousandths(held.loc[held[PROSPECT], "chance"]).sum())
        if len(held) > 1 and total > PER_MILLE:
            wrong.append(f"{leader}: chances of {total} thousandths, over {PER_MILLE}")
    words = f"{int(mine[PROSPECT].sum())} asks, at most {asked.asks_per_leader} a leader and no known post beside them"
    yield checked("asks", wrong, words)


def rows(stated: Stated) -> Iterator[Expected]:
    """Yield the rows of each leader who could ask more than once."""
    case, problem = stated.case, stated.claim.problem
    asked = case.scenario.pool.prospects
    if asked is None or asked.asks_per_leader == 1:
        return
    prospect = case.posts.posts[PROSPECT].to_numpy(dtype=bool)[problem.post]
    chance, most = in_thousandths(case.impact.pairs["chance"]), asked.asks_per_leader
    people = np.flatnonzero((case.pool.leaders["level"] != SUPPORT).to_numpy(dtype=bool))
    for leader in people.tolist():
        mine = stated.of_leader(leader)
        name, here = str(problem.leader_ids[leader]), prospect[mine]
        weights = np.where(here, 1, most).astype(np.int64)
        if len(mine) > 1 and not here.all():
            yield Expected(("asks", "asks", (name, "known")), "<=", most, mine, weights)
        pi = chance[mine]
        if sum(sorted(pi[here].tolist(), reverse=True)[:most]) > PER_MILLE:
            yield Expected(("asks", "asks", (name, "chance")), "<=", PER_MILLE, mine, np.where(here, pi, PER_MILLE))


STRUCTURES = (StructureAudit(checks, rows, order=2, most_posts=most_posts),)
