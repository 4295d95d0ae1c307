"""The words of a comparison: for every kind of change, setting and difference."""

from __future__ import annotations

from pilotage.domain.findings.comparison import (
    Alone,
    Attribution,
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
    SettingWords,
    Side,
)
from pilotage.domain.words import plural
from pilotage.report.words import DASH, number

CHANGES = {Change.GAINED: "gained a post", Change.LOST: "lost the post", Change.MOVED: "moved"}
OF_LEADERS = {Change.GAINED: ("gains a post", "gain a post"), Change.LOST: ("loses the post", "lose their posts")}
OF_LEADERS |= {Change.MOVED: ("moves", "move")}  # of one leader, of more
LISTS = {
    PlanList.WORRY: "schools to worry about",
    PlanList.ASK_NEXT: "whom to ask next",
    PlanList.PLACEMENTS: "schools with a placement",
    PlanList.SUPPORT: "schools with support in post",
    PlanList.ASKS: "schools that the plan asks",
}
FIGURES = {
    Figure.BENEFIT: "modelled benefit, pupil-months",
    Figure.PLACEMENTS: "placements",
    Figure.ASKS: "asks",
    Figure.SUPPORTED: "leaders in post supported",
    Figure.ACCEPTED: "offers expected to be accepted",
    Figure.COMMITTED: "cost if all are accepted",
    Figure.SPENT: "cost expected",
}
NOT_ALONE = {
    Alone.NO_PLAN: "alone it leaves no plan that keeps the rules",
    Alone.NOT_A_SCENARIO: "alone it does not go with the first run's other settings and tables",
    Alone.NOT_FORECAST: "it needs a new forecast, and that of the first run is from a file",
}
POUNDS = (Figure.COMMITTED, Figure.SPENT)
NO_CHANGE, NOT_THERE = "no change", "not there"
SETTINGS = "Settings that differ"
SETTINGS_ALONE = "Settings that differ, each changed alone in the first run"
NOT_SAID = "What each makes alone can't be said"
LEADERS = "Who gained a post, lost it or moved, from the first run to the second."
MADE_BY = f"{LEADERS} Made by: the settings that alone make a part of it."
NO_SETTING = "no setting alone"
NOT_REPRODUCED = "Planned again, the first run gives another plan: take the parts as approximate."
SHORT = 12  # digits of a checksum that are shown


def sentence(text: str) -> str:
    """Return a text with a capital letter first."""
    return f"{text[:1].upper()}{text[1:]}"


def school(urn: int, names: dict[int, str]) -> str:
    """Return a school's name with its URN."""
    return f"{names.get(urn, 'school')} ({urn})"


def posts(of: tuple[Post, ...], names: dict[int, str]) -> str:
    """Return the posts of a leader, with their schools; a dash for none."""
    return "; ".join(f"{school(post.urn, names)}, post {post.post_id}" for post in of) or DASH


def side(of: Side) -> str:
    """Return a run by its folder, scenario and day."""
    return f"{of.folder} ({of.scenario}, as of {day(of)})"


def day(of: Side) -> str:
    """Return the day of a run, as ``31 August 2016``."""
    return f"{of.as_of.day} {of.as_of:%B %Y}"


def headline(found: Comparison) -> str:
    """Return what differs between the plans, in two sentences."""
    benefit = next(each for each in found.figures if each.figure is Figure.BENEFIT)
    was, now = benefit.before or 0.0, benefit.after or 0.0
    more = signed(now - was).lstrip("+−")
    differs = f"{more} {'more' if now > was else 'less'} than" if more != NO_CHANGE else "as much as"
    counts = {change: sum(each.change is change for each in found.leaders) for change in Change}
    return f"The second plan is modelled to add {number(now, 1)} pupil-months, {differs} the first. {_who(counts)}"


def _who(counts: dict[Change, int]) -> str:
    """Return how many leaders gain a post, lose it and move, as a sentence."""
    parts = leader_counts(counts)
    return f"{sentence(parts)}." if parts else "Every leader has the same posts."


def leader_counts(counts: dict[Change, int]) -> str:
    """Return how many leaders gain a post, lose it and move; empty for none."""
    made = [(count, OF_LEADERS[change][count > 1]) for change, count in counts.items() if count]
    first = (f"{plural(count, 'leader')} {verb}" for count, verb in made[:1])
    return ", ".join((*first, *(f"{count:,} {verb}" for count, verb in made[1:])))


def leader(change: LeaderChange, names: dict[int, str]) -> str:
    """Return what became of a leader, and which settings alone do a part of it."""
    made_by = f" [{', '.join(change.made_by)}]" if change.made_by else ""
    places = " -> ".join(posts(each, names) for each in (change.before, change.after) if each)
    return f"{change.leader_id} {CHANGES[change.change]}: {places}{made_by}"


def known_figures(found: Comparison) -> tuple[FigureChange, ...]:
    """Return the figures that are not nought or unknown in both runs."""
    return tuple(each for each in found.figures if each.before or each.after)


def figure(change: FigureChange) -> str:
    """Return a figure of both runs, and the difference."""
    was, now = figure_value(change.figure, change.before), figure_value(change.figure, change.after)
    more = figure_difference(change)
    return f"{FIGURES[change.figure]}: {was} -> {now}{f' ({more})' if more else ''}"


def figure_difference(change: FigureChange) -> str:
    """Return the difference between both values of a figure; empty where one is not known."""
    if change.before is None or change.after is None:
        return ""
    more = signed(change.after - change.before, decimals(change.figure))
    return f"{more[0]}£{more[1:]}" if change.figure in POUNDS and more != NO_CHANGE else more


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
        return NO_CHANGE
    return f"{'+' if value > 0 else ''}{number(value, places)}"


def months(value: float) -> str:
    """Return a difference in benefit with its sign and unit; ``no change`` where it is none."""
    return signed(value) if round(value, 1) == 0 else f"{signed(value)} pupil-months"


def list_name(change: ListChange) -> str:
    """Return what a list is, and how much of it is compared."""
    return LISTS[change.name] if change.top is None else f"{LISTS[change.name]} (the first {change.top})"


def setting(of: Setting) -> str:
    """Return a setting with its values in both runs, in a planner's words, and its key for who edits the scenario."""
    return f"{of.words.what}: {_values(of.words)} [{of.key}]"


def _values(of: SettingWords) -> str:
    return _one_sided(of) or f"{value(of.before)} -> {value(of.after)}"


def _one_sided(of: SettingWords) -> str:
    """Return that an entry was added or removed; empty where both have the setting, or neither."""
    if of.before is None and of.after is not None:
        return f"added ({of.after})"
    return f"removed ({of.before})" if of.after is None and of.before is not None else ""


def change(of: SettingWords) -> str:
    """Return a setting that was changed, with its value before."""
    was = "as before" if of.before == of.after else f"before: {of.before}"
    return f"{of.what}: {_one_sided(of) or f'{value(of.after)} ({was})'}"


def value(told: str | None) -> str:
    """Return the value of a setting as it is told."""
    return NOT_THERE if told is None else told


def effect(of: Effect) -> str:
    """Return what a setting makes alone."""
    if of.alone is not Alone.PLANNED or of.benefit is None:
        return NOT_ALONE[of.alone]
    alone = "alone, with a new forecast," if of.setting.of_forecast else "alone"
    if of.changes_nothing:
        return f"{alone} it changes nothing"
    proven = "" if of.proven else "; not exact: a plan is not proven best"
    return f"{alone} {months(of.benefit)}; {_moves(of)}{proven}"


def by_size(made: Attribution) -> list[Effect]:
    """Return what each setting makes alone, the largest first."""
    return sorted(made.effects, key=lambda each: (-abs(each.benefit or 0), each.setting.key))


def parts(made: Attribution) -> list[tuple[str, str]]:
    """Return the difference beyond what each setting makes alone: each part's name and value, the whole last."""
    alone = sum(each.benefit or 0.0 for each in made.effects)
    named = [("Each setting alone, added up", months(alone))] if len(made.effects) > 1 else []
    if made.together is not None and len(made.effects) > 1:
        named.append(("All together beyond that sum", months(made.together)))
    causes = "other data, forecasts or versions" if made.together is not None else "what can't be told apart"
    return [*named, (f"Left over ({causes})", months(made.rest)), ("In all", months(made.total))]


def cautions(made: Attribution) -> list[str]:
    """Return why the parts are not exact, if they are not."""
    return [] if made.reproduced else [NOT_REPRODUCED]


def _moves(of: Effect) -> str:
    gained, lost = ({leader_id for leader_id, _ in pairs} for pairs in (of.gained, of.lost))
    counts = {Change.GAINED: len(gained - lost), Change.LOST: len(lost - gained), Change.MOVED: len(gained & lost)}
    return leader_counts(counts) or "no leader moves"


def difference(of: Difference) -> str:
    """Return a warning that names an audit, an input or a version that is not the same in both runs."""
    if of.kind is Differing.AUDIT:
        return (
            f"The audit {of.before} in the first run and {of.after} in the second: a plan that failed must not be used."
        )
    if of.kind is Differing.VERSION:
        return f"Another version of {of.name}: {of.before or 'none'} -> {of.after or 'none'}."
    if of.before and of.after:
        return f"Another content of {of.name}: sha256 {of.before[:SHORT]} -> {of.after[:SHORT]}."
    return f"Only the {'first' if of.before else 'second'} run read {of.name}."


def failure(found: Comparison) -> str | None:
    """Return that a run's audit failed, if one did."""
    return next((difference(each) for each in found.differences if each.kind is Differing.AUDIT), None)


def warnings(found: Comparison) -> list[str]:
    """Return every warning of a comparison, a failed audit apart."""
    others = [each for each in found.differences if each.kind is not Differing.AUDIT]
    return [_forecasts(found) if each.kind is Differing.FORECAST else difference(each) for each in others]


def _forecasts(found: Comparison) -> str:
    """Return why the forecasts differ: by settings, or by something else."""
    changed = [each.words.what for each in found.settings if each.of_forecast]
    if changed:
        return f"The forecasts differ: they rest on settings that were changed ({'; '.join(changed)})."
    return "The forecasts differ, and no setting that they rest on was changed."
