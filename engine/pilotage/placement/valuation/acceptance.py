"""The chances that a post comes open and that school and leader agree on a placement, and what the placement costs.

``acceptance = consent x level x (near or relocation)``: the chance where the school has said yes, no or nothing, times
what the level of the post makes of it, times how far the leader would go (1 next door, falling in a straight line to
``acceptance_at_travel_limit`` at the leader's own limit, ``acceptance_relocation`` beyond it). Of support of a leader
in post it is ``acceptance_support``. Where all have said yes already it is 1.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.prospects import Prospects
from pilotage.config.scenario import Scenario
from pilotage.domain.answers import certain
from pilotage.domain.evidence import READVERTISED, Evidence
from pilotage.domain.known_schools import ADVERTISED_AGAIN
from pilotage.domain.prospects import prospects_in
from pilotage.domain.tables import CONSENTS, LEVELS
from pilotage.placement.eligibility.pairs import Eligible
from pilotage.placement.support import SUPPORT
from pilotage.placement.valuation.counterfactual import PRIMARY_LIKE

Floats = NDArray[np.float64]


def acceptance(eligible: Eligible, table: pd.DataFrame, leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return the probability that school and leader agree, from consent, level and distance, shape (pairs,).

    Posts of schools that said no are here only where the scenario's consent rule is priced or absent.
    """
    of_consent = {word: evidence.value(f"acceptance_consent_{word}") for word in CONSENTS}
    of_level = {level: evidence.value(f"acceptance_level_{level}") for level in LEVELS}
    by_post = table["consent"].map(of_consent).astype(float) * table["level"].map(of_level).astype(float)
    base = by_post.to_numpy()[eligible.post]
    limit = leaders["max_travel_km"].to_numpy()[eligible.leader]
    share = np.divide(eligible.travel_km, limit, out=np.zeros(len(limit)), where=limit > 0)
    near = 1 - (1 - evidence.value("acceptance_at_travel_limit")) * np.minimum(share, 1)
    placed = base * np.where(eligible.relocates, evidence.value("acceptance_relocation"), near)
    support = (leaders["level"] == SUPPORT).to_numpy()[eligible.leader]
    chance: Floats = np.where(support, evidence.value("acceptance_support"), placed)
    return chance


def with_answers(chance: Floats, eligible: Eligible, sides: tuple[pd.DataFrame, pd.DataFrame], case: Case) -> Floats:
    """Return the chances of a yes, 1 for the pairs to which all have said yes; ``sides``: leaders and posts."""
    leaders, posts = (side[name].tolist() for side, name in zip(sides, ("leader_id", "post_id"), strict=True))
    agreed = chance.copy()
    for leader, post in certain(case.posts.answers, case.posts.posts):
        if leader in leaders and post in posts:
            agreed[(eligible.leader == leaders.index(leader)) & (eligible.post == posts.index(post))] = 1.0
    return agreed


def chance_open(table: pd.DataFrame, scenario: Scenario, evidence: Evidence) -> Floats:
    """Return the chance that each prospect comes open, NaN of every other row, shape (rows,).

    Parameters
    ----------
    table
        Posts with the phases of their schools, and whether they were advertised again: their chance is then at least
        ``chance_open_readvertised``.
    """
    chances, asked = np.full(len(table), np.nan), scenario.pool.prospects
    if asked is None:
        return chances
    at = np.flatnonzero(prospects_in(table))
    kinds = pd.MultiIndex.from_frame(table[["level", "phase"]].iloc[at].astype(str))
    kind, distinct = kinds.factorize()
    usual = np.array([_chance(asked, evidence, level, phase) for level, phase in distinct], dtype=float)[kind]
    again = table[ADVERTISED_AGAIN].to_numpy(dtype=bool)[at]
    chances[at] = np.where(again, np.maximum(usual, evidence.value(READVERTISED)), usual)
    return chances


def _chance(asked: Prospects, evidence: Evidence, level: str, phase: str) -> float:
    stated = asked.stated_chance(level, phase)
    stage = "primary" if phase in PRIMARY_LIKE else "secondary"
    return evidence.value(f"turnover_yearly_{level}_{stage}") if stated is None else stated


def costs(eligible: Eligible, table: pd.DataFrame, leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return the cost of each pair: of the leader, of the post's salary, and of relocation beyond the travel limit."""
    own = leaders["cost_gbp"].fillna(evidence.value("placement_cost_gbp")).to_numpy()[eligible.leader]
    salary = table["salary_gbp"].fillna(0).to_numpy()[eligible.post]
    moving = np.where(eligible.relocates, evidence.value("relocation_cost_gbp"), 0)
    cost: Floats = np.round(own + salary + moving)
    return cost
