"""Who may go where, and why nobody may where nobody may.

Rules that bar pairs act here: a barred pair is never built. Pairs within reach come from a spatial index; whether a
leader suits a post is looked up by kind of post, so that no table of all leaders by all posts is made. A priced rule
bars nothing: its breaches are priced pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.bars import Bar, BarCount, Barred
from pilotage.domain.support import SupportOffer
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.context import Context, context_of
from pilotage.placement.eligibility.barring import Barring
from pilotage.placement.eligibility.broken import prices
from pilotage.placement.eligibility.closed_posts import closed_posts
from pilotage.placement.eligibility.kinds import Kinds, kinds_of, lets_in
from pilotage.placement.eligibility.pruning import has_pair, pruned, within_plan, without_own_posts
from pilotage.placement.eligibility.reach import crossed, distance_km, nearest_km, reached
from pilotage.placement.eligibility.supportable import support_pairs
from pilotage.placement.rules.catalogue import NamedRule, faults, hard_rules
from pilotage.placement.rules.traits import Pairs
from pilotage.placement.support import Tables, both_tables, support_offer

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
    ``tables``: leaders with regions, and posts with schools, where they were put together already.
    """

    leader: NDArray[np.int32]
    post: NDArray[np.int32]
    travel_km: Floats
    relocates: Bools
    reasons: dict[int, Barred]
    price: Floats = field(default_factory=lambda: np.zeros(0))
    counts: tuple[BarCount, ...] = ()
    support: SupportOffer | None = None
    tables: Tables | None = None

    def tables_of(self, case: Case) -> Tables:
        """Return the tables that the positions are of: leaders with regions, posts with schools."""
        return both_tables(case, self.support) if self.tables is None else self.tables


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
        When a rule cannot be used with these schools (its ``faults``), or more than ``MOST_PAIRS`` pairs suit and are
        within reach.
    """
    context, barring = context_of(case, need), Barring()
    raise_all(ScenarioError, faults(context))
    table, leaders = context.table, context.leaders
    alive = _open(context, valued, barring)
    pairs = _within_reach_and_suited(context, alive, barring)
    pairs = within_plan(context, without_own_posts(context, pairs, barring), barring)
    pairs, held_back = pruned(context, pairs, barring)
    travel = distance_km(table, leaders, pairs)
    far = travel > leaders["max_travel_km"].to_numpy()[pairs[0]]
    offer = support_offer(case)
    if offer is not None:
        supported = support_pairs(context, offer, (valued, held_back), barring)
        pairs = np.concatenate([pairs[0], supported[0]]), np.concatenate([pairs[1], supported[1]])
        travel = np.concatenate([travel, np.full(len(supported[0]), np.nan)])
        far = np.concatenate([far, np.zeros(len(supported[0]), dtype=bool)])
    tables = (leaders, table) if offer is None else both_tables(case, offer)
    price = prices(context, pairs, offer)
    return Eligible(*pairs, travel, far, barring.reasons, price, barring.counts, offer, tables)


def _open(context: Context, valued: NDArray[np.int64], barring: Barring) -> Bools:
    """Return the posts that nothing closes whoever the leader is; note why the rest is closed."""
    made = closed_posts(context, valued)
    times = np.sum([posts.closed for posts in made], axis=0)
    for posts in made:
        barring.count(posts.rule, "post", int((posts.closed & (times == 1)).sum()))
        for why in sorted(set(posts.why[posts.closed])):
            barring.close(np.flatnonzero(posts.why == why), posts.rule, why)
    return np.asarray(times == 0, dtype=bool)


def _within_reach_and_suited(context: Context, alive: Bools, barring: Barring) -> Pairs:
    """Return the pairs at open posts that suit and are within reach; note what bars the posts that have none."""
    table, leaders = context.table, context.leaders
    hard, kinds = hard_rules(context.scenario), kinds_of(table)
    matching = [named for named in hard if named.traits.matches]
    codes = _what_bars(kinds, leaders, matching, alive, barring)
    reaching = [named for named in hard if named.traits.reaches]
    pairs, alone = _suited(reached(reaching, table, leaders, alive), kinds, codes, len(matching))
    for named, number in zip(matching, alone[1:].tolist(), strict=True):
        barring.count(named.key, "pair", number)
    suited = (codes == 0).sum(axis=1)[kinds.of_post[alive]].sum()
    for named in reaching:
        barring.count(named.key, "pair", suited - len(pairs[0]))
    far = np.flatnonzero(alive & ~has_pair(len(table), pairs[1]))
    # Without a rule on reach a post is far only where the pool is empty.
    rule = reaching[0].key if reaching else Bar.OUT_OF_REACH.value
    lost = [post for post in far.tolist() if post not in barring.reasons]
    barring.close(lost, rule, Bar.OUT_OF_REACH)
    barring.measure(nearest_km(table, leaders, {post: codes[kinds.of_post[post]] == 0 for post in lost}))
    return pairs


def _what_bars(kinds: Kinds, people: pd.DataFrame, rules: list[NamedRule], alive: Bools, barring: Barring) -> Codes:
    """Return which rule alone bars each leader from each kind of post: its number from 1, 0 none, ``SEVERAL``.

    Notes the posts that no leader suits.
    """
    codes: Codes = np.zeros((len(kinds.first), len(people)), dtype=np.int16)
    for number, named in enumerate(rules, start=1):
        before: Bools = np.any(codes == 0, axis=1)
        failed = ~lets_in(named, kinds, people)
        codes = np.where(failed, np.where(codes == 0, number, SEVERAL), codes).astype(np.int16)
        lost: Bools = before & ~np.any(codes == 0, axis=1)
        barring.close(np.flatnonzero(lost[kinds.of_post] & alive), named.key, named.rule.bars[0].code)
    return codes


def _suited(
    posts_in_reach: Iterator[NDArray[np.int64]], kinds: Kinds, codes: Codes, rules: int
) -> tuple[Pairs, NDArray[np.int64]]:
    """Return the pairs within reach that suit, sorted by leader then post, and how many each rule alone bars.

    Raises
    ------
    ScenarioError
        When they are more than memory is meant for, as they are where no hard travel rule keeps leaders near.
    """
    suited, count, alone = [], 0, np.zeros(rules + 1, dtype=np.int64)
    for leader, posts in enumerate(posts_in_reach):
        barred_by = codes[:, leader][kinds.of_post[posts]]
        alone += np.bincount(barred_by - SEVERAL, minlength=rules + 2)[-SEVERAL:]
        some = posts[barred_by == 0]
        count += len(some)
        if count <= MOST_PAIRS:
            suited.append(some)
    if count > MOST_PAIRS:
        too_many = f"{count:,} pairs of leader and post suit and are within reach"
        do = "make a travel rule hard (a price lets every leader go anywhere), or narrow scope or pool"
        raise ScenarioError(Problem("rules", too_many, f"at most {MOST_PAIRS:,}", do))
    return crossed(suited), alone
