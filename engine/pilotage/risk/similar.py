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
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    phase, fifth = (pd.factorize(peer.reindex(values.index))[0] for peer in (peers.phase, peers.fifth))
    both = np.where((phase >= 0) & (fifth >= 0), phase * (fifth.max(initial=0) + 1) + fifth, -1)
    near, of_phase = (_middle(numbers, group, interpolation) for group in (both, phase))
    similar = np.isfinite(near.middle)
    return Usual(
        np.where(similar, near.middle, of_phase.middle), np.where(similar, near.shared, of_phase.shared), similar
    )


def _middle(numbers: NDArray[np.float64], group: NDArray[np.int64], interpolation: Middle) -> Usual:
    """Return what is usual of each row's group (-1: of none), ``middle`` null in a small one."""
    counted = np.flatnonzero(np.isfinite(numbers) & (group >= 0))
    counted = counted[np.lexsort((numbers[counted], group[counted]))]
    of, ordered = group[counted], numbers[counted]
    size = np.bincount(of, minlength=group.max(initial=0) + 1)
    first, enough = np.cumsum(size) - size, size >= FEWEST
    middle = np.full(len(size), np.nan)
    lower, upper = (ordered[(first + ends)[enough]] for ends in ((size - 1) // 2, size // 2))
    midpoint = upper - (upper - lower) * 0.5
    middle[enough] = {"lower": lower, "higher": upper, "midpoint": midpoint}[interpolation]
    same = np.bincount(of, ordered == middle[of], minlength=len(size))
    shared, inside = 2 * same > size, group >= 0
    return Usual(np.where(inside, middle[group], np.nan), inside & shared[group], inside & enough[group])
