"""A number or a share of the placements in areas."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from pilotage.config.part import fraction
from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum, InAreas
from pilotage.domain.plan import Sense
from pilotage.placement.audit.case import Bools
from pilotage.placement.audit.counting import Counted, RuleCount, compared
from pilotage.placement.audit.expected import Expected, Stated, count_row, share_row
from pilotage.placement.audit.rule_audit import RuleAudit
from pilotage.placement.audit.support_tables import SUPPORT


def recount(name: str, rule: InAreas, counted: Counted) -> RuleCount:
    """Count the placements in the areas; of the pool, a share is of its leaders, in whole placements."""
    area = counted.placements_of(rule.counts)["school_area"]
    number = int(_inside(rule, area).sum())
    whole = len(area) if rule.of == "placements" else _people(counted.leaders)
    limit = Fraction(rule.count) if rule.count is not None else fraction(rule.share or 0.0) * whole
    least, most = (limit, None) if isinstance(rule, AreaMinimum) else (None, limit)
    if rule.of == "pool" and rule.share is not None:
        least, most = least and Fraction(math.ceil(least)), None if most is None else Fraction(math.floor(most))
    return compared(least, most, number, whole, "the areas")


def rows(name: str, rule: InAreas, stated: Stated) -> Iterator[Expected]:
    """Yield the row of the limit: of a number, or of a share of the placements."""
    inside, counted = _inside(rule, stated.case.sites["area"]), stated.counted(rule.counts)
    least = isinstance(rule, AreaMinimum)
    sense: Sense = ">=" if least else "<="
    identity = ("area_minimum" if least else "area_maximum", name, ())
    if rule.count is not None:
        yield count_row(stated, rule, identity, (sense, rule.count), inside & counted)
    elif rule.of == "placements":
        yield share_row(stated, rule, identity, (sense, rule.share or 0.0), (inside, counted))
    else:
        whole = fraction(rule.share or 0.0) * _people(stated.case.pool.leaders)
        limit = math.ceil(whole) if least else math.floor(whole)
        yield count_row(stated, rule, identity, (sense, limit), inside & counted)


def _inside(rule: InAreas, area: pd.Series) -> Bools:
    return (area.isin(rule.areas) if rule.areas else area.notna()).to_numpy(dtype=bool)


def _people(leaders: pd.DataFrame) -> int:
    return int((leaders["level"] != SUPPORT).sum())


AUDITS = (RuleAudit[InAreas]((AreaMinimum, AreaMaximum), recount=recount, rows=rows),)
