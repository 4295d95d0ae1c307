"""Small worlds in which every number is set by hand."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.explanation import Audit
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.audit.audit import audit_as_valued
from pilotage.placement.audit.capacities import capacities_of
from pilotage.placement.audit.case import AuditCase, Claim
from pilotage.placement.audit.recount import recount_checks
from pilotage.placement.context import context_of
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix
from pilotage.sources.evidence import load_evidence

AS_OF = date(2016, 8, 31)


def _scenario(rules: dict[str, Any], **keys: Any) -> Scenario:
    base = {
        "name": "small",
        "why": "a test",
        "as_of": AS_OF,
        "data": {"source": "sample"},
        "outcomes": {"leadership_fall": {}},
        "pool": {"source": "files"},
        "rules": rules,
    }
    return Scenario.model_validate(base | keys)


def _schools(rows: list[dict[str, Any]]) -> pd.DataFrame:
    base = {
        "name": "A school",
        "phase": "primary",
        "authority": "Derby",
        "region": "East Midlands",
        "easting": 0.0,
        "northing": 0.0,
        "place_source": "sample",
        "pupils": 210,
        "sponsor_led": False,
    }
    return tables.validated(
        tables.SCHOOLS, pd.DataFrame([base | {"urn": n + 1} | row for n, row in enumerate(rows)]), "t"
    )


def _leaders(rows: list[dict[str, Any]]) -> pd.DataFrame:
    base = {
        "level": "head",
        "phases": "primary",
        "easting": 0.0,
        "northing": 0.0,
        "max_travel_km": 30.0,
        "relocates": False,
        "available_from": pd.Timestamp("2016-09-01"),
    }
    frame = pd.DataFrame([base | {"leader_id": f"L{n + 1}"} | row for n, row in enumerate(rows)])
    return tables.validated(tables.LEADERS, frame, "t")


def _posts(rows: list[dict[str, Any]]) -> pd.DataFrame:
    base = {"level": "head", "opens_on": pd.Timestamp("2016-09-01"), "consent": "yes", "created": False}
    frame = pd.DataFrame([base | {"post_id": f"P{n + 1}", "urn": n + 1} | row for n, row in enumerate(rows)])
    return tables.validated(tables.POSTS, frame, "t")


@dataclass(frozen=True)
class World:
    scenario: Scenario
    panel: SchoolPanel
    pool: LeaderPool
    posts: Posts

    def known(self, **parameters: float) -> Case:
        """Return the world as the product knows it, every school in scope."""
        urns = self.panel.schools["urn"].to_numpy(dtype=np.int64)
        return Case(self.scenario, self.panel, urns, self.pool, self.posts, load_evidence(parameters))

    def impact(self, benefit: list[list[float | None]], cost_gbp: float = 1000) -> ImpactMatrix:
        """Return an impact with ``benefit[leader][post]``, None where the pair is barred."""
        rows = [
            {"leader_index": leader, "post_index": post, "benefit": value, "cost_gbp": cost_gbp * (post + 1)}
            for leader, values in enumerate(benefit)
            for post, value in enumerate(values)
            if value is not None
        ]
        return ImpactMatrix(pd.DataFrame(rows), pd.DataFrame({"post_index": [], "rule": [], "reason": []}), ())

    def problem(self, benefit: list[list[float | None]]) -> PlacementProblem:
        return placement_problem(self.known(), self.impact(benefit))

    def plan(self, benefit: list[list[float | None]]) -> PlacementPlan:
        return solve(self.problem(benefit), time_limit_seconds=30, seed=1)

    def plan_case(self, need: list[float] | None = None, **parameters: float) -> PlanCase:
        """Return the best plan of the world's own benefits, with what it is explained from."""
        urns = np.arange(1, len(self.panel.schools) + 1)
        table = pd.DataFrame({"urn": urns, "need": need or 0.4, "p_fall_if_inspected": 0.3}).astype({"urn": "int64"})
        forecast = RiskForecast(AS_OF, table, {}, {})
        known = self.known(**parameters)
        impact = impact_matrix(known, forecast)
        problem = placement_problem(known, impact)
        plan = solve(problem, time_limit_seconds=30, seed=1)
        return PlanCase(problem, plan, impact, context_of(known, table.set_index("urn")["need"]))

    def case(self, impact: ImpactMatrix, **more: Any) -> AuditCase:
        """Return what an audit of this world starts from; ``more``: other fields of the case, or need by URN."""
        urns = more.pop("urns", self.panel.schools["urn"].to_numpy())
        need = more.pop("need", pd.Series(dtype=float))
        table = pd.DataFrame({"urn": urns, "need": need.reindex(urns).to_numpy(), "p_fall_if_inspected": 0.1})
        forecast = RiskForecast(AS_OF, table, {}, {})
        return AuditCase.of(replace(self.known(), urns=urns), forecast, impact, **more)

    def audit(self, problem: PlacementProblem, plan: PlacementPlan, impact: ImpactMatrix, **more: Any) -> Audit:
        """Return the audit of a plan whose pairs and benefits were set by hand."""
        return audit_as_valued(self.case(impact, **more), problem, plan)

    def recount(self, problem: PlacementProblem, plan: PlacementPlan, impact: ImpactMatrix, **more: Any) -> Audit:
        """Return only what the audit counts over placements, whatever rules the problem was made under."""
        case = self.case(impact, **more)
        return Audit(tuple(recount_checks(case, Claim(problem, plan), capacities_of(case), None)))

    def audited(self, benefit: list[list[float | None]], before: "World | None" = None) -> Audit:
        """Return the audit of the best plan; of the plan that ``before`` made under looser rules, what it counts."""
        made, check = before or self, self.recount if before else self.audit
        return check(made.problem(benefit), made.plan(benefit), made.impact(benefit))

    def broken(self, benefit: list[list[float | None]], before: "World | None" = None) -> set[str]:
        """Return the checks of ``audited`` that do not hold."""
        return {check.name for check in self.audited(benefit, before).checks if not check.holds}

    def with_rules(self, rules: dict[str, Any], **keys: Any) -> "World":
        return replace(self, scenario=_scenario(rules, **keys))


@pytest.fixture(scope="session")
def world() -> Callable[..., World]:
    def build(
        schools: list[dict[str, Any]],
        leaders: list[dict[str, Any]] | None = None,
        posts: list[dict[str, Any]] | None = None,
        rules: dict[str, Any] | None = None,
        **keys: Any,
    ) -> World:
        empty = pd.DataFrame()
        years = pd.DataFrame(
            {
                "urn": np.arange(1, len(schools) + 1),
                "year": 2015,
                "known_on": pd.Timestamp("2016-02-01"),
                "pupils": 210.0,
                "fsm6_share": 0.5,
                "fsm_share": 0.3,
            }
        )
        panel = SchoolPanel(AS_OF, _schools(schools), empty, years, empty, empty, True)
        return World(
            _scenario(rules or {}, **keys),
            panel,
            LeaderPool(_leaders(leaders or [{} for _ in schools]), True),
            Posts(_posts(posts or [{} for _ in schools]), True),
        )

    return build


@pytest.fixture(scope="session")
def drawn_cases() -> ModuleType:
    """Return ``drawn_cases.py``: worlds drawn by a seed, valued and solved."""
    spec = spec_from_file_location("drawn_cases", Path(__file__).with_name("drawn_cases.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
