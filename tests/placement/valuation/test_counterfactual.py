"""The leadership that a school would have otherwise: the example of docs/method/counterfactual.md, and properties."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from pilotage.domain.forecast import COMPARED_COLUMNS, RiskForecast
from pilotage.placement.context import open_posts
from pilotage.placement.valuation.benefit import impact_matrix
from pilotage.placement.valuation.counterfactual import (
    Slopes,
    expected_shortfall,
    months,
    predicted,
    quality_of_leadership,
    standings,
)
from pilotage.placement.valuation.otherwise import common_draws, months_drawn, quality_in
from pilotage.sources.evidence import load_evidence

RISKY, SAFE = 0.6, 0.1
BEHIND, USUAL = 10.0, 5.0
# Ten schools: A is risky and far behind, B is risky alone, C is far behind alone, the seven others neither.
EXAMPLE = pd.DataFrame(
    {
        "urn": range(1, 11),
        "p_below_good": [RISKY, RISKY, *[SAFE] * 8],
        "gap_months_at_horizon": [BEHIND, USUAL, BEHIND, *[USUAL] * 7],
        "gap_sd_months_at_horizon": np.sqrt(5.0),
    }
).reindex(columns=list(COMPARED_COLUMNS))


def _quality(england: pd.DataFrame, share: list[float] | None = None, phase: str = "primary", **changed: float) -> Any:
    urn = england["urn"].to_numpy()
    shares = pd.Series([0.3] * len(urn) if share is None else share, index=urn)
    return quality_of_leadership(england, pd.Series(phase, index=urn), shares, load_evidence(changed))


def test_the_example_by_hand() -> None:
    quality = _quality(EXAMPLE)
    # b = 0.2: E[x | below] = -1.39981, E[x | good] = 0.34995. s1 = 0.6 x -1.39981 + 0.4 x 0.34995 = -0.69990
    assert quality.risk.value[[0, 3]] == pytest.approx([-0.69990, 0.17498], abs=1e-5)
    # The mean gap is 6, the variance 4, and 5 is each school's own: sd = 3. s2 = -(10 - 6) / 3
    assert quality.gap.value[[0, 3]] == pytest.approx([-4 / 3, 1 / 3])
    # r = (2 + 1) / 2 / 3 = 0.5; one school of ten is both: rho = (0.1 - 0.2 x 0.2) / 0.16
    assert quality.reliability[0] == pytest.approx(0.5)
    assert quality.correlation[0] == pytest.approx(0.375)
    # (0.25 (-0.69990 + 0.375 x 1.33333) + 0.5 (-1.33333 + 0.375 x 0.69990)) / (1 - 0.375^2)
    assert quality.mean()[0] == pytest.approx(-0.68120, abs=1e-5)
    # 1 - (0.0625 + 0.25 - 2 x 0.375 x 0.25 x 0.5) / (1 - 0.375^2)
    assert quality.variance()[0] == pytest.approx(0.74545, abs=1e-5)


def test_the_effects_of_the_example_by_hand(world: Callable[..., Any]) -> None:
    small = world([{} for _ in range(10)], leaders=[{}], posts=[{"urn": 1}, {"urn": 4}], impact={"years": 3})
    table = EXAMPLE.assign(need=0.5, p_fall_if_inspected=EXAMPLE["p_below_good"])
    impact = impact_matrix(small.known(), RiskForecast(small.panel.as_of, table, {}, {}, EXAMPLE))
    effect = dict(zip(impact.pairs["post_index"], impact.pairs["effect_months"], strict=True))
    # m(0.5) = 0.5. School A: k q = -0.34060, m = -0.68120 at two months per SD below the median.
    assert effect[0] == pytest.approx(0.5 + 0.68120, abs=1e-5)
    # School D: q = (0.25 (0.17498 - 0.125) + 0.5 (0.33333 - 0.06562)) / 0.859375 = 0.17029; m(0.08515) = 0.08515
    assert effect[1] == pytest.approx(0.5 - 0.08515, abs=1e-5)


def test_what_support_finds_missing_in_the_example_by_hand() -> None:
    # (0.5 + 0.6812) Phi(1.3681) + 0.8634 phi(1.3681) = 1.21516; 0.6812 Phi(0.7890) + 0.8634 phi(0.7890) = 0.78702
    missing = expected_shortfall(0.5, np.array([-0.68120]), np.sqrt(np.array([0.74545])), Slopes(2.0, 1.0))
    assert missing[0] == pytest.approx(1.21516 + 0.78702, abs=2e-5)


def test_what_follows_intake_alone_says_nothing_of_leadership() -> None:
    share = np.linspace(0.1, 0.8, 40)
    england = pd.DataFrame({"urn": range(1, 41), "p_below_good": share / 2, "gap_months_at_horizon": 20 * share})
    quality = _quality(england.reindex(columns=list(COMPARED_COLUMNS)), share.tolist(), inspection_validity=0.6)
    assert quality.mean() == pytest.approx(np.zeros(40), abs=1e-9)


def test_unknown_signals_leave_the_one_that_is_known() -> None:
    england = EXAMPLE.copy()
    england.loc[0, "p_below_good"] = np.nan
    england = pd.concat([england, england.tail(1).assign(urn=11), england.tail(1).assign(urn=12)], ignore_index=True)
    england.loc[11, ["p_below_good", "gap_months_at_horizon"]] = np.nan
    quality = _quality(england)
    q, variance, r = quality.mean(), quality.variance(), quality.reliability[0]
    assert q[0] == pytest.approx(r * quality.gap.value[0])
    assert variance[0] == pytest.approx(1 - r**2)
    assert (q[11], variance[11]) == (0.0, 1.0)


def test_an_unknown_share_counts_as_the_mean_of_the_phase() -> None:
    share = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.1, 0.2, 0.3, 0.4, 0.9, 0.9]
    england = pd.concat([EXAMPLE, EXAMPLE.tail(2).assign(urn=[11, 12])], ignore_index=True)
    england.loc[[10, 11], "p_below_good"] = np.nan  # the mean is of all the phase's schools, these two too
    unknown = _quality(england, [np.nan, *share[1:]])
    given = _quality(england, [float(np.mean(share[1:])), *share[1:]])
    assert unknown.mean() == pytest.approx(given.mean())


def test_a_standing_is_the_fifth_of_the_phase() -> None:
    england = EXAMPLE.assign(p_below_good=np.linspace(0.05, 0.5, 10), gap_months_at_horizon=np.nan)
    england.loc[9, "p_below_good"] = np.nan
    england = pd.concat([england, england.head(1).assign(urn=11, p_below_good=0.3)], ignore_index=True)
    quality = _quality(england)
    standing = standings(quality, pd.Series("primary", index=england["urn"]))
    assert [standing[urn] for urn in (8, 9, 10, 1, 2, 3)] == [
        *("likelier", "likelier", "unknown", "less_likely", "less_likely", "typical"),
    ]


def test_too_few_schools_to_compare_say_nothing() -> None:
    assert _quality(EXAMPLE.head(9)).mean().tolist() == [0.0] * 9
    nobody_at_risk = EXAMPLE.assign(p_below_good=0.0, gap_months_at_horizon=np.nan)
    assert _quality(nobody_at_risk).mean().tolist() == [0.0] * 10


@given(st.floats(-3, 3), st.floats(0.05, 1), st.floats(0, 1), st.floats(0, 3), st.floats(0, 3))
def test_what_is_missing_is_the_mean_of_draws(mean: float, sd: float, target: float, low: float, high: float) -> None:
    z = mean + sd * ndtri((np.arange(4000) + 0.5) / 4000)
    of = Slopes(low, high)
    drawn = np.maximum(0.0, months(target, of) - months(z, of)).mean()
    assert expected_shortfall(target, np.array([mean]), np.array([sd]), of)[0] == pytest.approx(drawn, abs=0.01)


@given(st.integers(0, 10_000), st.floats(0, 0.6), st.floats(0, 0.7), st.floats(-0.6, 0.6))
def test_no_other_line_through_the_signals_predicts_better(seed: int, v: float, r: float, rho: float) -> None:
    matrix = np.array([[1, v, r], [v, 1, rho], [r, rho, 1]])
    if np.linalg.eigvalsh(matrix)[0] <= 1e-6:
        return
    s1, s2 = np.random.default_rng(seed).normal(size=(2, 5))
    weights = np.linalg.solve(matrix[1:, 1:], matrix[0, 1:])
    assert predicted(s1, s2, np.full(5, rho), v, np.full(5, r)) == pytest.approx(weights[0] * s1 + weights[1] * s2)


def test_a_school_at_more_risk_among_similar_ones_gains_more(world: Callable[..., Any]) -> None:
    impact = _of_schools(world, np.linspace(0.05, 0.6, 12))
    effects = impact.pairs.sort_values("post_index")["effect_months"].to_numpy()
    assert (np.diff(effects) > 0).all()


def test_without_validity_and_without_gaps_all_schools_are_alike(world: Callable[..., Any]) -> None:
    impact = _of_schools(world, np.linspace(0.05, 0.6, 12), inspection_validity=0.0)
    assert np.ptp(impact.pairs["effect_months"]) == 0


def test_validity_and_carry_over_are_common_and_risks_are_the_schools_own(world: Callable[..., Any]) -> None:
    chance = np.array([*[0.1] * 10, 0.5, 0.5, 0.5])
    own = np.tile(chance[:, None], (1, 40))
    own[12] = np.random.default_rng(1).uniform(0.3, 0.7, 40)
    case, forecast, posts = _forecast(world, chance, {"p_fall_if_inspected": own.astype(np.float32)})
    drawn = months_drawn(case, forecast, quality_in(case, forecast), posts, 40)
    assert (drawn[10] == drawn[11]).all()  # nothing of their own: validity and carry-over move both the same way
    assert drawn[10].std() > 0
    common = common_draws(case, 40)
    ratio = drawn[10] / (common.validity * common.carry_over)
    assert ratio == pytest.approx(np.full(40, ratio[0]))  # 2 months per SD x k v s1
    assert np.abs(drawn[12] - drawn[10]).max() > 0.01


def _of_schools(world: Callable[..., Any], chance: np.ndarray, **parameters: float) -> Any:
    case, forecast, _ = _forecast(world, chance, {}, **parameters)
    return impact_matrix(case, forecast)


def _forecast(world: Callable[..., Any], chance: np.ndarray, draws: dict[str, Any], **parameters: float) -> Any:
    count = len(chance)
    small = world([{} for _ in range(count)], leaders=[{}], posts=[{"urn": urn} for urn in range(1, count + 1)])
    table = pd.DataFrame(
        {"urn": range(1, count + 1), "need": 0.5, "p_fall_if_inspected": chance, "p_below_good": chance}
    )
    case = small.known(**parameters)
    return case, RiskForecast(small.panel.as_of, table, {}, draws), open_posts(case.panel, case.posts)
