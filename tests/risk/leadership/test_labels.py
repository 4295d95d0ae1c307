"""Which pairs of grades are labels, and as of which day."""

from dataclasses import replace
from datetime import date

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.leadership.labels import labelled_pairs


def _panel(inspections: list[tuple[int, str, str, int | None]], snapshots: tuple[date, ...] = ()) -> SchoolPanel:
    rows = [
        {"urn": u, "urn_at_time": u, "inspected_on": on, "known_on": known, "leadership_grade": g, "overall_grade": g}
        for u, on, known, g in inspections
    ]
    frame = tables.validated(tables.INSPECTIONS, pd.DataFrame(rows), "t")
    empty = pd.DataFrame()
    return SchoolPanel(date(2014, 4, 30), empty, frame, empty, empty, empty, False, snapshots)


def test_a_pair_is_labelled_as_of_the_day_before_the_later_inspection() -> None:
    panel = _panel([(1, "2010-03-01", "2010-04-01", 2), (1, "2013-05-10", "2013-06-10", 3)])
    found = labelled_pairs(panel, pd.Timestamp("2014-04-30"))
    assert found[["urn", "before", "after"]].to_numpy().tolist() == [[1, 2, 3]]
    assert found["on"].tolist() == [pd.Timestamp("2013-05-09")]
    assert labelled_pairs(panel, pd.Timestamp("2013-06-09")).empty


def test_with_snapshots_a_pair_is_as_of_the_snapshot_before_the_one_that_shows_it() -> None:
    snapshots = (date(2013, 4, 30), date(2013, 7, 31), date(2013, 12, 31))
    shown = [(1, "2010-03-01", "2013-04-30", 2), (1, "2013-05-10", "2013-12-31", 3)]
    found = labelled_pairs(_panel(shown, snapshots), pd.Timestamp("2014-04-30"))
    assert found["on"].tolist() == [pd.Timestamp("2013-07-31")]
    both_at_once = [(1, "2010-03-01", "2013-04-30", 2), (1, "2012-05-10", "2013-04-30", 3)]
    assert labelled_pairs(_panel(both_at_once, snapshots), pd.Timestamp("2014-04-30")).empty


def test_an_older_inspection_that_becomes_known_later_is_not_the_latest_grade() -> None:
    late = [(1, "2012-03-01", "2013-04-30", 2), (1, "2009-05-10", "2013-07-31", 4)]
    assert labelled_pairs(_panel(late), pd.Timestamp("2014-04-30")).empty


def test_an_inspection_that_may_have_been_a_short_visit_labels_no_pair_whatever_it_found() -> None:
    panel = _panel([(1, "2010-03-01", "2010-04-01", 2), (1, "2013-05-10", "2013-06-10", 3)])
    day = pd.Timestamp("2014-04-30")
    unclear = panel.inspections.assign(kind=[None, "unclear"])
    assert labelled_pairs(replace(panel, inspections=unclear), day).empty
    graded = panel.inspections.assign(kind=[None, "graded"])
    assert len(labelled_pairs(replace(panel, inspections=graded), day)) == 1


def test_a_pair_spans_a_short_visit() -> None:
    graded = [(1, "2010-03-01", "2010-04-01", 2), (1, "2013-05-10", "2013-06-10", 3)]
    panel = _panel([graded[0], (1, "2012-01-10", "2012-02-10", None), graded[1]])
    short = panel.inspections.assign(kind=[None, "short_visit", None], overall_grade=[2, 2, 3])
    found = labelled_pairs(replace(panel, inspections=short), pd.Timestamp("2014-04-30"))
    assert found[["before", "after"]].to_numpy().tolist() == [[2, 3]]


def test_a_pair_between_which_inspections_may_be_missing_labels_nothing() -> None:
    # lists of 2014 show the first; one of 2025 shows the third and the fourth, and nothing of the years between
    rows = [(1, "2012-03-01", "2012-04-01", 2), (1, "2022-05-10", "2022-07-10", 3), (1, "2024-05-10", "2024-07-10", 2)]
    days = {
        "listed_on": ["2013-04-30", "2025-08-31", "2025-08-31"],
        "last_listed_on": ["2014-12-31"] + ["2025-08-31"] * 2,
    }
    listed = {name: pd.to_datetime(values) for name, values in days.items()}
    panel = _panel(rows)
    unseen = replace(panel, inspections=panel.inspections.assign(**listed))
    found = labelled_pairs(unseen, pd.Timestamp("2025-10-31"))
    assert found["inspected_on"].tolist() == [pd.Timestamp("2024-05-10")]
    seen = unseen.inspections.assign(last_listed_on=listed["last_listed_on"].where([False, True, True], "2025-08-31"))
    assert len(labelled_pairs(replace(panel, inspections=seen), pd.Timestamp("2025-10-31"))) == 2
    soon = unseen.inspections.assign(last_listed_on=listed["last_listed_on"].where([False, True, True], "2021-01-31"))
    assert len(labelled_pairs(replace(panel, inspections=soon), pd.Timestamp("2025-10-31"))) == 2
