"""When the next inspection may come, and a forecast averaged over it."""

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.estimators.additive import Additive, Term
from pilotage.risk.features.compute import features, standing_of
from pilotage.risk.features.declared import Feature
from pilotage.risk.leadership.hazard import Hazard, design, learned_hazard
from pilotage.risk.leadership.labels import labelled_pairs
from pilotage.risk.leadership.waits import POINTS, expected_waits
from pilotage.risk.spec.leadership import LeadershipSpec

BETWEEN = Feature.model_validate({"column": "inspections.inspected_on", "transformation": "months_between"})
COUNTED = "months_between_inspections"


def _rows(months: list[float]) -> pd.DataFrame:
    grades = {"leadership_grade": 2.0, "overall_grade": 2.0, "months_since_inspection": months}
    return pd.DataFrame({"urn": range(1, len(months) + 1), "on": pd.Timestamp("2016-08-31"), **grades})


def _hazard(rate: float, closed_on: list[str | None]) -> Hazard:
    schools = pd.DataFrame({"phase": "primary", "pupils": 200.0, "closed_on": pd.to_datetime(pd.Series(closed_on))})
    schools = schools.set_axis(pd.Index(range(1, len(closed_on) + 1), name="urn"))
    columns = design(_rows([12.0] * len(closed_on)), schools).shape[1]
    return Hazard(float(np.log(rate / (1 - rate))), np.zeros(columns), 100, schools)


def test_inspections_at_an_even_rate_come_early_in_a_window_and_not_after_a_closure(fall: LeadershipSpec) -> None:
    found = expected_waits(_hazard(0.75, [None, "2017-08-31"]), _rows([12.0, 12.0]), (0, 24), fall)
    assert found.months.tolist() == [1.5 + 3 * point for point in range(POINTS)]
    np.testing.assert_allclose(found.weights.sum(axis=1), 1)
    left = 0.25 ** (np.arange(POINTS + 1) * 3 / 12)  # not yet inspected at each edge
    np.testing.assert_allclose(found.weights[0], -np.diff(left) / (1 - left[-1]))
    assert found.weights[1, 4:].max() < 0.01
    assert found.features == {COUNTED}


def test_without_a_hazard_or_a_time_every_part_of_the_window_counts_alike(fall: LeadershipSpec) -> None:
    np.testing.assert_allclose(expected_waits(None, _rows([12.0]), (4, 8), fall).weights, 1 / POINTS)
    unknown = _rows([float("nan")])
    np.testing.assert_allclose(expected_waits(_hazard(0.5, [None]), unknown, (4, 8), fall).weights, 1 / POINTS)


def test_a_forecast_is_the_mean_over_when_the_inspection_comes(fall: LeadershipSpec) -> None:
    scores = np.array([[0.0, 1.0, 3.0], [0.0, 2.0, 4.0]])
    term = Term(COUNTED, np.array([30.0]), None, scores, scores.mean(axis=0))
    model = Additive((term,), np.array([0.0, 0.0]), 0.0)
    frame = pd.DataFrame({COUNTED: [24.0, 100.0, None]})
    # 0.5 to 7.5 months: from 24 on, two of eight points lie above 30
    waits = expected_waits(None, _rows([24.0, 100.0, 1.0]), (0, 8), fall)
    assert model.logit(frame).tolist() == [1.5, 3.5, 0.0]
    np.testing.assert_allclose(model.logit(frame, waits), [1.5 + 2 * 2 / 8, 3.5, 0.0])
    draws = model.draws(frame, waits)[0]
    np.testing.assert_allclose(draws, 1 / (1 + np.exp(-np.array([1.5, 2.5]))), atol=1e-6)


def test_a_labelled_pair_counts_months_to_its_inspection_and_sees_nothing_else_of_that_day(
    panel: SchoolPanel, fall: LeadershipSpec
) -> None:
    spec = fall.model_copy(update={"features": {**fall.features, COUNTED: BETWEEN}})
    pairs = labelled_pairs(panel, pd.Timestamp(panel.as_of)).head(50)
    early = pairs.assign(on=pairs["on"] - pd.Timedelta(days=60))
    found = features(panel, early, spec)
    as_asked = features(panel, early[["urn", "on"]], spec)
    assert (found[COUNTED] - as_asked[COUNTED]).dropna().tolist() == pytest.approx([2.0] * 50, abs=0.11)
    others = [name for name in found if name != COUNTED]
    pd.testing.assert_frame_equal(found[others], as_asked[others])


def test_the_waits_of_the_sample_are_sooner_for_schools_below_good(panel: SchoolPanel, fall: LeadershipSpec) -> None:
    asked = standing_of(panel, pd.DataFrame({"urn": panel.schools["urn"], "on": pd.Timestamp(panel.as_of)}))
    waits = expected_waits(learned_hazard(panel), asked, (0, 24), fall)
    mean = pd.Series(waits.weights @ waits.months).groupby(asked["leadership_grade"].to_numpy()).mean()
    assert mean[3.0] < mean[1.0]
