"""Planning years, by hand."""

import pandas as pd

from pilotage.placement.audit.case import planning_year


def test_planning_years_begin_in_september() -> None:
    days = pd.Series(pd.to_datetime(["2016-01-04", "2016-09-01", "2017-08-31", "2017-09-01", "2019-04-20"]))
    assert planning_year(days, pd.Timestamp("2016-08-31").date()).tolist() == [0, 0, 0, 1, 2]
    assert planning_year(days, pd.Timestamp("2016-09-02").date()).tolist() == [0, 0, 0, 0, 1]
