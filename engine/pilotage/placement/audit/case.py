"""What an audit starts from: tables, scenario, forecast and evidence, and the plan's claims beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.domain.statistics.cvar import Cvar
from pilotage.placement.audit.prospect_tables import with_own_prospects
from pilotage.placement.audit.support_tables import next_september, with_support

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

UNITS = 1000  # integer units of a pupil-month


@dataclass(frozen=True)
class AuditCase(Case):
    """The case and the forecast, which the audit takes as given; ``impact`` and ``cvar`` are claims."""

    forecast: RiskForecast
    impact: ImpactMatrix
    cvar: Cvar | None = None

    @classmethod
    def of(cls, case: Case, forecast: RiskForecast, impact: ImpactMatrix, cvar: Cvar | None = None) -> AuditCase:
        """Return what the audit of a case starts from, prospects and support in its tables."""
        return cls(
            **vars(with_support(with_own_prospects(case, next_september(case.scenario)))),
            forecast=forecast,
            impact=impact,
            cvar=cvar,
        )

    @cached_property
    def need(self) -> pd.Series:
        """Return need by URN, null where unknown."""
        return self.forecast.table.set_index("urn")["need"].astype(float)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """Return the schools by URN."""
        return self.panel.schools.set_index("urn")

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Return each post's school, in the order of the posts, by position."""
        return self.schools.reindex(self.posts.posts["urn"]).reset_index()

    @cached_property
    def named_leaders(self) -> pd.DataFrame:
        """Return the leaders with columns named ``leader_...``."""
        return self.pool.leaders.add_prefix("leader_").rename(columns={"leader_leader_id": "leader_id"})

    @cached_property
    def named_schools(self) -> pd.DataFrame:
        """Return each post's school with columns named ``school_...``, by position of the post."""
        return self.sites.drop(columns=["urn"]).add_prefix("school_")

    @property
    def scaled(self) -> int:
        """Return by how much finer the objective's unit is than that of the benefits."""
        return 1 if self.cvar is None else self.cvar.weight.denominator * self.cvar.worst

    @property
    def unit(self) -> str:
        """Return what objective, bound and prices are counted in."""
        return "weighted pupil-months" if self.scenario.objective.weighted else "pupil-months"


@dataclass(frozen=True)
class Capacities:
    """How many posts each leader takes; arrays of shape (leaders,).

    ``most``: within the plan. ``several``: leaders who take several posts at a time. ``fewest``: the fewest that such a
    leader takes if any, and 1 for the rest.
    """

    most: Ints
    several: Bools
    fewest: Ints


@dataclass(frozen=True)
class Claim:
    """A plan to be audited, and the problem that it answers."""

    problem: PlacementProblem
    plan: PlacementPlan

    @cached_property
    def filled(self) -> Ints:
        """Return the posts that have a pair, ascending."""
        held = np.zeros(len(self.problem.post_ids), dtype=bool)
        held[self.problem.post] = True
        return np.flatnonzero(held)

    @cached_property
    def placeable(self) -> int:
        """Return how many pairs a plan can hold at most: by the capacities of leaders who have any, and by posts."""
        able = np.zeros(len(self.problem.leader_ids), dtype=bool)
        able[self.problem.leader] = True
        return min(int(self.problem.capacities[able].sum()), len(self.filled))


def pair_frame(case: AuditCase, leader: NDArray[np.integer], post: NDArray[np.integer]) -> pd.DataFrame:
    """Return one row per pair (positions in the tables) with the columns of leader, post and school."""
    tables = ((case.named_leaders, leader), (case.posts.posts, post), (case.named_schools, post))
    parts = [table.take(positions).reset_index(drop=True) for table, positions in tables]
    frame = pd.concat(parts, axis=1)
    starts = frame[["opens_on", "leader_available_from"]].max(axis=1)
    return frame.assign(starts_on=starts, year=planning_year(starts, case.scenario.as_of))


def planning_year(days: pd.Series, as_of: date) -> Ints:
    """Return the planning year of each day, from 0: how many Septembers have begun since the plan's first."""
    first = pd.Timestamp(as_of.year, 9, 1)
    if first < pd.Timestamp(as_of):
        first += pd.DateOffset(years=1)
    year, later = np.zeros(len(days), dtype=np.int64), first + pd.DateOffset(years=1)
    while (reached := (days >= later).to_numpy(dtype=bool)).any():
        year += reached
        later += pd.DateOffset(years=1)
    return year
