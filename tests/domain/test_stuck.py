"""Which schools the DfE calls stuck, by its own rule."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.stuck import stuck_by_dfe

TODAY = date(2026, 6, 1)


def _inspection(day: str, *, overall: int | None = None, leadership: int | None = None, **more: Any) -> dict[str, Any]:
    on = pd.Timestamp(day)
    row = {"urn": 1, "urn_at_time": 1, "inspected_on": on, "known_on": on + pd.Timedelta(days=60)}
    return row | {"overall_grade": overall, "leadership_grade": leadership} | more


def _panel(*inspections: dict[str, Any], as_of: date = TODAY) -> SchoolPanel:
    frame = tables.validated(tables.INSPECTIONS, pd.DataFrame(list(inspections)), "t")
    none = pd.DataFrame()
    return SchoolPanel(as_of, none, frame, none, none, none, synthetic=False)


WEAK = _inspection("2019-05-10", overall=3, leadership=2)
GOOD = _inspection("2019-05-10", overall=2, leadership=3)
CARD = _inspection("2026-01-13", leadership_judgement="needs_attention")


@pytest.mark.parametrize(
    ("before", "latest", "stuck"),
    [
        (WEAK, _inspection("2023-05-10", overall=3, leadership=2), True),
        (WEAK, _inspection("2023-05-10", overall=2, leadership=3), False),  # the overall grade counts where given
        (WEAK, _inspection("2023-05-10", overall=4, leadership=4), False),  # inadequate: other powers apply
        (WEAK, _inspection("2025-03-10", leadership=3), True),
        (WEAK, _inspection("2025-03-10", leadership=2, teaching_grade=3), True),
        (WEAK, _inspection("2025-03-10", leadership=2, teaching_grade=2), False),
        (GOOD, _inspection("2025-03-10", leadership=3), False),
        (WEAK, CARD, True),
        (GOOD, CARD, False),
        (WEAK, CARD | {"leadership_judgement": "expected_standard"}, False),
    ],
)
def test_the_rule(before: dict[str, Any], latest: dict[str, Any], stuck: bool) -> None:
    assert stuck_by_dfe(_panel(before, latest)).tolist() == ([1] if stuck else [])


def test_only_what_was_known_on_the_day_counts_and_nothing_before_the_rule_was_made() -> None:
    inspections = (WEAK, _inspection("2023-05-10", overall=3), _inspection("2026-05-10", overall=2))
    assert stuck_by_dfe(_panel(*inspections)).tolist() == [1]
    assert stuck_by_dfe(_panel(*inspections, as_of=date(2026, 8, 1))).empty
    assert stuck_by_dfe(_panel(*inspections, as_of=date(2024, 12, 31))).empty
    assert stuck_by_dfe(replace(_panel(*inspections), synthetic=True)).empty


def test_a_school_with_one_inspection_is_not_stuck() -> None:
    assert stuck_by_dfe(_panel(_inspection("2023-05-10", overall=3))).empty
