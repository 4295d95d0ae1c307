"""A small run in which every number is set by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotage import assets
from pilotage.case.record import RunRecord
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.findings.explanation import Audit, Baseline, Check, RuleState
from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.domain.forecast import FORECAST_COLUMNS, ImpactMatrix, OutcomeState, RiskForecast
from pilotage.domain.inputs import InputFile
from pilotage.domain.need import below_good
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Status

AS_OF = date(2016, 8, 31)
HOSTILE = '<b>&"x"'
FORMULA = "=HYPERLINK(1)"

# urn, name, need, p_fall, p_stuck, gap, missing
SCHOOLS = (
    (105, "Alder School", 0.40, 0.30, None, 5.0, ""),
    (104, HOSTILE, 0.60, None, 0.70, 3.0, ""),
    (103, FORMULA, 0.20, 0.20, None, None, "gap: suppressed"),
    (102, "Beech School", 0.20, 0.20, None, 1.0, ""),
    (101, "Cedar School", None, None, None, None, "every outcome: no inspection, not published"),
    (106, "Dogwood School", 0.90, 0.90, None, 2.0, ""),
    (107, "Elm School", 0.10, 0.10, None, 2.0, ""),
    (108, "Fir School", 0.15, 0.15, None, 2.0, ""),
)
# leader, post, benefit; the first two are chosen; posts are those of POST_URNS
PAIRS = ((0, 0, 12.5), (0, 1, 4.0), (1, 1, 7.25), (1, 2, 7.0), (2, 3, 7.0), (2, 0, 1.0), (2, 5, -1.0))
SCHOOLS_FILE = InputFile("sample", "schools.csv", assets.sample() / "schools.csv", "ab" * 32)
POST_URNS = (105, 104, 103, 102, 106, 107)
CHOSEN = (0, 2)


def scenario(**keys: Any) -> Scenario:
    base = {
        "name": "small",
        "why": "A test of the reports.",
        "as_of": AS_OF,
        "data": {"source": "sample"},
        "outcomes": {"leadership_fall": {}, "gap_widening": {}},
        "pool": {"source": "files"},
        "rules": {
            "consent": {"rule": "consent"},
            "budget": {"rule": "budget", "total_gbp": 20_000},
            "cap": {"rule": "authority_cap", "count": 2},
        },
    }
    return Scenario.model_validate(base | keys)


def schools() -> pd.DataFrame:
    rows = [
        {
            "urn": urn,
            "name": name,
            "phase": "primary",
            "authority": "Derby",
            "region": "East Midlands",
            "easting": 430_000.0 + 4_000 * number,
            "northing": 330_000.0 + 3_000 * (number % 3),
            "place_source": "sample",
            "pupils": None if urn == 101 else 210,
            "sponsor_led": False,
        }
        for number, (urn, name, *_) in enumerate(SCHOOLS)
    ]
    return tables.validated(tables.SCHOOLS, pd.DataFrame(rows), "schools")


def panel(*, synthetic: bool) -> SchoolPanel:
    empty = pd.DataFrame()
    return SchoolPanel(
        AS_OF, schools(), empty, empty, empty, empty, synthetic, notes=("A note.",), inputs=(SCHOOLS_FILE,)
    )


def forecast() -> RiskForecast:
    rows = [
        {
            "urn": urn,
            "p_fall_if_inspected": fall,
            "p_fall_if_inspected_low": None if fall is None else fall - 0.05,
            "p_fall_if_inspected_high": None if fall is None else fall + 0.05,
            "p_stuck": stuck,
            "gap_months": gap,
            "need": need,
            "reasons": "" if need is None else "Absence 6.0%, 1.2 points above similar schools.",
            "missing": missing,
        }
        for urn, _, need, fall, stuck, gap, missing in SCHOOLS
    ]
    table = pd.DataFrame(rows).reindex(columns=list(FORECAST_COLUMNS)).sort_values("urn", ignore_index=True)
    numbers = [name for name in FORECAST_COLUMNS if name not in ("urn", "reasons", "missing")]
    table = table.astype(dict.fromkeys(numbers, float))
    table["p_below_good"] = below_good(table)
    outcomes = {
        "leadership_fall": OutcomeState(True, "", 400, 0.2),
        "gap_widening": OutcomeState(False, "no results by pupil group are published for 2016"),
    }
    draws = {"p_fall_if_inspected": np.full((len(table), 4), 0.25, dtype=np.float32)}
    return RiskForecast(AS_OF, table.astype(dict.fromkeys(numbers, float)), outcomes, draws)


def impact() -> ImpactMatrix:
    frame = pd.DataFrame(PAIRS, columns=["leader_index", "post_index", "benefit"])
    fixed = {"travel_km": 10.25, "acceptance": 0.8, "stay": 0.7, "effect_months": 0.5, "pupils": 20.0}
    spread = {"benefit_low": frame["benefit"] - 9, "benefit_high": frame["benefit"] + 9}
    pairs = frame.assign(**fixed, **spread, origin_loss=0.0, fall_value=0.0, cost_gbp=8000.0)
    barred = pd.DataFrame(
        {"post_index": [4], "rule": ["consent"], "reason": ["consent_refused"], "nearest_km": [np.nan]}
    )
    return ImpactMatrix(pairs, barred, ("A benefit is modelled.",))


def problem(scale: int = 1000) -> PlacementProblem:
    leader, post, benefit = zip(*PAIRS, strict=True)
    return PlacementProblem(
        leader_ids=("L1", "L2", "L3"),
        post_ids=tuple(f"P{number}" for number in range(len(POST_URNS))),
        urns=np.array(POST_URNS, dtype=np.int64),
        leader=np.array(leader, dtype=np.int32),
        post=np.array(post, dtype=np.int32),
        benefit=np.rint(np.array(benefit) * scale).astype(np.int64),
        scale=scale,
    )


def record(*, school: bool = True, leader: bool = True, **changes: Any) -> RunRecord:
    """Return the run; ``school`` and ``leader`` say whether those are synthetic, ``changes`` replace fields."""
    opens = pd.Timestamp("2017-01-04")
    stated = {"level": "head", "opens_on": opens, "consent": "yes"}
    posts = pd.DataFrame({"post_id": problem().post_ids, "urn": POST_URNS, **stated})
    free = [pd.Timestamp(day) for day in ("2016-09-01", "2017-04-20", "2016-09-01")]
    fixed = {"level": "head", "phases": "primary;secondary", "max_travel_km": 40.0, "relocates": False}
    named = {"leader_id": problem().leader_ids, "available_from": free, "willing_regions": None, "subjects": None}
    in_post = pd.array([101, None, None], dtype="Int64")  # L1 leads 101
    leaders = pd.DataFrame(named).assign(**fixed, current_urn=in_post)
    whole = RunRecord(
        scenario=scenario(),
        resolved_yaml="name: small  # small.yaml, line 1\n",
        panel=panel(synthetic=school),
        urns=np.sort(np.array([row[0] for row in SCHOOLS], dtype=np.int64)),
        forecast=forecast(),
        pool=LeaderPool(leaders, leader),
        posts=Posts(posts, leader),
        impact=impact(),
        problem=problem(),
        plan=PlacementPlan(Status.OPTIMAL, np.array(CHOSEN, dtype=np.int64), 19_750, 19_750, 19_750.0),
        audit=Audit((Check("one post per leader", True, "2 leaders"),)),
        baselines=(Baseline("random", "At random among eligible pairs", 2, 11_000, ("budget",)),),
        rule_states=(
            RuleState("consent", "consent", acts="bars", unit="post", binding=True, barred_alone=1, closed_posts=1),
            RuleState(
                *("budget", "budget", "total cost at most £20,000"),
                unit="pound",
                sense="<=",
                activity=16_000,
                limit=20_000,
            ),
            RuleState(
                *("cap", "authority_cap", "at most 2 placements in Derby", ("Derby",)),
                sense="<=",
                activity=2,
                limit=2,
                binding=True,
            ),
        ),
        reserves={0: ("L3", None), 2: (None, None)},
        assumptions=("A benefit is modelled.", "delta = 0.2 (assumed: a judgement)"),
        inputs=(SCHOOLS_FILE,),
        versions={"pilotage": "0.2.0", "python": "3.11"},
        timings={"solve": 0.5},
        unplaced=(Unplaced(2, Why.BETTER_USE, 0, 10.25, holder=0),),
    )
    return replace(whole, **changes)
