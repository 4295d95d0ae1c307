"""The gap of schools with several years of results."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.gap.forecast import forecast_gap
from pilotage.risk.spec.gap import GapSpec


def _results(levels: np.ndarray, slopes: np.ndarray, pupils: np.ndarray, seed: int) -> SchoolPanel:
    generator = np.random.default_rng(seed)
    rows = []
    for year in range(2011, 2016):
        truth = levels + slopes * (year - 2015)
        noise = generator.normal(0, 0.95, len(levels)) / np.sqrt(pupils)
        for group, value, size in (("disadvantaged", -truth + noise, pupils), ("other", np.zeros(len(levels)), pupils)):
            rows.append(
                pd.DataFrame(
                    {
                        "urn": np.arange(1, len(levels) + 1),
                        "year": year,
                        "known_on": pd.Timestamp(year + 1, 2, 1),
                        "key_stage": "ks4",
                        "pupil_group": group,
                        "pupils": size,
                        "progress_sd": value,
                        "state": "published",
                    }
                )
            )
    results = tables.validated(tables.RESULTS, pd.concat(rows, ignore_index=True), "t")
    urns = np.arange(1, len(levels) + 1)
    schools = pd.DataFrame({"urn": urns, "area": None, "region": "London"})
    empty = pd.DataFrame()
    return SchoolPanel(date(2016, 8, 31), schools, empty, empty, results, empty, True)


def test_small_cohorts_are_shrunk_more_and_levels_are_recovered(gap: GapSpec) -> None:
    generator = np.random.default_rng(4)
    size = 600
    levels, slopes = generator.normal(0.6, 0.2, size), generator.normal(0.03, 0.03, size)
    pupils = np.where(np.arange(size) % 2 == 0, 8.0, 200.0)
    found = forecast_gap(_results(levels, slopes, pupils, 5), gap, 24, 1).table
    month = gap.conversion.sd_per_month
    error = found["gap_months"].to_numpy() * month - levels
    raw_error = found["gap_raw_months"].to_numpy() * month - levels
    assert error.std() < 0.75 * raw_error.std()
    small = np.arange(size) % 2 == 0
    pulled = np.abs(found["gap_months"] - found["gap_months"].mean()) / np.abs(
        found["gap_raw_months"] - found["gap_months"].mean()
    )
    assert pulled[small].median() < pulled[~small].median()
    assert found["gap_change_months"].mean() == pytest.approx(2 * slopes.mean() / month, abs=0.25)


def test_suppressed_results_give_no_gap(gap: GapSpec) -> None:
    panel = _results(np.full(150, 0.5), np.zeros(150), np.full(150, 30.0), 1)
    panel.results.loc[
        (panel.results["urn"] == 7) & (panel.results["pupil_group"] == "disadvantaged"), "progress_sd"
    ] = np.nan
    assert 7 not in forecast_gap(panel, gap, 24, 1).table.index


def test_too_few_schools_make_the_gap_unavailable(gap: GapSpec) -> None:
    found = forecast_gap(_results(np.full(20, 0.5), np.zeros(20), np.full(20, 30.0), 1), gap, 24, 1)
    assert not found.state.available
    assert "only 20 schools" in found.state.why
