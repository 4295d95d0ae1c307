"""The leadership that a school would have otherwise, as the audit counts it: the example of the page, and bounds."""

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from pilotage.domain.forecast import RiskForecast
from pilotage.placement.audit.values.counterfactual import (
    PhaseSignals,
    Quality,
    Slopes,
    missing_months,
    phase_signals,
    slopes_of,
)
from pilotage.sources.evidence import load_evidence

CHANCE = [0.6, 0.6, *[0.1] * 8]
GAP = [10.0, 5.0, 10.0, *[5.0] * 7]


def _signals(
    chance: Sequence[float | None] = CHANCE,
    gap: Sequence[float | None] = GAP,
    *,
    share: dict[int, float] | None = None,
    spread: float | None = math.sqrt(5),
    **parameters: float,
) -> PhaseSignals:
    """Return the signals of primary schools 1, 2, ... from their chances and gaps."""
    urns = range(1, len(chance) + 1)
    columns: dict[str, Any] = {"urn": urns, "p_below_good": chance, "gap_months_at_horizon": gap}
    table = pd.DataFrame(columns).astype({"p_below_good": float, "gap_months_at_horizon": float})
    compared = table.assign(gap_sd_months_at_horizon=spread)
    forecast = RiskForecast(date(2016, 8, 31), table, {}, {}, compared)
    shares = dict.fromkeys(urns, 0.3) if share is None else share
    value = load_evidence(parameters).value
    return phase_signals(forecast, dict.fromkeys(urns, "primary"), shares, value)["primary"]


def test_the_example_of_the_page() -> None:
    signals, slopes = _signals(), slopes_of("primary", load_evidence({}).value)
    a, d = signals.quality(1), signals.quality(4)
    assert (a.mean, a.variance) == (pytest.approx(-0.68120, abs=1e-5), pytest.approx(0.74545, abs=1e-5))
    assert signals.correlation == pytest.approx(0.375)
    assert 0.5 - slopes.months(0.5 * a.mean) == pytest.approx(1.18120, abs=1e-5)
    assert 0.5 - slopes.months(0.5 * d.mean) == pytest.approx(0.41485, abs=1e-5)
    assert missing_months(0.5, a, slopes) == pytest.approx(2.00218, abs=1e-5)


def test_a_signal_of_nine_schools_and_one_that_is_the_same_for_all_say_nothing() -> None:
    assert _signals([*CHANCE[:9], None], [None] * 10).quality(1) == Quality(0.0, 1.0)
    assert _signals([0.0] * 10, [7.3] * 10, spread=None).quality(1) == Quality(0.0, 1.0)
    alike = _signals([0.3] * 10)
    assert alike.correlation == 0.0  # what rounding leaves of one chance is no signal to correlate with
    assert alike.quality(1).mean == pytest.approx(0.5 * -4 / 3)  # r s2', as with results alone


def test_schools_are_compared_with_those_of_similar_intake() -> None:
    share = {1: 0.6, 2: 0.6, 3: 0.6, 4: 0.6, **dict.fromkeys(range(5, 11), 0.1)}
    alone = _signals([0.6, 0.6, 0.6, 0.2, *[0.1] * 6], [None] * 10, share=share)
    # Two shares: the line goes through the means of both. Of s1, linear in p, school 4 lies above the line by three
    # times what each of schools 1 to 3 lies below it, and the others lie on it.
    weak, strong = alone.quality(1).mean, alone.quality(4).mean
    assert strong == pytest.approx(-3 * weak)
    assert strong > 0
    assert alone.quality(5).mean == pytest.approx(0, abs=1e-12)


def test_an_unknown_share_counts_as_the_mean_of_the_phase_whatever_signals_are_known() -> None:
    share = {urn: 0.05 * urn for urn in range(2, 13)}
    chance, gap = [*CHANCE, 0.2, 0.3], [*GAP, None, None]
    known = _signals(chance, gap, share=share | {1: 0.05 * sum(range(2, 13)) / 11})
    assert _signals(chance, gap, share=share).quality(1) == known.quality(1)


@pytest.mark.parametrize("quality", [Quality(), Quality(-0.7, 0.7), Quality(1.5, 0.09), Quality(-2.0, 1e-4)])
@pytest.mark.parametrize("slopes", [Slopes(2, 1), Slopes(0, 3), Slopes(1, 0)])
def test_months_missing_by_numerical_integration(quality: Quality, slopes: Slopes) -> None:
    sd = math.sqrt(quality.variance)

    def lacking(z: float) -> float:
        chance: float = norm.pdf(z, quality.mean, sd)
        return max(0.0, slopes.months(0.5) - slopes.months(z)) * chance

    ends = sorted([quality.mean - 12 * sd, quality.mean, 0.0, 0.5])
    parts = [quad(lacking, start, end, epsabs=1e-12)[0] for start, end in pairwise(ends)]
    assert missing_months(0.5, quality, slopes) == pytest.approx(sum(parts), abs=1e-9)


def test_months_missing_where_quality_is_certain() -> None:
    assert missing_months(0.5, Quality(-1.0, 0.0), Slopes(2, 1)) == 2.5
    assert missing_months(0.5, Quality(0.6, 0.0), Slopes(2, 1)) == 0.0
