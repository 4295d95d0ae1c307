"""What comes after a no: who is offered the post next, and at which school its leader is offered one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.record import RunRecord

NOBODY = "none"  # in the place of a reserve


def after_a_no(record: RunRecord, chosen: NDArray[np.int64]) -> dict[str, Any]:
    """Return the columns ``AFTER_A_NO`` of some chosen pairs, in their order."""
    two = [record.reserves.get(pair, (None, None)) for pair in chosen.tolist()]
    pairs = [record.asking.next_pair.get(pair) for pair in chosen.tolist()]
    urns = [None if pair is None else int(record.problem.urns[record.problem.post[pair]]) for pair in pairs]
    names = record.panel.schools.set_index("urn")["name"].to_dict()
    return {
        "reserve_1": pd.Series([first or NOBODY for first, _ in two], dtype=object),
        "reserve_2": pd.Series([second or NOBODY for _, second in two], dtype=object),
        "next_urn": pd.array(urns, dtype="Int64"),
        "next_school": pd.Series([None if urn is None else names.get(urn) for urn in urns], dtype=object),
    }
