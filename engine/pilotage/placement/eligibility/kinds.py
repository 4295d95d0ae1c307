"""Kinds of post, and which leaders the rules let into each, so that no table of all leaders by all posts is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.placement.rules.catalogue import NamedRule, all_traits

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Kinds:
    """Kinds of post: ``of_post`` (posts,) numbers each post's kind, ``first`` has one row per kind."""

    of_post: NDArray[np.int64]
    first: pd.DataFrame


def kinds_of(table: pd.DataFrame) -> Kinds:
    """Return the kinds of the posts: those of one kind have the same of all that matching rules look at."""
    columns = sorted({name for traits in all_traits() if traits.matches for name in traits.matches.columns})
    keys = table.reindex(columns=columns)  # only prospects say by when they come open
    kind = keys.groupby(columns, sort=True, dropna=False).ngroup().to_numpy().astype(np.int64)
    return Kinds(kind, keys.groupby(kind).first())


def lets_in(named: NamedRule, kinds: Kinds, leaders: pd.DataFrame) -> Bools:
    """Return which leaders a matching rule lets into which kinds of post, shape (kinds, leaders).

    Kinds with the same of what the rule looks at are tested once.
    """
    matches = named.traits.matches
    if matches is None:
        raise TypeError(f"rule {named.key} matches no kinds of post")
    columns = list(matches.columns)
    number = kinds.first[columns].groupby(columns, sort=True, dropna=False).ngroup().to_numpy()
    distinct, first = np.unique(number, return_index=True)
    rows = [matches.lets(named.rule, leaders, kinds.first.iloc[kind]).to_numpy(dtype=bool) for kind in first.tolist()]
    tested: Bools = np.array(rows, dtype=bool).reshape(len(distinct), len(leaders))
    return tested[number]
