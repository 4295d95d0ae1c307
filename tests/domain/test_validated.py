"""Tables held to their schemas: what is wrong is told in words, never in those of a library."""

import pandas as pd
import pytest

from pilotage.domain import tables
from pilotage.errors import DataError


def test_a_day_that_stands_twice_is_told_as_a_day() -> None:
    day = pd.Timestamp("2013-12-17")
    row = dict.fromkeys(tables.INSPECTIONS.columns) | {"urn": 1, "urn_at_time": 1, "inspected_on": day, "known_on": day}
    with pytest.raises(DataError) as caught:
        tables.validated(tables.INSPECTIONS, pd.DataFrame([row, row]), "inspections.csv")
    told = [str(problem) for problem in caught.value.problems]
    assert any("inspected_on = 2013-12-17 - each once" in line for line in told), told
    assert not any("Timestamp" in line for line in told)
