"""The alternatives: their placements as a list, and what each gives up for how much that is new."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Alternative, Audit
from pilotage.domain.plan import Status
from pilotage.report.columns import DECISION, PLACEMENTS, Column
from pilotage.report.lists.counted import alternative_benefits, sharing_of
from pilotage.report.lists.ranked_schools import placements
from pilotage.report.run.objective import score_unit
from pilotage.report.words import number, plural, pupil_months

LEFT_OUT = ("firmness", "reserve_1", "reserve_2", "next_urn", "next_school")
ALTERNATIVE_PLACEMENTS = (
    Column(
        "alternative", "Alternative", DECISION, "integer", 11, "Number of the alternative plan, in the order found."
    ),
    *(column for column in PLACEMENTS if column.name not in LEFT_OUT),
    Column("new_school", "New school", DECISION, "text", 11, "yes = the school is in no plan before this one."),
)


def alternative_placements(record: RunRecord) -> pd.DataFrame:
    """Return the ``ALTERNATIVE_PLACEMENTS``: a row per placement of each alternative, highest benefit first in each."""
    seen = set(_urns(record, record.plan.chosen))
    parts = [pd.DataFrame(columns=[column.name for column in ALTERNATIVE_PLACEMENTS])]
    for count, plan in enumerate(record.alternatives.plans, start=1):
        rows = placements(record, plan.chosen, sharing_of(record, count - 1))
        new = ["no" if urn in seen else "yes" for urn in rows["urn"]]
        parts.append(rows.assign(alternative=count, new_school=new)[list(parts[0].columns)])
        seen |= set(_urns(record, plan.chosen))
    return pd.concat(parts[1:], ignore_index=True) if len(parts) > 1 else parts[0]


def _urns(record: RunRecord, chosen: NDArray[np.int64]) -> list[int]:
    urns: list[int] = record.problem.urns[record.problem.post[chosen]].tolist()
    return urns


def alternative_words(record: RunRecord) -> list[dict[str, str]]:
    """Return what each alternative is, in words: placements, new schools, benefit, how far below the best, audit."""
    benefit, best = alternative_benefits(record), record.plan.objective or 0
    return [
        {
            "name": f"Alternative {count}",
            "placements": f"{int((~record.impact.asks(plan.chosen)).sum()):,}",
            "new": f"{plan.new_schools:,}",
            "benefit": number(benefit[count - 1]),
            "score": number(pupil_months(record, plan.objective)),
            "below": percent_below(best, plan.objective),
            "most": proven(plan),
            "audit": _audit(plan.audit),
        }
        for count, plan in enumerate(record.alternatives.plans, start=1)
    ]


def proven(plan: Alternative) -> str:
    """Return how far it is proven that no other plan has more new schools, or as many and a higher score."""
    if plan.status is Status.OPTIMAL:
        return "proven"
    more = plan.most_new_schools - plan.new_schools
    as_many = f"none has more; as many, a score at most {max(plan.gap, 1e-6):.4%} higher"
    return f"not proven to the end: {f'at most {more:,} more' if more else as_many}"


def _audit(audit: Audit) -> str:
    failed = [check.name for check in audit.checks if not check.holds]
    return f"FAILED: {', '.join(failed)}" if failed else "every check holds"


def percent_below(best: int, objective: int) -> str:
    """Return how far an objective falls short of the best, as a share of it."""
    share = (best - objective) / max(1, abs(best))
    return "under 0.1%" if 0 < share < 0.001 else f"{share:.1%}"


def alternatives_note(record: RunRecord) -> str | None:
    """Return what was asked for and found, in sentences; None where no alternative was asked for."""
    wanted, made = record.scenario.report.alternatives, record.alternatives
    if not wanted.count:
        return None
    asked = (
        f"{plural(len(made.plans), 'other plan')} of {wanted.count} asked for, each within {wanted.loss:.1%} of the "
        f"best score ({score_unit(record)}), under the same rules, with as many schools new to the list as can be."
    )
    return f"{asked} {made.ended}".strip()
