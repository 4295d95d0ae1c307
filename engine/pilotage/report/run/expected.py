"""What a plan comes to once schools and leaders have answered: yes, in post, and spent, as expected numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotage.case.record import RunRecord
from pilotage.domain.findings.asking import Answers
from pilotage.domain.forecast import ImpactMatrix
from pilotage.report.words import number, plural


@dataclass(frozen=True)
class Expected:
    """Expected numbers over the placements of a plan; support of leaders in post counts for the money alone.

    What the plan asks for is no offer yet: ``expected_asks`` has it.

    ``offers``: placements proposed. ``yes``: offers expected to be accepted. ``in_post``: leaders expected to be in
    post three years later. ``committed_gbp``: the cost if all are accepted; ``spent_gbp``: the cost expected.
    """

    offers: int
    yes: float
    in_post: float
    committed_gbp: int
    spent_gbp: float


def expected(record: RunRecord) -> Expected:
    """Return what a plan is expected to come to; each answer is taken as independent of the others."""
    return expected_of(record.impact, record.plan.chosen)


def expected_of(impact: ImpactMatrix, chosen: NDArray[np.int64]) -> Expected:
    """Return what some pairs (positions) are expected to come to."""
    offers = chosen[~impact.asks(chosen)]
    pairs = impact.pairs.iloc[offers]
    accepted, cost = pairs["acceptance"].astype(float), pairs["cost_gbp"].astype(float)
    placed = ~impact.supports(offers)
    return Expected(
        offers=int(placed.sum()),
        yes=float(accepted[placed].sum()),
        in_post=float((accepted * pairs["stay"].astype(float))[placed].sum()),
        committed_gbp=round(cost.sum()),
        spent_gbp=float((accepted * cost).sum()),
    )


def expected_asks(record: RunRecord) -> tuple[float, float]:
    """Return how many of the plan's asks are expected to come true, and what those are expected to cost, in pounds."""
    pairs = record.impact.pairs.iloc[record.plan.chosen[record.impact.asks(record.plan.chosen)]]
    if "chance" not in pairs:
        return 0.0, 0.0
    return float(pairs["chance"].sum()), float((pairs["chance"] * pairs["cost_gbp"]).sum())


def expected_facts(record: RunRecord) -> dict[str, Any]:
    """Return ``expected`` of plan.json; ``asked_in_order`` is null where the plan has nothing to ask for."""
    facts = vars(expected(record))
    if record.scenario.pool.prospects is not None:
        come_true, cost = expected_asks(record)
        facts = facts | {"asks_come_true": come_true, "asks_spent_gbp": cost}
    rounded = {name: round(value, 6) for name, value in facts.items()}
    answers = record.asking.answers
    return rounded | {"asked_in_order": None if answers is None else _answer_facts(answers)}


def _answer_facts(answers: Answers) -> dict[str, Any]:
    """Return what simulated answers come to: of each figure the mean and the ends of eight draws in ten."""
    figures = {"first_round": answers.first_round, "placed": answers.placed}
    figures |= {f"in_post_after_{year}": count for year, count in enumerate(answers.in_post, start=1)}
    figures["spent_gbp"] = answers.spent_gbp
    named = {name: {key: round(value, 6) for key, value in vars(each).items()} for name, each in figures.items()}
    return {"draws": answers.draws, "offers": answers.offers, **named}


def expected_lines(record: RunRecord) -> list[str]:
    """Return what the plan is expected to come to, in sentences; none where it offers nothing."""
    of, answers = expected(record), record.asking.answers
    committed = (
        f"Of {plural(of.offers, 'offer')} about {number(of.yes)} are expected to be accepted; the cost is "
        f"£{of.committed_gbp:,} if all are accepted."
    )
    asked = [] if answers is None or not answers.offers else [_answer_line(answers)]
    return [committed, *asked] if of.offers else asked


def _answer_line(answers: Answers) -> str:
    """Return what simulated answers come to, in sentences."""
    placed, first = answers.placed, answers.first_round
    one, two, three = (number(count.mean) for count in answers.in_post)
    return (
        f"Asked in order, with the next ask or a reserve after each no, the plan comes to about "
        f"{plural(round(placed.mean), 'placement')} ({number(placed.low)} to {number(placed.high)} in eight of ten "
        f"simulations), about {number(first.mean)} of them at the first offer. About {one} are in post after one year, "
        f"{two} after two and {three} after three; about £{round(answers.spent_gbp.mean, -3):,.0f} is spent."
    )
