"""``forecast.parquet``: a forecast at full precision, with its draws as lists, and read back the same."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pilotage.domain.forecast import FORECAST_COLUMNS, RiskForecast

DRAWS = "_draws"
TEXTS = ("reasons", "missing")
Draws = dict[str, NDArray[np.float32]]


def forecast_bytes(forecast: RiskForecast) -> bytes:
    """Return the table and the draws as a Parquet file, one row per school; draws of ``x`` are lists ``x_draws``."""
    table = forecast.table[list(FORECAST_COLUMNS)].reset_index(drop=True)
    columns = pa.Table.from_pandas(table, preserve_index=False)
    for name, draws in sorted(forecast.draws.items()):
        columns = columns.append_column(f"{name}{DRAWS}", _lists(draws))
    content = BytesIO()
    pq.write_table(columns, content)
    return content.getvalue()


def _lists(draws: NDArray[np.float32]) -> pa.ListArray:
    """Return each row of an array as a list."""
    ends = np.arange(len(draws) + 1, dtype=np.int32) * draws.shape[1]
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(np.ascontiguousarray(draws).ravel()))


def read_forecast_table(content: bytes) -> tuple[pd.DataFrame, Draws]:
    """Return the table and the draws of ``forecast_bytes``.

    Raises
    ------
    ValueError
        Where it is no such file; the message says why.
    """
    try:
        frame = pd.read_parquet(BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"not a readable Parquet file ({str(error).splitlines()[0]})") from None
    lacking = [name for name in FORECAST_COLUMNS if name not in frame]
    if lacking:
        raise ValueError(f"no column {', '.join(lacking)}")
    lists = [str(name) for name in frame.columns if str(name).endswith(DRAWS)]
    draws = {name.removesuffix(DRAWS): np.stack(frame[name].to_list()) for name in lists if len(frame)}
    return frame[list(FORECAST_COLUMNS)], draws
