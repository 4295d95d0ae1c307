"""What moves the forecast of a school's gap, in words: the exact parts of its expected change."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.features.declared import Feature
from pilotage.risk.gap.transition import Change, LearntTransition
from pilotage.risk.reasons import phrase
from pilotage.risk.spec.gap import OwnGap

SMALLEST_MONTHS = 0.1  # parts below it are not said
WIDENING = 3
NARROWING = 2


def change_reasons(model: LearntTransition, frame: pd.DataFrame, change: Change, sd_per_month: float) -> list[str]:
    """Return a sentence per school: what widens its gap most and what narrows it, in months; empty where nothing does.

    Each is against the mean school, so that of a school like the mean nothing is said.
    """
    months = change.parts / sd_per_month
    values = [frame[name].to_numpy(dtype=object) for name in model.wanted.names]
    return [_sentence(model, [column[row] for column in values], months[row]) for row in range(len(frame))]


def _sentence(model: LearntTransition, values: list[object], months: NDArray[np.float64]) -> str:
    order = np.argsort(-months, kind="stable")
    named = [model.wanted.worded(name) for name in model.wanted.names]
    known = [place for place in order if not pd.isna(values[place]) and named[place].words]
    widening = [place for place in known[:WIDENING] if months[place] >= SMALLEST_MONTHS]
    narrowing = [place for place in known[::-1][:NARROWING] if months[place] <= -SMALLEST_MONTHS]
    sentences = []
    for title, places in (("Widening", widening), ("Narrowing", narrowing)):
        phrases = [_phrase(named[place], values[place], months[place]) for place in places]
        sentences += [f"{title}: {'; '.join(phrases)}."] if phrases else []
    return " ".join(sentences)


def _phrase(named: Feature | OwnGap, value: object, months: float) -> str:
    words = phrase(named, value) if isinstance(named, Feature) else named.words
    return f"{words} ({months:+.1f})".replace("(-", "(−")
