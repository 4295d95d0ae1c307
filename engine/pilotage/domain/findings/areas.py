"""AreaState: how far behind which pupils in which areas are, whether it grows, and where leadership falls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

GAP_COLUMNS = (
    "area",
    "area_list",
    "year",
    "pupil_group",
    "comparator",
    "gap_sd",
    "gap_months",
    "gap_low",
    "gap_high",
    "pupils",
)
LEADERSHIP_COLUMNS = (
    "area",
    "area_list",
    "from_year",
    "to_year",
    "good_or_better",
    "fell",
    "share_fell",
    "low",
    "high",
)
COMPARATORS = ("england", "elsewhere")


@dataclass(frozen=True)
class AreaState:
    """The state of the areas of one list; the list as a whole is one area, named by its label.

    Attributes
    ----------
    gaps
        ``GAP_COLUMNS``: months and SD of progress behind pupils who are not disadvantaged, in all England
        (``england``) or outside the list's areas (``elsewhere``); ``gap_low`` and ``gap_high`` are months, 90%.
    leadership
        ``LEADERSHIP_COLUMNS``: of the schools good or better at the start, how many are below good now; interval 90%.
        A last row, ``Elsewhere in England``, is what the areas are compared with.
    notes
        Plain sentences: the key stage, the conversion, what is unavailable and why.
    """

    as_of: date
    label: str
    key_stage: str
    gaps: pd.DataFrame
    leadership: pd.DataFrame
    synthetic: bool
    notes: tuple[str, ...]
