"""areas.html: the state of the areas as charts and tables on one page that works offline."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from pilotage.domain.findings.area_state import GROUPS, growth
from pilotage.domain.findings.areas import AreaState
from pilotage.report.charts import ACCENT, Spec, data_of, field, mark, svg
from pilotage.report.html import rendered
from pilotage.report.internal import INTERNAL

WORDS = {
    "other": "Not disadvantaged",
    "disadvantaged": "Disadvantaged",
    "persistently_disadvantaged": "Persistently disadvantaged",
}
COMPARED = {
    "england": "against pupils not disadvantaged across England",
    "elsewhere": "against pupils not disadvantaged elsewhere",
}
PLAIN = "#2b6ca3"
COLOURS = [PLAIN, "#6b4c9a", ACCENT]
LEGEND: Spec = {"title": None, "orient": "top", "columns": 1, "labelLimit": 320}
SYNTHETIC = "Synthetic England: every school, result and grade here is invented, with a known truth."
NO_RANGE = "one school: no range"


def area_page(state: AreaState) -> str:
    """Return the page as HTML, without any reference to the outside."""
    return rendered("areas", _context(state))


def _context(state: AreaState) -> dict[str, Any]:
    return {
        "label": state.label,
        "as_of": f"{state.as_of.day} {state.as_of:%B %Y}",
        "internal": INTERNAL,
        "banner": SYNTHETIC if state.synthetic else None,
        "notes": state.notes,
        "headline": headline(state),
        "charts": [Markup(chart) for chart in (_gap_chart(state), _fell(state)) if chart],
        "tables": gap_tables(state),
        "leadership": leadership_rows(state),
        "span": _span(state),
    }


def headline(state: AreaState) -> str:
    """Return the state of the list as a whole in a sentence or two."""
    parts = []
    for group, comparator in _comparisons(state):
        grown = growth(state, group, comparator)
        whole = grown[grown["area"] == state.label]
        if len(whole):
            row = whole.iloc[0]
            parts.append(f"{WORDS[group].lower()} pupils are {row['last']:.1f} months behind{_turn(row['growth'])}")
    fell = state.leadership.iloc[0] if len(state.leadership) else None
    if fell is not None and fell["good_or_better"]:
        parts.append(
            f"leadership fell below good in {fell['share_fell']:.0%} of the schools where it was good or better in "
            f"{fell['from_year']}"
        )
    return f"{state.label}: " + "; ".join(parts) + "." if parts else f"{state.label}: nothing is known by this date."


def _turn(growth: float) -> str:
    """Return how the gap has moved, in words; empty where one year is known."""
    if pd.isna(growth):
        return ""
    return f" ({abs(growth):.1f} months {'more' if growth >= 0 else 'less'} than in the first year)"


def _comparisons(state: AreaState) -> list[tuple[str, str]]:
    """Return each group with what it is compared with: pupils elsewhere for those not disadvantaged."""
    there = set(state.gaps["pupil_group"])
    return [(group, "elsewhere" if group == "other" else "england") for group in GROUPS if group in there]


def _span(state: AreaState) -> str:
    if state.leadership.empty:
        return ""
    first = state.leadership.iloc[0]
    return f"{first['from_year']} to {first['to_year']}"


def _gap_chart(state: AreaState) -> str | None:
    parts = [
        part.assign(group=WORDS[group])
        for group, comparator in _comparisons(state)
        for part in [state.gaps.query("area == @state.label and pupil_group == @group and comparator == @comparator")]
    ]
    if not parts:
        return None
    frame = pd.concat(parts)[["year", "group", "gap_months", "gap_low", "gap_high"]]
    order = list(dict.fromkeys(frame["group"]))
    paint = {"domain": order, "range": COLOURS[: len(order)]}
    colour = field("group", "nominal", sort=order, scale=paint, legend=LEGEND)
    axis = {"title": "Months behind", "tickCount": 5}
    low, high = field("gap_low", "quantitative", axis=axis), {"field": "gap_high"}
    band = {"mark": mark("area", opacity=0.18), "encoding": {"y": low, "y2": high, "color": colour}}
    gap = field("gap_months", "quantitative", axis=axis)
    curve = {"mark": mark("line", point=True), "encoding": {"y": gap, "color": colour}}
    year = field("year", "ordinal", axis={"title": None, "labelAngle": 0})
    chart: Spec = {"data": data_of(frame), "encoding": {"x": year}, "layer": [band, curve]}
    about = (
        "Months of progress behind pupils who are not disadvantaged, by year and pupil group; bands are 90% intervals."
    )
    return svg("gaps", f"{state.label}: months behind", about, chart, (380, 260))


def _fell(state: AreaState) -> str | None:
    known = state.leadership[state.leadership["good_or_better"] > 0]
    if known.empty:
        return None
    order = list(known["area"])
    axis = {"title": "Share of good schools that fell (90% interval)", "format": ".0%", "tickCount": 4}
    share, low = field("share_fell", "quantitative", axis=axis), field("low", "quantitative", axis=axis)
    bars = {"mark": mark("bar", color=PLAIN, height=14), "encoding": {"x": share}}
    spread = {"mark": mark("rule", color="#1b2733"), "encoding": {"x": low, "x2": {"field": "high"}}}
    y = field("area", "nominal", sort=order, axis={"title": None, "labelLimit": 220})
    rows = data_of(known[["area", "share_fell", "low", "high"]])
    chart: Spec = {"data": rows, "encoding": {"y": y}, "layer": [bars, spread]}
    about = "Share of schools whose leadership was good or better at the start and is below good now, by area."
    return svg("leadership", "Leadership that fell", about, chart, (330, 26 * len(order)))


def gap_tables(state: AreaState) -> list[dict[str, Any]]:
    """Return a table per pupil group: first and last year, range, growth and pupils of each area, as texts."""
    return [_table(state, group, comparator) for group, comparator in _comparisons(state)]


def leadership_rows(state: AreaState) -> list[dict[str, str]]:
    """Return the leadership that fell, by area, as texts."""
    return [_leadership(row) for _, row in state.leadership.iterrows()]


def _table(state: AreaState, group: str, comparator: str) -> dict[str, Any]:
    last = int(state.gaps["year"].max())
    rows = state.gaps.query("year == @last and pupil_group == @group and comparator == @comparator").set_index("area")
    moved = growth(state, group, comparator).set_index("area").to_dict("index")
    return {
        "title": f"{WORDS[group]}, {COMPARED[comparator]}",
        "first": int(state.gaps["year"].min()),
        "last": last,
        "rows": [
            {
                "area": area,
                "first": _months(moved[area]["first"]),
                "now": _months(row["gap_months"]),
                "range": NO_RANGE if pd.isna(row["gap_low"]) else f"{row['gap_low']:.1f} to {row['gap_high']:.1f}",
                "growth": "" if pd.isna(moved[area]["growth"]) else f"{moved[area]['growth']:+.1f}",
                "pupils": f"{row['pupils']:,}",
            }
            for area, row in ((str(name), figures) for name, figures in rows.iterrows())
        ],
    }


def _months(gap: float) -> str:
    return "" if pd.isna(gap) else f"{gap:.1f}"


def _leadership(row: pd.Series) -> dict[str, str]:
    known = row["good_or_better"] > 0
    return {
        "area": row["area"],
        "good": f"{row['good_or_better']:,}",
        "fell": f"{row['fell']:,}" if known else "–",
        "share": f"{row['share_fell']:.0%}" if known else "–",
        "range": f"{row['low']:.0%} to {row['high']:.0%}" if known else "–",
    }
