"""Posts joined to their schools, once, with what rules on single pairs look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import pandas as pd

from pilotage.case.case import Case
from pilotage.config.rules.priced import Priced
from pilotage.config.scenario import Scenario
from pilotage.domain.panel import Posts, SchoolPanel
from pilotage.placement.rules.match import Kinds, kinds_of

R = TypeVar("R", bound=Priced)
SCHOOL_COLUMNS = ["phase", "region", "authority", "trust", "area", "easting", "northing"]


@dataclass(frozen=True)
class Context:
    """Posts with the columns of their schools, leaders, scenario, and need by urn (empty = none is known)."""

    table: pd.DataFrame
    leaders: pd.DataFrame
    scenario: Scenario
    need: pd.Series

    @cached_property
    def kinds(self) -> Kinds:
        """Return the kinds of the posts."""
        return kinds_of(self.table)

    def hard(self, kind: type[R]) -> list[tuple[str, R]]:
        """Return the hard rules of a kind, each with its name in the scenario."""
        rules = self.scenario.rules.items()
        return [(name, rule) for name, rule in rules if isinstance(rule, kind) and rule.price is None]


def context_of(case: Case, need: pd.Series | None = None) -> Context:
    """Return what rules on single pairs look at; ``need`` by urn."""
    known = pd.Series(dtype=float) if need is None else need
    return Context(open_posts(case.panel, case.posts), case.pool.leaders, case.scenario, known)


def open_posts(panel: SchoolPanel, posts: Posts) -> pd.DataFrame:
    """Return the posts with phase, region, easting and northing of their schools; same order."""
    joined = panel.schools.set_index("urn")[SCHOOL_COLUMNS].reindex(posts.posts["urn"]).reset_index(drop=True)
    return posts.posts.reset_index(drop=True).join(joined)
