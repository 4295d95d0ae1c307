"""The prices of a run on the terminal: the largest of each kind first, and those that are nothing by name."""

from __future__ import annotations

from collections.abc import Iterator

from pilotage.domain.findings.prices import Price, PriceKind, Prices
from pilotage.report.internal import INTERNAL
from pilotage.report.prices import words
from pilotage.report.words import number

MOST = 10  # prices of a kind that are shown
MOST_NAMED = 6  # changes that add nothing, by name


def prices_text(prices: Prices) -> list[str]:
    """Return the prices in short: a part for each kind of change."""
    lines = [
        f"The best plan is worth {number(prices.worth, 1)} pupil-months, as the objective counts them.",
        "Each price is the difference to the best plan with one change, all else as it is. They do not add up.",
        words.proof(prices),
    ]
    for kind in PriceKind:
        some = [price for price in prices.prices if price.question.kind is kind]
        lines += ["", *_of_kind(kind, some)] if some else []
    if prices.answered:
        made = "1 pin or ban" if prices.answered == 1 else f"{prices.answered:,} pins and bans"
        lines += ["", f"Not priced: {made} that answers in tables make. They are facts, not choices."]
    return [*lines, "", words.NOT_SHARED, INTERNAL]


def _of_kind(kind: PriceKind, some: list[Price]) -> Iterator[str]:
    yield f"{words.KINDS[kind]}:"
    nothing = [price for price in some if words.no_gain(price)]
    priced = sorted((price for price in some if not words.no_gain(price)), key=_order)
    yield from (f"  {words.sentence(price)}" for price in priced[:MOST])
    if len(priced) > MOST:
        yield f"  And {len(priced) - MOST:,} more: --json or --out has all."
    if len(nothing) == 1 and not priced:
        yield f"  {words.sentence(nothing[0])}"
    elif nothing:
        verb = "Costs" if kind is PriceKind.RULE else "Adds"
        yield f"  {verb} nothing: {_named(nothing)}."


def _order(price: Price) -> tuple[bool, float]:
    most = price.most if price.months is None else price.months
    return most is None, -(most or 0.0)


def _named(some: list[Price]) -> str:
    named = [_name(price) for price in some[:MOST_NAMED]]
    more = len(some) - len(named)
    return "; ".join(named) + (f"; and {more:,} more" if more else "")


def _name(price: Price) -> str:
    """Return the change in few words, where a heading says its kind."""
    kind = price.question.kind
    if kind in words.REMOVED:
        return price.question.key
    if kind in (PriceKind.PLACE, PriceKind.MONEY):
        return words.limit_name(price.question)
    return words.kind_name(price.question) if kind is PriceKind.LEADER else words.change(price.question)
