"""How the tables of the state of the areas are written."""

from __future__ import annotations

import pandas as pd

from pilotage.report.columns import Column


def area_columns(frame: pd.DataFrame) -> list[Column]:
    """Return how each column of the state's tables is written."""
    text = {"area", "area_list", "pupil_group", "comparator"}
    whole = {"year", "pupils", "from_year", "to_year", "good_or_better", "fell"}
    forms = {name: "text" if name in text else "integer" if name in whole else "share" for name in frame.columns}
    return [Column(name, name, "published", form, 12, "") for name, form in forms.items()]
