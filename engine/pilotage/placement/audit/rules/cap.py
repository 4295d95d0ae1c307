"""So many placements in an authority, a trust or a region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage.config.rules.cap import Cap
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Stated, count_row
from pilotage.placement.audit.rule_audit import RuleAudit

COLUMN = {"authority_cap": "authority", "trust_cap": "trust", "region_cap": "region"}  # of the table of schools


def recount(name: str, rule: Cap, counted: Counted) -> RuleCount:
    """Count the placements of each authority, trust or region."""
    counts = counted.placements_of(rule.counts)[f"school_{COLUMN[rule.rule]}"].value_counts()
    over = [(value, count) for value, count in counts.items() if count > rule.count]
    wrong = tuple(f"{count} in {value}, over {rule.count}" for value, count in over)
    most = f"at most {counts.max()} in one" if len(counts) else "none placed in any"
    return RuleCount(sum(count - rule.count for _, count in over), wrong, f"{most}, of {rule.count} allowed")


def rows(name: str, rule: Cap, stated: Stated) -> Iterator[Expected]:
    """Yield a row for each authority, trust or region; it is needed only where so many could come."""
    problem, capacity = stated.claim.problem, stated.claim.problem.capacities
    group = stated.case.sites[COLUMN[rule.rule]].where(stated.counted(rule.counts))
    number, values = pd.factorize(group)
    able = np.zeros((len(values), len(problem.leader_ids)), dtype=bool)
    of_pair = number[problem.post]
    able[of_pair[of_pair >= 0], problem.leader[of_pair >= 0]] = True
    posts, most = np.bincount(number[number >= 0], minlength=len(values)), able @ capacity
    for place, value in enumerate(values):
        row = count_row(stated, rule, (rule.rule, name, (str(value),)), ("<=", rule.count), number == place)
        yield replace(row, needed=bool(posts[place] > rule.count and most[place] > rule.count))


AUDITS = (RuleAudit((Cap,), recount=recount, rows=rows),)
