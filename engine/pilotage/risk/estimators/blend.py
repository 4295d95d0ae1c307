"""The weighted sum of two additive models, itself additive: of one feature each, its terms are cut where either is cut.

So contributions stay exact. Each resample of the sum is the sum of the same resample of both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pilotage.risk.estimators.additive import Additive, Floats, Line, Term


def joined(one: Additive, two: Additive, weight: float) -> Additive:
    """Return the weighted sum of two models before calibration; ``weight`` is the second's.

    A feature that only one of them has counts zero in the other. What else a model says of itself is the first's.
    """
    first, second = ({term.feature: term for term in model.terms} for model in (one, two))
    terms = tuple(
        _joined(first.get(name) or _silent(second[name]), second.get(name) or _silent(first[name]), weight)
        for name in dict.fromkeys([*first, *second])
    )
    return replace(
        one,
        terms=terms,
        intercept=(1 - weight) * one.intercept + weight * two.intercept,
        intercepts=(1 - weight) * one.intercepts + weight * two.intercepts,
    )


def _joined(one: Term, two: Term, weight: float) -> Term:
    one, two = _on_shared_bins(one, two)
    return replace(
        one,
        scores=(1 - weight) * one.scores + weight * two.scores,
        mean=(1 - weight) * one.mean + weight * two.mean,
        lines=(*_weighted(one, 1 - weight), *_weighted(two, weight)),
    )


def _weighted(term: Term, weight: float) -> tuple[Line, ...]:
    return tuple(replace(line, slopes=weight * line.slopes, mean=weight * line.mean) for line in term.lines)


def _silent(term: Term) -> Term:
    """Return a term of the same bins that says nothing."""
    return replace(term, scores=np.zeros_like(term.scores), mean=np.zeros_like(term.mean), lines=())


def _on_shared_bins(one: Term, two: Term) -> tuple[Term, Term]:
    """Return both terms, unchanged as functions, on the bins of either."""
    if one.categories is not None and two.categories is not None:
        names = tuple(sorted({*one.categories, *two.categories}))
        return _named(one, names), _named(two, names)
    cuts = np.union1d(one.cuts, two.cuts)
    return _cut(one, cuts), _cut(two, cuts)


def _cut(term: Term, cuts: Floats) -> Term:
    """Return a continuous term on more cuts: a bin's lower edge tells which bin of the term it lies in."""
    lower = np.concatenate([[-np.inf], cuts])
    return _taken(replace(term, cuts=cuts), np.append(0, np.digitize(lower, term.cuts) + 1))


def _named(term: Term, names: tuple[str, ...]) -> Term:
    """Return a nominal term on more categories: one that it has not seen has the score of those not seen."""
    place = {name: number for number, name in enumerate(term.categories or (), start=1)}
    unseen = len(place) + 1
    bins = [0, *(place.get(name, unseen) for name in names), unseen]
    return _taken(replace(term, categories=names), np.array(bins))


def _taken(term: Term, bins: NDArray[np.int64]) -> Term:
    return replace(term, scores=term.scores[:, bins], mean=term.mean[bins])
