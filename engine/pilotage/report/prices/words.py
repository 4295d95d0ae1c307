"""What each change of a run is worth, in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from pilotage.domain.findings.prices import (
    FARTHER_KM,
    MORE_GBP,
    Price,
    PriceKind,
    PriceQuestion,
    Prices,
    PriceState,
    TypicalLeader,
)
from pilotage.report.words import number, phase_words

KINDS = {
    PriceKind.LEADER: "One more leader",
    PriceKind.PLACE: "One more place under each limit",
    PriceKind.MONEY: f"£{MORE_GBP:,} more",
    PriceKind.SUPPORT: "One more school supported",
    PriceKind.DISTANCE: f"{FARTHER_KM} km farther",
    PriceKind.PIN: "Pins: what the plan would gain without each",
    PriceKind.BAN: "Bans: what the plan would gain without each",
    PriceKind.RULE: "Rules: what each costs",
}
PEOPLE = {"middle": "middle leader", "senior": "senior leader", "head": "head", "executive": "executive head"}
REMOVED = (PriceKind.PIN, PriceKind.BAN, PriceKind.RULE)
NOT_SHARED = (
    "These prices are not the shadow prices of report.html. A shadow price says what the next small part of a limit is "
    "worth in the linear programme. A price here is the difference between two whole plans."
)


def change(question: PriceQuestion) -> str:
    """Return what is changed, as the subject of a sentence: ``one more placement under authority-cap: Derby``."""
    return CHANGES[question.kind](question)


def _leader(question: PriceQuestion) -> str:
    kind = question.leader
    if kind is None:
        return f"one more leader like {question.key}"
    home = "" if kind.region is None else f", living in {kind.region}"
    return f"one more {PEOPLE[kind.level]} for {_phases(kind)} schools{home}"


def _phases(kind: TypicalLeader) -> str:
    *others, last = [phase_words(phase) for phase in kind.phases] or ["no"]
    return f"{', '.join(others)} and {last}" if others else last


def kind_name(question: PriceQuestion) -> str:
    """Return a kind of leader in few words: ``head, primary, London``."""
    kind = question.leader
    if kind is None:
        return question.key
    return ", ".join([PEOPLE[kind.level], _phases(kind), *([] if kind.region is None else [kind.region])])


def like(question: PriceQuestion) -> str:
    """Return which leader is copied, and of how many: empty where none is."""
    kind = question.leader
    if kind is None:
        return ""
    of = "the only one of this kind" if kind.of == 1 else f"in the middle of the {kind.of:,} of this kind"
    return f"like {kind.leader_id}, {of}, travel limit {kind.max_travel_km:g} km"


def _place(question: PriceQuestion) -> str:
    noun = "pupil-month" if question.unit == "pupil_month" else "placement"
    name = limit_name(question)
    if question.sense == ">=":
        return f"one {noun} fewer asked for by {name}"
    return f"one more {noun} under {name}"


def limit_name(question: PriceQuestion) -> str:
    """Return the name of a rule, with which of its limits is meant: ``authority-cap: Derby``."""
    part = ", ".join(str(item) for item in question.part)
    return f"{question.key}: {part}" if part else question.key


CHANGES: dict[PriceKind, Callable[[PriceQuestion], str]] = {
    PriceKind.LEADER: _leader,
    PriceKind.PLACE: _place,
    PriceKind.MONEY: lambda question: f"£{MORE_GBP:,} more under {limit_name(question)}",
    PriceKind.SUPPORT: lambda question: f"one more school supported in {question.key}",
    PriceKind.DISTANCE: lambda _question: f"{FARTHER_KM} km farther for every leader",
    PriceKind.PIN: lambda question: f"leaving out the pin {question.key}",
    PriceKind.BAN: lambda question: f"leaving out the ban {question.key}",
    PriceKind.RULE: lambda question: f"leaving out the rule {question.key}",
}


def aside(question: PriceQuestion) -> str:
    """Return what stands in brackets after the change: which leader is copied, or what is asked; may be empty."""
    return like(question) or ("" if question.kind in (PriceKind.SUPPORT, PriceKind.DISTANCE) else question.label)


def sentence(price: Price) -> str:
    """Return the price of a change in a sentence."""
    if price.question.kind is PriceKind.RULE:
        return _rule(price)
    said = f" ({aside(price.question)})" if aside(price.question) else ""
    subject = f"{change(price.question)}{said}"
    return f"{subject[0].upper()}{subject[1:]} {_would(price)}."


def _would(price: Price) -> str:
    if price.state is not PriceState.EXACT:
        return _not_exact(price)
    if no_gain(price):
        return "would add nothing"
    worth = abs(price.months or 0)
    return f"would {'add' if (price.months or 0) > 0 else 'cost'} {number(worth, 1)} pupil-months"


def _not_exact(price: Price) -> str:
    """Return what is said where there is no exact price."""
    if price.state is PriceState.IMPOSSIBLE:
        return f"would leave no plan that keeps the rules{_why(price)}"
    if price.state is PriceState.REFUSED:
        return f"would make a scenario that can't be planned{_why(price)}"
    if price.least is None or price.most is None:
        return "has no known price: no plan was found in time"
    low, high = number(price.least, 1), number(price.most, 1)
    return f"would add between {low} and {high} pupil-months: not both plans are proven best"


def _why(price: Price) -> str:
    return f": {'; '.join(price.why)}" if price.why else ""


def _rule(price: Price) -> str:
    """Return what a rule costs: the plan without it is worth so much more."""
    name = f"rule {price.question.key} ({price.question.label})"
    if price.state is not PriceState.EXACT:
        return f"Leaving out the {name} {_not_exact(price)}."
    if no_gain(price):
        return f"The {name} costs nothing: without it the plan would be worth the same."
    months, worth = price.months or 0, f"without it the plan would be worth {number(price.worth, 1)}"
    return f"The {name} {'adds' if months < 0 else 'costs'} {number(abs(months), 1)} pupil-months: {worth}."


def no_gain(price: Price) -> bool:
    """Return whether the best plan is worth the same with a change."""
    return price.state is PriceState.EXACT and price.months == 0


def proof(prices: Prices) -> str:
    """Return how far the prices are exact."""
    if prices.best and all(price.state is not PriceState.BETWEEN for price in prices.prices):
        return "Both plans of each price are proven best."
    return "Where a plan is not proven best, two figures say between which the price lies."
