"""Figures and facts in a planner's words; what is missing is a dash, never zero."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.words import plural as plural
from pilotage.report.lists.counted import benefit_span, expected_benefit

DASH = "—"
MINUS = "−"
HONESTY = (
    "A forecast is not an effect: a school at high risk is one to worry about, which does not mean that a leader would "
    "change it. A modelled benefit is not a measured gain: it is worked out from the forecast, from published research "
    "and from the assumptions listed in this report, and nobody has observed it."
)
INTERVAL = (
    "The range of the whole plan is meant to hold the truth at least nine times in ten, if the assumptions hold. It "
    "adds up the ends of its placements' ranges, as though all were wrong the same way: the most cautious reading. "
    "What one school would gain is far less certain, so that lists say high, medium or low."
)
CHANCES = (
    "A chance such as 'about 30 in 100' says what happens to a hundred schools like this one, not what will happen to "
    "this one. A range beside it says how far the model's figure moves when it learns from other past schools; schools "
    "that look alike differ by more than that."
)
BANDS = {
    "top": "surely in the top tenth",
    "tie": "tie band: can't be told apart from the top tenth",
    "below": "below the top tenth",
}
LEVELS = ("low", "medium", "high")  # of the benefit of a school
STUCK_BY_DFE = "stuck by the DfE's rule"  # below good twice, and found to require improvement the last time
PHASES = {"all_through": "all-through", "pru": "pupil referral unit", "sixteen_plus": "sixteen-plus"}
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


def of_100(value: float | None) -> str:
    """Return ``about 30 in 100``, ``fewer than 1 in 100`` or ``more than 99 in 100``; a dash where missing."""
    if value is None or absent(value):
        return DASH
    if value < 0.01:
        return "fewer than 1 in 100"
    return "more than 99 in 100" if value > 0.99 else f"about {number(value * 100)} in 100"


def schools_of_100(value: float | None) -> str:
    """Return ``about 30 in 100 schools like this``; a dash where missing."""
    text = of_100(value)
    return text if text == DASH else f"{text} schools like this"


def span_of_100(low: float | None, high: float | None) -> str:
    """Return the range of what the model knows, ``the model's range: 22 to 48``; empty where either end is missing."""
    if low is None or high is None or absent(low) or absent(high):
        return ""
    return f"the model's range: {number(low * 100)} to {number(high * 100)}"


def band_words(band: object) -> str:
    """Return what a band says of a school; empty without one."""
    return BANDS.get(text_of(band), "")


def band_counts(counts: Mapping[str, int]) -> str:
    """Return how many schools are in each band, in sentences."""
    top, tie, below = (int(counts.get(band, 0)) for band in BANDS)
    are = "is" if top == 1 else "are"
    return (
        f"By need, {plural(top, 'school')} {are} surely in the top tenth of the phase: at least nine in ten "
        f"simulations say so. {plural(tie, 'school')} can't be told apart from the top tenth. "
        f"{plural(below, 'school')} {'is' if below == 1 else 'are'} below."
    )


def level_cuts(benefits: pd.Series) -> tuple[float, float] | None:
    """Return the benefits between low and medium, and between medium and high: thirds; None where none is known."""
    known = benefits.dropna().to_numpy(dtype=float)
    if not len(known):
        return None
    low, high = np.quantile(known, [1 / 3, 2 / 3])
    return float(low), float(high)


def level_words(benefit: float | None, cuts: tuple[float, float] | None) -> str:
    """Return ``high``, ``medium`` or ``low``; a dash where missing."""
    if benefit is None or absent(benefit) or cuts is None:
        return DASH
    return LEVELS[1 + int(benefit > cuts[1]) - int(benefit < cuts[0])]


def level_note(schools: int) -> str:
    """Return what high, medium and low mean, of the schools where a leader may go or may be supported."""
    return (
        f"Benefit: high, medium or low is the highest, middle or lowest third of the modelled benefits at the "
        f"{plural(schools, 'school')} where the plan could do something, each with its placement or the best that it "
        "could have. Figures are in the CSV files."
    )


def pupils_words(pupils: float | None) -> str:
    """Return ``40 disadvantaged pupils``, in whole pupils; a dash where missing."""
    if pupils is None or absent(pupils):
        return DASH
    return "fewer than 1 disadvantaged pupil" if pupils < 1 else plural(round(pupils), "disadvantaged pupil")


def share_counted(own: float, alone: float) -> str:
    """Return how much of a placement's benefit counts, where several leaders share a school's pupils."""
    return f"counts {percent(own / alone if alone > 0 else 0.0)} of what it would add alone"


def phase_words(phase: str | None) -> str:
    """Return a phase as planners write it; empty where not known."""
    return PHASES.get(phase or "", phase or "")


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
        what = "the leaders and the posts" if record.posts.synthetic else "the leaders"
        return (
            f"Synthetic leaders: the schools are real, but {what} are invented. The plan below is a test of the "
            "method; do not act on it."
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
    done = _placed_or_supported(record, placed, supported)
    if not asks(record):
        return done
    asked = len({int(record.problem.urns[record.problem.post[pair]]) for pair in asks(record)})
    asking = f"asking {plural(asked, 'school')} about posts that may come open"
    return f"{done} and {asking}" if placed or supported else f"{asking[0].upper()}{asking[1:]}"


def _placed_or_supported(record: RunRecord, placed: list[int], supported: list[int]) -> str:
    leaders = len({record.problem.leader[pair] for pair in placed})
    schools = len({int(record.problem.urns[record.problem.post[pair]]) for pair in placed})
    placing = f"Placing {plural(leaders, 'leader')} in {plural(schools, 'school')}"
    supporting = f"upporting the leader in post of {plural(len(supported), 'school')}"
    if not supported:
        return placing
    return f"{placing} and s{supporting}" if placed else f"S{supporting}"


def interventions(record: RunRecord) -> tuple[list[int], list[int]]:
    """Return the chosen pairs that place a leader, and those that support the leader in post."""
    chosen = record.plan.chosen
    support = record.impact.supports(chosen)
    return chosen[~support & ~record.impact.asks(chosen)].tolist(), chosen[support].tolist()


def asks(record: RunRecord) -> list[int]:
    """Return the chosen pairs that ask for a post that may come open."""
    asked: list[int] = record.plan.chosen[record.impact.asks(record.plan.chosen)].tolist()
    return asked
