"""``forecast.parquet``: a forecast at full precision, with its draws as lists, and read back the same.

Schools outside the scope, which those in scope are compared with, come after them, without draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pilotage.domain.forecast import COMPARED_COLUMNS, FORECAST_COLUMNS, RiskForecast
from pilotage.domain.outcomes import GAP_SD

DRAWS = "_draws"
IN_SCOPE = "in_scope"
ADDED = ("phase", GAP_SD)  # what a forecast's table lacks of the schools compared
COLUMNS = (*FORECAST_COLUMNS, *ADDED, IN_SCOPE)
TEXTS = ("reasons", "missing")
Draws = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class ForecastTables:
    """A forecast's table, its draws, and the schools compared (``COMPARED_COLUMNS``)."""

    table: pd.DataFrame
    draws: Draws
    compared: pd.DataFrame


def forecast_bytes(forecast: RiskForecast) -> bytes:
    """Return the table and the draws as a Parquet file, one row per school; draws of ``x`` are lists ``x_draws``."""
    rows = forecast_rows(forecast)
    columns = pa.Table.from_pandas(rows, preserve_index=False)
    for name, draws in sorted(forecast.draws.items()):
        columns = columns.append_column(f"{name}{DRAWS}", _lists(draws, len(rows) - len(draws)))
    content = BytesIO()
    pq.write_table(columns, content)
    return content.getvalue()


def forecast_rows(forecast: RiskForecast) -> pd.DataFrame:
    """Return the schools in scope, and below them those that they are compared with, in ``COLUMNS``."""
    table = forecast.table[list(FORECAST_COLUMNS)].reset_index(drop=True)
    known = forecast.england.set_index("urn")[list(ADDED)].reindex(table["urn"]).reset_index(drop=True)
    rows = table.assign(**{name: known[name] for name in ADDED}, **{IN_SCOPE: True})
    return pd.concat([rows, _beside(forecast)], ignore_index=True)[list(COLUMNS)]


def _beside(forecast: RiskForecast) -> pd.DataFrame:
    """Return the schools compared that are not in scope, in the columns of the file."""
    england = forecast.england
    outside = england[~england["urn"].isin(forecast.table["urn"])]
    types = {name: kind for name, kind in forecast.table.dtypes.items() if name in FORECAST_COLUMNS}
    rows = outside.reindex(columns=list(COLUMNS)).assign(**dict.fromkeys(TEXTS, ""), **{IN_SCOPE: False})
    return rows.astype(types)


def _lists(draws: NDArray[np.float32], without: int) -> pa.ListArray:
    """Return each row of an array as a list, and then as many rows without one."""
    ends = np.arange(len(draws) + 1, dtype=np.int32) * draws.shape[1]
    lists = pa.ListArray.from_arrays(pa.array(ends), pa.array(np.ascontiguousarray(draws).ravel()))
    return pa.concat_arrays([lists, pa.nulls(without, lists.type)])


def read_forecast_table(content: bytes) -> ForecastTables:
    """Return the tables and the draws of ``forecast_bytes``.

    Raises
    ------
    ValueError
        Where it is no such file; the message says why.
    """
    try:
        frame = pd.read_parquet(BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"not a readable Parquet file ({str(error).splitlines()[0]})") from None
    lacking = [name for name in COLUMNS if name not in frame]
    if lacking:
        raise ValueError(f"no column {', '.join(lacking)}")
    inside = frame[frame[IN_SCOPE]]
    lists = [str(name) for name in frame.columns if str(name).endswith(DRAWS)]
    draws = {name.removesuffix(DRAWS): np.stack(inside[name].to_list()) for name in lists if len(inside)}
    compared = frame[list(COMPARED_COLUMNS)].sort_values("urn", ignore_index=True)
    return ForecastTables(inside[list(FORECAST_COLUMNS)].reset_index(drop=True), draws, compared)
