"""The nearest back-test of a run, from metrics made by hand."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.case.case import Case
from pilotage.domain.findings.accuracy import Difference, Share
from pilotage.domain.forecast import OutcomeState, RiskForecast
from pilotage.domain.outcomes import FALL, OUTCOMES, WIDENING
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import DataError
from pilotage.risk.evaluation.measured import measured_accuracy

YES, NO = OutcomeState(True, ""), OutcomeState(False, "too little")


def _share(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.05, "high": value + 0.05}


def _test(days: tuple[str, ...], phases: tuple[str, ...] = ("primary", "secondary")) -> dict[str, Any]:
    groups = [{"grouping": "phase", "group": phase, "n": 50} for phase in phases]
    groups += [{"grouping": "phase", "group": "pru", "n": 0}, {"grouping": "region", "group": "London", "n": 9}]
    figures = {"base_rate": _share(0.19), "precision_at_10": _share(0.27), "recall_at_10": _share(0.25)}
    return {"n": 1_135, "metrics": figures, "groups": groups, "folds": [{"as_of": day} for day in days]}


def _write(
    folder: Path, scenario: str, as_of: str, tests: dict[str, Any], outcome: str = FALL.name, **changes: Any
) -> None:
    metrics = {"scenario": scenario, "as_of": as_of, "synthetic": False, "grade_proxy": None} | changes
    path = folder / outcome / "metrics" / f"{scenario}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(metrics | {"outcomes": {outcome: {"tests": tests}}}), encoding="utf-8")


def _case(as_of: date, phases: tuple[str, ...] = ("primary", "secondary"), **changes: Any) -> Case:
    nothing = pd.DataFrame()
    schools = pd.DataFrame({"urn": range(len(phases)), "phase": phases})
    panel = SchoolPanel(as_of, schools, nothing, nothing, nothing, nothing, synthetic=False)
    pool, posts = LeaderPool(nothing, False), Posts(nothing, False)
    unasked: Any = None  # the nearest card depends on the panel and the schools in scope alone
    return Case(unasked, replace(panel, **changes), np.arange(len(phases)), pool, posts, unasked)


def _forecast(**states: OutcomeState) -> RiskForecast:
    return RiskForecast(date(2014, 4, 30), pd.DataFrame(), states, {})


FALLS = _forecast(leadership_fall=YES)


def test_the_figures_are_those_of_the_file(tmp_path: Path) -> None:
    _write(tmp_path, "england", "2014-04-30", {"if_inspected": _test(("2014-04-30", "2013-04-30"))})
    (found,) = measured_accuracy(_case(date(2014, 4, 30)), FALLS, tmp_path).tested
    assert (found.outcome, found.scenario, found.test, found.count) == (FALL.name, "england", "if_inspected", 1_135)
    assert (found.first_day, found.last_day) == (date(2013, 4, 30), date(2014, 4, 30))
    assert found.happened == Share(0.19, 0.14, 0.24)
    assert found.happened_in_top_tenth.value == 0.27
    assert found.found_in_top_tenth.value == 0.25
    assert found.phases == ("primary", "secondary")
    assert found.differs == ()


def test_the_same_source_comes_before_the_date_and_the_date_before_the_grade(tmp_path: Path) -> None:
    tests = {"if_inspected": _test(("2014-04-30",))}
    _write(tmp_path, "invented", "2016-01-01", tests, synthetic=True)
    _write(tmp_path, "long-ago", "2010-01-01", tests)
    _write(tmp_path, "proxy", "2015-12-01", tests, grade_proxy="overall_grade")
    _write(tmp_path, "zeal", "2015-12-01", tests)
    (found,) = measured_accuracy(_case(date(2016, 1, 1)), FALLS, tmp_path).tested
    assert found.scenario == "zeal"  # of two as near, the one of the same grade
    (found,) = measured_accuracy(_case(date(2011, 1, 1)), FALLS, tmp_path).tested
    assert found.scenario == "long-ago"
    (found,) = measured_accuracy(_case(date(2011, 1, 1), synthetic=True), FALLS, tmp_path).tested
    assert found.scenario == "invented"


@pytest.mark.parametrize(
    ("as_of", "changes", "differs"),
    [
        (date(2014, 4, 30), {}, ()),
        (date(2014, 4, 30), {"synthetic": True}, (Difference.SCHOOLS,)),
        (date(2014, 4, 30), {"grade_proxy": "overall_grade"}, (Difference.GRADE,)),
        (date(2025, 11, 9), {}, ()),
        (date(2025, 11, 10), {}, (Difference.SCALE,)),
        (date(2014, 4, 30), {"phases": ("primary", "special")}, (Difference.PHASES,)),
        (date(2014, 4, 30), {"phases": ("primary",)}, ()),
        (date(2014, 4, 30), {"phases": ("pru",)}, (Difference.PHASES,)),  # none was tested
    ],
)
def test_what_was_measured_on_another_kind_says_so(
    tmp_path: Path, as_of: date, changes: dict[str, Any], differs: tuple[Difference, ...]
) -> None:
    _write(tmp_path, "england", "2014-04-30", {"if_inspected": _test(("2014-04-30",))})
    (found,) = measured_accuracy(_case(as_of, **changes), FALLS, tmp_path).tested
    assert found.differs == differs


def test_the_gap_has_no_grade_and_no_scale_and_is_tested_in_time_where_it_can_be(tmp_path: Path) -> None:
    tests = {"widens_by_authority": _test(("2020-02-01",)), "widens_in_time": _test(("2020-02-29",))}
    _write(tmp_path, "england", "2020-02-29", tests, WIDENING.name, grade_proxy="overall_grade")
    run = _case(date(2026, 1, 31))
    (found,) = measured_accuracy(run, _forecast(gap_widening=YES), tmp_path).tested
    assert (found.test, found.differs) == ("widens_in_time", ())
    _write(tmp_path, "england", "2020-02-29", {"widens_by_authority": tests["widens_by_authority"]}, WIDENING.name)
    (found,) = measured_accuracy(run, _forecast(gap_widening=YES), tmp_path).tested
    assert found.test == "widens_by_authority"


def test_an_outcome_that_is_not_forecast_or_was_not_tested_has_no_figures(tmp_path: Path) -> None:
    _write(tmp_path, "england", "2014-04-30", {"if_inspected": _test(("2014-04-30",))})
    _write(tmp_path, "untested", "2014-04-30", {}, WIDENING.name)
    run = _case(date(2014, 4, 30))
    assert measured_accuracy(run, _forecast(leadership_fall=NO, gap_widening=YES), tmp_path).tested == ()
    assert measured_accuracy(run, _forecast(leadership_stuck=YES), tmp_path).tested == ()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "england", "2014-04-30", {"if_inspected": {"n": 3}})
    with pytest.raises(DataError, match=r"england\.json.*metrics of a back-test"):
        measured_accuracy(_case(date(2014, 4, 30)), FALLS, tmp_path)


@pytest.mark.parametrize(
    ("as_of", "synthetic", "scenario"),
    [(date(2014, 4, 30), False, "england-2014"), (date(2016, 8, 31), True, "baseline")],
)
def test_the_shipped_metrics_can_be_read_for_every_leadership_outcome(
    as_of: date, synthetic: bool, scenario: str
) -> None:
    states = dict.fromkeys(OUTCOMES, YES)
    found = measured_accuracy(_case(as_of, synthetic=synthetic), _forecast(**states), assets.models()).tested
    assert [entry.outcome for entry in found] == list(OUTCOMES)
    assert {entry.scenario for entry in found[:2]} == {scenario}
