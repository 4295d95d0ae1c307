"""Support of leaders in post, derived again: regions below the leaders, and schools below the posts.

A region is a row of level ``support`` whose span is the number of schools that it can support; so is each school in
scope of these regions among the posts. The plan numbers them in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.prospects import PROSPECT

SUPPORT = "support"


def with_support(case: Case) -> Case:
    """Return the case with rows for support below leaders and posts; unchanged where none is offered."""
    offer = case.scenario.interventions.support
    if offer is None:
        return case
    schools = case.panel.schools[case.panel.schools["urn"].isin(case.urns)]
    regions = [(name, count) for name, count in sorted(offer.capacity.items()) if count > 0]
    cost = case.evidence.value("support_cost_gbp") if offer.cost_gbp is None else offer.cost_gbp
    start = next_september(case.scenario)
    leaders = pd.DataFrame(
        [
            {"leader_id": f"{SUPPORT}: {name}", "level": SUPPORT, "phases": "", "max_travel_km": 0.0}
            | {"easting": 0.0, "northing": 0.0, "willing_regions": name, "relocates": False}
            | {"available_from": start, "span": count, "cost_gbp": cost}
            for name, count in regions
        ]
    )
    supported = schools.loc[schools["region"].isin([name for name, _ in regions]), "urn"].tolist()
    posts = pd.DataFrame(
        [
            {"post_id": f"{SUPPORT}: {urn}", "urn": urn, "level": SUPPORT, "opens_on": start, "consent": "yes"}
            | {"created": False, PROSPECT: False}
            for urn in supported
        ]
    )
    return replace(
        case,
        pool=replace(case.pool, leaders=_below(case.pool.leaders, leaders, tables.LEADERS.columns)),
        posts=replace(case.posts, posts=_below(case.posts.posts, posts, case.posts.posts.columns)),
    )


def next_september(scenario: Scenario) -> pd.Timestamp:
    """Return the first of September on which the plan's first year begins, at the earliest the date of the forecast."""
    this_year = pd.Timestamp(scenario.as_of.year, 9, 1)
    return this_year if this_year >= pd.Timestamp(scenario.as_of) else this_year + pd.DateOffset(years=1)


def _below(table: pd.DataFrame, rows: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    added = rows.reindex(columns=list(columns)).astype(table.dtypes.to_dict())
    return pd.concat([table, added], ignore_index=True)
