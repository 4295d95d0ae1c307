"""The column ``area`` of a panel's schools."""

from __future__ import annotations

import pandas as pd

from pilotage.domain.area_lists import area_of_schools


def fill_area(schools: pd.DataFrame, list_name: str) -> pd.DataFrame:
    """Return ``schools`` with the column ``area`` filled: the area of the list that each lies in, null for none."""
    return schools.assign(area=area_of_schools(schools, list_name))
