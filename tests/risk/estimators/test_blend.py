"""The weighted sum of two additive models is their sum, whatever bins they have."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.risk.estimators.additive import Additive, LinearPart, Term
from pilotage.risk.estimators.blend import blended


def _terms(generator: np.random.Generator, nominal: bool, straight_parts: int) -> Term:
    size = int(generator.integers(0, 5))
    if nominal:
        names = tuple(sorted(generator.choice(list("abcdef"), size, replace=False).tolist()))
        scores = generator.normal(size=(3, size + 2))
        return Term("kind", np.zeros(0), names, scores, scores.mean(axis=0))
    scores = generator.normal(size=(3, size + int(generator.integers(2, 4))))  # a booster adds a bin that is never used
    straight = tuple(
        LinearPart(generator.normal(size=3), *generator.normal(size=2).tolist(), -2.0, 3.0)
        for _ in range(straight_parts)
    )
    cuts = np.sort(generator.choice(np.arange(-3.0, 6.0), size, replace=False))
    return Term("size", cuts, None, scores, scores.mean(axis=0), straight)


def _model(generator: np.random.Generator, names: set[str]) -> Additive:
    terms = [_terms(generator, False, int(generator.integers(0, 3))), _terms(generator, True, 0)]
    own = replace(terms[0], feature="own")
    return Additive(
        tuple(term for term in (*terms, own) if term.feature in names), generator.normal(size=3), generator.normal()
    )


FRAME = pd.DataFrame(
    {
        "size": [np.nan, -9.0, -3.0, -2.5, -1.0, 0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 99.0],
        "kind": [None, "a", "b", "c", "d", "e", "f", "unseen", "a", "b", "c", "d", None, "unseen"],
        "own": [1.0, np.nan, 0.0, -3.0, 5.0, 2.0, 1.0, 0.0, 3.0, 4.0, -1.0, -2.0, 9.0, np.nan],
    }
)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 0.5]))
def test_a_blend_is_the_weighted_sum_of_both(seed: int, weight: float) -> None:
    generator = np.random.default_rng(seed)
    one, two = _model(generator, {"size", "kind"}), _model(generator, {"size", "kind", "own"})
    for first, second in ((one, two), (two, one)):
        found = blended(first, second, weight)
        expected = (1 - weight) * first.logit(FRAME) + weight * second.logit(FRAME)
        np.testing.assert_allclose(found.logit(FRAME), expected, atol=1e-9)
        np.testing.assert_allclose(_raw(found), (1 - weight) * _raw(first) + weight * _raw(second), atol=1e-9)
        centred = found.centred(FRAME.head(6))
        np.testing.assert_allclose(centred.constant + centred.contributions(FRAME).sum(axis=1), expected, atol=1e-9)
        assert {term.feature for term in found.terms} == {"size", "kind", "own"}
        assert sum(len(term.linear) for term in found.terms) <= 6


def _raw(model: Additive) -> np.ndarray:
    """Return the logit of each resample, shape (rows, resamples)."""
    return model.intercepts[None, :] + sum(term.values(FRAME[term.feature]) for term in model.terms)
