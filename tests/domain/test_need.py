"""Need in each draw, by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.need import need_draws


def test_need_in_a_draw_is_the_weighted_mean_of_what_is_known() -> None:
    draws = {
        "p_fall_if_inspected": np.array([[0.2, 0.4], [np.nan, np.nan], [np.nan, np.nan]], dtype=np.float32),
        "p_widens": np.array([[0.8, 0.6, 0.1], [0.5, 0.5, 0.5], [np.nan] * 3], dtype=np.float32),
    }
    forecast = RiskForecast(date(2016, 8, 31), pd.DataFrame({"urn": [1, 2, 3]}), {}, draws)
    drawn = need_draws(forecast, {"leadership_fall": 1.0, "gap_widening": 3.0, "leadership_stuck": 1.0})
    assert drawn[0] == pytest.approx([0.65, 0.55])
    assert drawn[1] == pytest.approx([0.5, 0.5])
    assert np.isnan(drawn[2]).all()
