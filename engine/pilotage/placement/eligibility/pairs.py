"""Who may go where, and why nobody may where nobody may.

Rules that bar pairs (consent, need, phase, level, subject, requirement, travel, availability, bans, lots of a trial)
act here: a barred pair is never built. Pairs within reach come from a spatial index; whether a leader suits a post is
looked up by kind of post, so that no table of all leaders by all posts is made. A priced rule bars nothing: its
breaches are priced pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.rules.consent import Consent
from pilotage.config.rules.match import Availability, LevelRule, PhaseRule, Requirement, Subject
from pilotage.config.rules.need import NeedThreshold
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.travel import Travel
from pilotage.domain.bars import Bar, BarCount, Barred
from pilotage.domain.support import SupportOffer
from pilotage.errors import Problem, ScenarioError
from pilotage.placement.context import Context, context_of
from pilotage.placement.eligibility.barring import Barring
from pilotage.placement.eligibility.closed_posts import below_need, closings, refused
from pilotage.placement.eligibility.pruning import banned, has_pair, pruned, within_plan, without_own_posts
from pilotage.placement.eligibility.supportable import support_pairs
from pilotage.placement.rules.match import WHY, Suit, suit_rules, suits
from pilotage.placement.rules.travel import Pairs, crossed, distance_km, reach, within_reach
from pilotage.placement.support import support_offer

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Codes = NDArray[np.int16]

MOST_PAIRS = 20_000_000  # beyond: about 0.25 GB for each million while the plan is made
SEVERAL = -1  # rules that bar a leader from a kind of post


@dataclass(frozen=True)
class Eligible:
    """Eligible pairs, sorted by leader then post, and what bars each post that no leader may take.

    ``leader``, ``post``: positions in the pool's and the posts' tables; pairs of ``support`` come last, numbered after
    them (``placement.support``). ``travel_km``: straight line, NaN of support;
    ``relocates``: beyond the leader's travel limit. ``reasons``: by position of the post. ``counts``: what each rule
    alone bars. ``price``: pupil-months that priced rules charge each pair; empty where none is priced.
    """

    leader: NDArray[np.int32]
    post: NDArray[np.int32]
    travel_km: Floats
    relocates: Bools
    reasons: dict[int, Barred]
    price: Floats = field(default_factory=lambda: np.zeros(0))
    counts: tuple[BarCount, ...] = ()
    support: SupportOffer | None = None


def eligible_pairs(case: Case, valued: NDArray[np.int64], need: pd.Series | None = None) -> Eligible:
    """Return the pairs that no rule bars.

    Parameters
    ----------
    valued
        URNs in scope whose benefit can be valued; posts of other schools take nobody.
    need
        Need by urn, for a need threshold; none is known without it.

    Raises
    ------
    ScenarioError
        When more than ``MOST_PAIRS`` pairs suit and are within reach.
    """
    context, barring = context_of(case, need), Barring()
    table, leaders = context.table, context.leaders
    alive = _open(context, valued, barring)
    pairs = _within_reach_and_suited(context, alive, barring)
    pairs = within_plan(context, without_own_posts(context, pairs, barring), barring)
    pairs, held_back = pruned(context, pairs, barring)
    travel = distance_km(table, leaders, pairs)
    far = travel > leaders["max_travel_km"].to_numpy()[pairs[0]]
    offer = support_offer(case)
    if offer is not None:
        supported = support_pairs(context, offer, valued, held_back, barring)
        pairs = np.concatenate([pairs[0], supported[0]]), np.concatenate([pairs[1], supported[1]])
        travel = np.concatenate([travel, np.full(len(supported[0]), np.nan)])
        far = np.concatenate([far, np.zeros(len(supported[0]), dtype=bool)])
    return Eligible(*pairs, travel, far, barring.reasons, _prices(context, pairs, offer), barring.counts, offer)


def _open(context: Context, valued: NDArray[np.int64], barring: Barring) -> Bools:
    """Return the posts that nothing closes whoever the leader is; note why the others are closed."""
    made = closings(context, valued)
    times = np.sum([one.closed for one in made], axis=0)
    for one in made:
        barring.count(one.rule, "post", int((one.closed & (times == 1)).sum()))
        for why in sorted(set(one.why[one.closed])):
            barring.close(np.flatnonzero(one.why == why), one.rule, Bar(why))
    return np.asarray(times == 0, dtype=bool)


def _within_reach_and_suited(context: Context, alive: Bools, barring: Barring) -> Pairs:
    """Return the pairs at open posts that suit and are within reach; note what bars the posts that have none."""
    table, leaders = context.table, context.leaders
    rules = [(name, rule) for name, rule in suit_rules(context.scenario) if rule.price is None]
    codes = _what_bars(context, rules, alive, barring)
    travel = context.hard(Travel)
    pairs, alone = _suited(reach(table, leaders, [rule for _, rule in travel], alive), context, codes, len(rules))
    for (name, _), number in zip(rules, alone[1:].tolist(), strict=True):
        barring.count(name, "pair", number)
    suited = (codes == 0).sum(axis=1)[context.kinds.of_post[alive]].sum()
    for name, _ in travel:
        barring.count(name, "pair", suited - len(pairs[0]))
    far = np.flatnonzero(alive & ~has_pair(len(table), pairs[1]))
    barring.close([p for p in far.tolist() if p not in barring.reasons], _first(travel), Bar.OUT_OF_REACH)
    return pairs


def _first(named: list[tuple[str, Travel]]) -> str:
    """Return the name of the first rule; the code itself where there is none (nobody is in the pool)."""
    return named[0][0] if named else Bar.OUT_OF_REACH.value


def _what_bars(context: Context, rules: list[tuple[str, Suit]], alive: Bools, barring: Barring) -> Codes:
    """Return which rule alone bars each leader from each kind of post: its number from 1, 0 none, ``SEVERAL``.

    Notes the posts that no leader suits.
    """
    kinds, people = context.kinds, context.leaders
    codes: Codes = np.zeros((len(kinds.first), len(people)), dtype=np.int16)
    for number, (name, rule) in enumerate(rules, start=1):
        before: Bools = np.any(codes == 0, axis=1)
        failed = ~suits(rule, kinds, people)
        codes = np.where(failed, np.where(codes == 0, number, SEVERAL), codes).astype(np.int16)
        lost: Bools = before & ~np.any(codes == 0, axis=1)
        barring.close(np.flatnonzero(lost[kinds.of_post] & alive), name, WHY[rule.rule])
    return codes


def _suited(
    posts_in_reach: Iterator[NDArray[np.int64]], context: Context, codes: Codes, rules: int
) -> tuple[Pairs, NDArray[np.int64]]:
    """Return the pairs within reach that suit, sorted by leader then post, and how many each rule alone bars.

    Raises
    ------
    ScenarioError
        When they are more than memory is meant for, as they are where no hard travel rule keeps leaders near.
    """
    kept, count, alone = [], 0, np.zeros(rules + 1, dtype=np.int64)
    for leader, posts in enumerate(posts_in_reach):
        barred_by = codes[:, leader][context.kinds.of_post[posts]]
        alone += np.bincount(barred_by - SEVERAL, minlength=rules + 2)[-SEVERAL:]
        some = posts[barred_by == 0]
        count += len(some)
        if count <= MOST_PAIRS:
            kept.append(some)
    if count > MOST_PAIRS:
        told = f"{count:,} pairs of leader and post suit and are within reach"
        do = "make a travel rule hard (a price lets every leader go anywhere), or narrow scope or pool"
        raise ScenarioError(Problem("rules", told, f"at most {MOST_PAIRS:,}", do))
    return crossed(kept), alone


def _prices(context: Context, pairs: Pairs, offer: SupportOffer | None) -> Floats:
    """Return what priced rules charge each pair, in pupil-months; empty where no such rule is priced."""
    broken = broken_at_a_price(context, pairs, offer)
    if not broken:
        return np.zeros(0)
    charged = np.zeros(len(pairs[0]))
    for name, where in broken.items():
        rule = context.scenario.rules[name]
        charged = charged + where * (rule.price or 0.0 if isinstance(rule, Priced) else 0.0)
    return charged


def broken_at_a_price(context: Context, pairs: Pairs, offer: SupportOffer | None) -> dict[str, Bools]:
    """Return, for each priced rule on pairs by its name, which pairs break it; support breaks a need threshold only."""
    rules = [
        (n, r) for n, r in context.scenario.rules.items() if isinstance(r, Consent | NeedThreshold | Travel | Suit)
    ]
    placed = pairs[1] < len(context.table)
    broken = {}
    for name, rule in rules:
        if rule.price is not None:
            broken[name] = np.zeros(len(placed), dtype=bool)
            broken[name][placed] = _broken(rule, context, (pairs[0][placed], pairs[1][placed]))
            if offer is not None and isinstance(rule, NeedThreshold):
                low = below_need(rule, offer.schools, context.need, context.scenario)
                broken[name][~placed] = low[pairs[1][~placed] - len(context.table)]
    return broken


def _broken(rule: Consent | NeedThreshold | Travel | Suit, context: Context, pairs: Pairs) -> Bools:
    table, leaders = context.table, context.leaders
    leader, post = pairs
    if isinstance(rule, Consent):
        return refused(rule, table)[post]
    if isinstance(rule, NeedThreshold):
        return below_need(rule, table, context.need, context.scenario)[post]
    if isinstance(rule, Travel):
        return ~_keys_of(within_reach(table, leaders, [rule]), pairs, table)
    found: Bools = ~suits(rule, context.kinds, leaders)[context.kinds.of_post[post], leader]
    return found


def _keys_of(reached: Pairs, pairs: Pairs, table: pd.DataFrame) -> Bools:
    """Return which of ``pairs`` are among ``reached``."""
    among, asked = (leader.astype(np.int64) * len(table) + post for leader, post in (reached, pairs))
    return np.isin(asked, among)


def what_bars(context: Context, leader: int, post: int) -> list[str]:
    """Return the hard rules and bans, as the scenario names them, that bar one pair.

    A need threshold is looked at where need is known.
    """
    pair = np.array([leader], dtype=np.int32), np.array([post], dtype=np.int32)
    pairwise = (Consent, LevelRule, PhaseRule, Subject, Requirement, Availability, Travel)
    asked = (*pairwise, NeedThreshold) if len(context.need) else pairwise
    rules = [(name, rule) for name, rule in context.scenario.rules.items() if isinstance(rule, asked)]
    bars = [f"rules.{name}" for name, rule in rules if rule.price is None and _broken(rule, context, pair).all()]
    bans = context.scenario.bans.items()
    return bars + [f"bans.{name}" for name, ban in bans if banned(ban, context.table, context.leaders, *pair).all()]
