"""School years that a late list alone tells of: measured on the pairs, and refused where falls are missing."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.risk.leadership.survivors import by_school_year, refuse_survivors
from pilotage.risk.leadership.training import training_pairs
from pilotage.risk.spec.leadership import LabelWindow, LeadershipSpec

LISTED = pd.Timestamp("2025-08-31")
BY = pd.Timestamp("2025-10-31")
BEFORE, EARLY, LATE = "2009-03-02", "2014-05-12", "2024-05-13"  # the inspection before, and two later ones


def _panel(falls: dict[str, int], schools: int = 100, lists: int = 1) -> SchoolPanel:
    """Return good schools inspected again on each day, so many of which fell; one list of 2025 tells of all."""
    rows = []
    for start, (day, fell) in enumerate(falls.items()):
        for place in range(schools):
            urn = 1 + start * schools + place
            grade = 3 if place < fell else 2
            rows += [(urn, BEFORE, 2), (urn, day, grade)]
    frame = pd.DataFrame(rows, columns=["urn", "inspected_on", "leadership_grade"])
    days = pd.to_datetime(frame["inspected_on"])
    frame = frame.assign(urn_at_time=frame["urn"], inspected_on=days, known_on=days + pd.Timedelta(days=60))
    frame = frame.assign(overall_grade=frame["leadership_grade"], listed_on=LISTED, lists=lists)
    none = pd.DataFrame()
    inspections = tables.validated(tables.INSPECTIONS, frame, "t")
    return SchoolPanel(BY.date(), none, inspections, none, none, none, synthetic=False)


def test_years_are_counted_by_the_year_in_which_the_school_year_ends(fall: LeadershipSpec) -> None:
    panel = _panel({"2014-08-31": 1, "2014-09-01": 12, LATE: 10})
    pairs = training_pairs(replace(panel, inspections=panel.inspections.assign(lists=2)), fall, BY)
    years = by_school_year(panel, pairs)
    assert years.index.tolist() == [2014, 2015, 2024]
    assert years["below"].tolist() == [1, 12, 10]
    assert years["late"].tolist() == [100, 100, 0]  # a list of 15 months later is a witness


def test_a_year_of_survivors_without_falls_is_refused_with_the_day_to_learn_from(fall: LeadershipSpec) -> None:
    with pytest.raises(DataError) as refused:
        training_pairs(_panel({EARLY: 0, LATE: 10}), fall, BY)
    (problem,) = refused.value.problems
    assert refused.value.exit_code == 3
    assert problem.where == "leadership_fall, inspections of the school years 2013/14 to 2013/14"
    assert problem.what.startswith("0 of 100 found leadership below good, against 10% in other years; 100 are told by")
    assert problem.do == "set risk.labels_from: 2014-09-01, or bring Ofsted's lists of those years"


@pytest.mark.parametrize(
    ("panel", "why"),
    [
        (_panel({EARLY: 4, LATE: 10}), "more than a third of the usual share fell"),
        (_panel({EARLY: 0, LATE: 10}, lists=2), "a second list tells of the year"),
        (_panel({EARLY: 0, LATE: 10}, schools=99), "too few pairs to judge by"),
        (_panel({LATE: 0}), "the list is of the time"),
    ],
)
def test_what_is_no_year_of_survivors_is_learnt_from(fall: LeadershipSpec, panel: SchoolPanel, why: str) -> None:
    pairs = training_pairs(panel, fall, BY)
    assert len(pairs) == len(panel.inspections) / 2, why


def test_labels_of_later_years_alone_are_accepted(fall: LeadershipSpec) -> None:
    late = fall.model_copy(update={"label_window": LabelWindow(starts=date(2014, 9, 1))})
    assert len(training_pairs(_panel({EARLY: 0, LATE: 10}), late, BY)) == 100


def test_without_other_years_the_highest_share_of_any_is_the_usual_one(fall: LeadershipSpec) -> None:
    panel = _panel({EARLY: 0, "2015-05-12": 12})
    with pytest.raises(DataError, match="2013/14 to 2013/14 - 0 of 100 found leadership below good, against 12%"):
        refuse_survivors(
            panel, fall, training_pairs(replace(panel, inspections=panel.inspections.assign(lists=2)), fall, BY)
        )
