"""Charts as SVG text: drawn offline, in colours that colour-blind readers can tell apart, each with a description.

A chart is a Vega-Lite specification as plain dictionaries: its vocabulary is that of vega.github.io/vega-lite.
"""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import vl_convert

from pilotage.case.record import RunRecord
from pilotage.report.run.objective import score_name, score_unit
from pilotage.report.words import number

Spec = dict[str, Any]  # a Vega-Lite specification, or a part of one
VEGA_LITE = "6.4"
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
INK, PALE, ACCENT = "#1b2733", "#b7c6d6", "#c8500a"
WIDTH = 380  # pixels of the plotting area: type stays readable when a phone shrinks it


def baseline_bars(record: RunRecord) -> str | None:
    """Return bars of the plan's modelled benefit against each baseline's; None without a baseline."""
    if not record.baselines or record.plan.objective is None:
        return None
    scale = record.problem.scale
    named = [("This plan", record.plan.objective, "plan")]
    named += [(peer.label, peer.objective, "baseline") for peer in record.baselines]
    rows = [(label, units / scale, number(units / scale), kind) for label, units, kind in named]
    frame = pd.DataFrame(rows, columns=["label", "benefit", "shown", "kind"])
    title = f"{score_name(record)}, {score_unit(record)}"
    about = f"Bars of {title[0].lower()}{title[1:]}: " + "; ".join(
        f"{label} {number(units / scale)}" for label, units, _ in named
    )
    return svg(
        "baselines", "The plan against simpler ways of placing", about, _bars(frame, title), (330, 50 * len(frame))
    )


def _bars(frame: pd.DataFrame, title: str) -> Spec:
    """Return one bar per row, its label above it so that long labels stay whole on a phone."""
    most, least = float(frame["benefit"].max()), min(0.0, float(frame["benefit"].min()))
    scale = {"domain": [least * 1.1, max(most, 0.001) * 1.22], "nice": False}
    x = field("benefit", "quantitative", scale=scale, axis={"title": title, "tickCount": 4})
    paint = {"domain": ["plan", "baseline"], "range": [ACCENT, PALE]}
    colour = field("kind", "nominal", scale=paint, legend=None)
    look = {"align": "left", "fontSize": 12, "color": INK}
    bars = {"mark": mark("bar", height=18), "encoding": {"x": x, "color": colour}}
    worth = {"mark": mark("text", dx=5, **look), "encoding": {"x": x, "text": field("shown", "nominal")}}
    label = {"mark": mark("text", dy=-18, **look), "encoding": {"x": {"value": 0}, "text": field("label", "nominal")}}
    y = field("label", "nominal", sort=None, axis=None)
    return {"data": data_of(frame), "encoding": {"y": y}, "layer": [bars, worth, label]}


def need_bars(ranked: pd.DataFrame) -> str | None:
    """Return the distribution of need over schools in scope and over those placed; None where no need is known."""
    known = ranked.dropna(subset=["need"])
    if known.empty:
        return None
    groups = {"all schools in scope": known, "schools the plan serves": known[known["status"] == "placed"]}
    frame = pd.concat([_shares(name, part["need"]) for name, part in groups.items() if len(part)])
    means = "; ".join(f"mean need of {name} {part['need'].mean():.0%}" for name, part in groups.items() if len(part))
    about = (
        f"Share of schools in each tenth of need, for all schools in scope and for those that the plan serves; {means}."
    )
    return svg("need", "Need of all schools, and of those the plan serves", about, _columns(frame), (330, 170))


def _shares(group: str, need: pd.Series) -> pd.DataFrame:
    edges = np.linspace(0, 1, 11)
    counts = np.histogram(need.to_numpy(dtype=float), edges)[0]
    labels = [f"{round(low * 100)}–{round(high * 100)}%" for low, high in pairwise(edges)]
    return pd.DataFrame({"band": labels, "share": counts / counts.sum(), "group": group})


def _columns(frame: pd.DataFrame) -> Spec:
    groups = list(frame["group"].unique())
    last = frame.loc[frame["share"] > 0, "band"].map(list(frame["band"].unique()).index).max()
    shown = frame[frame["band"].isin(list(frame["band"].unique())[: int(last) + 1])]
    legend = {"title": None, "orient": "top", "symbolType": "square", "labelLimit": 220, "columns": 1}
    paint = {"domain": groups, "range": [PALE, ACCENT][: len(groups)]}
    band_axis = {"title": "Need", "labelAngle": 0 if last < 6 else -45}
    share_axis = {"title": "Share of schools", "format": ".0%", "tickCount": 4}
    encoding = {
        "x": field("band", "nominal", sort=None, axis=band_axis),
        "y": field("share", "quantitative", axis=share_axis),
        "xOffset": field("group", "nominal", sort=groups),
        "color": field("group", "nominal", scale=paint, legend=legend),
    }
    return {"data": data_of(shown), "mark": mark("bar"), "encoding": encoding}


def data_of(frame: pd.DataFrame) -> Spec:
    """Return rows as plain values: integers, floats with three decimals, text, None."""
    plain = frame.astype(object).where(frame.notna(), None)
    rows = [
        {str(key): round(value, 3) if isinstance(value, float) else value for key, value in row.items()}
        for row in plain.to_dict("records")
    ]
    return {"values": rows}


def field(name: str, kind: str, **more: Any) -> Spec:
    """Return the encoding of a column that is ``quantitative``, ``nominal`` or ``ordinal``."""
    return {"field": name, "type": kind, **more}


def mark(kind: str, **look: Any) -> Spec:
    """Return a mark without a description of its own, since the whole chart has one."""
    return {"type": kind, "aria": False, **look}


def _renamed(svg: str, name: str) -> str:
    """Return the SVG with its identifiers renumbered under ``name``: the renderer counts on from chart to chart."""
    old_names = dict.fromkeys(re.findall(r'\bid="([^"]*)"', svg))
    fresh = {old: f"{name}-{number}" for number, old in enumerate(old_names)}
    return re.sub(r'(\bid="|url\(#)([^")]*)', lambda hit: hit.group(1) + fresh.get(hit.group(2), hit.group(2)), svg)


def svg(name: str, title: str, about: str, chart: Spec, size: tuple[int, int]) -> str:
    """Return the chart as SVG with title and description; identifiers carry ``name``, as one page holds several."""
    name = f"chart-{name}"
    sized = {"width": size[0], "height": size[1], "background": "white", "padding": 4, "config": _config()}
    drawn = vl_convert.vegalite_to_svg(chart | sized, vl_version=VEGA_LITE)
    bare = re.sub(r' (?:role|aria-[a-z]+|class|pointer-events|xmlns(?::xlink)?)="[^"]*"', "", drawn)
    bare = _renamed(bare, name)
    view = re.search(r'viewBox="([^"]*)"', bare)
    opening = f'<svg viewBox="{view.group(1) if view else ""}" role="img" aria-labelledby="{name}-title {name}-about" '
    described = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>'
    size_limit = f'style="max-width:{view.group(1).split()[2] if view else size[0]}px">'
    return opening + size_limit + described + bare[bare.index(">") + 1 :]


def _config() -> Spec:
    texts = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    axis = texts | {"gridColor": "#e3e8ee", "domainColor": "#9aa8b5", "tickColor": "#9aa8b5"}
    return {"font": FONT, "view": {"stroke": None}, "axis": axis, "legend": texts}
