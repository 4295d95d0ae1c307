"""Figures and facts in a planner's words; what is missing is a dash, never zero."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.words import plural as plural
from pilotage.report.lists.counted import benefit_span, expected_benefit

DASH = "—"
MINUS = "−"
HONESTY = (
    "A forecast is not an effect: a school at high risk is one to worry about, which does not mean that a leader would "
    "change it. A modelled benefit is not a measured gain: it is reckoned from the forecast, from published research "
    "and from the assumptions listed in this report, and nobody has observed it."
)
INTERVAL = (
    "The range of a school or of a placement is meant to hold the truth nine times in ten, if the assumptions hold. "
    "The range of the whole plan adds up the ends of its placements' ranges, as though all were wrong the same way: "
    "the most cautious reading."
)
UNIT = (
    "One pupil-month is one disadvantaged pupil making one month more progress by the end of primary or secondary "
    "school, summed here over the years that the scenario counts."
)


def absent(value: object) -> bool:
    """Return True for None, NA and NaN."""
    return value is None or value is pd.NA or value != value


def compared(gain: float | None, decimals: int = 0) -> str:
    """Return what the plan scores beside a simpler way: ``9 more``, or ``3 less`` than one that misses rules."""
    if gain is None:
        return DASH
    return f"{number(abs(gain), decimals)} {'more' if gain >= 0 else 'less'}"


def number(value: float | None, decimals: int = 0) -> str:
    """Return ``1,234.5``, with a true minus sign; a dash where missing."""
    if value is None or absent(value):
        return DASH
    rounded = round(value, decimals) + 0.0  # no negative zero
    return f"{rounded:,.{decimals}f}".replace("-", MINUS)


def percent(value: float | None) -> str:
    """Return ``34%``, ``under 1%`` or ``over 99%``: a forecast is never certain; a dash where missing."""
    if value is None or absent(value):
        return DASH
    if 0 < value < 0.01:
        return "under 1%"
    return "over 99%" if 0.99 < value < 1 else f"{value:.0%}"


def span(low: float | None, high: float | None, decimals: int = 0) -> str:
    """Return ``low to high``; empty where either is missing."""
    if absent(low) or absent(high):
        return ""
    return f"{number(low, decimals)} to {number(high, decimals)}"


def percent_span(low: float | None, high: float | None) -> str:
    """Return ``22% to 48%``; empty where either is missing."""
    if low is None or high is None or absent(low) or absent(high):
        return ""
    return f"{low:.0%} to {high:.0%}"


def text_of(value: object) -> str:
    """Return the text of a value, empty where missing."""
    return "" if absent(value) else str(value)


def day(record: RunRecord) -> str:
    """Return the as-of date as ``31 August 2016``."""
    return f"{record.scenario.as_of.day} {record.scenario.as_of:%B %Y}"


def synthetic(record: RunRecord) -> dict[str, bool]:
    """Return whether schools and leaders (or their posts) are invented."""
    leaders = record.panel.synthetic or record.pool.synthetic or record.posts.synthetic
    return {"schools": record.panel.synthetic, "leaders": leaders}


def banner(record: RunRecord) -> str | None:
    """Return what every output must say of invented schools, leaders or posts; None where all are real."""
    if record.panel.synthetic:
        return (
            "Synthetic England: the schools and the leaders here are all invented. No name, figure or plan below "
            "describes a real school or a real person."
        )
    if record.pool.synthetic:
        return (
            "Synthetic leaders: the schools are real, but the leaders and the posts are invented. The plan below is a "
            "test of the method; do not act on it."
        )
    if record.posts.synthetic:
        return "Synthetic posts: the schools and the leaders are real, but the posts are invented. Do not act on it."
    return None


def pupil_months(record: RunRecord, units: float | None) -> float | None:
    """Return integer units of the problem in pupil-months; None where there is none."""
    return None if units is None else units / record.problem.scale


def headline(record: RunRecord) -> str:
    """Return the plan in one sentence."""
    worth = number(expected_benefit(record))
    low, high = benefit_span(record)
    return (
        f"{_what_is_done(record)} is modelled to add {worth} pupil-months of "
        f"progress for disadvantaged pupils; the range runs from {number(low)} to {number(high)}."
    )


def _what_is_done(record: RunRecord) -> str:
    """Return whom the plan places where, and whom it supports."""
    placed, supported = interventions(record)
    leaders = len({record.problem.leader[pair] for pair in placed})
    schools = len({int(record.problem.urns[record.problem.post[pair]]) for pair in placed})
    placing = f"Placing {plural(leaders, 'leader')} in {plural(schools, 'school')}"
    supporting = f"upporting the leader in post of {plural(len(supported), 'school')}"
    if not supported:
        return placing
    return f"{placing} and s{supporting}" if placed else f"S{supporting}"


def interventions(record: RunRecord) -> tuple[list[int], list[int]]:
    """Return the chosen pairs that place a leader, and those that support the leader in post."""
    support = record.impact.supports(record.plan.chosen)
    return record.plan.chosen[~support].tolist(), record.plan.chosen[support].tolist()
