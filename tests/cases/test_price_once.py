"""Case opt-02: the price of a soft rule counts once in the objective, whatever the draws and the equity weights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage import assets

NEAR_HOME = {"max_travel_km": 0}  # every school is beyond it
CVAR = ("objective.measure=mean_less_cvar", "objective.draws=20", "objective.cvar_share=0.2")
SURE_HEADS = ("leader_quality=1", "leader_quality_sd=0.01", "months_per_sd_primary_above=2")  # worth above the price
WEIGHTED = ("objective.equity_weights.deprivation_fifths={1: 2, 2: 2, 3: 2, 4: 2, 5: 2}",)


def _plan(folder: Path) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert plan["audit_clean"]
    assert plan["status"] == "optimal"
    return plan


@pytest.mark.parametrize("weight", ["0", "0.5", "1.0"])
@pytest.mark.parametrize("equity", [(), WEIGHTED])
def test_one_more_pupil_month_of_price_costs_one_for_each_breach(case: Any, weight: str, equity: Any) -> None:
    heads = [f"impact.parameters.{setting}" for setting in SURE_HEADS]
    settings = (*CVAR, f"objective.cvar_weight={weight}", *equity, *heads)
    score = {}
    for price in ("0.001", "1.001"):
        leaders, posts = [NEAR_HOME, {}], [{}, {"urn": 900006}]
        done = case.place(leaders, posts, *settings, f"rules.travel.price={price}", out=price)
        assert done.code == 0, done.err
        assert len(case.placements(price)) == 2
        score[price] = _plan(case.work / price)["objective"]
    assert score["0.001"] - score["1.001"] == pytest.approx(1, abs=1e-6)


def test_the_shipped_scenario_with_a_price_on_travel(pilotage: Callable[..., Any], tmp_path: Path) -> None:
    """The score is the mean and the worst draws, half each, less 5 for each placement beyond its leader's limit."""
    out = tmp_path / "out"
    done = pilotage("run", "cvar", "--quiet", "--out", str(out), "--set", "rules.travel.price=5")
    assert done.code == 0
    plan = _plan(out)
    placed = pd.read_csv(out / "placements.csv").merge(pd.read_csv(assets.sample() / "leaders.csv"), on="leader_id")
    schools = pd.read_csv(assets.sample() / "schools.csv").set_index("urn")["region"]
    willing = placed["willing_regions"].isna() | (placed["willing_regions"] == placed["urn"].map(schools))
    beyond = (placed["travel_km"] > placed["max_travel_km"]) & ~placed["relocates"]
    breaches = int((beyond | ~willing).sum())
    assert breaches > 0
    cvar = plan["worst_draws"]["plan"]
    assert plan["objective"] == pytest.approx(0.5 * cvar["mean"] + 0.5 * cvar["cvar"] - 5 * breaches, abs=0.01)
