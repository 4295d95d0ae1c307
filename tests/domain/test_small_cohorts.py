"""Which primary schools have too few disadvantaged pupils for a gap: by hand, and never from what is known later."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.small_cohorts import too_small_to_say

Result = tuple[int, float | None, str]  # year, pupils, state


def _panel(results: list[Result], phase: str = "primary") -> SchoolPanel:
    """Return one school with results of its disadvantaged pupils, each known in the January after its year."""
    school = {"urn": 1, "name": "Elm", "phase": phase, "region": "London", "authority": "Camden"}
    rows: list[dict[str, Any]] = [
        {"urn": 1, "year": year, "known_on": pd.Timestamp(f"{year + 1}-01-31"), "key_stage": "ks2"}
        | {"pupil_group": group, "pupils": number, "state": state, "progress_sd": 0.1 if state == "published" else None}
        for year, pupils, state in results
        for group, number in (("disadvantaged", pupils), ("other", 40.0))
    ]
    frame = tables.validated(tables.RESULTS, pd.DataFrame(rows), "t") if rows else pd.DataFrame()
    schools = pd.DataFrame([school | {"sponsor_led": False, "place_source": "none"}])
    empty = pd.DataFrame()
    return SchoolPanel(
        date(2016, 8, 31), tables.validated(tables.SCHOOLS, schools, "t"), empty, empty, frame, empty, True
    )


@pytest.mark.parametrize(
    ("results", "small"),
    [
        ([(2014, 5.0, "published"), (2015, 5.0, "published")], True),  # 10 in all
        ([(2014, 5.0, "published"), (2015, 6.0, "published")], False),  # 11
        ([(2014, None, "suppressed"), (2015, None, "suppressed")], True),
        ([(2014, None, "suppressed"), (2015, 11.0, "published")], False),
        ([(2014, None, "suppressed"), (2015, 10.0, "published")], True),
        ([(2014, 3.0, "suppressed"), (2015, 10.0, "published")], True),  # a count beside a suppressed result: unread
        ([(2014, None, "not_published"), (2015, None, "not_published")], False),  # nothing is known of its size
        ([(2015, 6.0, "published"), (2016, 20.0, "published")], True),  # 2016 becomes known after the day
        ([(2016, None, "suppressed")], False),
        ([], False),
    ],
)
def test_results_are_counted_over_all_years_known_by_the_day(results: list[Result], small: bool) -> None:
    assert too_small_to_say(_panel(results)).tolist() == ([1] if small else [])


@pytest.mark.parametrize("phase", ["secondary", "special", "all_through"])
def test_only_primary_schools_are_too_small_to_say(phase: str) -> None:
    assert too_small_to_say(_panel([(2015, None, "suppressed")], phase)).tolist() == []
