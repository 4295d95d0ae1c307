"""What trustees see of a run: totals, and counts by area that together are all schools in scope."""

from __future__ import annotations

import pandas as pd

from pilotage.case.read_back import ReadRun
from pilotage.domain.findings.packs import AreaCounts, PlanTotals, Stamp, TrusteesPack

ELSEWHERE = "Elsewhere"
WORRY = ("top", "tie")  # bands
SERVED = ("placed", "supported")  # statuses


def trustees_pack(run: ReadRun, stamp: Stamp, leaders: int) -> TrusteesPack:
    """Return the pack of the charity's trustees; ``leaders``: how many the pool has.

    Areas are those of the scenario's list with the rest of the schools in scope; regions, where no school in scope lies
    in an area. One division only: two that overlap would give small numbers away.
    """
    ranked = run.ranked
    area = ranked["area"].fillna(ELSEWHERE) if ranked["area"].notna().any() else ranked["region"]
    parts = [_counts(str(name), part) for name, part in ranked.groupby(area, sort=True)]
    parts.sort(key=lambda each: (each.area == ELSEWHERE, each.area))
    return TrusteesPack(stamp, _totals(run, leaders), tuple(parts))


def _counts(area: str, schools: pd.DataFrame) -> AreaCounts:
    status = schools["status"]
    return AreaCounts(
        area,
        schools=len(schools),
        worry=int(schools["band"].isin(WORRY).sum()),
        placed=int((status == "placed").sum()),
        supported=int((status == "supported").sum()),
        asked=int((status == "asked").sum()),
        pupils=int(schools.loc[status.isin(SERVED), "pupils_reached"].sum()),
    )


def _totals(run: ReadRun, leaders: int) -> PlanTotals:
    extra = run.plan.model_extra or {}
    expected = extra.get("expected") or {}
    low, high = _range(run)
    figures = ("yes", "in_post", "committed_gbp", "spent_gbp")
    placed = run.placements["leader_id"].nunique()
    return PlanTotals(leaders, placed, run.plan.benefit, low, high, *(expected.get(name) for name in figures))


def _range(run: ReadRun) -> tuple[float | None, float | None]:
    """Return the range of the plan in pupil-months; the lists have none of what is only asked."""
    if run.plan.asks:
        return None, None
    worths = [table for table in (run.placements, run.support) if table is not None]
    low, high = (float(sum(table[end].sum() for table in worths)) for end in ("low", "high"))
    return low, high
