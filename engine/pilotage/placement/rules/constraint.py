"""Rows in the making: each may bring integer variables, and a priced rule brings what measures its breach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.config.rules.priced import Priced
from pilotage.domain.plan import Auxiliary, AuxiliaryKind, Measure, Over, Part, Row, Sense, Unit
from pilotage.placement.candidates import SCALE, Candidates

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class RowName:
    """What a row is about: its kind of rule, the name that the scenario gives it, and which row of the rule it is.

    ``measure``, ``unit`` and ``share`` are as of a ``Row``.
    """

    rule: str
    key: str
    part: Part = ()
    measure: Measure = "number"
    unit: Unit = "placement"
    share: float | None = None

    @property
    def text(self) -> str:
        """Return the row's name, for people."""
        return f"{self.key}: {', '.join(str(item) for item in self.part)}" if self.part else self.key

    def at(self, *part: str | int) -> RowName:
        """Return the same with more of the part."""
        return replace(self, part=(*self.part, *part))

    def auxiliary(self, kind: AuxiliaryKind, upper: int, benefit: int = 0) -> Auxiliary:
        """Return an integer variable of this row or rule, from 0 to ``upper``."""
        return Auxiliary(f"{self.text}: {kind}", upper, benefit, kind=kind, key=self.key, part=self.part)


@dataclass(frozen=True)
class Constraint:
    """A row whose integer variables have no number yet; ``extras`` are those variables with their weights."""

    named: RowName
    label: str
    sense: Sense
    rhs: int
    members: Ints
    weights: Ints
    extras: tuple[tuple[Auxiliary, int], ...] = ()
    over: Over = "pair"


def constraint(
    named: RowName,
    label: str,
    limit: tuple[Sense, int],
    members: Ints,
    weights: Ints | None = None,
    over: Over = "pair",
) -> Constraint:
    """Return a row without integer variables; weights are 1 where none are given."""
    weighed = np.ones(len(members), dtype=np.int64) if weights is None else weights
    return Constraint(named, label, limit[0], int(limit[1]), members.astype(np.int64), weighed, over=over)


def softened(row: Constraint, rule: Priced, candidates: Candidates, unit: int, noun: str) -> Constraint:
    """Return the row as its rule says: hard, or missed by whole units of breach at a price each.

    Parameters
    ----------
    unit
        How much of the row's activity one unit of breach makes good.
    noun
        What one unit of breach is called.
    """
    if rule.price is None:
        return row
    most = max(0, -((furthest(row, candidates) * (1 if row.sense == "<=" else -1)) // -unit))
    missed = row.named.auxiliary("breach", most, -price_units(rule.price))
    weight = -unit if row.sense == "<=" else unit
    label = f"{row.label}, or {rule.price:g} pupil-months for each {noun}"
    return replace(row, label=label, extras=(*row.extras, (missed, weight)))


def price_units(price: float) -> int:
    """Return a price in pupil-months in integer units, at least one."""
    return max(1, round(price * SCALE))


def furthest(row: Constraint, candidates: Candidates) -> int:
    """Return how far the pairs of a ``<=`` row can exceed it, or those of a ``>=`` row fall short (at most 0)."""
    sign = 1 if row.sense == "<=" else -1
    best = np.zeros(len(candidates.table), dtype=np.int64)
    np.maximum.at(best, row.members if row.over == "post" else candidates.post[row.members], sign * row.weights)
    return sign * (int(best.sum()) - sign * row.rhs)


def numbered(constraints: Iterable[Constraint]) -> tuple[tuple[Row, ...], tuple[Auxiliary, ...]]:
    """Return the rows, and the integer variables that they share, in order of first use."""
    made = list(constraints)
    place: dict[Auxiliary, int] = {}
    for row in made:
        for extra, _ in row.extras:
            place.setdefault(extra, len(place))
    return tuple(_row(row, place) for row in made), tuple(place)


def _row(made: Constraint, place: dict[Auxiliary, int]) -> Row:
    named = made.named
    return Row(
        name=named.text,
        rule=named.rule,
        label=made.label,
        sense=made.sense,
        rhs=made.rhs,
        members=made.members,
        weights=made.weights,
        auxiliaries=np.array([place[extra] for extra, _ in made.extras], dtype=np.int64),
        auxiliary_weights=np.array([weight for _, weight in made.extras], dtype=np.int64),
        over=made.over,
        key=named.key,
        part=named.part,
        measure=named.measure,
        unit=named.unit,
        share=named.share,
    )
