"""What differs from the last run of the scenario, as a run says it: in full for a what-if, else in three lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pilotage.domain.findings.comparison import Change, Comparison, Differing, ListChange, PlanList, Side
from pilotage.domain.words import plural
from pilotage.report.compare import words

MOST = 10  # leaders, and schools in and out, that are shown


def short_difference(found: Comparison) -> list[str]:
    """Return at most three lines: benefit and placements, who moved and which schools, and how to see more."""
    figures = _figures(found)
    if not found.leaders and not figures:
        return [f"Since the last run ({_folder(found.before)}): the plan is the same."]
    more = f"`pilotage compare {_folder(found.before)} {_folder(found.after)}` says who, and which setting makes it."
    changed = "; ".join(figures) or "the benefit is the same"
    return [f"Since the last run ({_folder(found.before)}): {changed}.", _counts(found), more]


def whole_difference(found: Comparison) -> list[str]:
    """Return warnings, figures, who moved, gained or lost a post, and the schools that came in and went out."""
    shown = found.leaders[:MOST]
    rest = len(found.leaders) - len(shown)
    return [
        f"Difference from the last run ({_folder(found.before)}):",
        *(f"  Warning: {each}" for each in words.warnings(_of_both(found))),
        *(f"  {line}" for line in _figures(found) or ["benefit, placements, support and cost are the same"]),
        f"  {_counts(found)}",
        *(f"    {words.leader(each, found.schools)}" for each in shown),
        *([f"    and {rest:,} more: pilotage compare {_folder(found.before)} {_folder(found.after)}"] if rest else []),
        *_schools(found),
    ]


def _folder(side: Side) -> str:
    """Return the folder of a run, from the working folder where it lies below that."""
    folder, here = Path(side.folder).resolve(), Path.cwd()
    return folder.relative_to(here).as_posix() if folder.is_relative_to(here) else side.folder


def _of_both(found: Comparison) -> Comparison:
    """Return a comparison without the files that only one run read: what was asked for tells of them."""
    kept = (each for each in found.differences if each.kind is not Differing.INPUT or (each.before and each.after))
    return replace(found, differences=tuple(kept))


def unread(faults: Sequence[str]) -> list[str]:
    """Return one line on older runs that cannot be read; none where all can."""
    if not faults:
        return []
    more = f" ({len(faults) - 1:,} more are left out too)" if len(faults) > 1 else ""
    return [f"An older run is left out of the comparison: {faults[0]}{more}"]


def _figures(found: Comparison) -> list[str]:
    return [words.figure(each) for each in found.figures if each.before != each.after]


def _counts(found: Comparison) -> str:
    """Return how many leaders moved, gained and lost a post, and how many schools came in and went out."""
    counts = {change: sum(each.change is change for each in found.leaders) for change in Change}
    moved = f"{plural(counts[Change.MOVED], 'leader')} moved, {counts[Change.GAINED]:,} gained a post"
    placed, asked = _list(found, PlanList.PLACEMENTS), _list(found, PlanList.ASKS)
    schools = "" if placed is None else f"; {plural(len(placed.came), 'school')} in, {len(placed.went):,} out"
    asks = (
        "" if asked is None else f"; {plural(len(asked.came), 'school')} newly asked, {len(asked.went):,} not asked now"
    )
    return f"{moved}, {counts[Change.LOST]:,} lost one{schools}{asks}."


def _list(found: Comparison, name: PlanList) -> ListChange | None:
    return next((each for each in found.lists if each.name is name), None)


def _schools(found: Comparison) -> list[str]:
    """Return the schools that came into the plan and went out of it, and those newly asked or asked no more."""
    placed, asked = _list(found, PlanList.PLACEMENTS), _list(found, PlanList.ASKS)
    both: tuple[tuple[str, tuple[int, ...]], ...] = ()
    both += () if placed is None else (("Schools in", placed.came), ("Schools out", placed.went))
    both += () if asked is None else (("Newly asked", asked.came), ("Not asked now", asked.went))
    return [f"  {label}: {_some(urns, found.schools)}" for label, urns in both if urns]


def _some(urns: tuple[int, ...], names: dict[int, str]) -> str:
    more = f"; and {len(urns) - MOST:,} more" if len(urns) > MOST else ""
    return "; ".join(words.school(urn, names) for urn in urns[:MOST]) + more
