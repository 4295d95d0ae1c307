"""What an audit starts from: tables, scenario, forecast and evidence, and the plan's claims beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.teams import Teams
from pilotage.domain.bars import Bar
from pilotage.domain.cvar import Tail
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.audit.support_tables import SUPPORT, with_support

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

UNITS = 1000  # integer units of a pupil-month


@dataclass(frozen=True)
class AuditCase(Case):
    """The case and the forecast, which the audit takes as given; ``impact`` and ``tail`` are claims."""

    forecast: RiskForecast
    impact: ImpactMatrix
    tail: Tail | None = None

    @classmethod
    def of(cls, case: Case, forecast: RiskForecast, impact: ImpactMatrix, tail: Tail | None = None) -> AuditCase:
        """Return what the audit of a case starts from, support in its tables."""
        return cls(**vars(with_support(case)), forecast=forecast, impact=impact, tail=tail)

    @cached_property
    def need(self) -> pd.Series:
        """Return need by URN, null where unknown."""
        return self.forecast.table.set_index("urn")["need"].astype(float)

    @cached_property
    def held_back(self) -> tuple[str, ...]:
        """Return the posts (post_id) that the plan says lots held back."""
        ineligible = self.impact.ineligible
        held = ineligible.loc[ineligible["reason"] == Bar.HELD_BACK, "post_index"].to_numpy(dtype=np.int64)
        return tuple(self.posts.posts["post_id"].iloc[held])

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
    def span(self) -> ExecutiveSpan | None:
        """Return the rule of spans, if the scenario has one; it has no two."""
        return next((rule for rule in self.scenario.rules.values() if isinstance(rule, ExecutiveSpan)), None)

    @property
    def keeps_teams(self) -> bool:
        """Return whether a rule keeps teams together."""
        return any(isinstance(rule, Teams) for rule in self.scenario.rules.values())

    @cached_property
    def several_schools(self) -> Bools:
        """Return which leaders lead several schools: executives under a rule of spans, unless they go with a team."""
        leaders = self.pool.leaders
        alone = leaders["team_id"].isna() if self.keeps_teams else pd.Series(True, index=leaders.index)
        executive = (leaders["level"] == "executive") & alone & (self.span is not None)
        return executive.to_numpy(dtype=bool)

    @cached_property
    def capacities(self) -> Ints:
        """Return how many posts each leader may take within the plan, shape (leaders,)."""
        time, leaders, span = self.scenario.time, self.pool.leaders, self.span
        terms = len(range(0, time.years, time.term_years))
        own = leaders["span"].astype(float)
        most = np.full(len(leaders), terms, dtype=np.int64)
        if span is not None:
            most[self.several_schools] = own.fillna(span.span_when_blank)[self.several_schools].astype("int64")
        support = (leaders["level"] == SUPPORT).to_numpy(dtype=bool)
        most[support] = own[support].astype("int64")
        return most

    @property
    def scaled(self) -> int:
        """Return by how much finer the objective's unit is than that of the benefits."""
        return 1 if self.tail is None else self.tail.weight.denominator * self.tail.worst

    @property
    def unit(self) -> str:
        """Return what objective, bound and prices are counted in."""
        return "weighted pupil-months" if self.scenario.objective.equity_weights.given else "pupil-months"


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
