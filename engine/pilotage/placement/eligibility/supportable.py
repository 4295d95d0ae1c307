"""Which schools may have their leader in post supported, and why the others may not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.bars import Bar
from pilotage.domain.support import SupportOffer
from pilotage.placement.context import Context
from pilotage.placement.eligibility.barring import Barring
from pilotage.placement.eligibility.pruning import ClosedSchools
from pilotage.placement.rules.catalogue import hard_rules
from pilotage.placement.rules.traits import Pairs

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def support_pairs(
    context: Context, offer: SupportOffer, valued: Ints, closed_schools: list[ClosedSchools], barring: Barring
) -> Pairs:
    """Return each region with every school of it that may be supported, sorted, numbered after leaders and posts.

    ``valued``: URNs whose benefit can be valued.
    """
    urn, first = offer.schools["urn"].to_numpy(), len(context.table)
    open_now = _open(replace(context, table=offer.schools), valued, first, barring)
    for name, ban in context.scenario.bans.items():
        if ban.leader_id is None and ban.post_id is None:
            banned = np.full(len(urn), True) if ban.urn is None else urn == ban.urn
            open_now = _left(open_now, banned, (f"bans.{name}", Bar.BAN), first, barring)
    for closed in closed_schools:
        open_now = _left(open_now, np.isin(urn, closed.urns), (closed.rule, closed.why), first, barring)
    return _pairs(context, offer, open_now)


def _open(context: Context, valued: Ints, first: int, barring: Barring) -> Bools:
    """Return which schools (the table of ``context``) nothing closes to support; note why the others are closed."""
    named = [(key, rule, traits.closes) for key, rule, traits in hard_rules(context.scenario)]
    closers = [(key, closes.why(rule, context)) for key, rule, closes in named if closes and closes.binds_support]
    unvalued = ~context.table["urn"].isin(valued).to_numpy()
    closers.append((Bar.OUT_OF_SCOPE.value, np.where(unvalued, Bar.OUT_OF_SCOPE.value, "").astype(object)))
    times = np.sum([why != "" for _, why in closers], axis=0)
    for name, why in closers:
        closed = why != ""
        barring.count(name, "post", int((closed & (times == 1)).sum()))
        for code in sorted(set(why[closed])):
            barring.close(first + np.flatnonzero(why == code), name, code)
    return np.asarray(times == 0, dtype=bool)


def _left(open_now: Bools, barred: Bools, why: tuple[str, str], first: int, barring: Barring) -> Bools:
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
