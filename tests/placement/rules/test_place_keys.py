"""Every key that takes places, with every kind of place, on the sample: proven, audited, and kept in the plan."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.overlay import resolve
from pilotage.domain.forecast import RiskForecast
from pilotage.placement.audit.audit import audit

KINDS = ("region", "authority", "district", "area", "list", "trust")
LIST = "education_investment_areas"
Placed = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def placed() -> Placed:
    """Return a function that plans the sample with a rule and returns the schools of its placements."""
    base = resolve("baseline")
    case = pipeline.gather(base)
    forecast = pipeline.foresee(base, case)

    def plan(*settings: str) -> pd.DataFrame:
        return _plan(case, forecast, settings)

    return plan


def _plan(case: Case, forecast: RiskForecast, settings: tuple[str, ...]) -> pd.DataFrame:
    resolved = resolve("baseline", settings)
    case = replace(case, scenario=resolved.scenario)
    stated = pipeline.state(case, forecast)
    decided = pipeline.decide(resolved, stated)
    checked = audit(pipeline.audit_case(case, forecast, stated), decided.problem, decided.plan)
    assert checked.clean, [check for check in checked.checks if not check.holds]
    urns = decided.problem.urns[decided.problem.post[decided.plan.chosen]]
    return case.panel.schools.set_index("urn").loc[urns]


def _name(schools: pd.DataFrame, kind: str) -> str:
    """Return the place of a kind in which most of some schools lie."""
    return LIST if kind == "list" else str(schools[kind].mode()[0])


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_place_of_each_kind_is_limited_and_asked_for(placed: Placed, kind: str) -> None:
    free = placed()
    name = _name(free, kind)
    rule = f"areas: ['{kind}: {name}']"
    none = placed(f"rules.a={{rule: area_maximum, count: 0, {rule}}}")
    if kind != "list":
        before = int((free[kind] == name).sum())
        assert before > 0
        assert not (none[kind] == name).any()
        each = placed(f"rules.a={{rule: area_minimum, count: 1, each: true, {rule}}}")
        assert (each[kind] == name).any()
    for cap, column in (("authority_cap", "authority"), ("trust_cap", "trust"), ("region_cap", "region")):
        capped = placed(f"rules.a={{rule: {cap}, count: 1, {rule}}}")
        inside = capped if kind == "list" else capped[capped[kind] == name]
        if kind != "list":
            assert inside[column].value_counts().max() <= 1 or inside[column].isna().all()


@pytest.mark.slow
def test_a_trust_is_asked_for_and_left_out(placed: Placed) -> None:
    tight = "rules.budget.total_gbp=100000"
    few, many = set(placed(tight)["trust"].dropna()), placed()["trust"].value_counts()
    rare = str(next(trust for trust in many.index if trust not in few))
    asked = placed(tight, f"rules.a={{rule: area_minimum, count: 1, areas: 'trust: {rare}'}}")
    assert (asked["trust"] == rare).sum() >= 1
    assert not (placed(f"rules.a={{rule: trust_cap, count: 0, trusts: ['{rare}']}}")["trust"] == rare).any()
