"""Ofsted's frameworks of inspection: from when each holds, and from when that was known.

Sources: Ofsted, the framework for school inspection (2009, January 2012, September 2012), common inspection framework
(2015), education inspection framework (2019), the end of overall grades (2024), report cards (2025).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Framework(NamedTuple):
    """A framework: its first day, and the day by which that was announced."""

    starts: date
    announced: date


REPORT_CARDS = Framework(date(2025, 11, 10), date(2025, 9, 9))  # from here on by report cards, not by four grades
FRAMEWORKS = (
    Framework(date(2009, 9, 1), date(2009, 7, 31)),
    Framework(date(2012, 1, 1), date(2011, 12, 31)),
    Framework(date(2012, 9, 1), date(2012, 6, 30)),
    Framework(date(2015, 9, 1), date(2015, 6, 30)),
    Framework(date(2019, 9, 1), date(2019, 5, 14)),
    Framework(date(2024, 9, 2), date(2024, 9, 2)),
    REPORT_CARDS,
)


def changes_between(first: date, last: date, by: date) -> int:
    """Return how many frameworks start after ``first`` and by ``last``, of those announced by a day."""
    return sum(first < each.starts <= last and each.announced <= by for each in FRAMEWORKS)
