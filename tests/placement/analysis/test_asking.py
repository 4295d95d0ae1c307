"""Simulated asking beside exact expectations: closed forms, and every answer of small plans walked through by hand."""

from itertools import product
from math import prod

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.findings.asking import Answers
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.analysis.asking import simulated
from pilotage.placement.analysis.next_posts import ask_order

DRAWS = 40_000
OFF = 4.0  # standard errors

# One row per pair: leader, post, benefit, chance that the post opens (None: known), acceptance, stay, cost
Pair = tuple[int, int, float, float | None, float, float, float]


def _answers(
    pairs: list[Pair], chosen: list[int], reserves: dict[int, tuple[int, ...]] | None = None, seed: int = 1
) -> Answers:
    problem, impact = _problem(pairs), _impact(pairs)
    order = ask_order(problem, np.array([pair for pair in chosen if pairs[pair][3] is not None], dtype=np.int64))
    called = order, dict.fromkeys(chosen, ()) | (reserves or {})
    return simulated(problem, impact, np.array(chosen, dtype=np.int64), called, seed, DRAWS)


def _problem(pairs: list[Pair]) -> PlacementProblem:
    leaders, posts = max(pair[0] for pair in pairs) + 1, max(pair[1] for pair in pairs) + 1
    return PlacementProblem(
        leader_ids=tuple(f"L{number}" for number in range(leaders)),
        post_ids=tuple(f"P{number}" for number in range(posts)),
        urns=np.arange(100, 100 + posts),
        leader=np.array([pair[0] for pair in pairs], dtype=np.int32),
        post=np.array([pair[1] for pair in pairs], dtype=np.int32),
        benefit=np.array([round(1000 * pair[2]) for pair in pairs], dtype=np.int64),
        scale=1000,
    )


def _impact(pairs: list[Pair], posts: int | None = None) -> ImpactMatrix:
    names = ["leader_index", "post_index", "benefit", "chance_open", "acceptance", "stay", "cost_gbp"]
    frame = pd.DataFrame(pairs, columns=names).astype({"chance_open": float})
    return ImpactMatrix(frame, pd.DataFrame({"post_index": [], "rule": [], "reason": []}), (), posts=posts)


def _near(mean: float, expected: float, spread: float = 2.0) -> bool:
    """Return whether a mean over the draws is as expected; ``spread``: the most that its standard deviation can be."""
    return abs(mean - expected) < OFF * spread / DRAWS**0.5


def test_one_leader_with_three_asks_by_the_closed_form() -> None:
    opens, accepts, stays, costs = (0.5, 0.8, 0.3), (0.6, 0.5, 0.9), (0.8, 0.5, 0.1), (1000.0, 2000.0, 4000.0)
    pairs: list[Pair] = [(0, n, 3.0 - n, opens[n], accepts[n], stays[n], costs[n]) for n in range(3)]
    both = [o * a for o, a in zip(opens, accepts, strict=True)]
    at = [both[n] * prod(1 - chance for chance in both[:n]) for n in range(3)]  # the chance that it is ask n
    answers = _answers(pairs, [0, 1, 2])
    assert _near(answers.first_round.mean, 0.3)
    assert _near(answers.placed.mean, 1 - 0.7 * 0.6 * 0.73)
    assert _near(answers.placed.mean, sum(at))
    for years, count in enumerate(answers.in_post, start=1):
        assert _near(count.mean, sum(chance * stay ** (years / 3) for chance, stay in zip(at, stays, strict=True)))
    assert _near(answers.spent_gbp.mean, sum(a * c for a, c in zip(at, costs, strict=True)), 4000)
    assert (answers.placed.low, answers.placed.high) == (0, 1)
    assert answers.offers == 3


def test_asks_come_in_the_order_of_value_times_chance() -> None:
    pairs: list[Pair] = [(0, 0, 1.0, 1.0, 1.0, 1.0, 1.0), (0, 1, 2.0, 1.0, 1.0, 1.0, 20.0), (1, 1, 9.0, 1, 1, 1, 1)]
    answers = _answers(pairs, [0, 1])
    assert answers.spent_gbp.mean == 20  # the second of the table is worth more, and is asked first
    assert (answers.first_round.mean, answers.placed.mean) == (1, 1)
    assert ask_order(_problem(pairs), np.array([0, 1, 2])) == {2: 1, 1: 1, 0: 2}


def test_a_shared_reserve_takes_one_post_only_and_goes_first_where_worth_more() -> None:
    # Leaders 0 and 1 have known posts 0 and 1; leader 2 stands by for both, and is worth more at post 1.
    pairs: list[Pair] = [
        *((0, 0, 9.0, None, 0.3, 1.0, 1.0), (1, 1, 8.0, None, 0.6, 1.0, 1.0)),
        *((2, 0, 1.0, None, 0.9, 1.0, 100.0), (2, 1, 2.0, None, 0.5, 1.0, 1000.0)),
    ]
    answers = _answers(pairs, [0, 1], {0: (2,), 1: (3,)})
    at_1 = 0.4 * 0.5
    at_0 = (1 - at_1) * 0.7 * 0.9
    assert _near(answers.first_round.mean, 0.9)
    assert _near(answers.placed.mean, 0.9 + at_1 + at_0)
    assert _near(answers.spent_gbp.mean, 0.9 + 1000 * at_1 + 100 * at_0, 600)


def test_nobody_is_called_for_a_post_that_does_not_open() -> None:
    pairs: list[Pair] = [(0, 0, 9.0, 0.25, 0.5, 1.0, 1.0), (1, 0, 1.0, 0.25, 1.0, 1.0, 1.0)]
    answers = _answers(pairs, [0], {0: (1,)})
    assert _near(answers.first_round.mean, 0.125)
    assert _near(answers.placed.mean, 0.25)  # whenever it opens


def test_support_in_post_is_spent_on_and_is_no_placement() -> None:
    pairs: list[Pair] = [(0, 0, 9.0, None, 1.0, 1.0, 5.0), (1, 1, 1.0, None, 0.5, 1.0, 100.0)]
    problem, impact = _problem(pairs), _impact(pairs, posts=1)  # post 1 is a school that is supported
    answers = simulated(problem, impact, np.array([0, 1]), ({}, {}), 1, DRAWS)
    assert (answers.offers, answers.placed.mean, answers.in_post[2].mean) == (1, 1, 1)
    assert _near(answers.spent_gbp.mean, 55, 50)


def test_a_leader_of_several_known_posts_may_take_them_all() -> None:
    pairs: list[Pair] = [(0, n, 9.0, None, 0.8, 1.0, 5.0) for n in range(3)]
    answers = _answers(pairs, [0, 1, 2])
    assert _near(answers.first_round.mean, 2.4)
    assert answers.placed == answers.first_round


def test_the_same_seed_gives_the_same_answers_and_another_gives_others() -> None:
    pairs: list[Pair] = [(0, 0, 9.0, None, 0.37, 0.7, 5.0)]
    assert _answers(pairs, [0], seed=3) == _answers(pairs, [0], seed=3)
    assert _answers(pairs, [0], seed=3) != _answers(pairs, [0], seed=4)


def _exact(pairs: list[Pair], chosen: list[int], reserves: dict[int, tuple[int, ...]]) -> tuple[float, float, float]:
    """Return placements after the first round and in all, and what they cost: every answer walked through."""
    offered = sorted({*chosen, *(pair for two in reserves.values() for pair in two)})
    posts = sorted({pairs[pair][1] for pair in chosen if pairs[pair][3] is not None})
    chance_open = {pairs[pair][1]: pairs[pair][3] for pair in chosen}
    first = whole = cost = 0.0
    for answers in product((True, False), repeat=len(offered) + len(posts)):
        agrees, opens = (
            dict(zip(offered, answers, strict=False)),
            dict(zip(posts, answers[len(offered) :], strict=True)),
        )
        weight = prod(pairs[pair][4] if yes else 1 - pairs[pair][4] for pair, yes in agrees.items())
        for post, yes in opens.items():
            weight *= (chance_open[post] or 0) if yes else 1 - (chance_open[post] or 0)
        early, late = _walk(pairs, chosen, reserves, (agrees, opens))
        first += weight * len(early)
        whole += weight * len(late)
        cost += weight * sum(pairs[pair][6] for pair in late)
    return first, whole, cost


def _walk(
    pairs: list[Pair],
    chosen: list[int],
    reserves: dict[int, tuple[int, ...]],
    answers: tuple[dict[int, bool], dict[int, bool]],
) -> tuple[list[int], list[int]]:
    """Return the pairs placed after the first offers and in all, for these answers."""
    agrees, opens = answers
    early, late, refused = [], [], []
    for leader in sorted({pairs[pair][0] for pair in chosen}):
        mine = sorted((pair for pair in chosen if pairs[pair][0] == leader), key=lambda pair: (-pairs[pair][2], pair))
        for number, pair in enumerate(mine):
            if not opens.get(pairs[pair][1], True):
                continue
            if agrees[pair]:
                late.append(pair)
                early += [pair] if number == 0 or pairs[pair][3] is None else []
                if pairs[pair][3] is not None:
                    break
            else:
                refused.append(pair)
    for call in (0, 1):
        waiting = [(reserves[pair][call], pair) for pair in refused if len(reserves[pair]) > call]
        for reserve, _ in sorted(waiting, key=lambda two: -pairs[two[0]][2]):
            leader, post = pairs[reserve][:2]
            taken = any(pairs[pair][0] == leader or pairs[pair][1] == post for pair in late)
            if agrees[reserve] and not taken:
                late.append(reserve)
    return early, late


@pytest.mark.parametrize("seed", range(8))
def test_drawn_plans_agree_with_every_answer_walked_through(seed: int) -> None:
    dice = np.random.default_rng(seed)
    # Leader 0 asks at posts 0 and 1, leader 1 has the known post 2; leaders 2 and 3 stand by for some of them.
    rows = [(0, 0), (0, 1), (1, 2), *((leader, post) for leader in (2, 3) for post in range(3))]
    opens = [float(dice.uniform(0.2, 0.9)), float(dice.uniform(0.2, 0.9)), None]
    worth = dice.permutation(len(rows)) + 1.0
    drawn = [(float(dice.uniform(0.2, 0.9)), 0.5, float(dice.integers(1, 5))) for _ in rows]
    pairs: list[Pair] = [(*row, float(worth[n]), opens[row[1]], *drawn[n]) for n, row in enumerate(rows)]
    reserves: dict[int, tuple[int, ...]] = {}
    for chosen, post in ((0, 0), (1, 1), (2, 2)):
        standing = [n for n, row in enumerate(rows) if row[0] > 1 and row[1] == post]
        reserves[chosen] = tuple(sorted(standing, key=lambda n: -worth[n])[: int(dice.integers(0, 3))])
    first, whole, cost = _exact(pairs, [0, 1, 2], reserves)
    answers = _answers(pairs, [0, 1, 2], reserves, seed)
    assert _near(answers.first_round.mean, first)
    assert _near(answers.placed.mean, whole)
    assert _near(answers.spent_gbp.mean, cost, 8)
