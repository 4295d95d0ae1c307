"""Support of leaders in post, as an intervention beside placing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

SUPPORT = "support"  # in the place of a level


def support_id(urn: int) -> str:
    """Return the name of the support of a school's leader in post, in the place of a post's."""
    return f"{SUPPORT}: {urn}"


@dataclass(frozen=True)
class SupportOffer:
    """What support there is, and which schools may have it.

    Attributes
    ----------
    regions
        One row per region that has any, sorted by name: region, capacity (schools that it can support), cost_gbp (of
        one school).
    schools
        One row per school in scope of these regions, in the panel's order: urn, region, phase, authority, trust, area.
    starts_on
        The day on which support starts.
    """

    regions: pd.DataFrame
    schools: pd.DataFrame
    starts_on: pd.Timestamp
