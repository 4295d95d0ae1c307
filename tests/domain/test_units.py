"""One figure, one home: where a data file has to repeat it, both say the same."""

import pytest
from scipy.stats import norm

from pilotage import assets
from pilotage.domain import units
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.load import load_specs
from pilotage.sources.evidence import load_evidence


def test_months_a_standard_deviation_are_the_same_in_spec_evidence_and_code() -> None:
    spec = load_specs(assets.models())["gap_widening"]
    assert isinstance(spec, GapSpec)
    assert spec.conversion.sd_per_month == load_evidence({}).value("sd_per_month") == units.SD_PER_MONTH


def test_intervals_and_months_are_what_they_say() -> None:
    assert norm.cdf(units.Z_90) - norm.cdf(-units.Z_90) == pytest.approx(0.9)
    assert norm.cdf(units.Z_80) - norm.cdf(-units.Z_80) == pytest.approx(0.8)
    assert units.DAYS_A_MONTH * units.MONTHS_A_YEAR == units.DAYS_A_YEAR
