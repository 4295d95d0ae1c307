"""Rules that count placements: areas, caps, phases, and schools put forward by local knowledge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.part import fraction
from pilotage.config.rules import AreaMaximum, AreaMinimum, Cap, CaseQuota, InAreas, PhaseBalance, Priced
from pilotage.domain.plan import Sense
from pilotage.placement.drafts import Draft, Named, draft, softened
from pilotage.placement.ground import Ground

Bools = NDArray[np.bool_]

CAP_COLUMNS = {"authority_cap": "authority", "trust_cap": "trust", "region_cap": "region"}
WORDS = {">=": "at least", "<=": "at most"}
NOUNS = {">=": "placement too few", "<=": "placement too many"}


def area_limit(name: str, rule: AreaMinimum | AreaMaximum, ground: Ground) -> Draft:
    """At least or at most ``count`` placements in the areas, or ``share`` of the placements made or of the pool."""
    sense: Sense = ">=" if isinstance(rule, AreaMinimum) else "<="
    inside, counted = in_areas(rule, ground), ground.counted(rule.counts)
    where, named = ", ".join(rule.areas) or "the areas of the list", Named(rule.rule, name)
    if rule.share is not None and rule.of == "placements":
        return share_of_placements(named, rule, ground, (sense, rule.share), (inside, counted), where)
    count = _whole(rule, ground.people, sense)
    return count_of_placements(named, rule, ground, (sense, count), inside & counted, where)


def in_areas(rule: InAreas, ground: Ground) -> Bools:
    """Return which posts lie in the areas meant."""
    area = ground.table["area"]
    inside: Bools = (area.isin(rule.areas) if rule.areas else area.notna()).to_numpy()
    return inside


def _whole(rule: InAreas, people: int, sense: Sense) -> int:
    """Return the limit in placements; a share of the pool is rounded to the stricter side of no placement lost."""
    if rule.count is not None:
        return rule.count
    part = fraction(rule.share or 0.0) * people
    return math.ceil(part) if sense == ">=" else math.floor(part)


def share_of_placements(
    named: Named,
    rule: Priced,
    ground: Ground,
    limit: tuple[Sense, float],
    posts: tuple[Bools, Bools],
    where: str,
) -> Draft:
    """A share of the placements counted: the whole is on the left, so that no number of placements is fixed.

    ``posts``: those inside, and those counted.
    """
    (sense, share), (inside, counted), part = limit, posts, fraction(limit[1])
    weights = np.where(inside, part.denominator - part.numerator, -part.numerator)
    label = f"{WORDS[sense]} {share:.0%} of placements in {where}"
    members = np.flatnonzero(counted)
    row = draft(replace(named, measure="share"), label, (sense, 0), members, weights[members], "post")
    return softened(row, rule, ground, part.denominator, NOUNS[sense])


def count_of_placements(
    named: Named, rule: Priced, ground: Ground, limit: tuple[Sense, int], inside: Bools, where: str
) -> Draft:
    """A number of placements."""
    sense, count = limit
    label = f"{WORDS[sense]} {count} placements in {where}"
    row = draft(named, label, limit, np.flatnonzero(inside), None, "post")
    return softened(row, rule, ground, 1, NOUNS[sense])


def caps(name: str, rule: Cap, ground: Ground) -> Iterator[Draft]:
    """At most ``count`` placements in each authority, trust or region; only those that could exceed it get a row."""
    group, counted = ground.table[CAP_COLUMNS[rule.rule]].to_numpy(), ground.counted(rule.counts)
    for value in _reach(ground, group, counted, rule.count):
        inside = counted & (group == value)
        yield count_of_placements(Named(rule.rule, name, (value,)), rule, ground, ("<=", rule.count), inside, value)


def _reach(ground: Ground, group: NDArray[np.object_], counted: Bools, count: int) -> list[str]:
    """Return the groups, sorted, in which more than ``count`` posts could be filled by the leaders who may go there."""
    posts = pd.Series(group[counted]).value_counts()
    crowded = pd.Index(sorted(posts.index[posts > count]))
    number = np.where(counted, crowded.get_indexer(pd.Index(group)), -1)[ground.post]
    seen = np.zeros((len(crowded), len(ground.leaders)), dtype=bool)
    seen[number[number >= 0], ground.leader[number >= 0]] = True
    hands = seen @ ground.capacity
    return [str(value) for value, most in zip(crowded, hands.tolist(), strict=True) if most > count]


def phase_balance(name: str, rule: PhaseBalance, ground: Ground) -> Iterator[Draft]:
    """Each phase's share of the placements lies between its minimum and its maximum."""
    phase, counted, named = ground.table["phase"], ground.counted(rule.counts), Named(rule.rule, name)
    for one, limits in rule.shares.items():
        posts = np.asarray(phase == one, dtype=bool), counted
        where = f"{one.replace('_', ' ')} schools"
        if limits.minimum > 0:
            yield share_of_placements(named.at(one, "minimum"), rule, ground, (">=", limits.minimum), posts, where)
        if limits.maximum < 1:
            yield share_of_placements(named.at(one, "maximum"), rule, ground, ("<=", limits.maximum), posts, where)


def case_quota(name: str, rule: CaseQuota, ground: Ground) -> Iterator[Draft]:
    """Between a minimum and a maximum, by number or share, of placements are for schools put forward."""
    urns = [case.urn for case in rule.cases.values()]
    counted = ground.counted(rule.counts)
    inside: Bools = np.isin(ground.table["urn"], urns)
    where, named = "schools put forward", Named(rule.rule, name)
    limits: tuple[tuple[Sense, str, int | None, float | None], ...] = (
        (">=", "minimum", rule.minimum_count, rule.minimum_share),
        ("<=", "maximum", rule.maximum_count, rule.maximum_share),
    )
    for sense, side, count, share in limits:
        if count is not None:
            row = named.at(side, "number")
            yield count_of_placements(row, rule, ground, (sense, count), inside & counted, where)
        if share is not None:
            row = named.at(side, "share")
            yield share_of_placements(row, rule, ground, (sense, share), (inside, counted), where)
