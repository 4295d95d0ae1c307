"""What the gap's forecast promises, against a truth that is known."""

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.risk.gap import forecast_gap
from pilotage.risk.spec import GapSpec, load_specs
from pilotage.sources.sample import build
from pilotage.sources.sample_panel import sample_panel
from pilotage.sources.sample_results import SD_PER_MONTH


@pytest.mark.slow
def test_eighty_percent_intervals_of_the_gaps_change_cover_the_truth(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Six synthetic Englands of 1,000 schools: coverage within 5 points (its standard error is under 1)."""
    spec = load_specs(assets.models())["gap_widening"]
    assert isinstance(spec, GapSpec)
    covered = []
    for seed in range(6):
        folder = tmp_path_factory.mktemp("england")
        for name, table in build(1000, 4, seed).items():
            table.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d")
        panel = sample_panel(folder, pd.Timestamp("2015-08-31").date(), "opportunity_areas_2016")
        found = forecast_gap(panel, spec, 24, 1).table
        truth = pd.read_csv(folder / "truth_schools.csv").set_index("urn").loc[found.index]
        change = truth["gap_months_2016"] - truth["gap_months_2014"]
        half = 1.2815515655 * found["gap_change_sd_months"]
        covered.append((np.abs(change - found["gap_change_months"]) <= half).mean())
    assert np.mean(covered) == pytest.approx(0.8, abs=0.05), covered
    assert spec.conversion.sd_per_month == SD_PER_MONTH
