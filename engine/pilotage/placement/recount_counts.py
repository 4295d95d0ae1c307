"""Rules that count over placements, re-counted from the tables: by how many units each is missed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from pilotage.config.rules import (
    AreaMaximum,
    AreaMinimum,
    Budget,
    Cap,
    CaseQuota,
    DeprivedShare,
    HoldBack,
    InAreas,
    Moves,
    PhaseBalance,
)
from pilotage.config.scenario import Scenario
from pilotage.domain.panel import SchoolPanel
from pilotage.placement.ground import SCALE, SUPPORT


@dataclass(frozen=True)
class Counted:
    """What an audit counts over.

    ``placements`` has one row per placement with the leader's, post's and school's columns, its cost, its start and its
    ``worth`` in integer units; ``leaders`` is the pool's table; ``earlier`` holds earlier plans by rule;
    ``held`` the posts that lots held back.
    """

    placements: pd.DataFrame
    leaders: pd.DataFrame
    scenario: Scenario
    panel: SchoolPanel
    urns: pd.Series
    earlier: dict[str, pd.DataFrame]
    held: pd.DataFrame


@dataclass(frozen=True)
class Found:
    """What a rule's re-count found: units of breach, what is wrong, what was counted, and what no price pardons."""

    units: int
    wrong: tuple[str, ...]
    counted: str
    beyond: tuple[str, ...] = ()


def _of(frame: pd.DataFrame, counts: str) -> pd.DataFrame:
    support = frame["level"] == SUPPORT
    return {"place": frame[~support], "support": frame[support], "both": frame}[counts]


def _limit(least: Fraction | None, most: Fraction | None, number: int, whole: int, where: str) -> Found:
    """Compare a number with its limits."""
    short = max(0, math.ceil((least or 0) - number))
    over = max(0, math.ceil(number - most)) if most is not None else 0
    wrong = [f"{number} in {where}, under {float(least or 0):g}"] if short else []
    wrong += [f"{number} in {where}, over {float(most or 0):g}"] if over else []
    told = [f"at least {float(least):g}"] if least is not None else []
    told += [f"at most {float(most):g}"] if most is not None else []
    return Found(short + over, tuple(wrong), f"{number} in {where}; {' and '.join(told)} of {whole}")


def _joined(parts: list[Found]) -> Found:
    wrong = tuple(word for part in parts for word in part.wrong)
    return Found(sum(part.units for part in parts), wrong, "; ".join(part.counted for part in parts) or "no limit set")


def _areas(name: str, rule: InAreas, counted: Counted) -> Found:
    frame = _of(counted.placements, rule.counts)
    area = frame["school_area"]
    inside = int((area.isin(rule.areas) if rule.areas else area.notna()).sum())
    whole = len(area) if rule.of == "placements" else int((counted.leaders["level"] != SUPPORT).sum())
    limit = Fraction(rule.count) if rule.count is not None else Fraction(str(rule.share)) * whole
    least, most = (limit, None) if isinstance(rule, AreaMinimum) else (None, limit)
    if rule.of == "pool" and rule.share is not None:
        least, most = least and Fraction(math.ceil(least)), None if most is None else Fraction(math.floor(most))
    return _limit(least, most, inside, whole, "the areas")


def _cap(name: str, rule: Cap, counted: Counted) -> Found:
    counts = _of(counted.placements, rule.counts)[f"school_{rule.rule.removesuffix('_cap')}"].value_counts()
    over = [(value, count) for value, count in counts.items() if count > rule.count]
    wrong = tuple(f"{count} in {value}, over {rule.count}" for value, count in over)
    most = f"at most {counts.max()} in one" if len(counts) else "none placed in any"
    return Found(sum(count - rule.count for _, count in over), wrong, f"{most}, of {rule.count} allowed")


def _budget(name: str, rule: Budget, counted: Counted) -> Found:
    frame = counted.placements
    years = frame["year"] if rule.per_year else pd.Series(0, index=frame.index)
    totals = frame["cost_gbp"].groupby(years).sum().astype(int)
    over = totals[totals > rule.total_gbp] - rule.total_gbp
    wrong = tuple(f"costs £{totals[year]:,}, over £{rule.total_gbp:,}" for year in over.index)
    spent = ", ".join(f"£{total:,}" for total in totals) or "£0"
    return Found(sum(math.ceil(excess / 1000) for excess in over), wrong, f"{spent} of £{rule.total_gbp:,}")


def _phases(name: str, rule: PhaseBalance, counted: Counted) -> Found:
    phase = _of(counted.placements, rule.counts)["school_phase"]
    parts = [
        _limit(
            Fraction(str(limits.minimum)) * len(phase),
            Fraction(str(limits.maximum)) * len(phase),
            int((phase == one).sum()),
            len(phase),
            f"{one} schools",
        )
        for one, limits in rule.shares.items()
    ]
    return _joined(parts)


def _deprived(name: str, rule: DeprivedShare, counted: Counted) -> Found:
    years = counted.panel.school_years
    known = years[years["known_on"] <= pd.Timestamp(counted.panel.as_of)].sort_values("year")
    last = known.groupby("urn")[["fsm6_share", "fsm_share"]].last()
    share = last["fsm6_share"].fillna(last["fsm_share"])
    in_scope = share[share.index.isin(counted.urns)].dropna().reset_index()
    in_scope.columns = pd.Index(["urn", "share"])
    ranked = in_scope.sort_values(["share", "urn"], ascending=[False, True])
    fifth = ranked["urn"].head(round(rule.most_deprived * len(ranked)))
    worth = counted.placements["worth"]
    inside, whole = int(worth[counted.placements["urn"].isin(fifth)].sum()), int(worth.sum())
    needed = Fraction(str(rule.share)) * whole
    units = max(0, math.ceil((needed - inside) / SCALE))
    told = f"{inside / SCALE:,.1f} of {whole / SCALE:,.1f} pupil-months in the most deprived schools"
    return Found(units, (f"{told}, under {rule.share:.0%}",) if units else (), told)


def _cases(name: str, rule: CaseQuota, counted: Counted) -> Found:
    urn = _of(counted.placements, rule.counts)["urn"]
    number, whole = int(urn.isin([case.urn for case in rule.cases.values()]).sum()), len(urn)
    parts = []
    if rule.minimum_count is not None or rule.maximum_count is not None:
        most = None if rule.maximum_count is None else Fraction(rule.maximum_count)
        least = None if rule.minimum_count is None else Fraction(rule.minimum_count)
        parts.append(_limit(least, most, number, whole, "schools put forward"))
    if rule.minimum_share is not None or rule.maximum_share is not None:
        most = None if rule.maximum_share is None else Fraction(str(rule.maximum_share)) * whole
        least = None if rule.minimum_share is None else Fraction(str(rule.minimum_share)) * whole
        parts.append(_limit(least, most, number, whole, "schools put forward"))
    return _joined(parts)


def _moves(name: str, rule: Moves, counted: Counted) -> Found:
    earlier = counted.earlier[name]
    made = set(zip(counted.placements["leader_id"], counted.placements["post_id"], strict=True))
    pairs = list(earlier[["leader_id", "post_id"]].itertuples(index=False, name=None))
    given_up = [f"{leader} in {post}" for leader, post in pairs if (leader, post) not in made]
    units = max(0, len(given_up) - rule.count)
    told = f"{len(given_up)} of {len(pairs)} earlier placements given up; at most {rule.count}"
    return Found(units, (f"{told}: {', '.join(given_up[:5])}",) if units else (), told)


def _held(name: str, rule: HoldBack, counted: Counted) -> Found:
    frame = counted.placements
    served = frame[frame["urn"].isin(counted.held["urn"])]
    pairs = served[["leader_id", "post_id"]].itertuples(index=False, name=None)
    wrong = [f"{leader} in {post}, which is held back" for leader, post in pairs]
    asked = sum(other.posts for other in counted.scenario.rules.values() if isinstance(other, HoldBack))
    short = max(0, asked - len(counted.held))
    wrong += [f"{len(counted.held)} posts held back of the {asked} asked for"] if short else []
    return Found(len(served) + short, tuple(wrong), f"{len(counted.held)} posts held back, none filled")


RECOUNTS: dict[type[Any], Callable[[str, Any, Counted], Found]] = {
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
