"""Which schools may have their leader in post supported, and why the rest may not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.bars import Bar
from pilotage.domain.support import SupportOffer, support_id
from pilotage.placement.context import Context
from pilotage.placement.eligibility.barring import Barring
from pilotage.placement.eligibility.pruning import HeldBack, Why
from pilotage.placement.rules.catalogue import hard_rules
from pilotage.placement.rules.traits import Pairs

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def support_pairs(
    context: Context, offer: SupportOffer, schools: tuple[Ints, list[HeldBack]], barring: Barring
) -> Pairs:
    """Return each region with every school of it that may be supported, sorted, numbered after leaders and posts.

    Parameters
    ----------
    schools
        The schools (URNs) whose benefit can be valued, and those that rules hold back.
    """
    (valued, held_back), urn, first = schools, offer.schools["urn"].to_numpy(), len(context.table)
    open_now = np.ones(len(urn), dtype=bool)
    closers = [
        *_by_rules(context, offer),
        (Bar.OUT_OF_SCOPE.value, np.where(np.isin(urn, valued), "", Bar.OUT_OF_SCOPE).astype(object)),
    ]
    times = np.sum([why != "" for _, why in closers], axis=0)
    for name, why in closers:
        closed = why != ""
        barring.count(name, "post", int((closed & (times == 1)).sum()))
        for code in sorted(set(why[closed])):
            barring.close(first + np.flatnonzero(why == code), name, code)
        open_now &= ~closed
    for name, ban in context.scenario.bans.items():
        of_support = np.array([ban.post_id in (None, support_id(school)) for school in urn.tolist()], dtype=bool)
        if ban.leader_id is None and of_support.any():
            banned = of_support if ban.urn is None else of_support & (urn == ban.urn)
            open_now = _left(open_now, banned, Why(f"bans.{name}", Bar.BAN), first, barring)
    for held in held_back:
        open_now = _left(open_now, np.isin(urn, held.urns), held.why, first, barring)
    return _pairs(context, offer, open_now)


def _by_rules(context: Context, offer: SupportOffer) -> list[tuple[str, NDArray[np.object_]]]:
    """Return the hard rules that close schools to support too, each with the code of why, shape (schools,)."""
    named = [(key, rule, traits.closes) for key, rule, traits in hard_rules(context.scenario)]
    return [
        (key, closes.why_no_support(rule, context, offer.schools))
        for key, rule, closes in named
        if closes is not None and closes.why_no_support is not None
    ]


def _left(open_now: Bools, barred: Bools, why: Why, first: int, barring: Barring) -> Bools:
    barred_now = open_now & barred
    barring.close(first + np.flatnonzero(barred_now), why.rule, why.code)
    barring.count(why.rule, "pair", int(barred_now.sum()))
    return open_now & ~barred


def _pairs(context: Context, offer: SupportOffer, open_now: Bools) -> Pairs:
    region = offer.schools["region"].to_numpy()
    schools = [np.flatnonzero(open_now & (region == name)) for name in offer.regions["region"]]
    numbers = [np.full(len(some), number) for number, some in enumerate(schools)]
    none = [np.zeros(0, dtype=np.int64)]
    leader, post = np.concatenate([*none, *numbers]), np.concatenate([*none, *schools])
    return (len(context.leaders) + leader).astype(np.int32), (len(context.table) + post).astype(np.int32)
