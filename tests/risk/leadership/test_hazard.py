"""The chance of an inspection within a horizon."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pilotage.assets import Store
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.leadership import hazard as module
from pilotage.risk.leadership.hazard import Hazard, design, inspection_hazard, learned_hazard, stored_hazard


def _standing(grades: list[float | None], months: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "urn": range(1, len(grades) + 1),
            "on": pd.Timestamp("2016-08-31"),
            "leadership_grade": grades,
            "overall_grade": grades,
            "months_since_inspection": months,
        }
    )


def _schools(closed_on: list[str | None]) -> pd.DataFrame:
    rows = {"phase": "primary", "pupils": 200.0, "closed_on": pd.to_datetime(pd.Series(closed_on))}
    return pd.DataFrame(rows).set_axis(pd.Index(range(1, len(closed_on) + 1), name="urn"))


def test_the_chance_of_inspection_compounds_by_period_and_ends_with_the_school() -> None:
    schools = _schools([None, "2017-03-02", None])
    standing = _standing([2.0, 2.0, None], [12.0, 12.0, 5.0])
    columns = design(standing, schools)
    slope = np.zeros(columns.shape[1])
    slope[7 + 1] = 0.5  # a good school's years since, counted from none
    hazard = Hazard(-2.0, slope, 100, schools)
    first, second = 1 / (1 + np.exp(2.0 - 0.5)), 1 / (1 + np.exp(2.0 - 1.0))
    found = hazard.within(standing, 24)
    assert found[0] == pytest.approx(1 - (1 - first) * (1 - second))
    assert found[1] == pytest.approx(1 - (1 - first) ** (183 / 30.4375 / 12))
    assert np.isnan(found[2])
    chances = [hazard.within(standing, horizon)[0] for horizon in range(1, 61)]
    assert all(earlier < later for earlier, later in pairwise(chances))


def test_the_hazard_of_the_sample_is_its_own_rate(panel: SchoolPanel) -> None:
    hazard = learned_hazard(panel)
    assert hazard is not None
    schools = panel.schools["urn"].head(2).tolist()
    standing = _standing([1.0, 3.0], [36.0, 26.0]).assign(urn=schools)
    outstanding, below_good = hazard.within(standing, 12)
    assert outstanding < 0.12  # outstanding schools are exempt
    assert below_good > 0.4  # schools below good come round soon


@pytest.mark.parametrize(("days", "of_before_cards"), [(100, True), (400, False)])
def test_before_a_year_of_report_cards_the_hazard_is_of_the_years_before_them(
    panel: SchoolPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, of_before_cards: bool
) -> None:
    monkeypatch.setattr(module, "REPORT_CARDS", SimpleNamespace(starts=panel.as_of - timedelta(days=days)))
    found = inspection_hazard(replace(panel, synthetic=False), Store(tmp_path), lambda _message: None)
    assert found is not None
    assert found.of_before_cards == of_before_cards


def test_a_stored_hazard_is_the_learned_one(
    panel: SchoolPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned = learned_hazard(panel)
    said: list[str] = []
    assert learned is not None
    first = stored_hazard(panel, Store(tmp_path), said.append)
    monkeypatch.setattr(module, "_fitted", None)  # from here on nothing is learnt anew
    again = stored_hazard(panel, Store(tmp_path), said.append)
    for stored in (first, again):
        assert stored is not None
        assert (stored.intercept, stored.rows) == (learned.intercept, learned.rows)
        np.testing.assert_array_equal(stored.coefficients, learned.coefficients)
    assert said == []


def test_a_refused_hazard_is_set_aside_and_learnt_anew(panel: SchoolPanel, tmp_path: Path) -> None:
    said: list[str] = []
    first = stored_hazard(panel, Store(tmp_path), said.append)
    (file,) = (tmp_path / "estimators").iterdir()
    Store(tmp_path).write(f"estimators/{file.name}", b"broken")  # whole, and no model
    again = stored_hazard(panel, Store(tmp_path), said.append)
    assert first is not None
    assert again is not None
    assert again.intercept == first.intercept
    assert [message.split(":")[0] for message in said] == [f"The stored model {file.name} is refused"]
    assert Store(tmp_path).read(f"estimators/{file.name}.refused-1") == b"broken"


def test_a_panel_without_inspections_has_no_hazard(panel: SchoolPanel, tmp_path: Path) -> None:
    empty = replace(panel, inspections=panel.inspections.head(0))
    assert stored_hazard(empty, Store(tmp_path), print) is None
