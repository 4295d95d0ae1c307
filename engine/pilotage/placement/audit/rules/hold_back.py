"""Schools drawn by lot receive nobody."""

from __future__ import annotations

import numpy as np

from pilotage.config.rules.hold_back import HELD_BACK, HoldBack
from pilotage.placement.audit.case import AuditCase, Ints
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.rule_audit import Lots, RuleAudit
from pilotage.placement.audit.support_tables import SUPPORT


def stated(case: AuditCase) -> tuple[str, ...]:
    """Return the posts (post_id) that the plan says lots held back."""
    ineligible = case.impact.ineligible
    held = ineligible.loc[ineligible["reason"] == HELD_BACK.code, "post_index"].to_numpy(dtype=np.int64)
    return tuple(case.posts.posts["post_id"].iloc[held])


def draw(rule: HoldBack, case: AuditCase, fillable: Ints) -> Ints | None:
    """Return the posts drawn, by post_id, from those that could be filled; schools with a pin are left out."""
    table = case.posts.posts
    pinned = [pin.post_id for pin in case.scenario.pins.values()]
    spared = set(table.loc[table["post_id"].isin(pinned), "urn"].tolist())
    spared |= {pin.urn for pin in case.scenario.pins.values() if pin.urn is not None}
    named = table.iloc[fillable]
    named = named[~named["urn"].isin(spared) & (named["level"] != SUPPORT)].sort_values("post_id")
    if rule.posts > len(named):
        return None
    lots = np.random.default_rng(rule.seed).choice(len(named), rule.posts, replace=False)
    return np.sort(named.index.to_numpy(dtype=np.int64)[lots])


def recount(name: str, rule: HoldBack, counted: Counted) -> RuleCount:
    """Count the placements in schools held back, and the posts held back by all rules of this kind."""
    frame, table, held = counted.placements, counted.case.posts.posts, stated(counted.case)
    served = frame[frame["urn"].isin(table.loc[table["post_id"].isin(held), "urn"])]
    pairs = served[["leader_id", "post_id"]].itertuples(index=False, name=None)
    wrong = [f"{leader} in {post}, whose school is held back" for leader, post in pairs]
    asked = sum(every.posts for every in counted.case.scenario.rules.values() if isinstance(every, HoldBack))
    short = max(0, asked - len(held))
    wrong += [f"{len(held)} posts held back of the {asked} asked for"] if short else []
    return RuleCount(len(served) + short, tuple(wrong), f"{len(held)} posts held back, none filled")


AUDITS = (RuleAudit((HoldBack,), recount=recount, lots=Lots(draw, stated)),)
