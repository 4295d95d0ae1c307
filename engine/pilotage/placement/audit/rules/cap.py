"""So many placements in an authority, a trust or a region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage.config.rules.cap import Cap, PlaceCap, TrustCap
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Stated, count_row
from pilotage.placement.audit.places import schools_in
from pilotage.placement.audit.rule_audit import RuleAudit

COLUMN = {"authority_cap": "authority", "trust_cap": "trust", "region_cap": "region"}  # of the table of schools


def recount(name: str, rule: Cap, counted: Counted) -> RuleCount:
    """Count the placements of each authority, trust or region."""
    frame = counted.placements_of(rule.counts)
    capped = _capped(rule, counted.case, frame["urn"], frame[f"school_{COLUMN[rule.rule]}"])
    counts = capped.value_counts()
    over = [(value, count) for value, count in counts.items() if count > rule.count]
    wrong = tuple(f"{count} in {value}, over {rule.count}" for value, count in over)
    most = f"at most {counts.max()} in one" if len(counts) else "none placed in any"
    return RuleCount(sum(count - rule.count for _, count in over), wrong, f"{most}, of {rule.count} allowed")


def _capped(rule: Cap, case: AuditCase, urn: pd.Series, group: pd.Series) -> pd.Series:
    """Return the place of each post that the cap is about, null where it is about another."""
    meant = group.notna()
    if rule.areas:
        meant &= urn.isin(schools_in(case, rule.areas)).to_numpy(dtype=bool)
    if isinstance(rule, TrustCap) and rule.trusts:
        meant &= group.isin(set(rule.trusts))
    return group.where(meant)


def rows(name: str, rule: Cap, stated: Stated) -> Iterator[Expected]:
    """Yield a row for each authority, trust or region; it is needed only where so many could come."""
    problem, capacity = stated.claim.problem, stated.claim.problem.capacities
    sites = stated.case.sites
    capped = _capped(rule, stated.case, sites["urn"], sites[COLUMN[rule.rule]])
    number, values = pd.factorize(capped.where(stated.counted(rule.counts)))
    able = np.zeros((len(values), len(problem.leader_ids)), dtype=bool)
    of_pair = number[problem.post]
    able[of_pair[of_pair >= 0], problem.leader[of_pair >= 0]] = True
    posts, most = np.bincount(number[number >= 0], minlength=len(values)), able @ capacity
    for place, value in enumerate(values):
        row = count_row(stated, rule, (rule.rule, name, (str(value),)), ("<=", rule.count), number == place)
        yield replace(row, needed=bool(posts[place] > rule.count and most[place] > rule.count))


AUDITS = (RuleAudit[Cap]((PlaceCap, TrustCap), recount=recount, rows=rows),)
