"""What one row of each table is: key, unit and range of every column (pandera schemas).

Dates are datetime64; shares are in [0, 1]; distances in km; money in GBP; missing is null, never zero. Read
``columns`` first, then ``schools``, ``pool`` and ``forecast``; ``validate`` holds a frame to a schema.
"""

from pilotage.domain.tables.forecast import FORECAST
from pilotage.domain.tables.pool import (
    ASKS,
    CONSENTS,
    ENGLAND_EAST,
    ENGLAND_NORTH,
    KNOWN_SCHOOLS,
    LEADERS,
    LEVELS,
    MOST_EFFECT_SD,
    MOST_GBP,
    MOST_KM,
    NOT_READVERTISED,
    PAIR_STATES,
    PAIRS,
    POSTS,
)
from pilotage.domain.tables.schools import (
    ABSENCES,
    CONCERNS,
    INSPECTION_KINDS,
    INSPECTIONS,
    PHASES,
    PLACE_SOURCES,
    PUBLICATION_STATES,
    PUPIL_GROUPS,
    RESULTS,
    SCHOOL_YEARS,
    SCHOOLS,
    SHORT_VISIT,
    UNCLEAR,
    VISIT_OUTCOMES,
    VISITS,
)
from pilotage.domain.tables.validate import validated

__all__ = [
    "ABSENCES",
    "ASKS",
    "CONCERNS",
    "CONSENTS",
    "ENGLAND_EAST",
    "ENGLAND_NORTH",
    "FORECAST",
    "INSPECTIONS",
    "INSPECTION_KINDS",
    "KNOWN_SCHOOLS",
    "LEADERS",
    "LEVELS",
    "MOST_EFFECT_SD",
    "MOST_GBP",
    "MOST_KM",
    "NOT_READVERTISED",
    "PAIRS",
    "PAIR_STATES",
    "PHASES",
    "PLACE_SOURCES",
    "POSTS",
    "PUBLICATION_STATES",
    "PUPIL_GROUPS",
    "RESULTS",
    "SCHOOLS",
    "SCHOOL_YEARS",
    "SHORT_VISIT",
    "UNCLEAR",
    "VISITS",
    "VISIT_OUTCOMES",
    "validated",
]
