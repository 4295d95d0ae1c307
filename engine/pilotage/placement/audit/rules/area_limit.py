"""A number or a share of the placements in some places."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from pilotage.config.part import fraction
from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum, InAreas
from pilotage.domain.plan import Sense
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.audit.counting import Counted, RuleCount, compared, summed
from pilotage.placement.audit.expected import Expected, Stated, count_row, share_row
from pilotage.placement.audit.places import schools_in, schools_of_each
from pilotage.placement.audit.rule_audit import RuleAudit
from pilotage.placement.audit.support_tables import SUPPORT


def recount(name: str, rule: InAreas, counted: Counted) -> RuleCount:
    """Count the placements in the places, together or each on its own."""
    urns = counted.placements_of(rule.counts)["urn"]
    return summed(
        [_counted(rule, counted, urns.isin(schools), where) for where, schools in _places(rule, counted.case)]
    )


def _counted(rule: InAreas, counted: Counted, inside: pd.Series, where: str) -> RuleCount:
    """Compare the placements in a place with the limit; a share of the pool is of its leaders, in whole placements."""
    whole = len(inside) if rule.of == "placements" else _people(counted.leaders)
    limit = Fraction(rule.count) if rule.count is not None else fraction(rule.share or 0.0) * whole
    least, most = (limit, None) if isinstance(rule, AreaMinimum) else (None, limit)
    if rule.of == "pool" and rule.share is not None:
        least, most = least and Fraction(math.ceil(least)), None if most is None else Fraction(math.floor(most))
    return compared(least, most, int(inside.sum()), whole, where)


def rows(name: str, rule: InAreas, stated: Stated) -> Iterator[Expected]:
    """Yield the row of the limit, or one for each place: of a number, or of a share of the placements."""
    urns, counted = pd.Series(stated.case.posts.posts["urn"].to_numpy()), stated.counted(rule.counts)
    least = isinstance(rule, AreaMinimum)
    sense: Sense = ">=" if least else "<="
    for where, schools in _places(rule, stated.case):
        inside = urns.isin(schools).to_numpy(dtype=bool)
        identity = ("area_minimum" if least else "area_maximum", name, (where,) if rule.each else ())
        if rule.count is not None:
            yield count_row(stated, rule, identity, (sense, rule.count), inside & counted)
        elif rule.of == "placements":
            yield share_row(stated, rule, identity, (sense, rule.share or 0.0), (inside, counted))
        else:
            whole = fraction(rule.share or 0.0) * _people(stated.case.pool.leaders)
            limit = math.ceil(whole) if least else math.floor(whole)
            yield count_row(stated, rule, identity, (sense, limit), inside & counted)


def _places(rule: InAreas, case: AuditCase) -> list[tuple[str, set[int]]]:
    """Return the schools of the places that a limit holds for, with what the row is called."""
    if rule.each:
        return list(schools_of_each(case, rule.areas).items())
    return [("the areas", schools_in(case, rule.areas or (case.scenario.data.area_list,)))]


def _people(leaders: pd.DataFrame) -> int:
    return int((leaders["level"] != SUPPORT).sum())


AUDITS = (RuleAudit[InAreas]((AreaMinimum, AreaMaximum), recount=recount, rows=rows),)
