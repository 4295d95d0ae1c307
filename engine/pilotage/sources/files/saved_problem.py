"""A problem read back from the files of ``--save-problem``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from pilotage.domain.plan import Auxiliary, PlacementProblem, Row
from pilotage.errors import DataError, Problem


def load_problem(folder: Path) -> PlacementProblem:
    """Return the problem that ``--save-problem`` wrote into ``folder``; every row is over pairs.

    Raises
    ------
    DataError
        When a file is missing or cannot be read.
    """
    try:
        stated = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
        pairs = pq.read_table(folder / "pairs.parquet").to_pandas()
    except (OSError, ValueError) as error:
        what = f"no saved problem: {error}"
        raise DataError(Problem(str(folder), what, "problem.json and pairs.parquet", "write it again")) from None
    leaders = {entry["leader_id"]: number for number, entry in enumerate(stated["leaders"])}
    posts = {entry["post_id"]: number for number, entry in enumerate(stated["posts"])}
    lengths = pairs["rows"].map(len).to_numpy(dtype=np.int64)
    row, weight = (
        np.concatenate([np.zeros(0, np.int64), *pairs[name]]).astype(np.int64) for name in ("rows", "weights")
    )
    pair = np.repeat(np.arange(len(pairs)), lengths)
    rows = [_row(entry, pair[row == number], weight[row == number]) for number, entry in enumerate(stated["rows"])]
    return PlacementProblem(
        leader_ids=tuple(leaders),
        post_ids=tuple(posts),
        urns=np.array([entry["urn"] for entry in stated["posts"]], dtype=np.int64),
        leader=pairs["leader_id"].map(leaders).to_numpy(dtype=np.int32),
        post=pairs["post_id"].map(posts).to_numpy(dtype=np.int32),
        benefit=pairs["benefit"].to_numpy(dtype=np.int64),
        scale=stated["scale"],
        rows=tuple(rows),
        capacity=np.array([entry["capacity"] for entry in stated["leaders"]], dtype=np.int64),
        auxiliaries=tuple(Auxiliary(**entry | {"part": tuple(entry["part"])}) for entry in stated["auxiliaries"]),
    )


def _row(stated: dict[str, Any], members: Any, weights: Any) -> Row:
    extras = stated.pop("auxiliaries")
    stated["part"] = tuple(stated["part"])
    numbers = np.array([entry["auxiliary"] for entry in extras], dtype=np.int64)
    return Row(
        **stated,
        members=members,
        weights=weights,
        auxiliaries=numbers,
        auxiliary_weights=np.array([entry["weight"] for entry in extras], dtype=np.int64),
    )
