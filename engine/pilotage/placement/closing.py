"""Rules that lie in a post itself: consent, need, the plan's years, and the lots of a trial."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules import CaseQuota, Consent, HoldBack, NeedThreshold
from pilotage.config.scenario import Scenario
from pilotage.errors import InfeasibleError, Problem
from pilotage.placement.ground import SUPPORT
from pilotage.placement.terms import planning_year, starts_on

Bools = NDArray[np.bool_]
Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]

HELD_BACK = "held back by lot: in the trial's comparison group"
BESIDE = "its school is in the trial's comparison group"
OWN_POST = "its only suitable leader holds that level there already"
LATE = "opens after the last year of the plan"
NO_PLACE = "its school's place is not known, so its distance and the chance of a yes are not"
FREE_LATER = "no suitable leader is free within the plan's years"


def refused(rule: Consent, table: pd.DataFrame) -> Bools:
    """Return the posts whose school does not consent, or has not said so yet."""
    accepted = ["yes", "unknown"] if rule.accept_unknown else ["yes"]
    return ~table["consent"].isin(accepted).to_numpy()


def consent_words(table: pd.DataFrame) -> pd.Series:
    """Return the reason of each post that consent bars."""
    return table["consent"].map({"no": "the school does not consent", "unknown": "consent is not yet known"})


def below_need(rule: NeedThreshold, table: pd.DataFrame, need: pd.Series, scenario: Scenario) -> Bools:
    """Return the posts of schools below the threshold and not put forward; ``need`` by urn, null = unknown."""
    of_post = need.reindex(table["urn"]).to_numpy(dtype=float)
    low = np.where(np.isnan(of_post), rule.unknown == "bar", of_post < threshold(rule, need))
    return np.asarray(low & ~table["urn"].isin(put_forward(scenario)).to_numpy(), dtype=bool)


def threshold(rule: NeedThreshold, need: pd.Series) -> float:
    """Return the least need that the rule lets through; schools as needy as the last of the top share are in it."""
    if rule.minimum is not None or rule.top_share is None:
        return float(rule.minimum or 0.0)
    known = np.sort(need.dropna().to_numpy(dtype=float))[::-1]
    count = max(1, round(rule.top_share * len(known)))
    return float(known[min(count, len(known)) - 1]) if len(known) else 0.0


def put_forward(scenario: Scenario) -> list[int]:
    """Return the URNs that local knowledge puts forward, in any rule."""
    quotas = [rule for rule in scenario.rules.values() if isinstance(rule, CaseQuota)]
    return sorted({case.urn for quota in quotas for case in quota.cases.values()})


def need_words(table: pd.DataFrame, need: pd.Series) -> pd.Series:
    """Return the reason of each post that the threshold bars."""
    unknown = need.reindex(table["urn"]).isna().to_numpy()
    return pd.Series(np.where(unknown, "its need is not known", "its need is below the threshold"), index=table.index)


def too_late(table: pd.DataFrame, scenario: Scenario) -> Bools:
    """Return the posts that open after the plan's last year."""
    year = planning_year(table["opens_on"].to_numpy(dtype="datetime64[D]"), scenario.as_of)
    return np.asarray(year >= scenario.time.years, dtype=bool)


def starts_in_plan(leaders: pd.DataFrame, table: pd.DataFrame, pairs: Pairs, scenario: Scenario) -> Bools:
    """Return the pairs whose placement starts within the plan's years: the post is open and the leader is free."""
    year = planning_year(starts_on(leaders, table, *pairs), scenario.as_of)
    return np.asarray(year < scenario.time.years, dtype=bool)


def drawn(name: str, rule: HoldBack, table: pd.DataFrame, fillable: Bools, pinned: Iterable[str]) -> NDArray[np.int64]:
    """Return the positions of the posts drawn by lot, ascending; posts of schools with a pinned post are not drawn.

    Raises
    ------
    InfeasibleError
        When fewer posts than asked for could be filled.
    """
    kept = table["urn"].isin(table.loc[table["post_id"].isin(list(pinned)), "urn"]).to_numpy()
    people = (table["level"] != SUPPORT).to_numpy()
    names = table.loc[fillable & ~kept & people, ["post_id", "urn"]].sort_values("post_id")
    if len(names) < rule.posts:
        found = f"{rule.posts} posts are to be held back, and {len(names)} could be filled"
        raise InfeasibleError(Problem(f"rules.{name}.posts", found, f"at most {len(names)}", "hold back fewer"))
    lots = np.random.default_rng(rule.seed).choice(len(names), rule.posts, replace=False)
    return np.sort(names.index.to_numpy(dtype=np.int64)[lots])
