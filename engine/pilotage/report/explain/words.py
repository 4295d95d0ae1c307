"""What bars a leader from a post, what forcing something costs, and which setting would let a school in: in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pilotage.config.rules.catalogue import BARS
from pilotage.domain.bars import BAR_WORDS, Bar
from pilotage.domain.findings.explained import BarKind, Barrier, Certainty, Change, Forced, Move, Option
from pilotage.report.words import DASH, number, percent, plural

MOST_MOVES = 6  # placements of a plan solved again that are named
LIST_END = ";"  # between the entries of a cell


@dataclass(frozen=True)
class Shown:
    """A table as it is shown: its title, its headings, and rows of texts."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def barrier_words(barrier: Barrier) -> str:
    """Return what bars a leader from a post, with its figure: ``41 km away, the limit is 40 km (rules.travel)``."""
    words = BARRIERS[barrier.kind](barrier)
    return f"{words} ({barrier.rule})" if barrier.rule.startswith(("rules.", "bans.")) else words


def _distance(barrier: Barrier) -> str:
    km, limit = float(barrier.found or 0), float(barrier.wanted or 0)
    decimals = 0 if round(km) > round(limit) else 1 if round(km, 1) > round(limit, 1) else 3
    return f"{number(km, decimals)} km away, the limit is {number(limit, decimals if limit % 1 else 0)} km"


def _need(barrier: Barrier) -> str:
    need, least = float(barrier.found or 0), float(barrier.wanted or 0)
    decimals = 0 if round(100 * need) < round(100 * least) else 2
    return f"its need is {need:.{decimals}%}, the threshold is {least:.{decimals}%}"


def _suits(barrier: Barrier) -> str:
    return f"the post asks for {_listed(barrier.wanted)}, the leader has {_listed(barrier.found)}"


def _listed(cell: float | str | None) -> str:
    parts = [part.strip().replace("_", "-") for part in str(cell or "").split(LIST_END)]
    return ", ".join(part for part in parts if part) or "none"


def _free(barrier: Barrier) -> str:
    return f"free from {_day(barrier.found)}, the post needs somebody by {_day(barrier.wanted)}"


def _day(text: float | str | None) -> str:
    day = date.fromisoformat(str(text))
    return f"{day.day} {day:%B %Y}"


def _region(barrier: Barrier) -> str:
    return f"the school is in {barrier.found or 'no known region'}, the leader works in {_listed(barrier.wanted)}"


def _closed(barrier: Barrier) -> str:
    return BARS[barrier.code].words if barrier.code in BARS else BAR_WORDS[Bar(barrier.code)]


def _fixed(words: str) -> Callable[[Barrier], str]:
    return lambda _barrier: words


BARRIERS: dict[BarKind, Callable[[Barrier], str]] = {
    BarKind.DISTANCE: _distance,
    BarKind.NO_PLACE: _fixed("the school's place is not known"),
    BarKind.REGION: _region,
    BarKind.NEED: _need,
    BarKind.SUITS: _suits,
    BarKind.FREE: _free,
    BarKind.CLOSED: _closed,
    BarKind.OWN_POST: _fixed("the leader holds that level in that school already"),
    BarKind.LATE: _fixed("the leader is free only after the last year of the plan"),
    BarKind.BAN: lambda barrier: "a conflict of interest" if barrier.code == Bar.CONFLICT_OF_INTEREST else "a ban",
    BarKind.OTHER: _fixed("a rule on all pairs together: on teams, on spans or on lots"),
}


def cost_words(forced: Forced | None) -> str:
    """Return what something costs the plan: ``12.3``, ``at least 4.0``; a dash where nothing was forced."""
    if forced is None:
        return DASH
    if forced.certainty is Certainty.IMPOSSIBLE:
        return "not possible under the rules"
    if forced.months is None:
        return "not known: no plan in time"
    figure = number(forced.months, 1)
    return figure if forced.certainty is Certainty.EXACT else f"at least {figure}"


def months_words(forced: Forced) -> str:
    """Return the same with its unit, in a sentence."""
    return cost_words(forced) if forced.months is None else f"{cost_words(forced)} pupil-months"


def moves_words(forced: Forced) -> list[str]:
    """Return who leaves which school and who goes where instead, a line each."""
    lines = [f"  no longer: {_move(move)}" for move in forced.out[:MOST_MOVES]]
    lines += [f"  instead:   {_move(move)}" for move in forced.into[:MOST_MOVES]]
    more = max(0, len(forced.out) - MOST_MOVES) + max(0, len(forced.into) - MOST_MOVES)
    return [*lines, f"  and {plural(more, 'more change')}"] if more else lines


def _move(move: Move) -> str:
    return f"{move.leader_id} at {move.school or move.post_id} ({move.urn})"


OF_SCHOOL = {"consent": " of this school"}  # whose a change is that is neither a setting nor a leader's


def change_words(change: Change) -> str:
    """Return which setting would let a school in, and what the best plan under it would do."""
    whose = f" of {change.leader_id}" if change.leader_id is not None else OF_SCHOOL.get(change.key, "")
    now, needed = _value(change.key, change.now), _value(change.key, change.needed)
    words = f"{change.key}{whose}: {needed} instead of {now}"
    if change.chosen is None:
        return f"{words}. Nobody could go there all the same."
    gain = f"The best plan would then gain {number(change.gain_months, 1)} pupil-months"
    if change.chosen:
        return f"{words}. {gain}, with this school in it."
    return f"{words}. {gain}, still without this school{_with_it(change.forced)}."


def _with_it(forced: Forced | None) -> str:
    """Return what the plan with the school in it is worth beside today's, under a new value."""
    if forced is None:
        return ""
    if forced.months is None:
        return f"; with it: {cost_words(forced)}"
    if forced.months < 0:
        return f"; with it, the plan would gain {number(-forced.months, 1)}"
    return f"; with it, the plan would lose {cost_words(forced)}"


def _value(key: str, value: float | str) -> str:
    """Return the value of a setting as the scenario or the table writes it."""
    if isinstance(value, str):
        return value
    return f"{value:.6f}".rstrip("0").rstrip(".") if key.endswith(("_share", "minimum")) else f"{value:,.10g}"


def open_table(title: str, options: list[Option], first: str) -> Shown:
    """Return the pairs that are possible, with every factor of the benefit and what each costs the plan.

    ``first``: ``leader`` or ``school``, what the first column names.
    """
    headings = (first, "post", "km", "yes", "effect", "pupils", "lost at origin", "benefit", "costs the plan")
    titled = f"{title}; effects in months, losses, benefits and costs in pupil-months"
    return Shown(titled, headings, tuple(_open_row(option, first) for option in options))


def _open_row(option: Option, first: str) -> tuple[str, ...]:
    worth = option.worth
    who = option.leader_id if first == "leader" else f"{option.school} ({option.urn})"
    cost = "in the plan" if option.chosen else cost_words(option.forced)
    if worth is None:
        return (who, option.post_id, *[DASH] * 6, cost)
    chance = percent(worth.acceptance * (1 if worth.chance_open is None else worth.chance_open))
    figures = (worth.effect_months, worth.pupils, worth.origin_loss, worth.benefit)
    return (who, option.post_id, number(worth.travel_km, 1), chance, *(number(each, 1) for each in figures), cost)


def barred_table(title: str, options: list[Option], first: str) -> Shown:
    """Return the pairs that are not possible, and everything that bars each."""
    rows = tuple(
        (
            option.leader_id if first == "leader" else f"{option.school} ({option.urn})",
            option.post_id,
            "; ".join(barrier_words(each) for each in option.barriers),
        )
        for option in options
    )
    return Shown(title, (first, "post", "why not"), rows)
