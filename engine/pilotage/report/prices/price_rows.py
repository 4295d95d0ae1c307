"""The prices of a run as plain content: one JSON object, and the rows of prices.csv."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from pilotage.domain.findings.prices import Price, Prices
from pilotage.report.columns import DECISION, FACT, MODELLED, Column
from pilotage.report.prices import words

Json = dict[str, Any]

SCHEMA_VERSION = 1  # of what `pilotage prices --json` prints

PRICES = (
    Column("kind", "Kind", FACT, "text", 10, "leader, place, money, support, distance, pin, ban or rule: the change."),
    Column("key", "Key", FACT, "text", 20, "The rule, pin, ban or region, or the leader who is copied."),
    Column("part", "Part", FACT, "text", 20, "Which limit of the rule. Blank = it has one."),
    Column("change", "Change", DECISION, "text", 40, "What is changed, all else as it is."),
    Column("detail", "Detail", FACT, "text", 40, "What the limit, rule, pin or ban asks; whom the new leader is like."),
    Column(
        "state", "State", DECISION, "text", 10, "exact, between, impossible, refused or unknown: how far it is known."
    ),
    Column(
        *("pupil_months", "Pupil-months", MODELLED, "months", 12),
        "By how much the best plan rises with the change; of a rule, what it costs. Blank = not exact.",
    ),
    Column("at_least", "At least", MODELLED, "months", 12, "The least that the price can be. Blank = not known."),
    Column("at_most", "At most", MODELLED, "months", 12, "The most that the price can be. Blank = not known."),
    Column("plan_worth", "Plan worth", MODELLED, "months", 12, "Pupil-months of the plan with it. Blank = no plan."),
    Column("differ", "Differ", DECISION, "integer", 8, "Placements of the plan with the change that today's has not."),
)


def prices_json(prices: Prices) -> Json:
    """Return the prices as one object; keys of a price are those of ``domain.findings.prices``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "prices",
        "unit": "pupil-months",
        "plan_worth": prices.worth,
        "proven_best": prices.best,
        "not_priced": prices.answered,
        "prices": [_json(price) for price in prices.prices],
    }


def _json(price: Price) -> Json:
    stated = asdict(price)
    return {**stated.pop("question"), **stated, "words": words.sentence(price)}


def price_rows(prices: Prices) -> pd.DataFrame:
    """Return the rows of prices.csv, in the order of the prices."""
    frame = pd.DataFrame([_row(price) for price in prices.prices], columns=[column.name for column in PRICES])
    months = dict.fromkeys(("pupil_months", "at_least", "at_most", "plan_worth"), "float64")
    return frame.astype({**months, "differ": "int64"})


def _row(price: Price) -> Json:
    question = price.question
    return {
        "kind": question.kind.value,
        "key": question.key or None,
        "part": ", ".join(str(item) for item in question.part) or None,
        "change": words.change(question),
        "detail": words.aside(question) or None,
        "state": price.state.value,
        "pupil_months": price.months,
        "at_least": price.least,
        "at_most": price.most,
        "plan_worth": price.worth,
        "differ": price.differ,
    }
