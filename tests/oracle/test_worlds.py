"""Whole worlds, tables in and plan out: the product against an independent model of the documented rules.

``benchmarks/worlds_check.py`` runs more of them, and shrinks a world that mismatches.
"""

import pytest

from tests.oracle.worlds.compare import verdict
from tests.oracle.worlds.drawing import drawn, drawn_with_prospects


@pytest.mark.parametrize("seed", [*range(1, 16), 364])  # 364: a pin on a school, and an accepted post there
def test_a_world_has_the_pairs_the_worth_and_the_plan_that_the_model_says(seed: int) -> None:
    assert verdict(drawn(seed)).mismatch == ()


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 400, 20))
def test_300_worlds(first: int) -> None:
    wrong = {seed: found for seed in range(first, first + 20) if (found := verdict(drawn(seed)).mismatch)}
    assert wrong == {}


@pytest.mark.parametrize("seed", [*range(1, 11), 517, 979])  # the last two: a pin on a school is kept by an ask there
def test_a_world_with_prospects_has_the_asks_that_the_model_says(seed: int) -> None:
    assert verdict(drawn_with_prospects(seed)).mismatch == ()


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 1100, 50))
def test_1000_worlds_with_prospects(first: int) -> None:
    seeds = range(first, first + 50)
    wrong = {seed: found for seed in seeds if (found := verdict(drawn_with_prospects(seed)).mismatch)}
    assert wrong == {}
