"""How far schools that look alike differ: the odds ratio of their grades, and draws of each one's own chance."""

import numpy as np
import pandas as pd
import pytest

from pilotage.risk.estimators import heterogeneity as own
from pilotage.risk.estimators.additive import probability
from pilotage.risk.estimators.heterogeneity import (
    heterogeneity,
    implied_log_odds_ratio,
    interval_at,
    own_chances,
    random_intercept_sd,
)
from pilotage.risk.estimators.rows import PairRecord
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec


def test_schools_with_one_chance_have_an_odds_ratio_of_one() -> None:
    assert implied_log_odds_ratio(0.0, 0.3) == pytest.approx(0, abs=1e-9)
    assert random_intercept_sd(0.0, 0.3) == random_intercept_sd(-0.4, 0.3) == 0


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
def test_the_spread_is_the_one_whose_pairs_of_outcomes_show_the_odds_ratio(rate: float) -> None:
    """Four million schools of known spread, two outcomes each: the log odds ratio has a standard error under 0.01."""
    generator = np.random.default_rng(3)
    parts = generator.standard_normal(4_000_000)
    middle = float(np.interp(rate, [probability(1.4 * parts[:100_000] + a).mean() for a in np.linspace(-6, 6, 121)],
                             np.linspace(-6, 6, 121)))  # fmt: skip
    chance = probability(middle + 1.4 * parts)
    one, two = (generator.random(len(parts)) < chance for _ in range(2))
    cells = np.bincount(2 * one + two, minlength=4).astype(float)
    seen = float(np.log(cells[0] * cells[3] / (cells[1] * cells[2])))
    assert random_intercept_sd(seen, rate) == pytest.approx(1.4, abs=0.03)


def test_draws_of_the_own_chance_keep_the_forecast_and_spread_as_said() -> None:
    p = np.linspace(0.03, 0.9, 50)
    drawn = own_chances(p, np.repeat(p[:, None], 400, axis=1).astype(np.float32), 1.2, np.arange(50), 1)
    assert drawn.mean(axis=1) == pytest.approx(p, abs=1e-4)
    logit = np.log(drawn / (1 - drawn))
    assert logit.std(axis=1) == pytest.approx(1.2, abs=0.02)
    low, high = interval_at(float(p[20]), 1.2)
    assert np.quantile(drawn[20], [0.05, 0.95]) == pytest.approx([low, high], abs=0.01)


def test_a_school_has_the_same_draws_whatever_the_other_schools() -> None:
    p, urns = np.array([0.2, 0.3, 0.4]), np.array([100_001, 100_002, 100_003])
    draws = np.repeat(p[:, None], 20, axis=1).astype(np.float32)
    both, alone = own_chances(p, draws, 1.0, urns, 7), own_chances(p[1:2], draws[1:2], 1.0, urns[1:2], 7)
    assert np.array_equal(both[1], alone[0])
    assert not np.array_equal(np.argsort(both[0]), np.argsort(both[1]))
    assert not np.array_equal(both, own_chances(p, draws, 1.0, urns, 8))


def test_the_draws_stay_as_they_are_where_schools_do_not_differ() -> None:
    draws = np.array([[0.2, 0.3]], dtype=np.float32)
    assert own_chances(np.array([0.25]), draws, 0.0, np.array([1]), 1) is draws


def test_only_the_schools_own_inspections_are_kept_out(specs: dict[str, Spec]) -> None:
    spec = specs["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    kept = {name for name, one in spec.features.items() if not own.of_own_record(one)}
    assert {"neighbours_grade", "authority_below_good", "absence_share", "region"} <= kept
    assert not {"leadership_grade", "grade_before", "months_between_inspections", "teaching_grade"} & kept


def test_too_few_pairs_tell_nothing(specs: dict[str, Spec]) -> None:
    spec = specs["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    frame = pd.DataFrame({name: np.arange(100.0) for name in spec.features})
    before, after = np.arange(100) < 30, np.arange(100) < 15  # no school rose and fell: an empty cell
    record = PairRecord(frame, before.astype(np.int64), after.astype(np.int64), np.arange(100.0))
    assert heterogeneity(spec, record, 1) is None
