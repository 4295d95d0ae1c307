"""The first screen: what the plan does in one sentence, how far the data goes, and each placement in a sentence."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report import words
from pilotage.report.lists.counted import benefit_span
from pilotage.report.lists.unplaced import unplaced_groups, unplaced_leaders
from pilotage.report.run.empty_plan import nobody_words
from pilotage.report.run.expected import expected, expected_asks
from pilotage.report.words import number, plural

FEW = 5  # placements, or leaders without a post, that the first screen names

Cells = dict[str, str]


def headline(record: RunRecord) -> str:
    """Return in one sentence how many leaders are matched, how many say yes, and what is spent."""
    placed, supported = words.interventions(record)
    of, parts = expected(record), []
    pool = len(record.pool.leaders)
    if pool:
        parts.append(f"{len(placed):,} of {plural(pool, 'leader')} matched")
    asked = words.asks(record)
    if asked:
        parts.append(
            f"{plural(len(asked), 'ask')} to make, of which about {number(expected_asks(record)[0])} come true"
        )
    if placed:
        parts.append(f"about {plural(round(of.yes), 'acceptance')} expected")
    if supported:
        parts.append(f"{plural(len(supported), 'head')} in post supported")
    money = _money(record)
    return "; ".join([*parts, *([money] if money else [])]) + "."


def _money(record: RunRecord) -> str:
    """Return what is committed of the budget over the whole plan; empty without a budget."""
    budgets = [
        state for state in record.rule_states if state.unit == "pound" and state.limit is not None and not state.part
    ]
    if not budgets:
        return ""
    return f"{_pounds(budgets[0].activity or 0)} of {_pounds(budgets[0].limit or 0)}"


def _pounds(amount: float) -> str:
    """Return ``£94k`` or ``£1.2m``, or the whole amount below ten thousand pounds."""
    if amount < 10_000:
        return f"£{amount:,.0f}"
    thousands = round(amount / 1000)
    return f"£{thousands}k" if thousands < 1000 else f"£{thousands / 1000:,.2f}".rstrip("0").rstrip(".") + "m"


def unmatched(record: RunRecord) -> str:
    """Return who could not be matched and why: by name where they are few, else by the most frequent reasons."""
    if not record.unplaced:
        return ""
    if len(record.unplaced) <= FEW:
        rows = unplaced_leaders(record)
        said = "; ".join(f"{row.leader_id} ({row.reason})" for row in rows.itertuples())
        return f"Could not be matched: {said}."
    groups = unplaced_groups(record)[:2]
    said = "; ".join(f"{_lower(group['reason'])} ({group['count']})" for group in groups)
    return f"{plural(len(record.unplaced), 'leader')} could not be matched. Most often: {said}."


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def benefit_line(record: RunRecord) -> str:
    """Return what the plan is modelled to add, with its range and what it means below zero."""
    low, high = benefit_span(record)
    doubt = " By the low end the plan may do nothing, or harm." if low < 0 < high else ""
    return f"{words.headline(record)}{doubt}"


def checked_line(record: RunRecord) -> str:
    """Return that every rule was checked without the solver; empty where a check fails, which the page says first."""
    checks = record.audit.checks
    return f"All rules checked independently: {len(checks)} of {len(checks)} checks hold." if record.clean else ""


def placement_sentences(placements: pd.DataFrame) -> list[Cells]:
    """Return the first placements, each with its school and one plain sentence."""
    return [
        {
            "leader": str(row["leader_id"]),
            "urn": str(row["urn"]),
            "school": words.text_of(row["name"]),
            "why": words.text_of(row["placement_reason"]),
        }
        for _, row in placements.head(FEW).iterrows()
    ]


def first_screen(record: RunRecord, placements: pd.DataFrame) -> dict[str, Any]:
    """Return what the template of the first screen names."""
    return {
        "headline": headline(record),
        "unmatched": unmatched(record),
        "nobody": nobody_words(record),
        "benefit": benefit_line(record) if len(record.plan.chosen) else "",
        "checked": checked_line(record),
        "placements": placement_sentences(placements),
        "more_placements": max(0, len(placements) - FEW),
        "honesty": words.HONESTY,
    }
