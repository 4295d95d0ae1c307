"""benchmarks/worlds.py: resuming, shuffling, valuing on the truth, and its tables."""

import importlib
import json
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage import assets, pipeline
from pilotage.config.overlay import resolve
from pilotage.domain.forecast import COMPARED_COLUMNS, FORECAST_COLUMNS, RiskForecast
from pilotage.domain.panel import phases_of
from pilotage.sources.assemble import load_panel
from pilotage.sources.sample.heads import months_of
from pilotage.sources.sample.world import World

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def _module(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module(name)


@pytest.fixture
def worlds(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return _module("worlds", monkeypatch)


@pytest.fixture
def world_plans(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return _module("world_plans", monkeypatch)


def _row(name: str, seed: int, plan: float = 100.0) -> dict[str, Any]:
    kinds = ("without_floor", "equal", "shuffled", "highest_risk_first", "greedy_by_benefit", "random")
    worth = {"plan": plan} | dict.fromkeys(kinds, 50.0)
    claim = {"claimed": 200.0, "low": -10.0, "high": 410.0, "drawn_low": 120.0, "drawn_high": 280.0}
    size = {"schools": 300, "leaders": 12, "resamples": 2}
    return {"world": name, "seed": seed, "size": size, "true": worth, "no_luck": worth, "placements": 9, **claim}


def test_only_what_is_not_done_is_run_and_a_line_cut_off_is_run_again(
    worlds: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def run_world(name: str, _world: World, seed: int, size: Any) -> dict[str, Any]:
        ran.append((name, seed))
        return _row(name, seed) | {"size": asdict(size)}

    monkeypatch.setattr(worlds, "run_world", run_world)
    asked, size = Namespace(worlds=2, jobs=1, work=tmp_path), worlds.Size(300, 12, 2)
    rows = worlds._all_rows(asked, size)
    assert len(rows) == len(ran) == 2 * len(worlds.WORLDS)
    lines = (tmp_path / worlds.LINE).read_text(encoding="utf-8").splitlines()
    cut = "\n".join(lines[:-1]) + "\n" + lines[-1][:20]
    (tmp_path / worlds.LINE).write_text(cut, encoding="utf-8")
    ran.clear()
    assert worlds._all_rows(asked, size) == rows
    assert ran == [(json.loads(lines[-1])["world"], 2)]
    ran.clear()
    worlds._all_rows(asked, worlds.Size(400, 12, 2))
    assert len(ran) == len(rows)  # worlds of another size are others


def test_shares_and_ranges_are_those_of_the_rows(worlds: ModuleType) -> None:
    """Plans of 100 and 300 beside 50 each: shares 0.5 and 0.17; claims of 200: 2 and 0.67; 120 to 280 holds neither."""
    rows = [_row("validity 0", 1, 100.0), _row("validity 0", 2, 300.0)]
    benefits = worlds._benefits({"validity 0": rows}, "true")
    assert "| validity 0 | random | 50 (50 to 50) | 0.33 (0.18 to 0.48) | 0.25 |" in benefits
    claims = worlds._claims({"validity 0": rows})
    assert "| 200 (200 to 200) | 1.33 (0.73 to 1.93) | 1.00 | 1.00 | 100% | 100% | 0% | 0% |" in claims


def test_where_nothing_is_gained_no_share_is_given(worlds: ModuleType) -> None:
    rows = [_row("no effect", 1, 0.0)]
    assert "| no effect | the plan | 0 (0 to 0) | none | none |" in worlds._benefits({"no effect": rows}, "true")
    assert "| none | none | none |" in worlds._claims({"no effect": rows})


@pytest.mark.parametrize("stage", ["primary", "secondary"])
def test_the_months_to_be_expected_are_the_mean_over_many_heads(world_plans: ModuleType, stage: str) -> None:
    """Over 400,000 draws: standard error 0.003 months."""
    world, mean = World(effect=0.5), np.array([-0.7, 0.0, 0.4])
    drawn = mean[:, None] + 0.8 * np.random.default_rng(1).normal(0, 1, (3, 400_000))
    many = months_of(drawn, pd.Series([stage] * 3), world).mean(axis=1)
    assert world_plans._expected_months(mean, 0.8, stage, world) == pytest.approx(many, abs=0.01)


def test_without_luck_a_leader_counts_as_seen_or_as_expected(world_plans: ModuleType) -> None:
    """Secondary, 1 month for each standard deviation, after a head of 1: a head seen at 2, and one not seen."""
    seen, head = np.array([2.0, np.nan]), np.array([1.0, 1.0])
    found = world_plans._expected_effect(pd.Series(["head", "head"]), seen, head, "secondary", World())
    assert found == pytest.approx([1.5, 0.0])


def test_shuffled_risks_stay_in_their_phase_and_keep_their_draws(world_plans: ModuleType) -> None:
    """Each school has the figures, the draws and the comparison of one other school of its phase."""
    panel = load_panel(resolve("baseline").scenario, cache=assets.cache(), say=print)
    urns = np.sort(panel.schools["urn"].to_numpy())[:400]
    number = np.arange(400, dtype=float)
    table = pd.DataFrame(dict.fromkeys(FORECAST_COLUMNS, number)).assign(urn=urns)
    compared = pd.DataFrame(dict.fromkeys(COMPARED_COLUMNS, number)).assign(urn=urns)
    draws = {"p_stuck": np.repeat(number[:, None], 3, axis=1).astype(np.float32)}
    shuffled = world_plans.with_shuffled_risks(RiskForecast(panel.as_of, table, {}, draws, compared), panel, 3)
    donor = shuffled.table["p_below_good"].to_numpy().astype(int)
    assert sorted(donor) == list(range(400))
    assert (donor != number).mean() > 0.9
    phase = phases_of(panel, pd.Series(urns)).to_numpy()
    assert (phase[donor] == phase).all()
    assert (shuffled.draws["p_stuck"][:, 1] == donor).all()
    assert (shuffled.compared["gap_months_at_horizon"] == donor).all()
    assert (shuffled.table["need"] == donor).all()
    assert (shuffled.table["urn"] == urns).all()


@pytest.mark.slow
def test_a_plan_is_worth_nothing_where_no_head_changes_anything_and_something_where_they_do(
    world_plans: ModuleType,
) -> None:
    size = world_plans.Size(300, 16, 2)
    nothing = world_plans.run_world("no effect", World(effect=0.0), 1, size)
    assert set(nothing["true"].values()) == set(nothing["no_luck"].values()) == {0.0}
    assert nothing["claimed"] > 0
    some = world_plans.run_world("validity 0.25", World(), 1, size)
    assert some == world_plans.run_world("validity 0.25", World(), 1, size)
    assert some["no_luck"]["plan"] > 0
    assert some["low"] < some["drawn_low"] < some["claimed"] < some["drawn_high"] < some["high"]


@pytest.mark.slow
def test_the_truth_in_the_place_of_the_model_gives_the_models_own_figure(
    world_plans: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the modelled months of each pair and the modelled loss as the truth, a plan is worth what it claims."""
    from pilotage.sources.sample.build import write

    write(tmp_path / "england", 300, 16, 1)
    resolved = resolve("baseline", [f"data.folder={(tmp_path / 'england').as_posix()}"])
    case = pipeline.gather(resolved)
    store = world_plans.Store(tmp_path / "store")
    forecast = world_plans._forecast(resolved, case, world_plans.Size(300, 16, 2), store)
    stated = pipeline.state(case, forecast)
    chosen = pipeline.decide(resolved, stated).plan.chosen
    pairs = stated.impact.pairs
    modelled = (pairs["effect_months"].to_numpy(np.float64), pairs["origin_loss"].to_numpy(np.float64))
    monkeypatch.setattr(world_plans, "true_months", lambda *_: modelled)
    claimed = world_plans._claimed(case, forecast, stated, chosen)["claimed"]
    assert len(chosen) > 3
    assert world_plans.valued(case, stated, chosen, None, True) == pytest.approx(claimed, rel=1e-4)
