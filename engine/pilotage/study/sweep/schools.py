"""Which schools the plans of a sweep choose always, sometimes and never."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from pilotage.domain.findings.sweep import Does, Often, SchoolChoice, Swept


def school_choices(scenarios: Sequence[Swept], schools: pd.DataFrame) -> tuple[SchoolChoice, ...]:
    """Return each school that some plan could choose, those chosen by most plans first.

    Parameters
    ----------
    schools
        ``name``, ``authority`` and ``phase`` by URN.
    """
    plans = [each.plan for each in scenarios if each.plan is not None]
    counts = {does: Counter(urn for plan in plans for urn in {each.urn for each in plan.of(does)}) for does in Does}
    chosen = Counter(urn for plan in plans for urn in {each.urn for each in plan.chosen})
    eligible = Counter(urn for plan in plans for urn in plan.eligible)
    known = schools.astype(object).where(schools.notna(), None)
    facts = {urn: known.loc[[urn]].to_dict("records")[0] for urn in eligible if urn in known.index}
    return tuple(
        SchoolChoice(
            urn=urn,
            name=facts.get(urn, {}).get("name"),
            authority=facts.get(urn, {}).get("authority"),
            phase=facts.get(urn, {}).get("phase"),
            often=_often(chosen[urn], len(plans)),
            chosen=chosen[urn],
            placed=counts[Does.PLACE][urn],
            asked=counts[Does.ASK][urn],
            supported=counts[Does.SUPPORT][urn],
            eligible=eligible[urn],
        )
        for urn in sorted(eligible, key=lambda urn: (-chosen[urn], -eligible[urn], urn))
    )


def _often(chosen: int, plans: int) -> Often:
    return Often.ALWAYS if chosen == plans else Often.SOMETIMES if chosen else Often.NEVER
