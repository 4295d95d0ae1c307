"""Posts with the columns of their schools, put together once, with what rules on single pairs look at."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain.answers import closed_by_bodies
from pilotage.domain.known_schools import ADVERTISED_AGAIN, SUPPORTED_BY
from pilotage.domain.panel import Posts, SchoolPanel

SCHOOL_COLUMNS = ["phase", "region", "authority", "trust", "area", "easting", "northing"]


@dataclass(frozen=True)
class Context:
    """Posts with the columns of their schools, leaders, scenario, and what rules ask of schools in scope, by URN.

    Attributes
    ----------
    need
        Need of each school in scope, null where it is not known; empty: it is not known of any.
    phases
        Phase of each school of the panel.
    closed_schools
        Schools (URN) whose responsible body wants nobody there.
    """

    table: pd.DataFrame
    leaders: pd.DataFrame
    scenario: Scenario
    need: pd.Series
    phases: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))
    closed_schools: frozenset[int] = frozenset()


def context_of(case: Case, need: pd.Series | None = None) -> Context:
    """Return what rules on single pairs look at; ``need`` by urn."""
    known = pd.Series(dtype=float) if need is None else need
    phases = case.panel.schools.set_index("urn")["phase"]
    closed = closed_by_bodies(case.posts.schools.standing)
    return Context(open_posts(case.panel, case.posts), case.pool.leaders, case.scenario, known, phases, closed)


def open_posts(panel: SchoolPanel, posts: Posts) -> pd.DataFrame:
    """Return the posts with phase, region, easting and northing of their schools, and what is known of these.

    Same order. ``supported_by``: who supports the school on the day of the plan; ``advertised_again``: whether the
    post was advertised again.
    """
    schools = panel.schools.set_index("urn")[SCHOOL_COLUMNS].reindex(posts.posts["urn"]).reset_index(drop=True)
    table = with_supporters(posts.posts.reset_index(drop=True).join(schools), panel, posts)
    again = table["readvertised"].fillna(False).astype(bool) | posts.schools.advertised_again(table)
    return table.assign(**{ADVERTISED_AGAIN: again})


def with_supporters(table: pd.DataFrame, panel: SchoolPanel, posts: Posts) -> pd.DataFrame:
    """Return posts or schools (urn) with who supports each school on the day of the plan; else null."""
    supporters = posts.schools.supported_by(panel.as_of).reindex(table["urn"]).to_numpy(dtype=object)
    return table.assign(**{SUPPORTED_BY: pd.Series(supporters, index=table.index, dtype=object)})
