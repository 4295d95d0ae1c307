"""What the benefits rest on, in sentences that every report has."""

from __future__ import annotations

from pilotage.case.case import Case


def assumptions(case: Case) -> tuple[str, ...]:
    """Return what the reports must say that the benefits rest on."""
    scenario = case.scenario
    general: tuple[str, ...] = (
        "A benefit is modelled from published effects and the assumptions below; it is not a measured gain.",
        "A leader's effect is beside the leadership that the school would have otherwise, as far as inspections and "
        "results of schools with similar pupils tell; the quality of one school's leadership is written nowhere.",
        "Travel is a straight line between the leader's base and the school.",
        "Where free school meals of the last six years are not published, those of the year stand in (a lower bound).",
    )
    if case.evidence.value("fall_value_months"):
        general += (
            "A school whose leadership is not good, or not graded, has no fall to avert: that part is left out.",
        )
    if scenario.time.discount_rate:
        rate = f"{scenario.time.discount_rate:.1%}"
        general += (f"A placement is worth {rate} less for each planning year that it starts later (assumed).",)
    if scenario.time.years > 1:
        general += (f"Each placement counts the {scenario.impact.years} years from its own start, and is made once.",)
    if scenario.pool.prospects is not None:
        general += ("A benefit of a prospect is multiplied by the chance that its post comes open.",)
    return general + tuple(p.sentence for p in case.parameters_used.values() if p.grade != "measured" or p.changed)
