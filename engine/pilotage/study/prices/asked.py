"""Every change of a run whose price is asked: leaders, limits, money, support, distance, pins, bans, rules."""

from __future__ import annotations

from collections.abc import Iterator

from pilotage.config.rules.travel import Travel
from pilotage.config.scenario import Ban, Pin
from pilotage.domain.findings.prices import FARTHER_KM, PriceKind, PriceQuestion
from pilotage.domain.plan import Row
from pilotage.placement.analysis.loosened import can_be_loosened
from pilotage.study.prices.base import Base
from pilotage.study.prices.typical import typical_leaders


def questions(base: Base) -> list[PriceQuestion]:
    """Return every change whose price is asked."""
    return [
        *_leaders(base),
        *_limits(base),
        *_support(base),
        *_distance(base),
        *_pins_and_bans(base),
        *_rules(base),
    ]


def answered(base: Base) -> int:
    """Return how many pins and bans answers in tables make: they are facts, and no price is asked of them."""
    now, own = base.case.scenario, base.written
    return len(now.pins) - len(own.pins) + len(now.bans) - len(own.bans)


def _leaders(base: Base) -> Iterator[PriceQuestion]:
    if base.case.scenario.interventions.place:
        for each in typical_leaders(base.case):
            yield PriceQuestion(PriceKind.LEADER, each.leader_id, f"a copy of {each.leader_id}", leader=each)


def _limits(base: Base) -> Iterator[PriceQuestion]:
    """Yield the limits of rules: first those in placements or shares, then budgets."""
    kinds = {key: rule.rule for key, rule in base.case.scenario.rules.items()}
    rows = [row for row in base.problem.rows if kinds.get(row.key) == row.rule and can_be_loosened(row)]
    yield from (_limit(row, PriceKind.PLACE) for row in rows if row.unit != "pound")
    yield from (_limit(row, PriceKind.MONEY) for row in rows if row.unit == "pound")


def _limit(row: Row, kind: PriceKind) -> PriceQuestion:
    limit = row.share if row.measure == "share" else float(row.rhs)
    return PriceQuestion(kind, row.key, row.label, row.part, row.sense, row.unit, row.measure, limit)


def _support(base: Base) -> Iterator[PriceQuestion]:
    offer = base.case.scenario.interventions.support
    for region, count in sorted({}.items() if offer is None else offer.capacity.items()):
        yield PriceQuestion(PriceKind.SUPPORT, region, f"support in {region}", limit=float(count))


def _distance(base: Base) -> Iterator[PriceQuestion]:
    if any(isinstance(rule, Travel) for rule in base.case.scenario.rules.values()):
        yield PriceQuestion(PriceKind.DISTANCE, "", f"{FARTHER_KM} km farther")


def _pins_and_bans(base: Base) -> Iterator[PriceQuestion]:
    for name, pin in base.written.pins.items():
        yield PriceQuestion(PriceKind.PIN, name, _pin(pin))
    for name, ban in base.written.bans.items():
        yield PriceQuestion(PriceKind.BAN, name, _ban(ban))


def _pin(pin: Pin) -> str:
    return f"{pin.leader_id} takes {pin.where}"


def _ban(ban: Ban) -> str:
    who = "nobody goes" if ban.leader_id is None else f"{ban.leader_id} does not go"
    place = [f"post {ban.post_id}"] if ban.post_id is not None else []
    place += [f"school {ban.urn}"] if ban.urn is not None else []
    return f"{who} to {', '.join(place) or 'any post'}"


def _rules(base: Base) -> Iterator[PriceQuestion]:
    for key, rule in base.case.scenario.rules.items():
        yield PriceQuestion(PriceKind.RULE, key, rule.asks())
