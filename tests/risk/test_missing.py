"""What is not known of a school, in words: each kind of forecast says only what it lacks."""

from dataclasses import replace
from datetime import date

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.missing import missing_words

NO_ABSENCES = pd.DataFrame({"urn": [], "field": [], "reason": []})
ASKED = pd.DataFrame({"urn": [1], "on": [pd.Timestamp("2015-03-01")], "leadership_grade": [float("nan")]})


def _panel(absences: pd.DataFrame) -> SchoolPanel:
    """Return one school whose meals and absence are known, without a grade and without results."""
    school = {"urn": 1, "name": "Elm", "phase": "primary", "region": "London", "authority": "Camden"}
    years = {"urn": 1, "year": 2013, "known_on": pd.Timestamp("2014-02-01"), "fsm6_share": 0.3, "absence_share": 0.05}
    inspections = {"urn": [], "urn_at_time": [], "inspected_on": [], "known_on": []}
    return SchoolPanel(
        date(2015, 3, 1),
        tables.validated(tables.SCHOOLS, pd.DataFrame([school | {"sponsor_led": False, "place_source": "none"}]), "t"),
        tables.validated(tables.INSPECTIONS, pd.DataFrame(inspections), "t"),
        tables.validated(tables.SCHOOL_YEARS, pd.DataFrame([years]), "t"),
        pd.DataFrame(),
        absences,
        True,
    )


def test_a_grade_is_missing_only_where_leadership_is_forecast() -> None:
    panel = _panel(NO_ABSENCES)
    assert missing_words(panel, ASKED, leadership=False, gaps=None) == [""]
    assert missing_words(panel, ASKED, leadership=True, gaps=None) == ["leadership: no leadership grade known"]


def test_without_any_results_a_gap_is_not_known_for_the_reason_of_the_tables() -> None:
    nobody = pd.Index([], dtype="int64")
    assert missing_words(_panel(NO_ABSENCES), ASKED, leadership=False, gaps=nobody) == ["gap: not published"]
    suppressed = pd.DataFrame({"urn": [1], "field": ["gap"], "reason": ["too_few_pupils"]})
    assert missing_words(_panel(suppressed), ASKED, leadership=False, gaps=nobody) == ["gap: too few pupils"]
    assert missing_words(_panel(suppressed), ASKED, leadership=False, gaps=pd.Index([1])) == [""]


def test_results_of_too_few_pupils_are_the_reason_why_a_published_gap_is_not_known() -> None:
    result = {"urn": 1, "year": 2013, "known_on": pd.Timestamp("2014-01-31"), "key_stage": "ks2", "pupils": 7.0}
    result |= {"pupil_group": "disadvantaged", "progress_sd": 0.2, "state": "published"}
    few = replace(_panel(NO_ABSENCES), results=tables.validated(tables.RESULTS, pd.DataFrame([result]), "t"))
    nobody = pd.Index([], dtype="int64")
    assert missing_words(few, ASKED, leadership=False, gaps=nobody) == ["gap: too few disadvantaged pupils"]
