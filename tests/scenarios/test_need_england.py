"""Need and the floor on the real files: need follows both of its parts, and placements and asks keep to the floor."""

import os
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import resolve

pytestmark = [
    pytest.mark.slow,
    pytest.mark.realdata,
    pytest.mark.skipif(not os.environ.get("PILOTAGE_REAL_DATA"), reason="PILOTAGE_REAL_DATA is not set"),
]
TOP_THIRD = 0.3333  # of configs/baseline.yaml


@pytest.fixture(scope="module", params=["england-2014", "england-2019-secondary"])
def record(request: pytest.FixtureRequest) -> RunRecord:
    return pipeline.run(resolve(request.param))


def _fifths(table: pd.DataFrame, of: str, with_: str) -> Iterator[float]:
    """Yield the rank correlation of need with a figure in each fifth of another, largest phase only."""
    known = table.dropna(subset=["need", of, with_])
    fifth = pd.qcut(known[of].rank(method="first"), 5, labels=False)
    for _, part in known.groupby(fifth):
        yield float(part["need"].corr(part[with_], method="spearman"))


def test_need_follows_the_gap_among_schools_of_like_risk_and_the_risk_among_schools_of_like_gap(
    record: RunRecord,
) -> None:
    table = record.forecast.table.merge(record.panel.schools[["urn", "phase"]], on="urn")
    table = table[table["phase"] == "secondary"]
    if table["gap_months_at_horizon"].notna().sum() < 500:
        pytest.skip("no results by disadvantage were published by the date")
    assert min(_fifths(table, "p_below_good", "gap_months_at_horizon")) > 0.5
    assert min(_fifths(table, "gap_months_at_horizon", "p_below_good")) > 0.5


def test_no_school_placed_or_asked_is_outside_the_floor(record: RunRecord) -> None:
    table = record.forecast.table.merge(record.panel.schools[["urn", "phase"]], on="urn")
    least = {
        phase: np.sort(part["need"].dropna())[::-1][max(0, round(TOP_THIRD * part["need"].notna().sum()) - 1)]
        for phase, part in table.groupby("phase")
        if part["need"].notna().any()
    }
    assert record.impact.asks(record.plan.chosen).any()
    urns = record.problem.urns[record.problem.post[record.plan.chosen]]  # of placements and asks
    placed = table[table["urn"].isin(urns)]
    assert len(placed) > 20
    assert (placed["need"] >= placed["phase"].map(least) - 1e-3).all()


def test_the_run_is_clean_and_its_list_has_no_reason_of_more_than_a_line(record: RunRecord) -> None:
    assert record.clean
    assert record.forecast.table["reasons"].str.len().max() <= 140
