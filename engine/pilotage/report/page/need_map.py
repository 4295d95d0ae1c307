"""The map of need: schools in scope, those that the plan serves, and a line from each leader's base to the school."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report.charts import ACCENT, INK, WIDTH, Spec, data_of, field, mark, svg
from pilotage.report.words import interventions, plural

NEED_COLOURS = ["#d3e0ec", "#a5c6e0", "#6fa6d1", "#2b6ca3", "#0b2f57"]
UNKNOWN = "#b5a98f"
MOST_POINTS = 5000  # above this the map shows squares of mean need
CELL_M = 10_000  # side of a square, metres
BASE = "#1b2733"  # of lines and of leaders' bases
PLACE = ["easting", "northing"]
FONT = 11  # pixels, of the regions' names
SERVED = ("placed", "supported")  # statuses


def need_map(record: RunRecord, ranked: pd.DataFrame) -> str | None:
    """Return the map of schools in scope by need, those placed marked; None where no school has a place."""
    places = record.panel.schools.set_index("urn")[["easting", "northing"]]
    frame = ranked[["urn", "need", "status", "region"]].join(places, on="urn").dropna(subset=["easting", "northing"])
    if frame.empty:
        return None
    served = frame[frame["status"].isin(SERVED)]
    many = len(frame) > MOST_POINTS
    shown = _cells(frame) if many else frame.sort_values(["need", "urn"], na_position="first")
    journeys = _journeys(record)
    bases = journeys[["base_easting", "base_northing"]].set_axis(PLACE, axis=1)
    extent = _extent(pd.concat([frame[PLACE], bases]))
    layers = [_need_points(shown, extent, many), *_lines(journeys, extent), *_served(served, extent)]
    layers.append(_regions(frame, extent))
    marked = f"; diamonds mark the {plural(len(served), 'school')} that the plan serves" if len(served) else ""
    about = (
        f"Map of {plural(len(frame), 'school')} in scope, darker where need is higher"
        f"{', as the mean of squares ten kilometres wide' if many else ''}"
        f"{marked}"
        f"{', each with a line from the base of the leader who goes there' if len(journeys) else ''}."
    )
    return svg("map", "Where need is, and where the plan goes", about, {"layer": layers}, extent.size)


def _journeys(record: RunRecord) -> pd.DataFrame:
    """Return one row per placement whose ends are known: the leader's base, and the school's place."""
    placed, _ = interventions(record)
    leaders = record.pool.leaders.reindex(columns=PLACE).iloc[record.problem.leader[placed]]
    urns = record.problem.urns[record.problem.post[placed]]
    schools = record.panel.schools.set_index("urn")[PLACE].reindex(urns)
    ends = {f"base_{axis}": leaders[axis].to_numpy(dtype=float) for axis in PLACE}
    ends |= {axis: schools[axis].to_numpy(dtype=float) for axis in PLACE}
    return pd.DataFrame(ends).dropna()


class _Extent:
    """The extent of a map in metres, and its size in pixels at equal scales."""

    def __init__(self, east: tuple[float, float], north: tuple[float, float]) -> None:
        self.east, self.north = east, north
        wide, high = east[1] - east[0], north[1] - north[0]
        scale = min(WIDTH / wide, 1.35 * WIDTH / high)
        self.size = (max(60, round(wide * scale)), max(60, round(high * scale)))
        self.cell_pixels = CELL_M * scale

    def x(self, name: str = "easting") -> Spec:
        """Return the encoding of eastings."""
        return field(name, "quantitative", axis=None, scale=_fixed(self.east))

    def y(self, name: str = "northing") -> Spec:
        """Return the encoding of northings."""
        return field(name, "quantitative", axis=None, scale=_fixed(self.north))


def _fixed(domain: tuple[float, float]) -> Spec:
    return {"domain": list(domain), "zero": False, "nice": False}


def _extent(frame: pd.DataFrame) -> _Extent:
    pad = 12_000.0
    spans = [(frame[axis].min() - pad, frame[axis].max() + pad) for axis in ("easting", "northing")]
    return _Extent(spans[0], spans[1])


def _cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the mean need of each square that holds a school, at the square's centre."""
    corner = {axis: np.floor(frame[axis] / CELL_M) * CELL_M + CELL_M / 2 for axis in ("easting", "northing")}
    return frame.assign(**corner).groupby(["easting", "northing"])[["need"]].mean().reset_index()


def _need_points(shown: pd.DataFrame, extent: _Extent, many: bool) -> Spec:
    highest = shown["need"].max()
    top = max(0.1, float(highest)) if pd.notna(highest) else 1.0
    scale = {"range": NEED_COLOURS, "domain": [0, top]}
    legend = {"title": "Forecast need", "format": ".0%", "orient": "top", "gradientLength": 160}
    need = field("need", "quantitative", scale=scale, legend=legend | {"values": [0, top / 2, top]})
    colour = {"condition": {"test": "isValid(datum.need)"} | need, "value": UNKNOWN}
    size, shape = (extent.cell_pixels**2, "square") if many else (14, "circle")
    points = mark("point", filled=True, opacity=1, size=size, shape=shape)
    encoding = {"x": extent.x(), "y": extent.y(), "color": colour}
    return {"data": data_of(shown[["easting", "northing", "need"]]), "mark": points, "encoding": encoding}


def _lines(journeys: pd.DataFrame, extent: _Extent) -> list[Spec]:
    """Return the line of each placement and the leader's base, a small ring; nothing where no base is known."""
    if journeys.empty:
        return []
    ends = {"x": extent.x("base_easting"), "y": extent.y("base_northing")}
    lines = ends | {"x2": {"field": "easting"}, "y2": {"field": "northing"}}
    data = data_of(journeys.round(0))
    line = {"data": data, "mark": mark("rule", color=BASE, strokeWidth=1.1, opacity=0.9), "encoding": lines}
    ring = mark("point", filled=True, size=16, color="white", stroke=BASE, strokeWidth=1, opacity=1)
    return [line, {"data": data, "mark": ring, "encoding": ends}]


def _served(served: pd.DataFrame, extent: _Extent) -> list[Spec]:
    """Return the schools that the plan serves; nothing where there are none: a layer without rows has no extent."""
    if served.empty:
        return []
    rows = served[["easting", "northing"]].assign(group="school the plan serves")
    legend = {"title": None, "orient": "top", "symbolFillColor": ACCENT, "symbolStrokeColor": "white", "symbolSize": 80}
    shape = field("group", "nominal", scale={"range": ["diamond"]}, legend=legend)
    look = mark("point", filled=True, size=70, color=ACCENT, stroke="white", strokeWidth=0.8, opacity=1)
    return [{"data": data_of(rows), "mark": look, "encoding": {"x": extent.x(), "y": extent.y(), "shape": shape}}]


def _regions(frame: pd.DataFrame, extent: _Extent) -> Spec:
    """Return the regions' names over their schools, with a pale outline so that they can be read on any colour."""
    names = apart(frame.groupby("region", as_index=False)[PLACE].mean(), CELL_M / extent.cell_pixels)
    encoding = {"x": extent.x(), "y": extent.y(), "text": field("region", "nominal")}
    look = {"fontSize": FONT, "fontWeight": "bold"}
    halo = mark("text", stroke="white", strokeWidth=4, opacity=0.85, **look)
    layers = [{"mark": halo}, {"mark": mark("text", color=INK, **look)}]
    return {"data": data_of(names), "encoding": encoding, "layer": layers}


def apart(names: pd.DataFrame, metres: float) -> pd.DataFrame:
    """Return the names of regions, each moved south until it covers none to its north; ``metres``: of a pixel."""
    line, letter = metres * 1.2 * FONT, metres * 0.6 * FONT
    names, taken = names.sort_values("northing", ascending=False), list[tuple[float, float, float]]()
    for region, east, north in names[["region", *PLACE]].itertuples(index=False):
        half = letter * len(region) / 2
        while any(abs(east - x) < half + other and abs(north - y) < line for x, y, other in taken):
            north -= line / 4
        taken.append((east, north, half))
    return names.assign(northing=[north for _, north, _ in taken])
