"""Equal risks: every known figure at its phase's mean, and nothing invented."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotage.domain.forecast import RiskForecast
from pilotage.study.equal_risks import with_equal_risks


class Panel:
    """A panel of three schools of two phases."""

    schools = pd.DataFrame({"urn": [1, 2, 3, 4], "phase": ["primary", "primary", "primary", "secondary"]})


def test_known_figures_are_at_the_mean_of_the_phase_and_unknown_ones_stay_unknown() -> None:
    table = pd.DataFrame(
        {"urn": [1, 2, 3, 4], "p_fall_if_inspected": [0.1, 0.3, np.nan, 0.7], "need": [0.2, 0.4, 0.6, 0.8]}
    )
    compared = table.assign(phase=Panel.schools["phase"])
    panel: Any = Panel()
    draws = {"p_fall_if_inspected": np.ones((4, 2), dtype=np.float32)}
    levelled = with_equal_risks(RiskForecast(date(2016, 8, 31), table, {}, draws, compared), panel)
    for rows in (levelled.table, levelled.compared):
        assert rows is not None
        np.testing.assert_allclose(rows["p_fall_if_inspected"], [0.2, 0.2, np.nan, 0.7])
        np.testing.assert_allclose(rows["need"], [0.4, 0.4, 0.4, 0.8])
    assert levelled.draws == {}
