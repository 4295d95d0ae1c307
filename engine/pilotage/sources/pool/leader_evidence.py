"""A leader's own evidence: an effect and how unsure it is, both or neither, within what an effect can be."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pilotage.domain.tables import MOST_EFFECT_SD
from pilotage.errors import Problem

UNIT = "(standard deviations of pupils' progress)"
BOTH = "both effect_mean and effect_sd, or neither: evidence counts by how sure it is"


def problems(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield what is wrong with each row's evidence; ``frame`` has the table's own order, its columns as numbers."""
    mean, sd = (frame.get(name, pd.Series(None, index=frame.index)) for name in ("effect_mean", "effect_sd"))
    for row, effect, spread in zip(frame.index, mean, sd, strict=True):
        yield from _wrong(_given(effect), _given(spread), (where, int(row)))


def _given(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _wrong(mean: float | None, sd: float | None, at: tuple[str, int]) -> Iterator[Problem]:
    where, row = at
    here, of_mean, of_sd = f"{where}, row {row + 2}", (*at, "effect_mean"), (*at, "effect_sd")
    if mean is not None and abs(mean) > MOST_EFFECT_SD:
        allowed = f"from -{MOST_EFFECT_SD} to {MOST_EFFECT_SD} {UNIT}"
        do = "check the unit: it is not months, nor per cent"
        yield Problem(here, f"effect_mean = {mean:g}", allowed, do, (of_mean,))
    if sd is not None and not 0 < sd <= MOST_EFFECT_SD:
        allowed = f"more than 0, at most {MOST_EFFECT_SD} {UNIT}"
        do = "say how unsure the evidence is: none is certain"
        yield Problem(here, f"effect_sd = {sd:g}", allowed, do, (of_sd,))
    if mean is not None and sd is None:
        what = f"effect_sd = blank, and effect_mean is {mean:g}"
        do = "give effect_sd, how unsure it is, or empty effect_mean"
        yield Problem(here, what, BOTH, do, (of_sd,))
    if sd is not None and mean is None:
        what = f"effect_mean = blank, and effect_sd is {sd:g}"
        do = "give effect_mean, what was measured, or empty effect_sd"
        yield Problem(here, what, BOTH, do, (of_mean,))
