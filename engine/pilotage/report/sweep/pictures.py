"""The charts of a sweep: the benefit of every scenario, and what moves the plan."""

from __future__ import annotations

import pandas as pd

from pilotage.domain.findings.sweep import Sweep
from pilotage.report.charts import ACCENT, INK, PALE, Spec, data_of, field, mark, svg
from pilotage.report.sweep import words
from pilotage.report.words import number

MOST_BARS = 40  # with more scenarios, each is a point
WIDTH, ROW = 330, 52


def benefit_chart(sweep: Sweep) -> str | None:
    """Return the benefit of every scenario with a plan, the highest first; None where none has one."""
    plans = sorted(sweep.plans, key=lambda each: (-each[1].benefit, each[0].number))
    if not plans:
        return None
    rows = [(at, str(each.number), plan.benefit) for at, (each, plan) in enumerate(plans, start=1)]
    frame = pd.DataFrame(rows, columns=["place", "scenario", "benefit"])
    about = (
        f"Benefit of {len(plans):,} scenarios in pupil-months, the highest first: from {number(plans[0][1].benefit)} "
        f"(scenario {plans[0][0].number}) to {number(plans[-1][1].benefit)} (scenario {plans[-1][0].number})."
    )
    chart, wide = (_bars(frame), 15 * len(frame)) if len(frame) <= MOST_BARS else (_points(frame), 640)
    return svg("benefit", "Benefit of every scenario", about, chart, (max(wide, 240), 220))


def _bars(frame: pd.DataFrame) -> Spec:
    axis = {"title": "Scenario, the highest benefit first", "labelAngle": 0, "labelFontSize": 10}
    x = field("scenario", "nominal", sort=None, axis=axis)
    return {"data": data_of(frame), "mark": mark("bar", color=ACCENT), "encoding": {"x": x, "y": _benefit()}}


def _points(frame: pd.DataFrame) -> Spec:
    x = field("place", "quantitative", axis={"title": "Scenarios, the highest benefit first", "tickCount": 6})
    look = mark("point", filled=True, size=22, color=ACCENT, opacity=1)
    return {"data": data_of(frame), "mark": look, "encoding": {"x": x, "y": _benefit()}}


def _benefit() -> Spec:
    scale = {"zero": True, "nice": True}
    return field("benefit", "quantitative", scale=scale, axis={"title": "Benefit, pupil-months", "tickCount": 5})


def moves_charts(sweep: Sweep) -> list[str]:
    """Return two charts of the same keys in the same order: what each moves in benefit, and in placements."""
    if not sweep.moves:
        return []
    ranges = [(each.key, each.range, _range_words(each.range)) for each in sweep.moves]
    shares = [(each.key, each.changed, words.changed(each)) for each in sweep.moves]
    moved = svg(
        "moves-benefit",
        "What moves the benefit",
        "By how many pupil-months the mean benefit differs over the values of each key: "
        + "; ".join(f"{key} {shown}" for key, _, shown in ranges),
        _labelled(ranges, "Pupil-months between its best and its worst value", ACCENT, None),
        (WIDTH, ROW * len(ranges)),
    )
    changed = svg(
        "moves-placements",
        "What moves the placements",
        "Which share of placements differs between two scenarios that differ in this key alone: "
        + "; ".join(f"{key} {shown}" for key, _, shown in shares),
        _labelled(shares, "Share of placements that change", "#2b6ca3", ".0%"),
        (WIDTH, ROW * len(shares)),
    )
    return [moved, changed]


def _range_words(value: float | None) -> str:
    return "can't be told alone" if value is None else number(value, 1)


def _labelled(rows: list[tuple[str, float | None, str]], title: str, colour: str, form: str | None) -> Spec:
    """Return one bar per key, its name above it so that long keys stay whole on a phone."""
    frame = pd.DataFrame(rows, columns=["key", "value", "shown"])
    frame["value"] = frame["value"].astype("float64").fillna(0.0)  # its label says that it is not known
    most = max(float(frame["value"].max()), 0.001 if form is None else 0.01)
    axis = {"title": title, "tickCount": 4} | ({"format": form} if form else {})
    x = field("value", "quantitative", scale={"domain": [0, most * 1.35], "nice": False}, axis=axis)
    y = field("key", "nominal", sort=None, axis=None)
    look = {"align": "left", "fontSize": 12, "color": INK}
    base = {"mark": mark("bar", height=18, color=PALE, opacity=0.35), "encoding": {"x": {"value": WIDTH}}}
    bars = {"mark": mark("bar", height=18, color=colour), "encoding": {"x": x}}
    worth = {"mark": mark("text", dx=5, **look), "encoding": {"x": x, "text": field("shown", "nominal")}}
    label = {"mark": mark("text", dy=-19, **look), "encoding": {"x": {"value": 0}, "text": field("key", "nominal")}}
    return {"data": data_of(frame), "encoding": {"y": y}, "layer": [base, bars, worth, label]}
