"""Labelled rows -> an additive model with its resamples: read ``train``, ``boosting``, ``additive``, then the rest."""
