"""Which chances a list may print: none of leadership, nor need, where only the order of schools is known."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.chances import Chances, chances_of
from pilotage.domain.outcomes import outcomes_of

NOT_PRINTED = ["need", *(figure.name for outcome in outcomes_of("leadership") for figure in outcome.figures)]


def chances(record: RunRecord) -> Chances:
    """Return how far a run's chances of leadership may be used; those of a charity's own file are its own."""
    if record.accuracy is not None and record.accuracy.own_file:
        return Chances.KNOWN
    return chances_of(record.panel, record.scenario.data.crosswalk)


def printed(record: RunRecord, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return a ranked list as it may be printed: an order and bands without chances, where no more is known."""
    if chances(record) is not Chances.ORDER:
        return ranked
    return ranked.assign(**{name: pd.Series(float("nan"), ranked.index) for name in NOT_PRINTED if name in ranked})
