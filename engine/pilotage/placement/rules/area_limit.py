"""At least or at most so many placements in some places: a number, or a share of the placements made or of the pool.

With x(l, p) = 1 where leader l takes post p: sum of x(l, p) over the counted posts p in the places >= count, or <=
count; with ``each``, so for each place on its own. A share of the placements made stands as
``placement_limits.share_of_placements`` says; one of the pool is a number. A unit of breach is one placement.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pilotage.config.part import fraction
from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum, InAreas
from pilotage.domain.place_names import place_words
from pilotage.domain.plan import Sense
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName
from pilotage.placement.rules.placement_limits import count_of_placements, share_of_placements
from pilotage.placement.rules.traits import RuleTraits

Bools = NDArray[np.bool_]


def rows(named: RowName, rule: AreaMinimum | AreaMaximum, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the limit over all the places together, or with ``each`` one for each of them."""
    if rule.each:
        for place, urns in candidates.place_names.each_place(rule.areas).items():
            yield _limit(named.at(place), rule, candidates, candidates.at_schools(urns), place)
        return
    where = ", ".join(map(place_words, rule.areas)) or "the areas of the list"
    yield _limit(named, rule, candidates, in_areas(rule, candidates), where)


def _limit(
    named: RowName, rule: AreaMinimum | AreaMaximum, candidates: Candidates, inside: Bools, where: str
) -> Constraint:
    """Return the limit: the sum of x over the counted posts inside is at least, or at most, ``count``."""
    sense: Sense = ">=" if isinstance(rule, AreaMinimum) else "<="
    counted = candidates.counted(rule.counts)
    if rule.share is not None and rule.of == "placements":
        return share_of_placements(named, rule, candidates, (sense, rule.share), (inside, counted), where)
    count = _whole(rule, candidates.people, sense)
    return count_of_placements(named, rule, candidates, (sense, count), inside & counted, where)


def in_areas(rule: InAreas, candidates: Candidates) -> Bools:
    """Return which posts lie in the places meant, together."""
    if rule.areas:
        return candidates.at_schools(candidates.place_names.urns(rule.areas))
    inside: Bools = candidates.table["area"].notna().to_numpy()
    return inside


def _whole(rule: InAreas, people: int, sense: Sense) -> int:
    """Return the limit in placements; a share of the pool is rounded to the stricter side of no placement lost."""
    if rule.count is not None:
        return rule.count
    part = fraction(rule.share or 0.0) * people
    return math.ceil(part) if sense == ">=" else math.floor(part)


RULES = (RuleTraits((AreaMinimum, AreaMaximum), "counts", "placement", rows=rows),)
