"""Which schools an authority maintains, and so answers for; others, such as academies, answer to a trust.

A type of school that is not known, or that is not in ``MAINTAINED``, counts as not maintained: what the authority is
not sure to answer for is not shown to it.
"""

from __future__ import annotations

import pandas as pd

#: How the types of maintained schools begin in the official lists, in small letters.
MAINTAINED = (
    "community",
    "foundation",
    "voluntary aided",
    "voluntary controlled",
    "pupil referral unit",
    "maintained",
    "la nursery",
    "local authority nursery",
)


def is_maintained(school_types: pd.Series) -> pd.Series:
    """Return whether each school is surely maintained by its authority, by its type as the official lists write it."""
    words = school_types.astype("string").str.strip().str.casefold().fillna("")
    return words.str.startswith(MAINTAINED).astype(bool)
