"""Constraints that limit placements, by number or by share, at some of the posts: several rules state such."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pilotage.config.part import fraction
from pilotage.config.rules.priced import Priced
from pilotage.domain.plan import Sense
from pilotage.domain.words import plural
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, softened

Bools = NDArray[np.bool_]

WORDS = {">=": "at least", "<=": "at most"}
NOUNS = {">=": "placement too few", "<=": "placement too many"}


def share_of_placements(
    named: RowName,
    rule: Priced,
    candidates: Candidates,
    limit: tuple[Sense, float],
    posts: tuple[Bools, Bools],
    where: str,
) -> Constraint:
    """Return a limit on the share of the placements counted that lie inside.

    sum of x over the counted posts inside >= share x (sum of x over all counted posts), or <=: times the share's
    denominator, all is on the left in integers, so that no number of placements is fixed.

    ``posts``: those inside, and those counted.
    """
    (sense, share), (inside, counted), part = limit, posts, fraction(limit[1])
    weights = np.where(inside, part.denominator - part.numerator, -part.numerator)
    label = f"{WORDS[sense]} {share:.0%} of placements in {where}"
    members = np.flatnonzero(counted)
    row = constraint(replace(named, measure="share", share=share), label, (sense, 0), members, weights[members], "post")
    return softened(row, rule, candidates, part.denominator, NOUNS[sense])


def count_of_placements(
    named: RowName, rule: Priced, candidates: Candidates, limit: tuple[Sense, int], inside: Bools, where: str
) -> Constraint:
    """Return a limit on the number of placements: sum of x over the posts inside >= or <= count."""
    sense, count = limit
    label = f"{WORDS[sense]} {plural(count, 'placement')} in {where}"
    row = constraint(named, label, limit, np.flatnonzero(inside), None, "post")
    return softened(row, rule, candidates, 1, NOUNS[sense])
