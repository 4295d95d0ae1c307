"""What moves the forecast of a school's gap, in words: the exact parts of its expected change."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.gap_transition import Change, Learnt
from pilotage.risk.reasons import shown

SMALLEST_MONTHS = 0.1  # parts below it are not told
WIDENING = 3
NARROWING = 2


def moved_by(model: Learnt, frame: pd.DataFrame, change: Change, sd_per_month: float) -> list[str]:
    """Return a sentence per school: what widens its gap most and what narrows it, in months; empty where nothing does.

    Each is against the mean school, so that a school like the mean is told nothing.
    """
    months = change.parts / sd_per_month
    values = [frame[feature.name].to_numpy(dtype=object) for feature in model.features]
    return [_sentence(model, [column[row] for column in values], months[row]) for row in range(len(frame))]


def _sentence(model: Learnt, values: list[object], months: NDArray[np.float64]) -> str:
    order = np.argsort(-months, kind="stable")
    told = [one for one in order if not pd.isna(values[one]) and model.features[one].words]
    up = [_phrase(model, values, months, one) for one in told[:WIDENING] if months[one] >= SMALLEST_MONTHS]
    down = [_phrase(model, values, months, one) for one in told[::-1][:NARROWING] if months[one] <= -SMALLEST_MONTHS]
    parts = [f"Widening: {'; '.join(up)}." if up else "", f"Narrowing: {'; '.join(down)}." if down else ""]
    return " ".join(part for part in parts if part)


def _phrase(model: Learnt, values: list[object], months: NDArray[np.float64], one: int) -> str:
    feature = model.features[one]
    words = feature.words.format(value=shown(feature.unit, values[one]))
    return f"{words} ({months[one]:+.1f})".replace("-", "−")
