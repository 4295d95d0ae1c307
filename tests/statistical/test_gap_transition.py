"""What the learnt transition of the gap promises, against worlds whose truth is known."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.gap.forecast import forecast_gap
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.load import load_specs
from pilotage.sources.sample.panel import sample_panel

WORLDS = 12
YEARS = (2012, 2014, 2016)
RHO, DRIFT, SPREAD = 0.8, 0.05, 0.2  # of two years: what lasts, what all share, what each school does


def _world(sample: SchoolPanel, spec: GapSpec, seed: int) -> tuple[SchoolPanel, pd.DataFrame]:
    """Return the sample's schools with gaps drawn of a known law, measured with error, and the underlying gaps (SD)."""
    generator = np.random.default_rng([seed, 11])
    urns = sample.schools["urn"].to_numpy()
    theta = [generator.normal(0.4, 0.35, len(urns))]
    for _ in YEARS[1:]:
        centre = theta[-1].mean()
        theta.append(centre + DRIFT + RHO * (theta[-1] - centre) + generator.normal(0, SPREAD, len(urns)))
    parts = []
    for year, gap in zip(YEARS, theta, strict=True):
        count = generator.integers(8, 70, len(urns)).astype(float)
        measured = -gap + generator.normal(0, spec.pupil_sd, len(urns)) / np.sqrt(count)
        base = {
            "urn": urns,
            "year": year,
            "known_on": pd.Timestamp(year + 1, 2, 1),
            "key_stage": "ks4",
            "state": "published",
        }
        parts.append(pd.DataFrame(base | {"pupil_group": "disadvantaged", "pupils": count, "progress_sd": measured}))
        parts.append(pd.DataFrame(base | {"pupil_group": "other", "pupils": 100.0, "progress_sd": 0.0}))
    truth = pd.DataFrame(dict(zip(YEARS, theta, strict=True)), index=urns)
    return replace(sample, as_of=date(2015, 8, 31), results=pd.concat(parts, ignore_index=True)), truth


@pytest.mark.slow
def test_intervals_and_chances_of_the_underlying_change_hold_at_their_rate() -> None:
    """Twelve worlds of 2,000 schools, features that say nothing among those that do.

    80% intervals of the underlying change cover 80% within 2 points (a world's standard error is 1 to 2 points, from
    the estimate of the spread; the mean's under 0.6), and in each third of the schools by the chance that the gap
    widens, its mean
    is within 3 points of the share that truly widened (standard error under 0.7).
    """
    spec = load_specs(assets.models())["gap_widening"]
    assert isinstance(spec, GapSpec)
    sample = sample_panel(assets.sample(), date(2016, 8, 31), "opportunity_areas_2016")
    covered, thirds = [], []
    for seed in range(WORLDS):
        panel, truth = _world(sample, spec, seed)
        found = forecast_gap(panel, spec.model_copy(update={"resamples": 2}), 24, 1).table
        own = truth.loc[found.index]
        change = (own[2016] - own[2014]) / spec.conversion.sd_per_month
        half = 1.2815515655 * found["gap_change_sd_months"]
        covered.append((np.abs(change - found["gap_change_months"]) <= half).mean())
        widened = (change > spec.widens_by_months).astype(float)
        third = pd.qcut(found["chance"], 3, labels=False)
        thirds.append([(found["chance"] - widened)[third == number].mean() for number in range(3)])
    assert np.mean(covered) == pytest.approx(0.8, abs=0.02), covered
    assert np.abs(np.mean(thirds, axis=0)).max() < 0.03, thirds
