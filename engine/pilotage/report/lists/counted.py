"""Benefits as they count: a school's pupils once, however many leaders the plan sends there."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.record import RunRecord
from pilotage.domain.findings.sharing import Sharing


def counted_pairs(
    record: RunRecord, chosen: NDArray[np.int64] | None = None, sharing: Sharing | None = None
) -> pd.DataFrame:
    """Return the chosen pairs, in their order, with the benefit that counts and its interval.

    What a pair loses to the other leaders of its school is taken off its benefit; the interval is narrower by the same
    share of what the pair adds. ``alone`` is the benefit as if nobody else went there.

    Parameters
    ----------
    chosen, sharing
        Pairs of another plan than the record's, and what they lose.
    """
    pairs = record.plan.chosen if chosen is None else chosen
    parts = record.sharing if sharing is None else sharing
    frame = record.impact.pairs.iloc[pairs].reset_index(drop=True)
    lost = np.array([parts[pair].lost if pair in parts else 0.0 for pair in pairs.tolist()], dtype=float)
    share = np.array([parts[pair].counted if pair in parts else 1.0 for pair in pairs.tolist()], dtype=float)
    alone = frame["benefit"].astype(float)
    own = alone - lost
    low, high = (own + (frame[name] - alone) * share for name in ("benefit_low", "benefit_high"))
    return frame.assign(alone=alone, benefit=own, benefit_low=low, benefit_high=high)


def expected_benefit(record: RunRecord) -> float:
    """Return what the plan is modelled to add, in pupil-months: unweighted, whatever the objective counts."""
    return float(counted_pairs(record)["benefit"].sum())


def alternative_benefits(record: RunRecord) -> list[float]:
    """Return what each alternative is modelled to add, in pupil-months, unweighted."""
    numbers = enumerate(record.alternatives.plans)
    pairs = (counted_pairs(record, plan.chosen, sharing_of(record, number)) for number, plan in numbers)
    return [float(frame["benefit"].sum()) for frame in pairs]


def sharing_of(record: RunRecord, alternative: int) -> Sharing:
    """Return what the placements of an alternative (from 0) lose to other leaders of their school."""
    return record.alternatives_sharing[alternative] if record.alternatives_sharing else {}


def benefit_span(record: RunRecord) -> tuple[float, float]:
    """Return the plan's range in pupil-months: the sums of its placements' ends, the most cautious reading."""
    pairs = counted_pairs(record)
    return float(pairs["benefit_low"].sum()), float(pairs["benefit_high"].sum())
