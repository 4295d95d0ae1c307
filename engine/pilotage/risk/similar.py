"""Similar schools: of the same phase and the same fifth of disadvantaged pupils' share; and what is usual of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.deprivation import fifths
from pilotage.domain.panel import SchoolPanel, phases_of

Middle = Literal["higher", "lower", "midpoint"]  # which of two middle values is the median
FEWEST = 5  # schools of which a value is known: with fewer there is nothing usual


@dataclass(frozen=True)
class Peers:
    """What makes schools similar, by urn: phase, and fifth of disadvantaged share (5 = the highest; null = unknown)."""

    phase: pd.Series
    fifth: pd.Series


@dataclass(frozen=True)
class Usual:
    """What is usual of the schools that each row is compared with, shape (rows,).

    ``middle``: the median of a value, null where too few are known. ``shared``: whether more than half of those schools
    have just this value. ``similar``: whether they are similar schools; else they are all schools of the phase.
    """

    middle: NDArray[np.float64]
    shared: NDArray[np.bool_]
    similar: NDArray[np.bool_]


def peers_of(panel: SchoolPanel, urns: NDArray[np.int64]) -> Peers:
    """Return what makes the schools of a forecast similar, from what was known by the panel's date."""
    index = pd.Index(urns, name="urn")
    phase = phases_of(panel, pd.Series(urns)).set_axis(index)
    return Peers(phase, fifths(panel, urns).set_axis(index).astype(float))


def usual(values: pd.Series, peers: Peers, interpolation: Middle = "midpoint") -> Usual:
    """Return what is usual of each school's similar schools, itself among them, in the order of ``values``.

    A school whose fifth is not known, or with too few similar schools, is compared with all schools of its phase.

    Parameters
    ----------
    values
        By urn; null = not known, and not counted.
    """
    numbers = values.astype(float)
    phase, fifth = (peer.reindex(numbers.index) for peer in (peers.phase, peers.fifth))
    near, of_phase = (_middle(numbers, keys, interpolation) for keys in ([phase, fifth], [phase]))
    similar = np.isfinite(near["middle"].to_numpy())
    middle, share = (np.where(similar, near[name], of_phase[name]) for name in ("middle", "share"))
    return Usual(middle, share > 0.5, similar)


def _middle(values: pd.Series, keys: list[pd.Series], interpolation: Middle) -> pd.DataFrame:
    """Return the median of each row's group, null in a small one, and the share of the group that has just it."""
    groups = values.groupby(keys, dropna=False)
    known = np.logical_and.reduce([key.notna() for key in keys])
    middle = groups.transform(lambda group: group.quantile(0.5, interpolation=interpolation))
    middle = middle.where(known & (groups.transform("count") >= FEWEST))
    same = (values == middle).astype(float).where(values.notna())
    return pd.DataFrame({"middle": middle, "share": same.groupby(keys, dropna=False).transform("mean")})
