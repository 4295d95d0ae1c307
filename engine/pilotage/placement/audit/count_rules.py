"""Rules that count over placements, re-counted from the tables: by how many units each is missed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from pilotage.config.part import fraction
from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum, InAreas
from pilotage.config.rules.budget import Budget
from pilotage.config.rules.cap import Cap
from pilotage.config.rules.case_quota import CaseQuota
from pilotage.config.rules.deprived_share import DeprivedShare
from pilotage.config.rules.hold_back import HoldBack
from pilotage.config.rules.moves import Moves
from pilotage.config.rules.phase_balance import PhaseBalance
from pilotage.placement.audit.case import UNITS, AuditCase
from pilotage.placement.audit.expected import CAPPED, most_deprived
from pilotage.placement.audit.support_tables import SUPPORT


@dataclass(frozen=True)
class Counted:
    """What an audit counts over.

    ``placements`` has one row per placement with the leader's, post's and school's columns, its cost, its start and its
    ``worth`` in integer units.
    """

    placements: pd.DataFrame
    case: AuditCase

    @property
    def leaders(self) -> pd.DataFrame:
        """Return the pool's leaders."""
        return self.case.pool.leaders


@dataclass(frozen=True)
class RuleCount:
    """What a rule's re-count found: units of breach, what is wrong, what was counted, and what no price pardons."""

    units: int
    wrong: tuple[str, ...]
    counted: str
    beyond: tuple[str, ...] = ()


def _of(frame: pd.DataFrame, counts: str) -> pd.DataFrame:
    support = frame["level"] == SUPPORT
    return {"place": frame[~support], "support": frame[support], "both": frame}[counts]


def _limit(least: Fraction | None, most: Fraction | None, number: int, whole: int, where: str) -> RuleCount:
    """Compare a number with its limits."""
    short = max(0, math.ceil((least or 0) - number))
    over = max(0, math.ceil(number - most)) if most is not None else 0
    wrong = [f"{number} in {where}, under {float(least or 0):g}"] if short else []
    wrong += [f"{number} in {where}, over {float(most or 0):g}"] if over else []
    words = [f"at least {float(least):g}"] if least is not None else []
    words += [f"at most {float(most):g}"] if most is not None else []
    return RuleCount(short + over, tuple(wrong), f"{number} in {where}; {' and '.join(words)} of {whole}")


def _joined(parts: list[RuleCount]) -> RuleCount:
    wrong = tuple(word for part in parts for word in part.wrong)
    return RuleCount(
        sum(part.units for part in parts), wrong, "; ".join(part.counted for part in parts) or "no limit set"
    )


def _areas(name: str, rule: InAreas, counted: Counted) -> RuleCount:
    frame = _of(counted.placements, rule.counts)
    area = frame["school_area"]
    inside = int((area.isin(rule.areas) if rule.areas else area.notna()).sum())
    whole = len(area) if rule.of == "placements" else int((counted.leaders["level"] != SUPPORT).sum())
    limit = Fraction(rule.count) if rule.count is not None else fraction(rule.share or 0.0) * whole
    least, most = (limit, None) if isinstance(rule, AreaMinimum) else (None, limit)
    if rule.of == "pool" and rule.share is not None:
        least, most = least and Fraction(math.ceil(least)), None if most is None else Fraction(math.floor(most))
    return _limit(least, most, inside, whole, "the areas")


def _cap(name: str, rule: Cap, counted: Counted) -> RuleCount:
    counts = _of(counted.placements, rule.counts)[f"school_{CAPPED[rule.rule]}"].value_counts()
    over = [(value, count) for value, count in counts.items() if count > rule.count]
    wrong = tuple(f"{count} in {value}, over {rule.count}" for value, count in over)
    most = f"at most {counts.max()} in one" if len(counts) else "none placed in any"
    return RuleCount(sum(count - rule.count for _, count in over), wrong, f"{most}, of {rule.count} allowed")


def _budget(name: str, rule: Budget, counted: Counted) -> RuleCount:
    frame = counted.placements
    years = frame["year"] if rule.per_year else pd.Series(0, index=frame.index)
    totals = frame["cost_gbp"].groupby(years).sum().astype(int)
    over = totals[totals > rule.total_gbp] - rule.total_gbp
    wrong = tuple(f"costs £{totals[year]:,}, over £{rule.total_gbp:,}" for year in over.index)
    spent = ", ".join(f"£{total:,}" for total in totals) or "£0"
    return RuleCount(sum(math.ceil(excess / 1000) for excess in over), wrong, f"{spent} of £{rule.total_gbp:,}")


def _phases(name: str, rule: PhaseBalance, counted: Counted) -> RuleCount:
    phase = _of(counted.placements, rule.counts)["school_phase"]
    parts = [
        _limit(
            fraction(limits.minimum) * len(phase),
            fraction(limits.maximum) * len(phase),
            int((phase == one).sum()),
            len(phase),
            f"{one} schools",
        )
        for one, limits in rule.shares.items()
    ]
    return _joined(parts)


def _deprived(name: str, rule: DeprivedShare, counted: Counted) -> RuleCount:
    schools, worth = most_deprived(counted.case, rule.most_deprived), counted.placements["worth"]
    inside, whole = int(worth[counted.placements["urn"].isin(schools)].sum()), int(worth.sum())
    needed = fraction(rule.share) * whole
    units = max(0, math.ceil((needed - inside) / UNITS))
    words = f"{inside / UNITS:,.1f} of {whole / UNITS:,.1f} pupil-months in the most deprived schools"
    return RuleCount(units, (f"{words}, under {rule.share:.0%}",) if units else (), words)


def _cases(name: str, rule: CaseQuota, counted: Counted) -> RuleCount:
    urn = _of(counted.placements, rule.counts)["urn"]
    number, whole = int(urn.isin([case.urn for case in rule.cases.values()]).sum()), len(urn)
    parts = []
    if rule.minimum_count is not None or rule.maximum_count is not None:
        most = None if rule.maximum_count is None else Fraction(rule.maximum_count)
        least = None if rule.minimum_count is None else Fraction(rule.minimum_count)
        parts.append(_limit(least, most, number, whole, "schools put forward"))
    if rule.minimum_share is not None or rule.maximum_share is not None:
        most = None if rule.maximum_share is None else fraction(rule.maximum_share) * whole
        least = None if rule.minimum_share is None else fraction(rule.minimum_share) * whole
        parts.append(_limit(least, most, number, whole, "schools put forward"))
    return _joined(parts)


def _moves(name: str, rule: Moves, counted: Counted) -> RuleCount:
    earlier = counted.case.posts.earlier[name]
    made = set(zip(counted.placements["leader_id"], counted.placements["post_id"], strict=True))
    pairs = list(earlier[["leader_id", "post_id"]].itertuples(index=False, name=None))
    given_up = [f"{leader} in {post}" for leader, post in pairs if (leader, post) not in made]
    units = max(0, len(given_up) - rule.count)
    words = f"{len(given_up)} of {len(pairs)} earlier placements given up; at most {rule.count}"
    return RuleCount(units, (f"{words}: {', '.join(given_up[:5])}",) if units else (), words)


def _held(name: str, rule: HoldBack, counted: Counted) -> RuleCount:
    frame, table, held = counted.placements, counted.case.posts.posts, counted.case.held_back
    served = frame[frame["urn"].isin(table.loc[table["post_id"].isin(held), "urn"])]
    pairs = served[["leader_id", "post_id"]].itertuples(index=False, name=None)
    wrong = [f"{leader} in {post}, whose school is held back" for leader, post in pairs]
    asked = sum(other.posts for other in counted.case.scenario.rules.values() if isinstance(other, HoldBack))
    short = max(0, asked - len(held))
    wrong += [f"{len(held)} posts held back of the {asked} asked for"] if short else []
    return RuleCount(len(served) + short, tuple(wrong), f"{len(held)} posts held back, none filled")


RECOUNTS: dict[type[Any], Callable[[str, Any, Counted], RuleCount]] = {
    AreaMinimum: _areas,
    AreaMaximum: _areas,
    Cap: _cap,
    Budget: _budget,
    PhaseBalance: _phases,
    DeprivedShare: _deprived,
    CaseQuota: _cases,
    Moves: _moves,
    HoldBack: _held,
}
