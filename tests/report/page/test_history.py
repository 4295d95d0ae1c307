"""What was published of a school over the years: the newest years, never what became known later."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report.page.schools.history import absence_over_years, judged_before, results_over_years


def _with(record: RunRecord, **tables: pd.DataFrame) -> RunRecord:
    return replace(record, panel=replace(record.panel, **tables))


def _inspections(*rows: tuple[int, str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["urn", "inspected_on", "known_on", "leadership_grade"])
    days = {name: pd.to_datetime(frame[name]) for name in ("inspected_on", "known_on")}
    return frame.assign(urn_at_time=frame["urn"], **days)


def test_earlier_judgements_are_told_newest_first_and_the_last_is_not_among_them(record: RunRecord) -> None:
    table = _inspections(
        (105, "2010-05-01", "2010-06-01", 3),
        (105, "2013-05-01", "2013-06-01", 2),
        (105, "2015-05-01", "2015-06-01", 1),
        (105, "2016-08-01", "2016-10-01", 4),  # known after the date of the run
        (104, "2014-01-01", "2014-02-01", 2),  # the only one
    )
    told = judged_before(_with(record, inspections=table))
    assert told.to_dict() == {105: "Good, May 2013; Satisfactory, May 2010"}


def _years(*rows: tuple[int, int, str, float | None, float | None]) -> pd.DataFrame:
    columns = ["urn", "year", "known_on", "ks2_expected_share", "attainment8"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(known_on=pd.to_datetime(frame["known_on"]))


def test_results_are_of_the_phase_s_own_measure_and_of_the_last_four_years(record: RunRecord) -> None:
    primary = [(105, year, f"{year}-12-01", year / 10_000, None) for year in range(2010, 2017)]
    table = _years(*primary, (104, 2015, "2015-12-01", None, 48.4))
    told = results_over_years(_with(record, school_years=table))
    share = "20% reach the expected standard"
    assert told[105] == f"2011/12: {share}, 2012/13: {share}, 2013/14: {share}, 2014/15: {share}"  # 2016 is known later
    assert told[104] == "2014/15: Attainment 8 of 48"


def test_absence_is_persistent_absence_where_that_is_known(record: RunRecord) -> None:
    table = _years((105, 2015, "2015-12-01", None, None), (104, 2015, "2015-12-01", None, None))
    table = table.assign(persistent_absence_share=[0.12, None], absence_share=[0.05, 0.06])
    assert absence_over_years(_with(record, school_years=table)).to_dict() == {105: "2014/15: 12%", 104: "2014/15: 6%"}


def test_a_panel_without_tables_has_no_history(make: Callable[..., RunRecord]) -> None:
    record = make()
    assert [len(told(record)) for told in (judged_before, results_over_years, absence_over_years)] == [0, 0, 0]
