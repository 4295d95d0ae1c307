"""The decision as files that any solver can take: problem.json (rows, auxiliaries, capacities), pairs.parquet.

A manifest.json beside them says whose folder it is.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pilotage.case.run_folder import MANIFEST, PAIRS, PROBLEM, SCHEMA_VERSION, FolderKind
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row

Ints = NDArray[np.int64]

STATED = ("name", "rule", "label", "sense", "rhs", "key", "part", "measure", "unit")  # of a row


def with_cuts(problem: PlacementProblem, plan: PlacementPlan) -> PlacementProblem:
    """Return the problem with the rows on shared pupils that its proof needed, as rows like any other."""
    return replace(problem, rows=(*problem.rows, *plan.cuts), shared=None)


def write_problem(problem: PlacementProblem, out: Path, *, force: bool) -> Path:
    """Write the problem that was solved into the folder ``out``; what ``shared`` says is not written (``with_cuts``).

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or holds files that Pilotage did not write.
    """
    return whole_folder(out, force, lambda folder: _files(problem, folder))


def _files(problem: PlacementProblem, folder: Path) -> None:
    manifest = {"schema_version": SCHEMA_VERSION, "kind": FolderKind.PROBLEM}
    for name, stated in ((PROBLEM, _stated(problem)), (MANIFEST, manifest)):
        text = json.dumps(stated, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    pq.write_table(_pairs(problem), folder / PAIRS)


def _stated(problem: PlacementProblem) -> dict[str, Any]:
    """Return what stands beside the pairs: maximise benefits over ``scale``, keep every row."""
    posts = zip(problem.post_ids, problem.urns.tolist(), strict=True)
    leaders = zip(problem.leader_ids, problem.capacities.tolist(), strict=True)
    return {
        "schema_version": SCHEMA_VERSION,
        "scale": problem.scale,
        "leaders": [{"leader_id": name, "capacity": capacity} for name, capacity in leaders],
        "posts": [{"post_id": name, "urn": urn} for name, urn in posts],
        "auxiliaries": [vars(auxiliary) for auxiliary in problem.auxiliaries],
        "rows": [_row(row) for row in problem.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    named = {name: getattr(row, name) for name in STATED}
    weights = zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True)
    return named | {"auxiliaries": [{"auxiliary": number, "weight": weight} for number, weight in weights]}


def _pairs(problem: PlacementProblem) -> pa.Table:
    """Return one row per pair; ``rows`` and ``weights`` are lists: the rows it is in, by number from 0, and weights."""
    row, pair, weight = _entries(problem)
    order = np.lexsort((row, pair))
    ends = np.concatenate([[0], np.cumsum(np.bincount(pair, minlength=len(problem.benefit)))]).astype(np.int32)
    leaders, posts = np.array(problem.leader_ids, dtype=object), np.array(problem.post_ids, dtype=object)
    frame = pd.DataFrame(
        {
            "leader_id": leaders[problem.leader],
            "post_id": posts[problem.post],
            "urn": problem.urns[problem.post],
            "benefit": problem.benefit,
        }
    )
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for name, values in (("rows", row[order].astype(np.int32)), ("weights", weight[order])):
        table = table.append_column(name, pa.ListArray.from_arrays(pa.array(ends), pa.array(values)))
    return table


def _entries(problem: PlacementProblem) -> tuple[Ints, Ints, Ints]:
    """Return row, pair and weight of each entry; a row over posts or leaders is written pair by pair."""
    parts = [(np.zeros(0, dtype=np.int64),) * 3]
    for number, row in enumerate(problem.rows):
        size = {"pair": len(problem.benefit), "post": len(problem.post_ids), "leader": len(problem.leader_ids)}[
            row.over
        ]
        weight = np.zeros(size, dtype=np.int64)
        weight[row.members] = row.weights
        of_pair = weight if row.over == "pair" else weight[problem.post if row.over == "post" else problem.leader]
        pairs = np.flatnonzero(of_pair)
        parts.append((np.full(len(pairs), number), pairs, of_pair[pairs]))
    rows, pairs, weights = (np.concatenate(some) for some in zip(*parts, strict=True))
    return rows, pairs, weights
