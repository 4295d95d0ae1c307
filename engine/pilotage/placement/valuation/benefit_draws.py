"""Draws of the benefit of every pair: the same uncertain worlds for all of them.

In draw d the pair p of leader l (level v) and post j (school s, stage g) is worth

``B(p, d) = b(p) + h(p) z(v, g, d) + c(p) (m(s, d) - mean over the draws) + k(p) (q(s, d) x(d) - mean over the draws)``

b expected benefit; h what one standard deviation of what the leader brings moves it by; z standard normal, one for each
level and stage (the doubt about the quality of trained leaders and its effect is the same for all of them); c what a
month otherwise is worth; m what the school would have otherwise (``otherwise.months_drawn``: validity and carry-over
the same for all schools, chance and gap the school's own); k what a fall averted for certain is worth; q the school's
own chance of a fall in that draw of the forecast; x the relative reduction (delta), normal, one for all. Each z has
mean 0 and standard deviation 1 over the draws used, so that the mean over them is b. What broken rules cost, and what
leaders of one school would count twice, is the same in every draw: the objective charges it once, and no draw does.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.outcomes import FALL
from pilotage.errors import Problem, ScenarioError
from pilotage.placement.support import leaders_and_regions, posts_and_schools
from pilotage.placement.valuation.counterfactual import PRIMARY_LIKE
from pilotage.placement.valuation.otherwise import months_drawn, quality_in

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_CELLS = 60_000_000  # draws x pairs, of four bytes: 2,000 schools, 100 leaders and 200 draws have a third of it


def benefit_draws(case: Case, forecast: RiskForecast, impact: ImpactMatrix, unit: Floats) -> NDArray[np.int32]:
    """Return the benefit of each pair in each draw times ``unit`` (one per pair), rounded, shape (draws, pairs).

    Raises
    ------
    ScenarioError
        When draws times pairs exceed ``MOST_CELLS``: say what to do.
    """
    draws, evidence = case.scenario.objective.draws, case.evidence
    pairs, table = impact.pairs, posts_and_schools(case, impact.support)
    _refuse_too_many(draws, len(pairs))
    random = np.random.default_rng(case.scenario.solver.seed)
    kind = _kinds(pairs, leaders_and_regions(case, impact.support), table)
    effects = _standard(random, draws, int(kind.max(initial=-1)) + 1)
    delta = evidence.value("fall_reduction") + evidence.value("fall_reduction_sd") * _standard(random, draws, 1)
    falls = _chances(forecast, draws, random) * delta.T
    falls -= falls.mean(axis=1, keepdims=True)
    school = pd.Index(forecast.table["urn"]).get_indexer(pd.Index(table["urn"].to_numpy()[pairs["post_index"]]))
    months = months_drawn(case, forecast, quality_in(case, forecast), table, draws)
    months -= months.mean(axis=1, keepdims=True)
    post, weight = pairs["post_index"].to_numpy(), pairs["counterfactual_weight"].to_numpy(dtype=np.float64)
    known = pairs["fall_weight"].to_numpy(dtype=np.float64) * (school >= 0)
    base, spread = (pairs[name].to_numpy(dtype=np.float64) for name in ("benefit", "effect_spread"))
    benefit = np.empty((draws, len(pairs)), dtype=np.int32)
    for draw in range(draws):
        worth = base + spread * effects[draw, kind] + weight * months[post, draw] + known * falls[school, draw]
        worth *= unit
        _refuse_too_large(worth)
        benefit[draw] = np.rint(worth)
    return benefit


def _refuse_too_large(worth: Floats) -> None:
    most = float(np.abs(worth).max(initial=0.0))
    if not most <= np.iinfo(np.int32).max:
        fault = f"a benefit of {most:,.0f} integer units in one draw"
        do = "look at the parameters and weights that it is made from, or take expected_benefit"
        raise ScenarioError(Problem("objective.measure", fault, f"at most {np.iinfo(np.int32).max:,}", do))


def _refuse_too_many(draws: int, pairs: int) -> None:
    if draws * pairs > MOST_CELLS:
        fault = f"{draws:,} draws x {pairs:,} pairs = {draws * pairs:,} figures"
        do = f"take at most {MOST_CELLS // pairs:,} draws, or narrow the scope (mean_less_cvar is for regions)"
        raise ScenarioError(Problem("objective.draws", fault, f"at most {MOST_CELLS:,}", do))


def _kinds(pairs: pd.DataFrame, leaders: pd.DataFrame, table: pd.DataFrame) -> Ints:
    """Return the number of each pair's level and stage, sorted by name."""
    level = leaders["level"].to_numpy()[pairs["leader_index"].to_numpy()]
    primary = table["phase"].isin(PRIMARY_LIKE).to_numpy()[pairs["post_index"].to_numpy()]
    named = pd.DataFrame({"level": level, "primary": primary})
    return named.groupby(["level", "primary"], sort=True).ngroup().to_numpy().astype(np.int64)


def _standard(random: np.random.Generator, draws: int, columns: int) -> Floats:
    """Return normal draws moved and scaled to mean 0 and standard deviation 1 in each column."""
    values = random.standard_normal((draws, columns))
    values -= values.mean(axis=0)
    scaled: Floats = values / values.std(axis=0)
    return scaled


def _chances(forecast: RiskForecast, draws: int, random: np.random.Generator) -> Floats:
    """Return each school's chance of a fall in each draw, shape (schools, draws); 0 where there is none to avert.

    The forecast's own draws are gone through in turn, in a drawn order; without any, the chance is the same in all.
    """
    mean = forecast.table[FALL.risk].to_numpy(dtype=np.float64)[:, None]
    given = forecast.own_chances(FALL)
    if given is None:
        return np.repeat(np.nan_to_num(mean), draws, axis=1)
    orders = [random.permutation(given.shape[1]) for _ in range(-(-draws // given.shape[1]))]
    drawn = given[:, np.concatenate(orders)[:draws]].astype(np.float64)
    return np.nan_to_num(np.where(np.isnan(mean), 0.0, np.where(np.isnan(drawn), mean, drawn)))
