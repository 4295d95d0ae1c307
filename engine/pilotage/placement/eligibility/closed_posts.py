"""Rules that lie in a post itself: consent, need, the plan's years, and the lots of a trial."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.case_quota import CaseQuota
from pilotage.config.rules.consent import Consent
from pilotage.config.rules.hold_back import HoldBack
from pilotage.config.rules.need import NeedThreshold
from pilotage.config.scenario import Scenario
from pilotage.domain.bars import Bar
from pilotage.errors import InfeasibleError, Problem
from pilotage.placement.context import Context
from pilotage.placement.horizon import planning_year

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Closing:
    """What closes posts whoever the leader is: the rule's name, and where it closes a post, the code of why.

    ``why`` is empty text where the post stays open, shape (posts,).
    """

    rule: str
    why: NDArray[np.object_]

    @property
    def closed(self) -> Bools:
        """Return the posts closed, shape (posts,)."""
        return np.asarray(self.why != "", dtype=bool)


def closings(context: Context, valued: NDArray[np.int64]) -> list[Closing]:
    """Return what closes posts; where several close one, the last is its reason.

    ``valued``: URNs in scope whose benefit can be valued.
    """
    table, scenario = context.table, context.scenario
    unvalued = ~table["urn"].isin(valued).to_numpy()
    return [
        _closing(Bar.PLACING_OFF, np.full(len(table), not scenario.interventions.place), Bar.PLACING_OFF),
        *(Closing(name, needs_of(rule, table, context)) for name, rule in context.hard(NeedThreshold)),
        _closing(Bar.NO_PLACE, table["easting"].isna().to_numpy(), Bar.NO_PLACE),
        _closing(Bar.OUT_OF_SCOPE, unvalued, Bar.OUT_OF_SCOPE),
        _closing(Bar.LATE, too_late(table, scenario), Bar.LATE),
        *(_of_consent(name, rule, table) for name, rule in context.hard(Consent)),
    ]


def _closing(rule: str, closed: Bools, why: Bar) -> Closing:
    return Closing(rule, np.where(closed, why, "").astype(object))


def needs_of(rule: NeedThreshold, table: pd.DataFrame, context: Context) -> NDArray[np.object_]:
    """Return the code of why each row of ``table`` (with urn) is below the threshold, empty where it is not."""
    unknown = context.need.reindex(table["urn"]).isna().to_numpy()
    low = below_need(rule, table, context.need, context.scenario)
    return np.where(low, np.where(unknown, Bar.NEED_UNKNOWN, Bar.NEED_LOW), "").astype(object)


def _of_consent(name: str, rule: Consent, table: pd.DataFrame) -> Closing:
    said_no = (table["consent"] == "no").to_numpy()
    codes = np.where(said_no, Bar.CONSENT_REFUSED, Bar.CONSENT_UNKNOWN)
    return Closing(name, np.where(refused(rule, table), codes, "").astype(object))


def refused(rule: Consent, table: pd.DataFrame) -> Bools:
    """Return the posts whose school does not consent, or has not said so yet."""
    accepted = ["yes", "unknown"] if rule.accept_unknown else ["yes"]
    return ~table["consent"].isin(accepted).to_numpy()


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


def too_late(table: pd.DataFrame, scenario: Scenario) -> Bools:
    """Return the posts that open after the plan's last year."""
    year = planning_year(table["opens_on"].to_numpy(dtype="datetime64[D]"), scenario.as_of)
    return np.asarray(year >= scenario.time.years, dtype=bool)


def drawn(name: str, rule: HoldBack, table: pd.DataFrame, fillable: Bools, pinned: Iterable[str]) -> NDArray[np.int64]:
    """Return the positions of the posts drawn by lot, ascending; posts of schools with a pinned post are not drawn.

    Raises
    ------
    InfeasibleError
        When fewer posts than asked for could be filled.
    """
    kept = table["urn"].isin(table.loc[table["post_id"].isin(list(pinned)), "urn"]).to_numpy()
    names = table.loc[fillable & ~kept, ["post_id", "urn"]].sort_values("post_id")
    if len(names) < rule.posts:
        found = f"{rule.posts} posts are to be held back, and {len(names)} could be filled"
        raise InfeasibleError(Problem(f"rules.{name}.posts", found, f"at most {len(names)}", "hold back fewer"))
    lots = np.random.default_rng(rule.seed).choice(len(names), rule.posts, replace=False)
    return np.sort(names.index.to_numpy(dtype=np.int64)[lots])
