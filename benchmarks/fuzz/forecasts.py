"""Forecasts of a charity's own as Parquet files, drawn at random: with draws, odd columns, and values that do not fit.

``python benchmarks/fuzz/forecasts.py --examples 200 --seed 1`` draws that many and prints what is wrong.
"""

from __future__ import annotations

import io
import random
import sys
from pathlib import Path
from typing import Any

import pandas as pd

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.official import damaged
from fuzz.outcome import faults, outcome_of
from fuzz.table_rows import CLOSED_URN, MERGED_URN, OLD_URN, whole
from fuzz.table_world import read

Draw = random.Random
WIDTHS = (3, 3, 3, 2, 0)  # of lists of draws
ODD = (1.5, -0.25, float("nan"), float("inf"), "0.5", "", None, True, 10**12, b"x")
NAMES = ("Need", "p_stuk", "risk", "phase", "p_stuck_draws_draws", "x_draws", "urn ", "", 7)
DRAWN = ("p_stuck", "p_fall_if_inspected", "gap_months_at_horizon", "need")


def drawn_frame(draw: Draw) -> pd.DataFrame:
    """Return a table of risks by URN, whole or with some of it changed as people change such tables."""
    table = whole("forecast")
    frame = pd.DataFrame(list(table.rows), columns=[column.name for column in table.columns])
    needed = ["urn", draw.choice(("need", "p_stuck", "p_fall_if_inspected"))]
    lost = [name for name in frame if name not in needed and draw.random() < 0.3]
    frame = frame.drop(columns=lost)
    for name in draw.sample(DRAWN, draw.choice((0, 1, 2))):
        frame[f"{name}_draws"] = _lists(draw, len(frame))
    for _ in range(draw.choice((0, 0, 1, 1, 2))):
        frame = draw.choice((_with_cell, _with_urn, _with_name, _with_rows, _without_column))(draw, frame)
    return frame


def _lists(draw: Draw, rows: int) -> list[Any]:
    """Return a list of draws for each row; now and then one that is longer, out of range, blank or no list."""
    width = draw.choice(WIDTHS)
    lists: list[Any] = [[round(draw.random(), 3) for _ in range(width)] for _ in range(rows)]
    if draw.random() < 0.4:
        lists[draw.randrange(rows)] = draw.choice((None, [2.0] * width, [-0.5] * width, [0.5] * (width + 1)))
    if draw.random() < 0.1:
        return draw.choice(([0.5] * rows, ["0.5;0.6"] * rows, [["a"]] * rows, [None] * rows, [[[0.5]]] * rows))
    return lists


def _with_cell(draw: Draw, frame: pd.DataFrame) -> pd.DataFrame:
    name = draw.choice([column for column in frame if not str(column).endswith("_draws")] or [""])
    if not len(frame) or name == "":
        return frame
    cells = frame[name].astype(object).tolist()
    cells[draw.randrange(len(cells))] = draw.choice(ODD)
    return frame.assign(**{name: cells})


def _with_urn(draw: Draw, frame: pd.DataFrame) -> pd.DataFrame:
    if "urn" not in frame or not len(frame):
        return frame
    urns = frame["urn"].tolist()
    urns[draw.randrange(len(urns))] = draw.choice((OLD_URN, MERGED_URN, CLOSED_URN, urns[0], urns[-1]))
    return frame.assign(urn=urns)


def _with_name(draw: Draw, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={draw.choice(list(frame)): draw.choice(NAMES)})


def _with_rows(draw: Draw, frame: pd.DataFrame) -> pd.DataFrame:
    repeated = pd.concat([frame] * 2, ignore_index=True)
    many = pd.concat([frame] * 10, ignore_index=True)
    many = many.assign(urn=range(200_001, 200_001 + len(many))) if "urn" in many else many
    return draw.choice((frame.iloc[:0], frame.iloc[:1], repeated, many, frame.set_index(frame.columns[0])))


def _without_column(draw: Draw, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=draw.choice(("urn", *frame.columns)), errors="ignore")


def written(draw: Draw, frame: pd.DataFrame) -> bytes:
    """Return the bytes of a Parquet file; a column of unlike values is written as texts."""
    content = io.BytesIO()
    for name in [name for name in frame if frame[name].dtype == object]:
        if len({type(cell) for cell in frame[name] if cell is not None}) > 1:
            frame = frame.assign(**{name: [None if cell is None else str(cell) for cell in frame[name]]})
    frame.columns = pd.Index([str(name) for name in frame.columns])
    frame = frame.loc[:, ~frame.columns.duplicated()]
    frame.to_parquet(content, compression=draw.choice(("snappy", "gzip", "none")))
    return content.getvalue()


def answer(seed: int, folder: Path) -> Answer:
    """Return what the Parquet file of a seed comes to, and what is wrong with that."""
    draw = random.Random(f"parquet {seed}")
    frame = drawn_frame(draw)
    content = written(draw, frame)
    content = damaged(draw, content) if draw.random() < 0.15 else content
    path = folder / draw.choice(("forecast.parquet",) * 8 + ("Forecast.PARQUET", "forecast.csv"))
    path.write_bytes(content)
    if draw.random() < 0.03:
        path.unlink()
    outcome = outcome_of(lambda: read("forecast", path, draw.randrange(3)))
    return outcome, faults(outcome, frame.to_csv())


HARNESSES = (Harness("forecasts, Parquet", answer, 40),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
