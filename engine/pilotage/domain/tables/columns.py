"""Kinds of column: type, range and whether null is allowed."""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa

MOST_MONTHS = 120


def column(dtype: Any, *checks: pa.Check, nullable: bool = True, unique: bool = False) -> pa.Column:
    """Return a column of a type; null is allowed unless ``nullable`` is False."""
    return pa.Column(dtype, list(checks), nullable=nullable, unique=unique, coerce=True)


def share() -> pa.Column:
    """Return a column of shares, in [0, 1]."""
    return column(float, pa.Check.in_range(0, 1))


def count() -> pa.Column:
    """Return a column of numbers of at least 0."""
    return column(float, pa.Check.ge(0))


def months() -> pa.Column:
    """Return a column of months of progress, behind or ahead: at most a decade."""
    return column(float, pa.Check.in_range(-MOST_MONTHS, MOST_MONTHS))


def grade() -> pa.Column:
    """Return a column of grades: 1 outstanding, 2 good, 3 requires improvement, 4 inadequate."""
    return column("Int64", pa.Check.isin([1, 2, 3, 4]))


def text(*allowed: str, nullable: bool = True) -> pa.Column:
    """Return a column of text; with ``allowed`` only those words."""
    checks = [pa.Check.isin(allowed)] if allowed else []
    return column(str, *checks, nullable=nullable)
