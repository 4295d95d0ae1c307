"""Posts with the columns of their schools, put together once, with what rules on single pairs look at."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
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
    """

    table: pd.DataFrame
    leaders: pd.DataFrame
    scenario: Scenario
    need: pd.Series
    phases: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))


def context_of(case: Case, need: pd.Series | None = None) -> Context:
    """Return what rules on single pairs look at; ``need`` by urn."""
    known = pd.Series(dtype=float) if need is None else need
    phases = case.panel.schools.set_index("urn")["phase"]
    return Context(open_posts(case.panel, case.posts), case.pool.leaders, case.scenario, known, phases)


def open_posts(panel: SchoolPanel, posts: Posts) -> pd.DataFrame:
    """Return the posts with phase, region, easting and northing of their schools; same order."""
    schools = panel.schools.set_index("urn")[SCHOOL_COLUMNS].reindex(posts.posts["urn"]).reset_index(drop=True)
    return posts.posts.reset_index(drop=True).join(schools)
