"""Why nobody is placed, where a plan is empty, and which budgets pay for no placement at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pilotage.case.record import RunRecord
from pilotage.domain.plan import Row
from pilotage.report.run.rule_words import barred_words
from pilotage.report.words import asks, interventions, number, plural

MOST_REASONS = 5


def nobody_words(record: RunRecord) -> list[str]:
    """Return why nobody is placed, and each budget that pays for none of the placements it covers."""
    sentences = list(_budgets(record))
    place = record.scenario.interventions.place
    if not interventions(record)[0 if place else 1]:
        nobody = "Nobody is placed" if place else "Nobody is supported"
        sentences = [*_why_empty(record, nobody, bool(sentences)), *sentences]
    return sentences


def _why_empty(record: RunRecord, nobody: str, dear: bool) -> Iterator[str]:
    worth = record.problem.benefit[_counted(record)]
    if not len(worth):
        yield f"{nobody}: there is no leader and post that the rules allow together."
        yield from _barred(record)
    elif worth.max() <= 0:
        best = number(int(worth.max()) / record.problem.scale, 1)
        possible = plural(len(worth), "possible pair")
        yield f"{nobody}: none of {possible} of leader and post would add anything (the best scores {best})."
    elif asks(record):
        known = bool((~record.impact.asks(_counted(record))).any())
        why = (
            "what it asks for is worth more than the known posts"
            if known
            else "no leader may take a post known to be open"
        )
        yield f"{nobody} yet: {why}. The plan asks schools about posts that may come open (asks.csv)."
    elif not dear:
        yield f"{nobody}: the rules below leave room for no placement."


def _barred(record: RunRecord) -> Iterator[str]:
    """Yield the most frequent reasons of posts that nobody may take."""
    if not len(record.pool.leaders):
        yield "There are no leaders."
    if not len(record.posts.posts):
        yield "There are no posts: no table of posts is named, and no prospects are asked for."
    reasons = record.impact.ineligible["reason"].value_counts()
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], str(item[0])))
    for reason, count in ordered[:MOST_REASONS]:
        yield f"{plural(int(count), 'post')}: {barred_words(str(reason))}."


def _budgets(record: RunRecord) -> Iterator[str]:
    for row in record.problem.rows:
        if row.unit == "pound" and not len(row.auxiliaries):
            yield from _unaffordable(record, row)


def _unaffordable(record: RunRecord, row: Row) -> Iterator[str]:
    cost = row.weights[np.isin(row.members, _counted(record))]
    if len(cost) and cost.min() > row.rhs:
        when = f" in planning year {row.part[-1]}" if row.part else ""
        cheapest = f"the cheapest placement{when} costs £{int(cost.min()):,}"
        yield f"rules.{row.key} pays for no placement{when}: {cheapest} and the budget is £{row.rhs:,}."


def _counted(record: RunRecord) -> np.ndarray:
    """Return the pairs that place a leader; those that support a leader in post where nobody is to be placed."""
    support = record.impact.supports()
    return np.flatnonzero(~support if record.scenario.interventions.place else support)
