"""The weighted sum of two additive models, itself additive: of one feature each, its terms are cut where either is cut.

So contributions stay exact. Each resample of the sum is the sum of the same resample of both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pilotage.risk.estimators.additive import Additive, Floats, LinearPart, Term


def blended(first: Additive, second: Additive, weight: float) -> Additive:
    """Return the weighted sum of two models before calibration; ``weight`` is the second's.

    A feature that only one of them has counts zero in the other. What else a model says of itself is the first's.
    """
    terms, more = ({term.feature: term for term in model.terms} for model in (first, second))
    sums = tuple(
        _blended_term(terms.get(name) or _zero(more[name]), more.get(name) or _zero(terms[name]), weight)
        for name in dict.fromkeys([*terms, *more])
    )
    return replace(
        first,
        terms=sums,
        intercept=(1 - weight) * first.intercept + weight * second.intercept,
        intercepts=(1 - weight) * first.intercepts + weight * second.intercepts,
    )


def _blended_term(first: Term, second: Term, weight: float) -> Term:
    first, second = _on_shared_bins(first, second)
    return replace(
        first,
        scores=(1 - weight) * first.scores + weight * second.scores,
        mean=(1 - weight) * first.mean + weight * second.mean,
        linear=(*_weighted(first, 1 - weight), *_weighted(second, weight)),
    )


def _weighted(term: Term, weight: float) -> tuple[LinearPart, ...]:
    return tuple(replace(part, slopes=weight * part.slopes, mean=weight * part.mean) for part in term.linear)


def _zero(term: Term) -> Term:
    """Return a term of the same bins that says nothing."""
    return replace(term, scores=np.zeros_like(term.scores), mean=np.zeros_like(term.mean), linear=())


def _on_shared_bins(first: Term, second: Term) -> tuple[Term, Term]:
    """Return both terms, unchanged as functions, on the bins of either."""
    if first.categories is not None and second.categories is not None:
        names = tuple(sorted({*first.categories, *second.categories}))
        return _on_categories(first, names), _on_categories(second, names)
    cuts = np.union1d(first.cuts, second.cuts)
    return _on_cuts(first, cuts), _on_cuts(second, cuts)


def _on_cuts(term: Term, cuts: Floats) -> Term:
    """Return a continuous term on more cuts: a bin's lower edge says which bin of the term it lies in."""
    lower = np.concatenate([[-np.inf], cuts])
    return _with_bins(replace(term, cuts=cuts), np.append(0, np.digitize(lower, term.cuts) + 1))


def _on_categories(term: Term, names: tuple[str, ...]) -> Term:
    """Return a nominal term on more categories: one that it has not seen has the score of those not seen."""
    place = {name: number for number, name in enumerate(term.categories or (), start=1)}
    unseen = len(place) + 1
    bins = [0, *(place.get(name, unseen) for name in names), unseen]
    return _with_bins(replace(term, categories=names), np.array(bins))


def _with_bins(term: Term, bins: NDArray[np.int64]) -> Term:
    return replace(term, scores=term.scores[:, bins], mean=term.mean[bins])
