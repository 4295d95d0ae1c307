"""Charts as SVG text: drawn offline, in colours that colour-blind readers can tell apart, each with a description."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import vl_convert

from pilotage.case.record import RunRecord
from pilotage.report.run.objective import score_name, score_unit
from pilotage.report.words import number, plural

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
INK, PALE, ACCENT = "#1b2733", "#b7c6d6", "#c8500a"
NEED_COLOURS = ["#d3e0ec", "#a5c6e0", "#6fa6d1", "#2b6ca3", "#0b2f57"]
UNKNOWN = "#b5a98f"
WIDTH = 380  # pixels of the plotting area: type stays readable when a phone shrinks it
MOST_POINTS = 5000  # above this the map shows squares of mean need
CELL_M = 10_000  # side of a square, metres


def need_map(record: RunRecord, ranked: pd.DataFrame) -> str | None:
    """Return the map of schools in scope by need, those placed marked; None where no school has a place."""
    places = record.panel.schools.set_index("urn")[["easting", "northing"]]
    frame = ranked[["urn", "need", "status", "region"]].join(places, on="urn").dropna(subset=["easting", "northing"])
    if frame.empty:
        return None
    placed = frame[frame["status"] == "placed"]
    many = len(frame) > MOST_POINTS
    shown = _cells(frame) if many else frame.sort_values(["need", "urn"], na_position="first")
    extent = _extent(frame)
    layers = [_need_points(shown, extent, many), _placed(placed, extent), *_regions(frame, extent)]
    about = (
        f"Map of {plural(len(frame), 'school')} in scope, darker where need is higher"
        f"{', as the mean of squares ten kilometres wide' if many else ''}; "
        f"diamonds mark the {plural(len(placed), 'school')} that the plan serves."
    )
    return svg("map", "Where need is, and where the plan goes", about, alt.layer(*layers), extent.size)


class _Extent:
    """The extent of a map in metres, and its size in pixels at equal scales."""

    def __init__(self, east: tuple[float, float], north: tuple[float, float]) -> None:
        self.east, self.north = east, north
        wide, high = east[1] - east[0], north[1] - north[0]
        scale = min(WIDTH / wide, 1.35 * WIDTH / high)
        self.size = (max(60, round(wide * scale)), max(60, round(high * scale)))
        self.cell_pixels = CELL_M * scale

    def x(self) -> alt.X:
        """Return the encoding of eastings."""
        return alt.X("easting:Q", axis=None, scale=alt.Scale(domain=list(self.east), zero=False, nice=False))

    def y(self) -> alt.Y:
        """Return the encoding of northings."""
        return alt.Y("northing:Q", axis=None, scale=alt.Scale(domain=list(self.north), zero=False, nice=False))


def _extent(frame: pd.DataFrame) -> _Extent:
    pad = 12_000.0
    spans = [(frame[axis].min() - pad, frame[axis].max() + pad) for axis in ("easting", "northing")]
    return _Extent(spans[0], spans[1])


def _cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the mean need of each square that holds a school, at the square's centre."""
    corner = {axis: np.floor(frame[axis] / CELL_M) * CELL_M + CELL_M / 2 for axis in ("easting", "northing")}
    return frame.assign(**corner).groupby(["easting", "northing"])[["need"]].mean().reset_index()


def _need_points(shown: pd.DataFrame, extent: _Extent, many: bool) -> Any:
    highest = shown["need"].max()
    top = max(0.1, float(highest)) if pd.notna(highest) else 1.0
    scale = alt.Scale(range=NEED_COLOURS, domain=[0, top])
    legend = alt.Legend(title="Forecast need", format=".0%", orient="top", gradientLength=160, values=[0, top / 2, top])
    need = alt.Color("need:Q", scale=scale, legend=legend)
    colour = alt.condition("isValid(datum.need)", need, alt.value(UNKNOWN))
    size, shape = (extent.cell_pixels**2, "square") if many else (14, "circle")
    look: dict[str, Any] = {"size": size, "shape": shape}
    points = chart_of(shown[["easting", "northing", "need"]]).mark_point(filled=True, opacity=1, aria=False, **look)
    return points.encode(x=extent.x(), y=extent.y(), color=colour)


def _placed(placed: pd.DataFrame, extent: _Extent) -> Any:
    marks = chart_of(placed[["easting", "northing"]].assign(group="school the plan serves"))
    legend = alt.Legend(title=None, orient="top", symbolFillColor=ACCENT, symbolStrokeColor="white", symbolSize=80)
    shape = alt.Shape("group:N", scale=alt.Scale(range=["diamond"]), legend=legend)
    look = marks.mark_point(filled=True, size=70, color=ACCENT, stroke="white", strokeWidth=0.8, opacity=1, aria=False)
    return look.encode(x=extent.x(), y=extent.y(), shape=shape)


def _regions(frame: pd.DataFrame, extent: _Extent) -> list[Any]:
    """Return the regions' names over their schools, with a pale outline so that they can be read on any colour."""
    names = frame.groupby("region", as_index=False)[["easting", "northing"]].mean()
    base = chart_of(names).encode(x=extent.x(), y=extent.y(), text="region:N")
    halo = base.mark_text(fontSize=11, fontWeight="bold", stroke="white", strokeWidth=4, opacity=0.85, aria=False)
    return [halo, base.mark_text(fontSize=11, fontWeight="bold", color=INK, aria=False)]


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


def _bars(frame: pd.DataFrame, title: str) -> Any:
    """Return one bar per row, its label above it so that long labels stay whole on a phone."""
    most, least = float(frame["benefit"].max()), min(0.0, float(frame["benefit"].min()))
    scale = alt.Scale(domain=[least * 1.1, max(most, 0.001) * 1.22], nice=False)
    x = alt.X("benefit:Q", scale=scale, axis=alt.Axis(title=title, tickCount=4))
    base = chart_of(frame).encode(y=alt.Y("label:N", sort=None, axis=None))
    paint = alt.Scale(domain=["plan", "baseline"], range=[ACCENT, PALE])
    bars = base.mark_bar(height=18, aria=False).encode(x=x, color=alt.Color("kind:N", scale=paint, legend=None))
    worth = base.mark_text(align="left", dx=5, fontSize=12, color=INK, aria=False).encode(x=x, text="shown:N")
    label = base.mark_text(align="left", dy=-18, fontSize=12, color=INK, aria=False)
    return alt.layer(bars, worth, label.encode(x=alt.value(0), text="label:N"))


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


def _columns(frame: pd.DataFrame) -> Any:
    groups = list(frame["group"].unique())
    last = frame.loc[frame["share"] > 0, "band"].map(list(frame["band"].unique()).index).max()
    shown = frame[frame["band"].isin(list(frame["band"].unique())[: int(last) + 1])]
    paint = alt.Scale(domain=groups, range=[PALE, ACCENT][: len(groups)])
    legend = alt.Legend(title=None, orient="top", symbolType="square", labelLimit=220, columns=1)
    offset = alt.XOffset("group:N", sort=groups)
    band = alt.X("band:N", sort=None, axis=alt.Axis(title="Need", labelAngle=0 if last < 6 else -45))
    share = alt.Y("share:Q", axis=alt.Axis(title="Share of schools", format=".0%", tickCount=4))
    bars = chart_of(shown).mark_bar(aria=False)
    return bars.encode(x=band, y=share, xOffset=offset, color=alt.Color("group:N", scale=paint, legend=legend))


def chart_of(frame: pd.DataFrame) -> Any:
    """Return a chart on plain values: integers, floats with three decimals, text, None."""
    plain = frame.astype(object).where(frame.notna(), None)
    records = [
        {str(key): round(value, 3) if isinstance(value, float) else value for key, value in row.items()}
        for row in plain.to_dict("records")
    ]
    inline: Any = alt.InlineData  # altair leaves it untyped
    return alt.Chart(inline(values=records))


def _renamed(svg: str, name: str) -> str:
    """Return the SVG with its identifiers renumbered under ``name``: the renderer counts on from chart to chart."""
    old_names = dict.fromkeys(re.findall(r'\bid="([^"]*)"', svg))
    fresh = {old: f"{name}-{number}" for number, old in enumerate(old_names)}
    return re.sub(r'(\bid="|url\(#)([^")]*)', lambda hit: hit.group(1) + fresh.get(hit.group(2), hit.group(2)), svg)


def svg(name: str, title: str, about: str, chart: Any, size: tuple[int, int]) -> str:
    """Return the chart as SVG with title and description; identifiers carry ``name``, as one page holds several."""
    name = f"chart-{name}"
    sized = chart.properties(width=size[0], height=size[1], background="white", padding=4)
    styled = (
        sized.configure(font=FONT).configure_view(stroke=None).configure_axis(**_axis()).configure_legend(**_legend())
    )
    drawn = vl_convert.vegalite_to_svg(styled.to_dict(), vl_version=_version())
    bare = re.sub(r' (?:role|aria-[a-z]+|class|pointer-events|xmlns(?::xlink)?)="[^"]*"', "", drawn)
    bare = _renamed(bare, name)
    view = re.search(r'viewBox="([^"]*)"', bare)
    opening = f'<svg viewBox="{view.group(1) if view else ""}" role="img" aria-labelledby="{name}-title {name}-about" '
    described = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>'
    size_limit = f'style="max-width:{view.group(1).split()[2] if view else size[0]}px">'
    return opening + size_limit + described + bare[bare.index(">") + 1 :]


def _version() -> str:
    """Return the version of Vega-Lite that altair writes, as vl-convert names it."""
    major, minor = alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2]
    return f"{major}.{minor}"


def _axis() -> dict[str, Any]:
    colours = {"labelColor": INK, "titleColor": INK, "gridColor": "#e3e8ee", "domainColor": "#9aa8b5"}
    return colours | {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "tickColor": "#9aa8b5"}


def _legend() -> dict[str, Any]:
    return {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK, "titleColor": INK}
