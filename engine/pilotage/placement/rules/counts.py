"""Rules that count placements: areas, caps, phases, and schools put forward by local knowledge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.part import fraction
from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum, InAreas
from pilotage.config.rules.cap import Cap
from pilotage.config.rules.case_quota import CaseQuota
from pilotage.config.rules.phase_balance import PhaseBalance
from pilotage.config.rules.priced import Priced
from pilotage.domain.plan import Sense
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, softened

Bools = NDArray[np.bool_]

CAP_COLUMNS = {"authority_cap": "authority", "trust_cap": "trust", "region_cap": "region"}
WORDS = {">=": "at least", "<=": "at most"}
NOUNS = {">=": "placement too few", "<=": "placement too many"}


def area_limit(name: str, rule: AreaMinimum | AreaMaximum, candidates: Candidates) -> Constraint:
    """At least or at most ``count`` placements in the areas, or ``share`` of the placements made or of the pool."""
    sense: Sense = ">=" if isinstance(rule, AreaMinimum) else "<="
    inside, counted = in_areas(rule, candidates), candidates.counted(rule.counts)
    where, named = ", ".join(rule.areas) or "the areas of the list", RowName(rule.rule, name)
    if rule.share is not None and rule.of == "placements":
        return share_of_placements(named, rule, candidates, (sense, rule.share), (inside, counted), where)
    count = _whole(rule, candidates.people, sense)
    return count_of_placements(named, rule, candidates, (sense, count), inside & counted, where)


def in_areas(rule: InAreas, candidates: Candidates) -> Bools:
    """Return which posts lie in the areas meant."""
    area = candidates.table["area"]
    inside: Bools = (area.isin(rule.areas) if rule.areas else area.notna()).to_numpy()
    return inside


def _whole(rule: InAreas, people: int, sense: Sense) -> int:
    """Return the limit in placements; a share of the pool is rounded to the stricter side of no placement lost."""
    if rule.count is not None:
        return rule.count
    part = fraction(rule.share or 0.0) * people
    return math.ceil(part) if sense == ">=" else math.floor(part)


def share_of_placements(
    named: RowName,
    rule: Priced,
    candidates: Candidates,
    limit: tuple[Sense, float],
    posts: tuple[Bools, Bools],
    where: str,
) -> Constraint:
    """A share of the placements counted: the whole is on the left, so that no number of placements is fixed.

    ``posts``: those inside, and those counted.
    """
    (sense, share), (inside, counted), part = limit, posts, fraction(limit[1])
    weights = np.where(inside, part.denominator - part.numerator, -part.numerator)
    label = f"{WORDS[sense]} {share:.0%} of placements in {where}"
    members = np.flatnonzero(counted)
    row = constraint(replace(named, measure="share"), label, (sense, 0), members, weights[members], "post")
    return softened(row, rule, candidates, part.denominator, NOUNS[sense])


def count_of_placements(
    named: RowName, rule: Priced, candidates: Candidates, limit: tuple[Sense, int], inside: Bools, where: str
) -> Constraint:
    """A number of placements."""
    sense, count = limit
    label = f"{WORDS[sense]} {count} placements in {where}"
    row = constraint(named, label, limit, np.flatnonzero(inside), None, "post")
    return softened(row, rule, candidates, 1, NOUNS[sense])


def caps(name: str, rule: Cap, candidates: Candidates) -> Iterator[Constraint]:
    """At most ``count`` placements in each authority, trust or region; only those that could exceed it get a row."""
    group, counted = candidates.table[CAP_COLUMNS[rule.rule]].to_numpy(), candidates.counted(rule.counts)
    for value in _reach(candidates, group, counted, rule.count):
        inside = counted & (group == value)
        yield count_of_placements(
            RowName(rule.rule, name, (value,)), rule, candidates, ("<=", rule.count), inside, value
        )


def _reach(candidates: Candidates, group: NDArray[np.object_], counted: Bools, count: int) -> list[str]:
    """Return the groups, sorted, in which more than ``count`` posts could be filled by the leaders who may go there."""
    posts = pd.Series(group[counted]).value_counts()
    crowded = pd.Index(sorted(posts.index[posts > count]))
    number = np.where(counted, crowded.get_indexer(pd.Index(group)), -1)[candidates.post]
    seen = np.zeros((len(crowded), len(candidates.leaders)), dtype=bool)
    seen[number[number >= 0], candidates.leader[number >= 0]] = True
    hands = seen @ candidates.capacity
    return [str(value) for value, most in zip(crowded, hands.tolist(), strict=True) if most > count]


def phase_balance(name: str, rule: PhaseBalance, candidates: Candidates) -> Iterator[Constraint]:
    """Each phase's share of the placements lies between its minimum and its maximum."""
    phase, counted, named = candidates.table["phase"], candidates.counted(rule.counts), RowName(rule.rule, name)
    for one, limits in rule.shares.items():
        posts = np.asarray(phase == one, dtype=bool), counted
        where = f"{one.replace('_', ' ')} schools"
        if limits.minimum > 0:
            yield share_of_placements(named.at(one, "minimum"), rule, candidates, (">=", limits.minimum), posts, where)
        if limits.maximum < 1:
            yield share_of_placements(named.at(one, "maximum"), rule, candidates, ("<=", limits.maximum), posts, where)


def case_quota(name: str, rule: CaseQuota, candidates: Candidates) -> Iterator[Constraint]:
    """Between a minimum and a maximum, by number or share, of placements are for schools put forward."""
    urns = [case.urn for case in rule.cases.values()]
    counted = candidates.counted(rule.counts)
    inside: Bools = np.isin(candidates.table["urn"], urns)
    where, named = "schools put forward", RowName(rule.rule, name)
    limits: tuple[tuple[Sense, str, int | None, float | None], ...] = (
        (">=", "minimum", rule.minimum_count, rule.minimum_share),
        ("<=", "maximum", rule.maximum_count, rule.maximum_share),
    )
    for sense, side, count, share in limits:
        if count is not None:
            row = named.at(side, "number")
            yield count_of_placements(row, rule, candidates, (sense, count), inside & counted, where)
        if share is not None:
            row = named.at(side, "share")
            yield share_of_placements(row, rule, candidates, (sense, share), (inside, counted), where)
