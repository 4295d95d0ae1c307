"""Pupils are counted once: in each placement, in each school, in the plan and in each alternative."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Alternative, Alternatives, Audit
from pilotage.domain.findings.sharing import SharedPart
from pilotage.domain.plan import Status
from pilotage.report.folder import write_run
from pilotage.report.lists.counted import alternative_benefits, benefit_span, counted_pairs, expected_benefit
from pilotage.report.lists.ranked_schools import placements, ranked_schools

PART = SharedPart(lost=3.0, counted=0.6, beside=("L1",))


@pytest.fixture
def sharing(record: RunRecord) -> RunRecord:
    """Return the small run with what the second placement (7.25, from -1.75 to 16.25) loses to the first: 3.0."""
    return replace(record, sharing={2: PART})


def test_what_is_lost_is_taken_off_and_the_range_is_narrower(sharing: RunRecord) -> None:
    frame = counted_pairs(sharing)
    assert frame["benefit"].tolist() == [12.5, 4.25]
    assert frame["benefit_low"].tolist() == pytest.approx([3.5, 4.25 - 0.6 * 9])
    assert frame["benefit_high"].tolist() == pytest.approx([21.5, 4.25 + 0.6 * 9])
    assert expected_benefit(sharing) == 16.75
    assert benefit_span(sharing) == pytest.approx((16.75 - 1.6 * 9, 16.75 + 1.6 * 9))


def test_lists_and_totals_say_the_same(sharing: RunRecord, tmp_path: Path) -> None:
    folder = write_run(sharing, tmp_path / "run", force=False)
    placed = pd.read_csv(folder / "placements.csv")
    assert placed["benefit"].tolist() == [12.5, 4.25]
    assert placed["shared_pupils"].fillna("").tolist() == [
        "",
        "counts 59% of what it would add alone: the school's pupils are shared with L1",  # 4.25 of 7.25
    ]
    schools = pd.read_csv(folder / "ranked_schools.csv").set_index("urn")["benefit"]
    assert (schools[105], schools[104]) == (12.5, 4.25)
    assert '"benefit": 16.75' in (folder / "plan.json").read_text(encoding="utf-8")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "is modelled to add 17 pupil-months" in page
    assert "pupils are shared with L1" in page


def test_without_sharing_nothing_changes(record: RunRecord) -> None:
    assert placements(record)["shared_pupils"].tolist() == ["", ""]
    assert placements(record)["benefit"].sum() == expected_benefit(record) == 19.75
    assert ranked_schools(record).set_index("urn").loc[105, "benefit"] == 12.5


def test_an_alternative_counts_its_own_sharing(record: RunRecord) -> None:
    other = Alternative(np.array([0, 3]), 19_000, 1, Status.OPTIMAL, Audit(()), 1, 0.0)
    told = replace(record, alternatives=Alternatives((other,)), alternatives_sharing=({3: PART},), sharing={2: PART})
    assert alternative_benefits(told) == [12.5 + 7.0 - 3.0]
    assert alternative_benefits(replace(told, alternatives_sharing=())) == [19.5]
