"""A school explained on the terminal: sentences, then tables."""

from __future__ import annotations

from collections.abc import Iterator

from pilotage.domain.findings.explained import Listed, Risk, SchoolExplained, Worth
from pilotage.report.explain.words import (
    Shown,
    barred_table,
    barrier_words,
    change_words,
    months_words,
    moves_words,
    open_table,
)
from pilotage.report.words import number, percent, phase_words, plural

MOST = 20  # pairs of a table


def school_words(school: SchoolExplained) -> list[str]:
    """Return the sentences on a school."""
    return [
        f"{school.school}, URN {school.urn}: {phase_words(school.phase)} school in {school.place or 'no known area'}",
        "",
        *_listed(school.listed),
        "",
        *_risk(school.risk),
        "",
        *_benefit(school),
        *_why_not(school),
    ]


def _listed(listed: Listed) -> Iterator[str]:
    if listed.worry_rank is None:
        yield "Schools to worry about: no place, since its need is not known."
    else:
        in_phase = f", {listed.worry_rank_in_phase} in its phase" if listed.worry_rank_in_phase is not None else ""
        yield f"Schools to worry about: number {listed.worry_rank}{in_phase}."
    yield f"Ask next: {'not in the list' if listed.ask_rank is None else f'number {listed.ask_rank}'}."
    placed = f"{', '.join(listed.placed)} placed here" if listed.placed else "nobody is placed here"
    asked = f"; {', '.join(listed.asked)} asks here" if listed.asked else ""
    yield f"Placements: {placed}{asked}."
    yield f"Support in post: {'the head is supported' if listed.supported else 'not supported'}."


def _risk(risk: Risk) -> Iterator[str]:
    parts = [
        ("need", risk.need),
        ("leadership below good", risk.p_below_good),
        ("leadership falls if inspected", risk.p_fall_if_inspected),
        ("a wide gap at the end of the forecast", risk.p_gap_wide),
    ]
    known = [f"{name} {percent(value)}" for name, value in parts if value is not None]
    yield f"Risk: {', '.join(known)}." if known else "Risk: not known."
    if risk.reasons:
        yield f"Why: {risk.reasons}"


def _benefit(school: SchoolExplained) -> Iterator[str]:
    """Yield the benefit of the best pair, factor by factor."""
    best = max((each for each in school.options if each.worth), key=_benefit_of, default=None)
    if best is None or best.worth is None:
        return
    yield f"Benefit of the best leader here, {best.leader_id}: {number(best.worth.benefit, 1)} pupil-months."
    yield from factor_lines(best.worth)
    yield ""


def _benefit_of(option: object) -> float:
    worth = getattr(option, "worth", None)
    return worth.benefit if isinstance(worth, Worth) else 0.0


def factor_lines(worth: Worth) -> Iterator[str]:
    """Yield each factor of a benefit on a line of its own."""
    yield f"  chance of a yes                        {percent(worth.acceptance)}"
    if worth.chance_open is not None:
        yield f"  x chance that the post comes open      {percent(worth.chance_open)}"
    yield f"  x (effect of {number(worth.effect_months, 2)} months x {number(worth.pupils, 1)} disadvantaged pupils"
    yield f"     - {number(worth.origin_loss, 1)} lost at the school left"
    yield f"     + {number(worth.fall_value, 1)} for a fall averted)"
    if worth.price:
        yield f"  - {number(worth.price, 1)} that priced rules charge"


def _why_not(school: SchoolExplained) -> Iterator[str]:
    if school.left_out is not None:
        yield f"It is in the plan. Without it the best plan is worth {months_words(school.left_out)} less."
        yield from moves_words(school.left_out)
    elif school.forced is not None:
        yield f"Why not: to have it in the plan would cost {months_words(school.forced)}."
        yield from moves_words(school.forced)
        if school.forced.months is not None and school.forced.months > 0:
            gap = number(school.forced.months, 1)
            yield f"It would be chosen if a leader here were worth {gap} pupil-months more."
    else:
        yield from _nobody(school)
    if school.changes:
        yield "What would let it in, each alone and as small as can be:"
        yield from (f"  {change_words(change)}" for change in school.changes)


def _nobody(school: SchoolExplained) -> Iterator[str]:
    """Yield why nobody may go to a school: what bars every leader from every post, and whether a figure would help."""
    if not school.posts:
        yield "Why not: it has no post."
        return
    yield "Why not: nobody may go there."
    barred = [{barrier_words(barrier) for barrier in option.barriers} for option in school.options]
    common = sorted(set.intersection(*barred)) if barred else []
    if common:
        yield f"Every leader is barred by this: {'; '.join(common)}."
    if not school.changes:
        yield "No change of one figure alone, and no consent alone, was found that would let somebody in."


def school_tables(school: SchoolExplained) -> list[Shown]:
    """Return who may go to a school and what each costs the plan, and why nobody else may."""
    may = [option for option in school.options if option.worth is not None]
    barred = [option for option in school.options if option.worth is None]
    tables = [open_table(f"Who could go there: {counted(len(may))}", may[:MOST], "leader")] if may else []
    if barred:
        tables.append(barred_table(f"Why not the others: {counted(len(barred))}", barred[:MOST], "leader"))
    return tables


def counted(pairs: int) -> str:
    """Return how many pairs a table is about, and how many of them it shows."""
    shown = f", the first {MOST} shown (--json has all)" if pairs > MOST else ""
    return f"{plural(pairs, 'pair')} of leader and post{shown}"
