"""How many disadvantaged pupils finish key stage 2 or 4 in a school each year, as known on the date."""

from __future__ import annotations

import pandas as pd

from pilotage.domain.evidence import Evidence
from pilotage.domain.panel import SchoolPanel

NO_FINISHERS = ("nursery", "sixteen_plus")


def finishers(panel: SchoolPanel, evidence: Evidence) -> pd.Series:
    """Return disadvantaged pupils who finish each year, by urn; null where pupils or share are not known.

    Pupils and share come from the latest table known by the panel's date: eligible for free school meals in the last
    six years, else now (a lower bound). Nurseries and sixth-form colleges have none.
    """
    schools = panel.schools.set_index("urn")
    latest = panel.latest_years
    pupils = latest["pupils"].reindex(schools.index).fillna(schools["pupils"])
    share = latest["fsm6_share"].fillna(latest["fsm_share"]).reindex(schools.index)
    each_year = pupils * share / schools["phase"].map(_year_groups(evidence))
    pupils_finishing: pd.Series = each_year.where(~schools["phase"].isin(NO_FINISHERS), 0.0)
    return pupils_finishing


def deprivation(panel: SchoolPanel) -> pd.Series:
    """Return the share of pupils with free school meals in the last six years, else now, by urn; null if unknown."""
    share: pd.Series = panel.latest_years["fsm6_share"].fillna(panel.latest_years["fsm_share"])
    return share


def _year_groups(evidence: Evidence) -> dict[str, float]:
    other = evidence.value("year_groups_other")
    named = {phase: evidence.value(f"year_groups_{phase}") for phase in ("primary", "secondary")}
    return named | dict.fromkeys(("all_through", "special", "pru", *NO_FINISHERS), other)
