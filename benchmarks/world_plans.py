"""One synthetic England: plans made with and without its forecast, each valued on its truth.

The truth replaces what a plan assumes of effects: a leader's true months beside the school's next appointment, and the
true months that the school left would lose. Acceptance, stay, fade-in, pupils and the share that is lost are the
product's own, in all plans alike. A plan is valued twice. ``true``: by the heads and leaders as drawn. ``no_luck``:
without the luck that no plan can foresee. A leader of whom planners have no evidence then counts with what is to be
expected of leaders, and the next appointment with what is to be expected given the school's true head now.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from pilotage import assets, pipeline
from pilotage.assets import Store
from pilotage.case.case import Case
from pilotage.config.overlay import Resolved, resolve
from pilotage.config.rules.need import NeedThreshold
from pilotage.config.scenario import Scenario
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.outcomes import FIGURES, GAP_SD
from pilotage.domain.panel import SchoolPanel, phases_of
from pilotage.placement.analysis.baselines import baselines
from pilotage.placement.analysis.pupils_counted import sharing
from pilotage.placement.cohorts import finishers
from pilotage.placement.valuation.benefit_draws import benefit_draws
from pilotage.risk.forecast import forecast_risk
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec, load_specs
from pilotage.sources.sample.build import write
from pilotage.sources.sample.heads import MONTHS_PER_SD
from pilotage.sources.sample.leaders import MEAN_QUALITY, RATIOS, true_effects
from pilotage.sources.sample.world import World
from pilotage.study.equal_risks import with_equal_risks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Plan = tuple[pipeline.Stated, Ints]  # the decision as stated, and the pairs chosen in it

UNIT = 1000  # draws of a benefit are held in whole thousandths of a pupil-month
MOVED = (*(figure.name for figure in FIGURES), GAP_SD, "need")  # what a school's risk consists of


@dataclass(frozen=True)
class Size:
    """How large a world is, and how many resamples its forecast has."""

    schools: int = 1000
    leaders: int = 60
    resamples: int = 10


@dataclass(frozen=True)
class Truth:
    """What no plan may see: true quality of leaders, heads and next appointments, and the world that they are of."""

    leaders: pd.Series  # by leader_id
    following: pd.Series  # by urn
    heads: pd.Series  # by urn
    world: World


def run_world(name: str, world: World, seed: int, size: Size) -> dict[str, Any]:
    """Return what the plans of one world are worth by its truth, and what the plan claims; in pupil-months."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "england"
        write(folder, size.schools, size.leaders, seed, world)
        resolved = resolve("baseline", [f"data.folder={folder.as_posix()}"])
        case = pipeline.gather(resolved)
        forecast = _forecast(resolved, case, size, Store(Path(scratch) / "store"))
        found = _plans(resolved, case, forecast, _truth(folder, world), seed)
    return {"world": name, "seed": seed, "size": asdict(size), **found}


def _forecast(resolved: Resolved, case: Case, size: Size, store: Store) -> RiskForecast:
    specs = _with_resamples(load_specs(assets.models()), size.resamples)
    return forecast_risk(case.panel, resolved.scenario, case.urns, specs=specs, store=store, say=lambda _: None)


def _with_resamples(specs: dict[str, Spec], resamples: int) -> dict[str, Spec]:
    changed = dict(specs)
    for name, spec in specs.items():
        if isinstance(spec, LeadershipSpec):
            estimator = spec.estimator.model_copy(update={"resamples": resamples})
            changed[name] = spec.model_copy(update={"estimator": estimator})
    return changed


def _truth(folder: Path, world: World) -> Truth:
    leaders = pd.read_csv(folder / "truth_leaders.csv").set_index("leader_id")["quality"]
    schools = pd.read_csv(folder / "truth_schools.csv").set_index("urn")
    return Truth(leaders, schools["z_next"], schools["z"], world)


def _plans(resolved: Resolved, case: Case, forecast: RiskForecast, truth: Truth, seed: int) -> dict[str, Any]:
    stated = pipeline.state(case, forecast)
    chosen = pipeline.decide(resolved, stated).plan.chosen
    need = forecast.need.reindex(stated.problem.urns[stated.problem.post]).to_numpy(dtype=np.float64)
    made = {"plan": (stated, chosen)}
    made |= {peer.name: (stated, peer.chosen) for peer in baselines(stated.problem, need, seed)}
    made["shuffled"] = _made(resolved, case, with_shuffled_risks(forecast, case.panel, seed))
    open_case = replace(case, scenario=_without_floor(resolved))
    made["equal"] = _made(resolved, open_case, with_equal_risks(forecast, case.panel))
    made["without_floor"] = _made(resolved, open_case, forecast)
    true, expected = ({name: valued(case, *each, truth, luck) for name, each in made.items()} for luck in (True, False))
    found = {"true": true, "no_luck": expected, "placements": len(chosen)}
    return found | _claimed(case, forecast, stated, chosen)


def _without_floor(resolved: Resolved) -> Scenario:
    rules = {key: rule for key, rule in resolved.scenario.rules.items() if not isinstance(rule, NeedThreshold)}
    return resolved.scenario.model_copy(update={"rules": rules})


def _made(resolved: Resolved, case: Case, forecast: RiskForecast) -> Plan:
    """Return the plan that another forecast or other rules lead to."""
    stated = pipeline.state(case, forecast)
    return stated, pipeline.decide(replace(resolved, scenario=case.scenario), stated).plan.chosen


def with_shuffled_risks(forecast: RiskForecast, panel: SchoolPanel, seed: int) -> RiskForecast:
    """Return a forecast in which each school has the risks, with their draws, of a school of its phase drawn by lot."""
    phase = phases_of(panel, forecast.table["urn"]).to_numpy(dtype=str)
    random, row = np.random.default_rng(seed), np.arange(len(phase))
    for name in np.unique(phase):
        rows = np.flatnonzero(phase == name)
        row[rows] = random.permutation(rows)
    draws = {name: values[row] for name, values in forecast.draws.items()}
    donor = dict(zip(forecast.table["urn"], forecast.table["urn"].to_numpy()[row], strict=True))
    compared = None if forecast.compared is None else _moved(forecast.compared, donor)
    return replace(forecast, table=_moved(forecast.table, donor), draws=draws, compared=compared)


def _moved(table: pd.DataFrame, donor: dict[int, int]) -> pd.DataFrame:
    names = [name for name in MOVED if name in table]
    given = table.set_index("urn")[names].reindex([donor.get(urn, urn) for urn in table["urn"]])
    return table.assign(**{name: given[name].to_numpy() for name in names})


def valued(case: Case, stated: pipeline.Stated, chosen: Ints, truth: Truth, luck: bool) -> float:
    """Return what a plan truly adds, in pupil-months; leaders of one school share its pupils, as in the product."""
    impact, chosen = stated.impact, np.sort(chosen)
    effect, loss = true_months(case, stated, truth, luck)
    pairs = impact.pairs
    worth = pairs["acceptance"].to_numpy(np.float64) * (effect * pairs["pupils"].to_numpy(np.float64) - loss)
    alone = float(worth[chosen].sum())
    if impact.yearly is None:
        return alone
    modelled, rows = pairs["effect_months"].to_numpy(np.float64), impact.yearly.pair
    ratio = np.divide(effect, modelled, out=np.zeros(len(effect)), where=modelled > 0)[rows]
    gain = impact.yearly.gain * np.maximum(ratio, 0.0)[:, None]
    on_truth = replace(impact, yearly=replace(impact.yearly, gain=gain))
    return alone - sum(part.lost for part in sharing(on_truth, stated.problem, chosen).values())


def true_months(case: Case, stated: pipeline.Stated, truth: Truth, luck: bool) -> tuple[Floats, Floats]:
    """Return the true effect of each pair in months, and what the school left loses in pupil-months."""
    pairs, phase = stated.impact.pairs, case.panel.schools.set_index("urn")["phase"]
    leaders = case.pool.leaders.iloc[pairs["leader_index"]].reset_index(drop=True)
    urn = case.posts.posts["urn"].iloc[pairs["post_index"]].reset_index(drop=True)
    origin = leaders["current_urn"].astype("Int64")
    pupils = finishers(case.panel, case.evidence)
    filled = pupils.fillna(phase.map(pupils.groupby(phase).mean()))
    left = origin.map(filled).astype(float).fillna(0.0).where((origin != urn).fillna(True).astype(bool), 0.0)
    effect, at_origin = (_effect(leaders, schools, phase, truth, luck) for schools in (urn, origin))
    return effect, case.evidence.value("origin_loss_share") * np.maximum(at_origin, 0.0) * left.to_numpy(np.float64)


def _effect(leaders: pd.DataFrame, urn: pd.Series, phase: pd.Series, truth: Truth, luck: bool) -> Floats:
    """Return the true months of each leader at a school; 0 where there is no school."""
    quality = leaders["leader_id"].map(truth.leaders).to_numpy(np.float64)
    following, now = (urn.map(of).fillna(0.0).to_numpy(np.float64) for of in (truth.following, truth.heads))
    at, effect = urn.map(phase).to_numpy(dtype=object), np.zeros(len(leaders))
    for stage in ("primary", "secondary"):
        rows = np.flatnonzero(at == stage)
        level = leaders["level"].iloc[rows]
        if luck:
            effect[rows] = true_effects(level, quality[rows], following[rows], stage, truth.world)
        else:
            seen = np.where(leaders["effect_sd"].notna(), quality, np.nan)[rows]
            effect[rows] = _expected_effect(level, seen, now[rows], stage, truth.world)
    return effect


def _expected_effect(level: pd.Series, seen: Floats, head: Floats, stage: str, world: World) -> Floats:
    """Return the months to be expected of leaders (``seen``: quality, null without evidence) after these heads."""
    usual = _expected_months(np.full(len(head), MEAN_QUALITY), 1.0, stage, world)
    own = _expected_months(np.nan_to_num(seen), 0.0, stage, world)
    leader = np.where(np.isnan(seen), usual, own)
    following = _expected_months(world.carry_over * head, float(np.sqrt(1 - world.carry_over**2)), stage, world)
    effect: Floats = level.map(RATIOS).to_numpy(np.float64) * (leader - following)
    return effect


def _expected_months(mean: Floats, sd: float, stage: str, world: World) -> Floats:
    """Return E[M(z)] for z ~ N(mean, sd^2), in months."""
    below, above = MONTHS_PER_SD[stage]
    spread = max(sd, 1e-9)
    over = mean * ndtr(mean / spread) + spread * np.exp(-((mean / spread) ** 2) / 2) / np.sqrt(2 * np.pi)
    months: Floats = world.effect * (above * over + below * (mean - over))
    return months


def _claimed(case: Case, forecast: RiskForecast, stated: pipeline.Stated, chosen: Ints) -> dict[str, float]:
    """Return the modelled benefit of a plan, its range as the reports state it, and the range of its draws (90%)."""
    pairs = stated.impact.pairs.iloc[chosen]
    parts = sharing(stated.impact, stated.problem, chosen)
    lost = sum(part.lost for part in parts.values())
    share = np.array([parts[pair].counted if pair in parts else 1.0 for pair in chosen.tolist()])
    benefit = pairs["benefit"].to_numpy(np.float64)
    low, high = (float(((pairs[f"benefit_{end}"] - benefit) * share).sum()) for end in ("low", "high"))
    only = replace(stated.impact, pairs=pairs.reset_index(drop=True), yearly=None)
    drawn = benefit_draws(case, forecast, only, np.full(len(pairs), float(UNIT))).sum(axis=1) / UNIT - lost
    claimed = float(benefit.sum()) - lost
    ends = np.quantile(drawn, [0.05, 0.95])
    stated_ends = {"low": claimed + low, "high": claimed + high}
    return {"claimed": claimed, **stated_ends, "drawn_low": float(ends[0]), "drawn_high": float(ends[1])}
