"""Random draws of settings, the same for the same seed on every machine."""

from __future__ import annotations

from math import floor, log10
from random import Random
from typing import Any

from pilotage.config.grid.file import Drawn, Draws

DIGITS = 4  # of a number that is drawn from a range


def drawn(draws: Draws) -> list[dict[str, Any]]:
    """Return the settings of each draw. Each key has a stream of its own: another key beside it changes nothing."""
    streams = {key: Random(f"{draws.seed}/{key}") for key in draws.keys}
    return [{key: _value(how, streams[key].random()) for key, how in draws.keys.items()} for _ in range(draws.count)]


def _value(how: Drawn, share: float) -> Any:
    """Return the value at a share (0 to 1) of what can be drawn."""
    if how.choice is not None:
        return how.choice[int(share * len(how.choice))]
    if how.integer is not None:
        low, high = how.integer
        return low + int(share * (high - low + 1))
    if how.uniform is None:
        raise ValueError("a key without a distribution")
    least, most = how.uniform
    return min(max(_rounded(least + share * (most - least)), least), most)


def _rounded(value: float) -> float:
    return round(value, DIGITS - 1 - floor(log10(abs(value)))) if value else 0.0
