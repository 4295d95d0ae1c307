"""What the files must say of the schools in scope before leaders can be placed; a forecast alone needs none of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pilotage.domain import deprivation
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.files.column_maps import column_maps

STATUS = "`pilotage data status SCENARIO` says what is lacking"


def expect_decidable(panel: SchoolPanel, urns: NDArray[np.int64]) -> None:
    """Raise where no school in scope has a place, or of none the disadvantaged pupils are known."""
    raise_all(DataError, _lacks(panel, urns))


def _lacks(panel: SchoolPanel, urns: NDArray[np.int64]) -> Iterator[Problem]:
    schools = panel.schools[panel.schools["urn"].isin(urns)]
    where, allowed = f"{len(urns):,} schools in scope", "at least one school of which it is known"
    if schools["easting"].isna().all():
        do = f"bring {column_maps()['gias_extract'].label} (edubasealldata); {STATUS}"
        yield Problem(where, "; ".join(("no school has coordinates", *panel.not_recognised)), allowed, do)
    if not deprivation.shares(panel).dropna().index.isin(urns).any():
        do = f"bring {column_maps()['dfe_census'].label} of a year known by {panel.as_of}; {STATUS}"
        what = "of no school the disadvantaged pupils are known"
        yield Problem(where, "; ".join((what, *panel.not_recognised)), allowed, do)
