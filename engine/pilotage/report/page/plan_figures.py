"""The plan in five figures, each with the note that it needs."""

from __future__ import annotations

from math import ceil

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.plan import Status
from pilotage.report import words
from pilotage.report.lists.counted import benefit_span, expected_benefit
from pilotage.report.words import number, span

Cells = dict[str, str]


def facts(record: RunRecord, ranked: pd.DataFrame) -> list[Cells]:
    """Return placements, modelled benefit, whether it is proven best, the audit, and the schools ranked."""
    low, high = benefit_span(record)
    worth = number(expected_benefit(record))
    known = int(ranked["need"].notna().sum())
    objective, bound = record.plan.objective, words.pupil_months(record, record.plan.bound)
    best = "yes" if record.plan.status is Status.OPTIMAL and record.clean else "no"
    counted = f"{sum(check.holds for check in record.audit.checks)} of {len(record.audit.checks)}"
    score = f"score {number(words.pupil_months(record, objective))}; {_most(record.plan.status, bound)}"
    return [
        _placed(record),
        _fact("Modelled benefit", worth, f"pupil-months; range {span(low, high)}"),
        _fact("Proven best", best, score),
        _fact("Audit", counted, "rules and figures checked independently"),
        _fact("Schools ranked", f"{len(ranked):,}", f"need could be forecast for {known:,}"),
    ]


def _most(status: Status, bound: float | None) -> str:
    """Return how far any plan could go, the bound rounded up."""
    if status is Status.OPTIMAL:
        return "no plan scores higher"
    return f"no plan can pass {number(None if bound is None else ceil(bound))}"


def _placed(record: RunRecord) -> Cells:
    placed, supported = words.interventions(record)
    pool = len(record.pool.leaders)
    idle = int((~record.pool.leaders.index.isin(record.impact.pairs["leader_index"])).sum())
    beside = f"; {idle:,} have no post that they may take" if idle else ""
    beside += f"; {len(supported):,} leaders in post supported" if supported else ""
    asked = words.asks(record)
    beside += f"; {words.plural(len(asked), 'ask')} beside" if asked else ""
    return _fact("Placements", f"{len(placed):,}", f"of {pool:,} leaders in the pool{beside}")


def _fact(label: str, value: str, note: str) -> Cells:
    return {"label": label, "value": value, "note": note}
