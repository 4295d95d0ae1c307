"""The words of firmness, each threshold tried on both sides of it by hand."""

import pytest

from pilotage.domain.findings.explained import Certainty, Forced
from pilotage.domain.findings.firmness import Firm, firm, is_tied

MEAN = 10.0  # a placement's worth: a firm one costs more than 2 to leave out, a tie 0.5 at most


def _exact(months: float) -> Forced:
    return Forced(Certainty.EXACT, months)


@pytest.mark.parametrize(
    ("in_draws", "months", "word"),
    [
        (40, 2.1, Firm.FIRM),  # 40 of 50 is 80%
        (39, 2.1, Firm.LEANING),
        (50, 2.0, Firm.LEANING),  # a fifth of 10 is not more than a fifth
        (50, 0.51, Firm.LEANING),
        (50, 0.5, Firm.COIN_FLIP),  # a twentieth
        (50, 0.0, Firm.COIN_FLIP),
        (26, 9.0, Firm.LEANING),
        (25, 9.0, Firm.COIN_FLIP),  # half of the draws
        (0, 9.0, Firm.COIN_FLIP),
    ],
)
def test_each_threshold(in_draws: int, months: float, word: Firm) -> None:
    assert firm(in_draws, 50, _exact(months), MEAN) is word


def test_what_the_rules_ask_for_is_firm() -> None:
    assert firm(50, 50, Forced(Certainty.IMPOSSIBLE), MEAN) is Firm.FIRM


@pytest.mark.parametrize(
    ("without", "word"),
    [
        (Forced(Certainty.UNKNOWN), Firm.LEANING),
        (Forced(Certainty.AT_LEAST, 0.0), Firm.LEANING),  # it may cost much more: no tie
        (Forced(Certainty.AT_LEAST, -1.0), Firm.LEANING),
        (Forced(Certainty.AT_LEAST, 2.1), Firm.FIRM),
    ],
)
def test_a_cost_that_is_not_known_is_neither_a_tie_nor_firm(without: Forced, word: Firm) -> None:
    assert firm(50, 50, without, MEAN) is word


def test_without_a_plan_in_any_draw_nothing_is_firm() -> None:
    assert firm(0, 0, _exact(9.0), MEAN) is Firm.LEANING
    assert firm(0, 0, _exact(0.0), MEAN) is Firm.COIN_FLIP


def test_where_placements_are_worth_nothing_only_what_costs_nothing_is_tied() -> None:
    assert is_tied(_exact(0.0), 0.0)
    assert not is_tied(_exact(0.1), 0.0)
    assert firm(50, 50, _exact(0.1), 0.0) is Firm.FIRM


def test_only_an_exact_cost_makes_a_tie() -> None:
    assert is_tied(_exact(0.5), MEAN)
    assert not is_tied(Forced(Certainty.AT_LEAST, 0.1), MEAN)
    assert not is_tied(Forced(Certainty.IMPOSSIBLE), MEAN)
