"""Labelled rows -> an additive model with its resamples.

Read ``rows``, ``train``, ``boosting`` and ``additive``, then ``heterogeneity``, then the rest.
"""
