"""The leaders of a scenario by id, with their names, read before anything else is: for options that name a leader."""

from __future__ import annotations

import pandas as pd

from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.inputs import LEADERS
from pilotage.errors import DataError, ScenarioError
from pilotage.sources.files.tables import read_text_table
from pilotage.sources.pool.tables import paths_of


def leader_names(scenario: Scenario) -> dict[str, str]:
    """Return the name of each leader by leader_id, the id itself where there is none.

    Empty where the leaders are invented, or their table cannot be read: what is wrong with it is said as it is read.
    """
    try:
        path = paths_of(scenario)[0] if scenario.pool.source == "files" else None
        text = None if path is None else read_text_table(path, (LEADERS,), list(tables.LEADERS.columns))
    except (DataError, ScenarioError):
        return {}
    if text is None or "leader_id" not in text:
        return {}
    known = text[text["leader_id"].notna()]
    ids = known["leader_id"].astype(str).tolist()
    names = known["name"].tolist() if "name" in known else ids
    return {id_: id_ if pd.isna(name) else str(name) for id_, name in zip(ids, names, strict=True)}
