"""Asks and shared pupils in small worlds: the plan is the best of all plans, each tried and judged in plain Python.

The judge (``worlds.best.value``) knows leaders, posts, schools and rules, and nothing of rows or of a solver.
"""

from itertools import combinations

import pytest

from pilotage.domain.plan import Status
from tests.oracle.worlds.asking import SMALL
from tests.oracle.worlds.best import Question, question, value
from tests.oracle.worlds.compare import tolerance
from tests.oracle.worlds.counterfactual import heads
from tests.oracle.worlds.drawing import drawn_with_prospects
from tests.oracle.worlds.limits import Known
from tests.oracle.worlds.pairs import eligible
from tests.oracle.worlds.product import Answer, answer
from tests.oracle.worlds.tables import Name, World, values_of
from tests.oracle.worlds.worth import valued, worth

MOST_PAIRS = 11  # 2,048 plans


def _question(world: World, said: Answer) -> Question:
    values = values_of(world)
    pairs = {pair.name: pair for pair in eligible(world, valued(world, values)).pairs}
    expected = heads(world, values)
    known = Known(world, pairs, {name: worth(world, pair, values, expected) for name, pair in pairs.items()})
    return question(known, said.tail)


def _best(asked: Question) -> tuple[float, frozenset[Name]] | None:
    """Return what the best plan of all is worth, and the plan; None where no plan keeps the hard rules."""
    names = sorted(asked.known.pairs)
    every = (frozenset(plan) for count in range(len(names) + 1) for plan in combinations(names, count))
    worths = [(worth_of_plan, plan) for plan in every if (worth_of_plan := value(asked, plan)) is not None]
    return max(worths, key=lambda entry: entry[0], default=None)


def _differs(seed: int) -> str:
    """Return how the plan of a world differs from the best of all; empty where it does not, or is not looked at."""
    world = drawn_with_prospects(seed, SMALL, 3)
    said = answer(world)
    if said.pairs is None or len(said.pairs) > MOST_PAIRS or world.rules("hold_back", "deprived_share"):
        return ""  # lots are the product's own; shares of the benefit hang on its rounding
    asked = _question(world, said)
    best = _best(asked)
    if best is None or said.objective is None:
        return "" if (best is None) == (said.objective is None) else f"{said.error} {said.words}: {best}"
    near = tolerance(asked, best[1], said.plan) + 1e-6 * abs(best[0])
    optimal = said.status is Status.OPTIMAL and abs(best[0] - said.objective) <= near
    return "" if optimal and not said.wrong else f"{said.objective}, best {best}, {said.wrong}"


@pytest.mark.parametrize("seed", range(2001, 2016))
def test_the_plan_is_the_best_of_all(seed: int) -> None:
    assert _differs(seed) == ""


@pytest.mark.slow
@pytest.mark.parametrize("first", range(3000, 4000, 100))
def test_1000_plans_are_the_best_of_all(first: int) -> None:
    assert {seed: words for seed in range(first, first + 100) if (words := _differs(seed))} == {}
