"""What differs from the last run of the scenario, as a run says it: in full for a what-if, else in three lines."""

from __future__ import annotations

from collections.abc import Sequence

from pilotage.domain.findings.comparison import Change, Comparison, Figure, PlanList
from pilotage.domain.words import plural
from pilotage.report.compare import words

MOST = 10  # leaders, and schools in and out, that are shown


def short_difference(found: Comparison) -> list[str]:
    """Return at most three lines: benefit and placements, who moved and which schools, and how to see more."""
    figures = _figures(found)
    if not found.leaders and not figures:
        return [f"Since the last run ({found.before}): the plan is the same."]
    more = f"`pilotage compare {found.before} {found.after}` says who, and which setting makes it."
    return [
        f"Since the last run ({found.before}): {'; '.join(figures) or 'the benefit is the same'}.",
        _counts(found),
        more,
    ]


def whole_difference(found: Comparison) -> list[str]:
    """Return warnings, figures, who moved, gained or lost a post, and the schools that came in and went out."""
    shown = found.leaders[:MOST]
    rest = len(found.leaders) - len(shown)
    return [
        f"Difference from the last run ({found.before}):",
        *(f"  Warning: {each}" for each in words.warnings(found)),
        *(f"  {line}" for line in _figures(found) or ["benefit, placements, support and cost are the same"]),
        f"  {_counts(found)}",
        *(f"    {words.leader(each, found.schools)}" for each in shown),
        *([f"    and {rest:,} more: pilotage compare {found.before} {found.after}"] if rest else []),
        *_schools(found),
    ]


def unread(faults: Sequence[str]) -> list[str]:
    """Return one line on older runs that cannot be read; none where all can."""
    if not faults:
        return []
    more = f" ({len(faults) - 1:,} more are left out too)" if len(faults) > 1 else ""
    return [f"An older run is left out of the comparison: {faults[0]}{more}"]


def _figures(found: Comparison) -> list[str]:
    return [words.figure(each) for each in found.figures if each.before != each.after and each.figure in Figure]


def _counts(found: Comparison) -> str:
    """Return how many leaders moved, gained and lost a post, and how many schools came in and went out."""
    counts = {change: sum(each.change is change for each in found.leaders) for change in Change}
    moved = f"{plural(counts[Change.MOVED], 'leader')} moved, {counts[Change.GAINED]:,} gained a post"
    placed = next((each for each in found.lists if each.name is PlanList.PLACEMENTS), None)
    schools = "" if placed is None else f"; {len(placed.came):,} schools in, {len(placed.went):,} out"
    return f"{moved}, {counts[Change.LOST]:,} lost one{schools}."


def _schools(found: Comparison) -> list[str]:
    """Return the schools that came into the plan and went out of it."""
    placed = [each for each in found.lists if each.name is PlanList.PLACEMENTS]
    lines = []
    for label, urns in (
        (word, getattr(each, name)) for each in placed for word, name in (("in", "came"), ("out", "went"))
    ):
        if urns:
            more = f"; and {len(urns) - MOST:,} more" if len(urns) > MOST else ""
            lines.append(
                f"  Schools {label}: {'; '.join(words.school(urn, found.schools) for urn in urns[:MOST])}{more}"
            )
    return lines
