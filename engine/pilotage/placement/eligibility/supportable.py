"""Which schools may have their leader in post supported, and why the others may not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.config.rules.need import NeedThreshold
from pilotage.config.scenario import Scenario
from pilotage.domain.bars import Bar
from pilotage.domain.support import SupportOffer
from pilotage.placement.context import Context
from pilotage.placement.eligibility.barring import Barring
from pilotage.placement.eligibility.closed_posts import needs_of
from pilotage.placement.rules.travel import Pairs

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def support_pairs(context: Context, offer: SupportOffer, valued: Ints, held_back: Ints, barring: Barring) -> Pairs:
    """Return each region with every school of it that may be supported, sorted, numbered after leaders and posts.

    Parameters
    ----------
    valued, held_back
        URNs whose benefit can be valued, and those in a trial's comparison group.
    """
    urn = offer.schools["urn"].to_numpy()
    first = len(context.table)
    open_now = np.ones(len(urn), dtype=bool)
    closers = [
        *((name, needs_of(rule, offer.schools, context)) for name, rule in context.hard(NeedThreshold)),
        (Bar.OUT_OF_SCOPE.value, np.where(np.isin(urn, valued), "", Bar.OUT_OF_SCOPE).astype(object)),
    ]
    times = np.sum([why != "" for _, why in closers], axis=0)
    for name, why in closers:
        closed = why != ""
        barring.count(name, "post", int((closed & (times == 1)).sum()))
        for code in sorted(set(why[closed])):
            barring.close(first + np.flatnonzero(why == code), name, Bar(code))
        open_now &= ~closed
    for name, ban in context.scenario.bans.items():
        if ban.leader_id is None and ban.post_id is None:
            banned = np.full(len(urn), True) if ban.urn is None else urn == ban.urn
            open_now = _left(open_now, banned, (f"bans.{name}", Bar.BAN), first, barring)
    for name in _lots(context.scenario):
        open_now = _left(open_now, np.isin(urn, held_back), (name, Bar.BESIDE_HELD_BACK), first, barring)
    return _pairs(context, offer, open_now)


def _lots(scenario: Scenario) -> list[str]:
    return [name for name, rule in scenario.rules.items() if rule.rule == "hold_back"]


def _left(open_now: Bools, barred: Bools, why: tuple[str, Bar], first: int, barring: Barring) -> Bools:
    closing_now = open_now & barred
    barring.close(first + np.flatnonzero(closing_now), *why)
    barring.count(why[0], "pair", int(closing_now.sum()))
    return open_now & ~barred


def _pairs(context: Context, offer: SupportOffer, open_now: Bools) -> Pairs:
    region = offer.schools["region"].to_numpy()
    schools = [np.flatnonzero(open_now & (region == name)) for name in offer.regions["region"]]
    numbers = [np.full(len(some), number) for number, some in enumerate(schools)]
    none = [np.zeros(0, dtype=np.int64)]
    leader, post = np.concatenate([*none, *numbers]), np.concatenate([*none, *schools])
    return (len(context.leaders) + leader).astype(np.int32), (len(context.table) + post).astype(np.int32)
