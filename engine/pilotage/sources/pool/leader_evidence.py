"""A leader's own evidence: an effect and how unsure it is, both or neither, within what an effect can be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pilotage.domain.tables import MOST_EFFECT_SD
from pilotage.errors import Problem

UNIT = "(standard deviations of pupils' progress)"
BOTH = "both effect_mean and effect_sd, or neither: evidence counts by how sure it is"


def problems(frame: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with each row's evidence; ``frame`` has the table's own order, its columns as numbers."""
    mean, sd = (frame.get(name, pd.Series(None, index=frame.index)) for name in ("effect_mean", "effect_sd"))
    for row, (effect, spread) in enumerate(zip(mean, sd, strict=True), 2):
        yield from _wrong(_given(effect), _given(spread), f"{path}, row {row}")


def _given(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _wrong(mean: float | None, sd: float | None, where: str) -> Iterator[Problem]:
    if mean is not None and abs(mean) > MOST_EFFECT_SD:
        allowed = f"from -{MOST_EFFECT_SD} to {MOST_EFFECT_SD} {UNIT}"
        yield Problem(where, f"effect_mean = {mean:g}", allowed, "check the unit: it is not months, nor per cent")
    if sd is not None and not 0 < sd <= MOST_EFFECT_SD:
        allowed = f"more than 0, at most {MOST_EFFECT_SD} {UNIT}"
        yield Problem(where, f"effect_sd = {sd:g}", allowed, "say how unsure the evidence is: none is certain")
    if mean is not None and sd is None:
        what = f"effect_sd = blank, and effect_mean is {mean:g}"
        yield Problem(where, what, BOTH, "give effect_sd, how unsure it is, or empty effect_mean")
    if sd is not None and mean is None:
        what = f"effect_mean = blank, and effect_sd is {sd:g}"
        yield Problem(where, what, BOTH, "give effect_mean, what was measured, or empty effect_sd")
