"""What a plan comes to once schools and leaders have answered: yes, in post, and spent, as expected numbers."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.case.record import RunRecord
from pilotage.report.words import number, plural


@dataclass(frozen=True)
class Expected:
    """Expected numbers over the placements of a plan; support of leaders in post counts for the money alone.

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
    pairs = record.impact.pairs.iloc[record.plan.chosen]
    accepted, cost = pairs["acceptance"].astype(float), pairs["cost_gbp"].astype(float)
    placed = ~record.impact.supports(record.plan.chosen)
    return Expected(
        offers=int(placed.sum()),
        yes=float(accepted[placed].sum()),
        in_post=float((accepted * pairs["stay"].astype(float))[placed].sum()),
        committed_gbp=round(cost.sum()),
        spent_gbp=float((accepted * cost).sum()),
    )


def expected_facts(record: RunRecord) -> dict[str, float]:
    """Return ``expected`` of plan.json."""
    return {name: round(value, 6) for name, value in vars(expected(record)).items()}


def expected_line(record: RunRecord) -> str:
    """Return what the plan is expected to come to, in one sentence; empty where nobody is placed."""
    of = expected(record)
    if not of.offers:
        return ""
    return (
        f"Of {plural(of.offers, 'offer')} about {number(of.yes)} are expected to be accepted, and about "
        f"{number(of.in_post)} leaders to be in post three years later; the cost is £{of.committed_gbp:,} if all are "
        f"accepted, about £{round(of.spent_gbp, -3):,.0f} as expected."
    )
