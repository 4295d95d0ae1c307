"""A leader suits a post: level, phase, subject, requirements, availability.

A leader l may take a post p only if, of each rule in the scenario: level(l) = level(p); phase(p) is among phases(l);
subject(p), where a middle leader's post names one, is among subjects(l); each thing that p requires is among meets(l);
available(l) <= opens(p) + grace_days. A unit of breach is one placement. A prospect may come open at any time of its
year: opens(p) is then the last day of it.
"""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules.match import Availability, LevelRule, PhaseRule, Requirement, Subject
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.prospects import OPENS_BY
from pilotage.placement.rules.traits import MatchesKinds, RuleTraits


def same_level(rule: RuleModel, leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Level: the leader's is the post's."""
    return leaders["level"].eq(str(post["level"]))


def trained_for(rule: RuleModel, leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Phase: the school's is among the leader's."""
    padded = ";" + leaders["phases"].str.replace(" ", "") + ";"
    return padded.str.contains(f";{post['phase']};", regex=False)


def teaches(rule: RuleModel, leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Subject: a middle leader's post that names one takes only leaders of that subject."""
    if post["level"] != "middle" or pd.isna(post["subject"]):
        return pd.Series(True, index=leaders.index)
    return _lists(leaders["subjects"], str(post["subject"]))


def meets(rule: RuleModel, leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Requirement: the leader meets each thing that the post requires."""
    met = pd.Series(True, index=leaders.index)
    for wanted in [] if pd.isna(post["requires"]) else str(post["requires"]).split(";"):
        met &= _lists(leaders["meets"], wanted)
    return met


def free(rule: Availability, leaders: pd.DataFrame, post: pd.Series) -> pd.Series:
    """Availability: the leader is free when the post opens, or within the days of grace."""
    latest: pd.Timestamp = post["opens_on"] if pd.isna(post.get(OPENS_BY)) else post[OPENS_BY]
    return leaders["available_from"].le(latest + pd.Timedelta(days=rule.grace_days))


def _lists(column: pd.Series, wanted: str) -> pd.Series:
    """Return where a column of words separated by ``;`` has the word, in any case."""
    word = wanted.strip().lower()
    listed = [[] if pd.isna(text) else [part.strip().lower() for part in str(text).split(";")] for text in column]
    return pd.Series([word in words for words in listed], index=column.index, dtype=bool)


RULES = (  # in the order in which reasons are looked for
    RuleTraits((LevelRule,), "bars", "pair", matches=MatchesKinds(("level",), same_level)),
    RuleTraits((PhaseRule,), "bars", "pair", matches=MatchesKinds(("phase",), trained_for)),
    RuleTraits((Subject,), "bars", "pair", matches=MatchesKinds(("level", "subject"), teaches)),
    RuleTraits((Requirement,), "bars", "pair", matches=MatchesKinds(("requires",), meets)),
    RuleTraits((Availability,), "bars", "pair", matches=MatchesKinds(("opens_on", OPENS_BY), free, about_time=True)),
)
