"""Schools drawn by lot receive nobody: the comparison group of a trial.

Of the n posts that could be filled and whose schools have no pin, ``posts`` are drawn with equal chances from the seed;
x(l, p) = 0 for every post p of their schools. The rule is always hard.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.hold_back import BESIDE, HELD_BACK, HoldBack
from pilotage.config.scenario import Pin
from pilotage.errors import InfeasibleError, Problem
from pilotage.placement.context import Context
from pilotage.placement.rules.traits import Pairs, Pruned, PrunesPairs, RuleTraits

Bools = NDArray[np.bool_]


def prune(key: str, rule: HoldBack, context: Context, pairs: Pairs) -> Pruned:
    """Return the pairs of schools that no lot holds back, and the posts drawn."""
    urn, fillable = context.table["urn"], np.zeros(len(context.table), dtype=bool)
    fillable[pairs[1]] = True
    pinned = pinned_schools(context.table, list(context.scenario.pins.values()))
    lots = drawn(key, rule, context.table, fillable, pinned)
    out = urn.isin(urn.iloc[lots]).to_numpy()
    return Pruned(~out[pairs[1]], BESIDE.code, lots, HELD_BACK.code, urn.iloc[lots].to_numpy(dtype=np.int64))


def pinned_schools(table: pd.DataFrame, pins: list[Pin]) -> Bools:
    """Return which posts are at a school that a pin names, by itself or by one of its posts."""
    posts, urns = [pin.post_id for pin in pins if pin.urn is None], [pin.urn for pin in pins if pin.urn is not None]
    named = table.loc[table["post_id"].isin(posts), "urn"].tolist()
    return np.asarray(table["urn"].isin([*named, *urns]).to_numpy(), dtype=bool)


def drawn(name: str, rule: HoldBack, table: pd.DataFrame, fillable: Bools, pinned: Bools) -> NDArray[np.int64]:
    """Return the positions of the posts drawn by lot, ascending; ``pinned``: posts of schools with a pin, not drawn.

    Raises
    ------
    InfeasibleError
        When fewer posts than asked for could be filled.
    """
    names = table.loc[fillable & ~pinned, ["post_id", "urn"]].sort_values("post_id")
    if len(names) < rule.posts:
        fault = f"{rule.posts} posts are to be held back, and {len(names)} could be filled"
        raise InfeasibleError(Problem(f"rules.{name}.posts", fault, f"at most {len(names)}", "hold back fewer"))
    lots = np.random.default_rng(rule.seed).choice(len(names), rule.posts, replace=False)
    return np.sort(names.index.to_numpy(dtype=np.int64)[lots])


RULES = (RuleTraits((HoldBack,), "bars", "pair", prunes=PrunesPairs(3, prune)),)
