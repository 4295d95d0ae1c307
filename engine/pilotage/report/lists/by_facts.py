"""The order of schools by facts alone, where report cards and the four grades are not compared, and need is unknown."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain import deprivation
from pilotage.domain.judgements import current_judgements
from pilotage.domain.report_cards import WEAK_POINTS
from pilotage.domain.units import BELOW_GOOD

ATTAINMENT = ["ks2_expected_share", "attainment8"]  # a phase has its own; low is a worry
ABSENCE = ["persistent_absence_share", "absence_share"]  # the first that is known; high is a worry


def worry_by_facts(record: RunRecord, urns: pd.Series) -> pd.DataFrame:
    """Return by row of ``urns`` the two keys of the order by facts, the greatest worry lowest.

    ``tier``: 0 where leadership was last judged below good, or below the expected standard, on its own scale; 1 where
    it was judged better; 2 where no judgement is known. ``place``: within the phase, the mean rank in [0, 1] of what is
    known of the age of the judgement, attainment, absence and disadvantaged pupils; null where nothing is.
    """
    latest = current_judgements(record.panel)
    weak = (latest["leadership_grade"] >= BELOW_GOOD).fillna(False) | latest["leadership_judgement"].isin(WEAK_POINTS)
    tier = urns.map(weak.map({True: 0, False: 1})).fillna(2).astype(int)
    phase = urns.map(record.panel.schools.set_index("urn")["phase"])
    worries = _worries(record, latest)
    ranks = {name: urns.map(values).groupby(phase).rank(pct=True, ascending=False) for name, values in worries.items()}
    return pd.DataFrame({"tier": tier, "place": pd.DataFrame(ranks).mean(axis=1)})


def _worries(record: RunRecord, latest: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each fact by URN, as a number that is higher where there is more to worry about."""
    day = pd.Timestamp(record.panel.as_of)
    years = record.panel.school_years
    known = years[years["known_on"] <= day].sort_values("year").groupby("urn")[[*ATTAINMENT, *ABSENCE]].last()
    return {
        "age": (day - latest["inspected_on"]).dt.days.astype(float),
        "attainment": -known[ATTAINMENT[0]].fillna(known[ATTAINMENT[1]]).astype(float),
        "absence": known[ABSENCE[0]].fillna(known[ABSENCE[1]]).astype(float),
        "deprivation": deprivation.shares(record.panel).astype(float),
    }
