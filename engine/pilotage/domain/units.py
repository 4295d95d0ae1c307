"""Units and thresholds, each once: time, months of progress, the width of intervals, and what counts as below good."""

from __future__ import annotations

MONTHS_A_YEAR = 12
DAYS_A_YEAR = 365.25
DAYS_A_MONTH = 30.4375  # a twelfth of it

SD_PER_MONTH = 0.0825
"""Pupil standard deviations in one month of progress: the linear conversion, version 1 (data/reference/evidence.yaml).

``conversion.sd_per_month`` of the spec of the gap and ``sd_per_month`` of the evidence are the same figure; a
test holds the three together.
"""

INTERVAL = 0.9
"""What the intervals of a run hold, and what its draws are cut at: their quantiles 5% and 95%."""
Z_80 = 1.2815515655446004
"""Half the width of the central 80% interval of a normal distribution, in standard deviations."""
Z_90 = 1.6448536269514722
"""Half the width of the central 90% interval of a normal distribution, in standard deviations."""

OUTSTANDING = 1
BELOW_GOOD = 3
"""Grades from this number on are below good: 1 outstanding, 2 good, 3 requires improvement, 4 inadequate."""
