"""What moves the forecast of a school's gap, in words: the exact parts of its expected change."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.features.declared import Feature
from pilotage.risk.gap.transition import Change, Learnt
from pilotage.risk.reasons import phrase
from pilotage.risk.spec.gap import OwnGap

SMALLEST_MONTHS = 0.1  # parts below it are not told
WIDENING = 3
NARROWING = 2


def moved_by(model: Learnt, frame: pd.DataFrame, change: Change, sd_per_month: float) -> list[str]:
    """Return a sentence per school: what widens its gap most and what narrows it, in months; empty where nothing does.

    Each is against the mean school, so that a school like the mean is told nothing.
    """
    months = change.parts / sd_per_month
    values = [frame[name].to_numpy(dtype=object) for name in model.wanted.names]
    return [_sentence(model, [column[row] for column in values], months[row]) for row in range(len(frame))]


def _sentence(model: Learnt, values: list[object], months: NDArray[np.float64]) -> str:
    order = np.argsort(-months, kind="stable")
    named = [model.wanted.told(name) for name in model.wanted.names]
    told = [one for one in order if not pd.isna(values[one]) and named[one].words]
    up = [_phrase(named[one], values[one], months[one]) for one in told[:WIDENING] if months[one] >= SMALLEST_MONTHS]
    down = [
        _phrase(named[one], values[one], months[one])
        for one in told[::-1][:NARROWING]
        if months[one] <= -SMALLEST_MONTHS
    ]
    parts = [f"Widening: {'; '.join(up)}." if up else "", f"Narrowing: {'; '.join(down)}." if down else ""]
    return " ".join(part for part in parts if part)


def _phrase(named: Feature | OwnGap, value: object, months: float) -> str:
    words = phrase(named, value) if isinstance(named, Feature) else named.words
    return f"{words} ({months:+.1f})".replace("(-", "(−")
