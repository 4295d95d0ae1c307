"""Rules that match a leader to a post, looked up by kind of post: level, phase, subject, requirement, availability.

Posts alike in all that these rules look at are one kind, so that no table of all leaders by all posts is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.match import Availability, LevelRule, PhaseRule, Requirement, Subject
from pilotage.config.scenario import Scenario
from pilotage.domain.bars import Bar
from pilotage.placement.rules.traits import RuleTraits

Bools = NDArray[np.bool_]
Test = Callable[[pd.DataFrame, pd.Series], pd.Series]
Suit = LevelRule | PhaseRule | Subject | Requirement | Availability

ORDER = (LevelRule, PhaseRule, Subject, Requirement, Availability)  # in which reasons are looked for
LOOKS = {  # columns of a post that each rule looks at
    "level": ["level"],
    "phase": ["phase"],
    "subject": ["level", "subject"],
    "requirement": ["requires"],
    "availability": ["opens_on"],
}
KEYS = ["level", "phase", "subject", "requires", "opens_on"]
WHY = {
    "level": Bar.LEVEL,
    "phase": Bar.PHASE,
    "subject": Bar.SUBJECT,
    "requirement": Bar.REQUIREMENT,
    "availability": Bar.AVAILABILITY,
}


@dataclass(frozen=True)
class Kinds:
    """Kinds of post: ``of_post`` (posts,) numbers each post's kind, ``first`` has one row per kind."""

    of_post: NDArray[np.int64]
    first: pd.DataFrame


def kinds_of(table: pd.DataFrame) -> Kinds:
    """Return the kinds of the posts."""
    keys = table[KEYS]
    kind = keys.groupby(KEYS, sort=True, dropna=False).ngroup().to_numpy().astype(np.int64)
    return Kinds(kind, keys.groupby(kind).first())


def suit_rules(scenario: Scenario) -> list[tuple[str, Suit]]:
    """Return the scenario's rules of this kind with their names, in the order in which reasons are looked for."""
    named = [(name, rule) for name, rule in scenario.rules.items() if isinstance(rule, ORDER)]
    return sorted(named, key=lambda pair: ORDER.index(type(pair[1])))


def suits(rule: Suit, kinds: Kinds, leaders: pd.DataFrame) -> Bools:
    """Return which leaders a rule lets into which kinds of post, shape (kinds, leaders).

    Kinds alike in what the rule looks at are tested once.
    """
    test, looked_at = _test(rule), kinds.first[LOOKS[rule.rule]]
    number = looked_at.groupby(LOOKS[rule.rule], sort=True, dropna=False).ngroup().to_numpy()
    distinct, first = np.unique(number, return_index=True)
    rows = [test(leaders, kinds.first.iloc[one]).to_numpy(dtype=bool) for one in first.tolist()]
    tested: Bools = np.array(rows, dtype=bool).reshape(len(distinct), len(leaders))
    return tested[number]


def _test(rule: Suit) -> Test:
    if isinstance(rule, LevelRule):
        return same_level
    if isinstance(rule, PhaseRule):
        return trained_for
    if isinstance(rule, Subject):
        return teaches
    if isinstance(rule, Requirement):
        return meets
    limit = pd.Timedelta(days=rule.grace_days)
    return lambda leaders, post: leaders["available_from"] <= post["opens_on"] + limit


def same_level(leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Level: the leader's is the post's."""
    return leaders["level"].eq(str(post["level"]))


def trained_for(leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Phase: the school's is among the leader's."""
    padded = ";" + leaders["phases"].str.replace(" ", "") + ";"
    return padded.str.contains(f";{post['phase']};", regex=False)


def teaches(leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Subject: a middle leader's post that names one takes only leaders of that subject."""
    if post["level"] != "middle" or pd.isna(post["subject"]):
        return pd.Series(True, index=leaders.index)
    return _lists(leaders["subjects"], str(post["subject"]))


def meets(leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Requirement: the leader meets each thing that the post requires."""
    met = pd.Series(True, index=leaders.index)
    for wanted in [] if pd.isna(post["requires"]) else str(post["requires"]).split(";"):
        met &= _lists(leaders["meets"], wanted)
    return met


def _lists(column: pd.Series, wanted: str) -> pd.Series:
    """Return where a column of words separated by ``;`` has the word, in any case."""
    word = wanted.strip().lower()
    listed = [[] if pd.isna(text) else [part.strip().lower() for part in str(text).split(";")] for text in column]
    return pd.Series([word in words for words in listed], index=column.index, dtype=bool)


RULES = (RuleTraits((LevelRule, PhaseRule, Subject, Requirement, Availability), "bars", "pair"),)
