"""Worlds drawn by a seed in which every rule, column and objective can occur, valued and solved by the product."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.errors import PilotageError
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.eligibility.known_pairs import with_known_pairs
from pilotage.placement.prospects import with_prospects
from pilotage.sources.evidence import load_evidence

AS_OF = pd.Timestamp("2016-08-31")
DAYS = [pd.Timestamp(day) for day in ("2016-09-01", "2017-01-01", "2017-09-01", "2018-09-01", "2019-04-20")]
PHASES = ["primary", "primary", "secondary", "all_through", "nursery", "special"]
SPAN = {"rule": "executive_span", "minimum": 2, "when_short": "reduce"}
PRICED = ("consent", "level", "phase", "subject", "requirement", "availability", "travel")


@dataclass(frozen=True)
class Solved:
    """A world's audit case, its problem and its plan."""

    case: AuditCase
    problem: PlacementProblem
    plan: PlacementPlan


def solved(seed: int, size: int = 7, **keys: Any) -> Solved | None:
    """Return the world of a seed with its plan; None where its rules can't hold or are refused."""
    random = np.random.default_rng(seed)
    panel, pool, posts = _panel(random, size), _pool(random, size), _posts(random, size)
    scenario = Scenario.model_validate(_scenario(random, size) | keys)
    urns = panel.schools["urn"].to_numpy()
    forecast, evidence = _forecast(random, panel), load_evidence(_parameters(random))
    try:
        scenario = with_known_pairs(scenario, posts.pairs)
        known = Case(scenario, panel, urns, pool, posts, evidence)
        stated = pipeline.state(known, forecast)
        decided = pipeline.decide(SimpleNamespace(scenario=scenario), stated)
    except PilotageError:
        return None
    return Solved(pipeline.audit_case(known, forecast, stated), decided.problem, decided.plan)


def valued_world(small: Any, compared: pd.DataFrame | None = None, **parameters: float) -> Solved:
    """Return a world of ``conftest`` valued by the product, with its plan.

    Every school is alike but for its tables and for what is ``compared``.
    """
    urns, evidence = small.panel.schools["urn"].to_numpy(), load_evidence(parameters)
    table = pd.DataFrame({"urn": urns, "need": 0.4, "p_fall_if_inspected": 0.3})
    forecast = RiskForecast(small.panel.as_of, table, {}, {}, compared)
    known = with_prospects(Case(small.scenario, small.panel, urns, small.pool, small.posts, evidence))
    stated = pipeline.state(known, forecast)
    decided = pipeline.decide(SimpleNamespace(scenario=small.scenario), stated)
    return Solved(pipeline.audit_case(known, forecast, stated), decided.problem, decided.plan)


def _some(random: np.random.Generator, values: list[Any], size: int) -> list[Any]:
    return [values[n] for n in random.integers(0, len(values), size)]


def _panel(random: np.random.Generator, size: int) -> SchoolPanel:
    frame = pd.DataFrame(
        {
            "urn": np.arange(1, size + 1),
            "name": "A school",
            "phase": _some(random, PHASES, size),
            "authority": _some(random, ["Derby", "Oldham", "Hull"], size),
            "region": _some(random, ["East Midlands", "London"], size),
            "area": _some(random, ["Derby", "Oldham", None], size),
            "trust": _some(random, ["Ark", "Oak", None], size),
            "easting": random.uniform(0, 40_000, size).round(),
            "northing": random.uniform(0, 40_000, size).round(),
            "place_source": "sample",
            "pupils": random.integers(100, 900, size),
            "sponsor_led": False,
        }
    )
    rows = [
        {"urn": urn, "year": year, "known_on": pd.Timestamp(f"{year + 1}-02-01")}
        | {"pupils": _maybe(random, 0.8, random.integers(90, 900)), "fsm_share": _maybe(random, 0.9, random.random())}
        | {"fsm6_share": _maybe(random, 0.6, random.random())}
        for urn in range(1, size + 1)
        for year in (2014, 2015, 2016)
    ]
    empty = pd.DataFrame()
    years = pd.DataFrame(rows).astype({"pupils": float, "fsm_share": float, "fsm6_share": float})
    return SchoolPanel(AS_OF.date(), tables.validated(tables.SCHOOLS, frame, "t"), empty, years, empty, empty, True)


def _maybe(random: np.random.Generator, chance: float, value: Any) -> Any:
    return value if random.random() < chance else None


def _pool(random: np.random.Generator, size: int) -> LeaderPool:
    count = max(2, size - 1)
    frame = pd.DataFrame(
        {
            "leader_id": [f"L{number}" for number in range(count)],
            "level": _some(random, ["head", "head", "executive", "senior", "middle"], count),
            "phases": _some(random, ["primary", "primary; secondary", "secondary;all_through;special"], count),
            "subjects": _some(random, ["English", "mathematics; English", None], count),
            "meets": _some(random, ["Catholic", "Catholic;Welsh", None], count),
            "easting": random.uniform(0, 40_000, count).round(),
            "northing": random.uniform(0, 40_000, count).round(),
            "max_travel_km": random.uniform(10, 50, count).round(1),
            "willing_regions": _some(random, ["London", "London; East Midlands", None, None], count),
            "relocates": _some(random, [True, False, False], count),
            "available_from": _some(random, DAYS[:3], count),
            "span": _some(random, [None, 2, 3], count),
            "current_urn": _some(random, [None, 1, 2, 3, 999], count),
            "effect_mean": _some(random, [None, None, 0.05], count),
            "effect_sd": _some(random, [None, 0.03], count),
            "team_id": _some(random, [None, None, None, "A"], count),
            "cost_gbp": _some(random, [None, 5000, 12_000], count),
        }
    )
    return LeaderPool(tables.validated(tables.LEADERS, frame, "t"), True)


def _posts(random: np.random.Generator, size: int) -> Posts:
    count = size + 3
    frame = pd.DataFrame(
        {
            "post_id": [f"P{number:02}" for number in range(count)],
            "urn": random.integers(1, size + 1, count),
            "level": _some(random, ["head", "head", "executive", "senior", "middle"], count),
            "subject": _some(random, ["English", None], count),
            "requires": _some(random, ["Catholic", None, None], count),
            "opens_on": _some(random, DAYS, count),
            "consent": _some(random, ["yes", "yes", "unknown", "no"], count),
            "created": False,
            "salary_gbp": _some(random, [None, 4000], count),
        }
    )
    pairs = pd.DataFrame([{"leader_id": "L0", "post_id": "P00", "state": "refused", "date": pd.NaT, "by": None}])
    earlier = pd.DataFrame([("L1", "P01"), ("L0", "P02")], columns=["leader_id", "post_id"])
    return Posts(tables.validated(tables.POSTS, frame, "t"), True, pairs=pairs, earlier={"moves": earlier})


def _forecast(random: np.random.Generator, panel: SchoolPanel) -> RiskForecast:
    size = len(panel.schools)
    fall = np.where(random.random(size) < 0.8, random.random(size) / 2, np.nan)
    need = np.where(random.random(size) < 0.9, random.random(size), np.nan)
    table = pd.DataFrame({"urn": panel.schools["urn"], "need": need, "p_fall_if_inspected": fall})
    draws = np.clip(fall[:, None] + random.normal(0, 0.05, (size, 10)), 0, 1).astype(np.float32)
    given = {"p_fall_if_inspected": draws} if random.random() < 0.7 else {}
    compared = _compared(random, panel) if random.random() < 0.7 else None
    return RiskForecast(panel.as_of, table, {}, given, compared)


def _compared(random: np.random.Generator, panel: SchoolPanel) -> pd.DataFrame:
    """Return signals of the panel's schools: of few phases there are enough, unless a world is large."""
    size = len(panel.schools)
    columns: dict[str, Any] = {
        "p_below_good": np.where(random.random(size) < 0.9, random.beta(2, 5, size), np.nan),
        "gap_months_at_horizon": np.where(random.random(size) < 0.9, random.normal(6, 3, size), np.nan),
        "gap_sd_months_at_horizon": np.where(random.random(size) < 0.8, random.uniform(0, 4, size), np.nan),
    }
    return pd.DataFrame({"urn": panel.schools["urn"], "phase": panel.schools["phase"].astype(str)} | columns)


def _parameters(random: np.random.Generator) -> dict[str, float]:
    return {
        "inspection_validity": float(random.choice([0.25, 0.6])),
        "carry_over": float(random.choice([0.0, 0.5, 1.0])),
        "leader_quality": float(random.choice([0.5, 1.0])),
        "fall_value_months": float(random.choice([0.0, 5.0])),
        "origin_loss_share": float(random.choice([0.25, 1])),
    }


def _scenario(random: np.random.Generator, size: int) -> dict[str, Any]:
    rules = _rules(random, size)
    keys: dict[str, Any] = {
        **{"name": "drawn", "why": "a test", "as_of": AS_OF.date(), "data": {"source": "sample"}},
        **{"outcomes": {"leadership_fall": {}}, "pool": {"source": "files"}, "rules": rules},
        "time": {
            "years": int(random.integers(1, 4)),
            "term_years": int(random.integers(1, 4)),
            "discount_rate": float(random.choice([0.0, 0.05])),
        },
    }
    if random.random() < 0.3:
        keys["interventions"] = {"support": {"capacity": {"London": 2, "East Midlands": 1}}}
    if random.random() < 0.3:
        keys["bans"] = {"b": {"leader_id": "L1", "urn": 2, "reason": "r", "author": "a"}}
    if random.random() < 0.15:
        keys["pins"] = {"p": {"leader_id": "L1", "post_id": "P03", "reason": "r", "author": "a"}}
    objective: dict[str, Any] = {}
    if random.random() < 0.3:
        objective["equity_weights"] = {"deprivation_fifths": {5: 1.5, 1: 0}, "areas": {"area: Derby": 1.3}}
    if random.random() < 0.3:
        weight = float(random.choice([0.3, 0.5, 1.0]))
        objective |= {"measure": "mean_less_cvar", "cvar_weight": weight, "cvar_share": 0.2, "draws": 20}
    return keys | {"objective": objective}


def _rules(random: np.random.Generator, size: int) -> dict[str, Any]:
    rules: dict[str, Any] = {name: {"rule": name} for name in PRICED if random.random() < 0.6}
    if "consent" in rules:
        rules["consent"]["accept_unknown"] = bool(random.random() < 0.5)
    rules |= {name: rule for name, rule in _counting(random, size).items() if random.random() < 0.25}
    for rule in rules.values():
        if rule["rule"] != "hold_back" and random.random() < 0.4:
            rule["price"] = float(random.choice([0.5, 2.0, 7.0]))
    return rules


def _counting(random: np.random.Generator, size: int) -> dict[str, Any]:
    share = float(random.choice([0.0, 0.33333, 0.5, 0.66667]))
    counts = str(random.choice(["place", "support", "both"]))
    cases = {"c": {"urn": 1, "reason": "r", "author": "a"}, "d": {"urn": 2, "reason": "r", "author": "a"}}
    return {
        "least": {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1, "counts": counts},
        "part": {"rule": "area_minimum", "share": share / 2},
        "most": {"rule": "area_maximum", "share": share, "of": str(random.choice(["placements", "pool"]))},
        "cap": {"rule": str(random.choice(["authority_cap", "trust_cap", "region_cap"])), "count": 2, "counts": counts},
        "money": {"rule": "budget", "total_gbp": 9000 * size // 2, "per_year": bool(random.random() < 0.4)},
        "phases": {"rule": "phase_balance", "shares": {"primary": {"minimum": share / 2, "maximum": 0.66667}}},
        "deprived": {"rule": "deprived_share", "share": share / 2, "most_deprived": 0.4},
        "cases": {"rule": "case_quota", "cases": cases, "maximum_count": 2, "minimum_share": share / 3},
        "moves": {"rule": "moves", "earlier_plan": "p.csv", "count": int(random.integers(0, 3))},
        "span": {
            "rule": "executive_span",
            "minimum": 2,
            "when_short": "reduce",
            "one_trust": bool(random.random() < 0.3),
        },
        "teams": {"rule": "teams", "together": str(random.choice(["school", "authority"])), "when_impossible": "leave"},
        "need": {"rule": "need_threshold", "top_share": 0.6, "unknown": str(random.choice(["bar", "keep"]))},
        "trial": {"rule": "hold_back", "posts": 1, "seed": 3},
    }
