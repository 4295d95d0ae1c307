"""The words of a comparison: for every kind of change, setting and difference."""

from __future__ import annotations

from pilotage.domain.findings.comparison import (
    Alone,
    Change,
    Comparison,
    Difference,
    Differing,
    Effect,
    Figure,
    FigureChange,
    LeaderChange,
    ListChange,
    PlanList,
    Post,
    Setting,
)
from pilotage.report.words import DASH, number

CHANGES = {Change.GAINED: "gained a post", Change.LOST: "lost the post", Change.MOVED: "moved"}
LISTS = {
    PlanList.WORRY: "schools to worry about",
    PlanList.ASK_NEXT: "whom to ask next",
    PlanList.PLACEMENTS: "schools with a placement",
    PlanList.SUPPORT: "schools with support in post",
}
FIGURES = {
    Figure.BENEFIT: "modelled benefit, pupil-months",
    Figure.PLACEMENTS: "placements",
    Figure.SUPPORTED: "leaders in post supported",
    Figure.ACCEPTED: "offers expected to be accepted",
    Figure.COMMITTED: "cost if all are accepted",
    Figure.SPENT: "cost expected",
}
NOT_ALONE = {
    Alone.NO_PLAN: "alone it leaves no plan that keeps the rules",
    Alone.NOT_A_SCENARIO: "it can't be changed without another of the changed settings",
    Alone.NOT_FORECAST: "it needs a forecast that this computer does not hold: run the scenario with it here first",
}
POUNDS = (Figure.COMMITTED, Figure.SPENT)
SHORT = 12  # digits of a checksum that are shown


def school(urn: int, names: dict[int, str]) -> str:
    """Return a school's name with its URN."""
    return f"{names.get(urn, 'school')} ({urn})"


def posts(of: tuple[Post, ...], names: dict[int, str]) -> str:
    """Return the posts of a leader, with their schools; a dash for none."""
    return "; ".join(f"{school(post.urn, names)}, post {post.post_id}" for post in of) or DASH


def leader(change: LeaderChange, names: dict[int, str]) -> str:
    """Return what became of a leader, and which settings alone do a part of it."""
    made_by = f" [{', '.join(change.made_by)}]" if change.made_by else ""
    words = f"{posts(change.before, names)} -> {posts(change.after, names)}"
    return f"{change.leader_id} {CHANGES[change.change]}: {words}{made_by}"


def figure(change: FigureChange) -> str:
    """Return a figure of both runs, and the difference."""
    was, now = figure_value(change.figure, change.before), figure_value(change.figure, change.after)
    known = change.before is not None and change.after is not None
    more = f" ({signed((change.after or 0) - (change.before or 0), decimals(change.figure))})" if known else ""
    return f"{FIGURES[change.figure]}: {was} -> {now}{more}"


def figure_value(of: Figure, value: float | None) -> str:
    """Return the value of a figure; a dash where it is not known."""
    pounds = "£" if of in POUNDS and value is not None else ""
    return f"{pounds}{number(value, decimals(of))}"


def decimals(of: Figure) -> int:
    """Return how many decimals a figure is shown with."""
    return 1 if of in (Figure.BENEFIT, Figure.ACCEPTED) else 0


def signed(value: float, places: int = 1) -> str:
    """Return a difference with its sign; ``no change`` where it is none."""
    if round(value, places) == 0:
        return "no change"
    return f"{'+' if value > 0 else ''}{number(value, places)}"


def months(value: float) -> str:
    """Return a difference in benefit with its sign and unit; ``no change`` where it is none."""
    return signed(value) if round(value, 1) == 0 else f"{signed(value)} pupil-months"


def list_name(change: ListChange) -> str:
    """Return what a list is, and how much of it is compared."""
    return LISTS[change.name] if change.top is None else f"{LISTS[change.name]} (the first {change.top})"


def setting(of: Setting) -> str:
    """Return a setting with its values in both runs; a dash where it is not there."""
    return f"{of.key}: {value(of.before)} -> {value(of.after)}"


def value(written: str | None) -> str:
    """Return the value of a setting as it is written."""
    return DASH if written is None else written


def effect(of: Effect) -> str:
    """Return what a setting makes alone."""
    if of.alone is not Alone.PLANNED or of.benefit is None:
        return NOT_ALONE[of.alone]
    if of.changes_nothing:
        return "alone it changes nothing"
    moved = f"{len(of.gained)} placements more, {len(of.lost)} fewer" if of.gained or of.lost else "no other placement"
    return f"alone {months(of.benefit)}; {moved}"


def difference(of: Difference) -> str:
    """Return a warning that names what is not the same in both runs."""
    if of.kind is Differing.AUDIT:
        return (
            f"The audit {of.before} in the first run and {of.after} in the second: a plan that failed must not be used."
        )
    if of.kind is Differing.FORECAST:
        return "The forecasts differ."
    if of.kind is Differing.VERSION:
        return f"Another version of {of.name}: {of.before or 'none'} -> {of.after or 'none'}."
    if of.before and of.after:
        return f"Another content of {of.name}: sha256 {of.before[:SHORT]} -> {of.after[:SHORT]}."
    return f"Only the {'first' if of.before else 'second'} run read {of.name}."


def warnings(found: Comparison) -> list[str]:
    """Return every warning of a comparison."""
    return [difference(each) for each in found.differences]
