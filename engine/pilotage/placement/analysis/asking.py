"""What a plan comes to where it is asked for in order: simulated answers.

In a draw, each prospect comes open or not, once; whether school and leader agree is drawn for each pair on its own.

1. Each leader of a known post is offered it. A leader who asks for prospects asks one after the other (``ask_order``),
   until a post is open and both agree.
2. Where the post is open and the answer is no, the first reserve is offered it, and then the second, unless they have
   taken another post. The reserves that count most come first.

Leaders go to no school beyond the plan's own posts, asks and reserves. Each reserve keeps the rules alone; whether
several at once do is not looked at. Of those placed, the chance to be in the post t years later is ``s(3)^(t/3)``, the
three-year stay to the power of t/3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.findings.asking import Answers, Asking, Spread
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.analysis.next_posts import ask_order, next_pairs
from pilotage.placement.analysis.reserves import Reserves

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 2000
STREAM = 15  # of the scenario's seed: no other draw has it
YEARS = (1, 2, 3)
LOW, HIGH = 0.1, 0.9  # eight draws in ten lie between


@dataclass(frozen=True)
class Offer:
    """One offer: who is offered which post (rows of the draws), with the chances and the cost of the pair.

    ``once``: the leader takes one post only, as who asks for prospects does, and as a reserve does. ``places``: a yes
    is a placement, not support of the leader in post.
    """

    leader: int
    post: int
    acceptance: float
    stay: float
    cost_gbp: float
    once: bool
    places: bool


@dataclass(frozen=True)
class Drawn:
    """What has happened so far in each draw; its arrays are written to.

    ``opens``, ``filled``, ``refused``: of each post, shape (posts, draws); refused: open, and the answer was no.
    ``taken``: whether a leader has a post, shape (leaders, draws). ``placed``, ``spent_gbp``: shape (draws,);
    ``in_post``: shape (years, draws).
    """

    random: np.random.Generator
    opens: Bools
    filled: Bools
    refused: Bools
    taken: Bools
    placed: Ints
    in_post: Ints
    spent_gbp: Floats


def asking(
    problem: PlacementProblem, plan: PlacementPlan, impact: ImpactMatrix, reserves: Reserves, seed: int
) -> Asking:
    """Return the order of asks, where leaders go next, and what the answers may come to.

    Parameters
    ----------
    reserves
        By chosen pair, the pairs of its reserves.
    """
    order = ask_order(problem, plan.chosen[impact.asks(plan.chosen)])
    answers = simulated(problem, impact, plan.chosen, (order, reserves), seed) if len(plan.chosen) else None
    return Asking(order, next_pairs(problem, plan, order), answers)


def simulated(
    problem: PlacementProblem,
    impact: ImpactMatrix,
    chosen: Ints,
    called: tuple[dict[int, int], Reserves],
    seed: int,
    draws: int = DRAWS,
) -> Answers:
    """Return what the chosen pairs come to over the draws of their answers.

    Parameters
    ----------
    called
        Which of its leader's asks each ask is, and the pairs of the reserves of each chosen pair.
    """
    order, reserves = called
    reserved = np.array(sorted({pair for two in reserves.values() for pair in two}), dtype=np.int64)
    both = np.union1d(chosen, reserved)
    offers = dict(zip(both.tolist(), _offers(problem, impact, both, reserved), strict=True))
    drawn = _drawn(problem, impact, chosen, (len(np.unique(problem.leader[both])), draws), seed)
    own = sorted(chosen.tolist(), key=lambda pair: (order.get(pair, 1), pair))
    first = [pair for pair in own if order.get(pair, 1) == 1]
    _ask(drawn, (offers[pair] for pair in first))
    after_first = drawn.placed.copy()
    _ask(drawn, (offers[pair] for pair in own[len(first) :]))
    for call in (0, 1):
        waiting = [two[call] for two in reserves.values() if len(two) > call]
        _ask_reserves(drawn, (offers[pair] for pair in sorted(waiting, key=lambda pair: -problem.benefit[pair])))
    return Answers(
        draws=draws,
        offers=sum(offers[pair].places for pair in own),
        first_round=_spread(after_first),
        placed=_spread(drawn.placed),
        in_post=tuple(_spread(count) for count in drawn.in_post),
        spent_gbp=_spread(drawn.spent_gbp),
    )


def _offers(problem: PlacementProblem, impact: ImpactMatrix, pairs: Ints, reserved: Ints) -> Iterable[Offer]:
    """Return the offers of some pairs (ascending); ``reserved``: those of reserves."""
    leader = np.unique(problem.leader[pairs], return_inverse=True)[1]
    post = np.unique(problem.post[pairs], return_inverse=True)[1]
    figures = impact.pairs.iloc[pairs]
    columns = (figures[name].astype(float) for name in ("acceptance", "stay", "cost_gbp"))
    once = impact.asks(pairs) | np.isin(pairs, reserved)
    return map(Offer, leader.tolist(), post.tolist(), *columns, once.tolist(), (~impact.supports(pairs)).tolist())


def _drawn(problem: PlacementProblem, impact: ImpactMatrix, chosen: Ints, shape: tuple[int, int], seed: int) -> Drawn:
    """Return the start of the draws, which posts come open drawn; ``shape``: (leaders, draws)."""
    random = np.random.default_rng([seed, STREAM])
    ordered = chosen[np.argsort(problem.post[chosen])]
    known = pd.Series(1.0, index=range(len(ordered)))
    chance = impact.pairs["chance_open"].iloc[ordered].fillna(1.0) if "chance_open" in impact.pairs else known
    posts, draws = (len(ordered), shape[1]), shape[1]
    return Drawn(
        random=random,
        opens=random.random(posts) < chance.to_numpy(dtype=float)[:, None],
        filled=np.zeros(posts, dtype=bool),
        refused=np.zeros(posts, dtype=bool),
        taken=np.zeros(shape, dtype=bool),
        placed=np.zeros(draws, dtype=np.int64),
        in_post=np.zeros((len(YEARS), draws), dtype=np.int64),
        spent_gbp=np.zeros(draws),
    )


def _ask(drawn: Drawn, offers: Iterable[Offer]) -> None:
    """Make the plan's own offers, one after the other."""
    for offer in offers:
        able = drawn.opens[offer.post] & ~(drawn.taken[offer.leader] & offer.once)
        drawn.refused[offer.post] = able & ~_answered(drawn, offer, able)


def _ask_reserves(drawn: Drawn, offers: Iterable[Offer]) -> None:
    """Offer reserves the posts where the answer was no."""
    for offer in offers:
        able = drawn.refused[offer.post] & ~drawn.filled[offer.post] & ~drawn.taken[offer.leader]
        _answered(drawn, offer, able)


def _answered(drawn: Drawn, offer: Offer, able: Bools) -> Bools:
    """Draw the answers and the stays of an offer, count them, and return where the answer is yes."""
    yes: Bools = able & (drawn.random.random(len(able)) < offer.acceptance)
    stays = drawn.random.random(len(able))
    drawn.filled[offer.post] |= yes
    drawn.taken[offer.leader] |= yes
    drawn.spent_gbp[yes] += offer.cost_gbp
    if offer.places:
        drawn.placed[yes] += 1
        for row, years in enumerate(YEARS):
            drawn.in_post[row] += yes & (stays < offer.stay ** (years / max(YEARS)))
    return yes


def _spread(counts: Ints | Floats) -> Spread:
    low, high = np.quantile(counts, (LOW, HIGH), method="inverted_cdf")
    return Spread(float(counts.mean()), float(low), float(high))
