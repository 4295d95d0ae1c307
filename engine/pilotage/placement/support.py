"""Support of leaders in post: what the scenario offers, and how it is numbered among leaders and posts.

A region with support is numbered after the leaders, and a school that may have it after the posts. So a pair of
``ImpactMatrix`` and ``PlacementProblem`` is a leader with a post, or a region with a school.
"""

from __future__ import annotations

from difflib import get_close_matches

import pandas as pd

from pilotage.case.case import Case
from pilotage.config.scenario import Support
from pilotage.domain import tables
from pilotage.domain.known_schools import ADVERTISED_AGAIN
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.prospects import PROSPECT
from pilotage.domain.support import SupportOffer
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.context import SCHOOL_COLUMNS, open_posts, with_supporters
from pilotage.placement.horizon import first_september

Tables = tuple[pd.DataFrame, pd.DataFrame]  # of leaders and of posts
SUPPORT = "support"  # names the parameters of support, as a leader's level names the leader's


def support_offer(case: Case) -> SupportOffer | None:
    """Return the support that the scenario offers; None where it offers none.

    Raises
    ------
    ScenarioError
        Naming regions of the capacity that no school lies in.
    """
    offer = case.scenario.interventions.support
    if offer is None:
        return None
    _refuse_unknown(offer, case.panel)
    capacity = {name: count for name, count in sorted(offer.capacity.items()) if count > 0}
    cost = case.evidence.value("support_cost_gbp") if offer.cost_gbp is None else offer.cost_gbp
    regions = pd.DataFrame({"region": list(capacity), "capacity": list(capacity.values()), "cost_gbp": float(cost)})
    schools = case.panel.schools
    inside = schools["urn"].isin(case.urns) & schools["region"].isin(list(capacity))
    starts_on = pd.Timestamp(first_september(case.scenario.as_of), 9, 1)
    offered = schools.loc[inside, ["urn", *SCHOOL_COLUMNS]].reset_index(drop=True)
    return SupportOffer(regions, with_supporters(offered, case.panel, case.posts), starts_on)


def _refuse_unknown(offer: Support, panel: SchoolPanel) -> None:
    known = sorted(panel.schools["region"].unique())
    problems = []
    for name in offer.capacity:
        if name not in known:
            near = get_close_matches(name, known, 1)
            do = f"did you mean {near[0]!r}?" if near else "mend the name"
            key = ("interventions", "support", "capacity", name)
            problems.append(Problem(".".join(key), "no such region", f"one of {', '.join(known)}", do, key=key))
    raise_all(ScenarioError, problems)


def both_tables(case: Case, offer: SupportOffer | None) -> Tables:
    """Return leaders with regions, and posts with schools."""
    return leaders_and_regions(case, offer), posts_and_schools(case, offer)


def leaders_and_regions(case: Case, offer: SupportOffer | None) -> pd.DataFrame:
    """Return the leaders, then the regions that give support, in the leaders' columns."""
    leaders = case.pool.leaders
    if offer is None:
        return leaders
    regions = pd.DataFrame(
        {
            "leader_id": [f"{SUPPORT}: {name}" for name in offer.regions["region"]],
            "level": SUPPORT,
            "phases": "",
            "max_travel_km": 0.0,
            "relocates": False,
            "available_from": offer.starts_on,
            "cost_gbp": offer.regions["cost_gbp"],
        }
    )
    return _below(leaders, regions, list(tables.LEADERS.columns))


def posts_and_schools(case: Case, offer: SupportOffer | None) -> pd.DataFrame:
    """Return the posts, then the schools whose leader in post may be supported, with the columns of their schools."""
    posts = open_posts(case.panel, case.posts)
    if offer is None:
        return posts
    schools = offer.schools.assign(
        post_id=[f"{SUPPORT}: {urn}" for urn in offer.schools["urn"]],
        level=SUPPORT,
        opens_on=offer.starts_on,
        consent="yes",
        created=False,
        **{PROSPECT: False, ADVERTISED_AGAIN: False},
    )
    return _below(posts, schools, list(posts.columns))


def _below(table: pd.DataFrame, more: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return a table with rows below it, in the table's types."""
    types = {name: kind for name, kind in table.dtypes.to_dict().items() if name in columns}
    return pd.concat([table, more.reindex(columns=columns).astype(types)], ignore_index=True)
