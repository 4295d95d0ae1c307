"""How many posts each leader takes: a post for each term, unless a rule says otherwise."""

from __future__ import annotations

import numpy as np

from pilotage.placement.audit.case import AuditCase, Capacities
from pilotage.placement.audit.rules.catalogue import STRUCTURES, audited


def capacities_of(case: AuditCase) -> Capacities:
    """Return how many posts each leader of the pool takes."""
    time, leaders = case.scenario.time, case.pool.leaders
    most = np.full(len(leaders), len(range(0, time.years, time.term_years)), dtype=np.int64)
    several, fewest = np.zeros(len(leaders), dtype=bool), np.ones(len(leaders), dtype=np.int64)
    free = np.ones(len(leaders), dtype=bool)
    for _, rule, audit in audited(case.scenario):
        if audit.together is not None:
            free &= ~audit.together(rule, leaders)
    for _, rule, audit in audited(case.scenario):
        if audit.several_posts is not None:
            spans = audit.several_posts(rule, leaders, free)
            several |= spans.leaders
            most[spans.leaders], fewest[spans.leaders] = spans.most[spans.leaders], spans.fewest
    for structure in STRUCTURES:
        most = most if structure.most_posts is None else structure.most_posts(case, most)
    return Capacities(most, several, fewest)
