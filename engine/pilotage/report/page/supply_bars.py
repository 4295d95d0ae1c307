"""Supply against need by area as a chart: each area's share of the schools of highest need, and of the plan."""

from __future__ import annotations

import pandas as pd

from pilotage.report.charts import ACCENT, PALE, Spec, data_of, field, mark, svg
from pilotage.report.lists.supply_by_area import AreaSupply
from pilotage.report.words import percent

NEED, PLAN = "schools surely in the top tenth by need", "placements, support and asks"


def supply_bars(supplies: tuple[AreaSupply, ...]) -> str | None:
    """Return two bars per region, or per area of the list if there is one region; None where no shares are known."""
    known = [each for each in supplies if each.top_share is not None and each.placement_share is not None]
    regions = [each for each in known if each.kind == "region"]
    shown = regions if len(regions) > 1 else [each for each in known if each.kind == "area"]
    if not shown:
        return None
    rows = [(each.name, NEED, each.top_share) for each in shown] + [
        (each.name, PLAN, each.placement_share) for each in shown
    ]
    frame = pd.DataFrame(rows, columns=["area", "group", "share"])
    about = "Share of the schools of highest need, and of the plan, by area: " + "; ".join(
        f"{each.name} {percent(each.top_share)} and {percent(each.placement_share)}" for each in shown
    )
    return svg("supply", "Supply against need by area", about, _bars(frame), (300, 34 * len(shown)))


def _bars(frame: pd.DataFrame) -> Spec:
    groups = [NEED, PLAN]
    legend = {"title": None, "orient": "top", "symbolType": "square", "labelLimit": 300, "columns": 1}
    encoding = {
        "y": field("area", "nominal", sort=None, axis={"title": None, "labelLimit": 160}),
        "x": field("share", "quantitative", axis={"title": "Share of the whole", "format": ".0%", "tickCount": 4}),
        "yOffset": field("group", "nominal", sort=groups),
        "color": field("group", "nominal", scale={"domain": groups, "range": [PALE, ACCENT]}, legend=legend),
    }
    return {"data": data_of(frame), "mark": mark("bar"), "encoding": encoding}
