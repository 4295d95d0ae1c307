"""How firm the placements of a plan are, in sentences for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from pilotage.domain.findings.explained import Certainty, Forced
from pilotage.domain.findings.firmness import (
    EVEN_DRAWS,
    FIRM_COST,
    FIRM_DRAWS,
    TIED_COST,
    Firm,
    Kind,
    PlacementFirmness,
    PlanFirmness,
    Recurrence,
)
from pilotage.report.explain.words import months_words
from pilotage.report.words import number, percent, plural

MOST = 30  # placements, and tied schools, that are shown; --out and --json have all
LEAST_FIRM_FIRST = (Firm.COIN_FLIP, Firm.LEANING, Firm.FIRM)

FIRM_WORDS = {Firm.FIRM: "firm", Firm.LEANING: "leaning", Firm.COIN_FLIP: "coin-flip"}
KIND_WORDS = {Kind.PLACE: "", Kind.SUPPORT: "support by ", Kind.ASK: "ask for "}

CAUTION = "A simulation is one possible future of the forecast. Being firm is not being right."


def firmness_words(found: PlanFirmness) -> list[str]:
    """Return how firm the placements of a plan are: counts, what the words mean, placements, tied schools."""
    if not found.placements:
        return ["The plan places nobody: there is nothing to judge."]
    return [
        *_counts(found),
        "",
        *_meanings(found),
        "",
        *_placements(found),
        "",
        *_tied(found),
    ]


def _counts(found: PlanFirmness) -> Iterator[str]:
    words = [each.here.firm for each in found.placements]
    counted = ", ".join(f"{words.count(each)} {FIRM_WORDS[each]}" for each in reversed(LEAST_FIRM_FIRST))
    yield f"{plural(len(words), 'placement')}: {counted}."
    draws = found.draws
    if draws.taken < draws.asked:
        few = "the forecast or the computer's memory has no more"
        yield f"{draws.taken:,} simulations instead of {draws.asked:,}: {few}."
    if draws.solved < draws.taken:
        yield f"In {plural(draws.taken - draws.solved, 'simulation')} no plan was found in time; they are left out."
    if draws.proven < draws.solved:
        yield f"In {plural(draws.solved - draws.proven, 'simulation')} the plan is not proven best."
    yield CAUTION


def _meanings(found: PlanFirmness) -> Iterator[str]:
    yield (
        f"firm: in at least {percent(FIRM_DRAWS)} of the simulations, and leaving it out costs more than "
        f"{_part(FIRM_COST, found)} of what a placement of this plan is worth on average)"
    )
    yield (
        f"coin-flip: in at most {percent(EVEN_DRAWS)} of the simulations, or leaving it out costs at most "
        f"{_part(TIED_COST, found)})"
    )
    yield "leaning: between the two"
    if found.worst_draws:
        yield "This run also looks at its worst simulations. The plan of one can't, so fewer placements recur."


def _part(share: float, found: PlanFirmness) -> str:
    return f"{number(share * found.per_placement, 1)} pupil-months ({percent(share)}"


def _placements(found: PlanFirmness) -> Iterator[str]:
    ordered = sorted(found.placements, key=lambda each: (LEAST_FIRM_FIRST.index(each.here.firm), each.here.in_draws))
    for placement in ordered[:MOST]:
        yield from placement_words(placement, found)
    if len(ordered) > MOST:
        yield f"and {plural(len(ordered) - MOST, 'more placement')} (--json and --out have all)"


def placement_words(placement: PlacementFirmness, found: PlanFirmness) -> list[str]:
    """Return how firm a leader at a school is, and on a second line the school whoever goes there."""
    who = f"{KIND_WORDS[placement.kind]}{placement.leader_id} at {placement.school} ({placement.urn})"
    anyone = f"  The school with anyone: {_recurs(placement.served, found)}."
    return [f"{who}: {_recurs(placement.here, found)}.", anyone]


def _recurs(recurrence: Recurrence, found: PlanFirmness) -> str:
    draws = f"in {recurrence.in_draws:,} of {plural(found.draws.solved, 'simulation')}"
    return f"{draws}; {_without(recurrence.without, found.plan_months)}: {FIRM_WORDS[recurrence.firm]}"


def _without(forced: Forced, plan_months: float) -> str:
    """Return what leaving something out costs: ``leaving it out costs 5.1 pupil-months (0.8% of the plan)``."""
    if forced.certainty is Certainty.IMPOSSIBLE:
        return "no plan keeps the rules without it"
    if forced.months is None:
        return "what leaving it out costs is not known: no plan in time"
    share = f" ({forced.months / plan_months:.1%} of the plan)" if plan_months > 0 else ""
    return f"leaving it out costs {months_words(forced)}{share}"


def _tied(found: PlanFirmness) -> Iterator[str]:
    limit = f"{number(TIED_COST * found.per_placement, 1)} pupil-months"
    if found.tied:
        yield f"Tied with the last ones chosen: {plural(len(found.tied), 'school')}, each costs {limit} at most."
        yield from (
            f"  {each.school} ({each.urn}): {months_words(each.forced)}{_instead(each.forced)}"
            for each in found.tied[:MOST]
        )
    else:
        yield f"No school outside the plan is known to be tied with those in it, at {limit} or less."
    if len(found.tied) > MOST:
        yield f"  and {len(found.tied) - MOST:,} more (--json and --out have all)"
    if found.undecided:
        yield f"{plural(found.undecided, 'more school')} may be tied: too many to try, or not proven in time."


def _instead(forced: Forced) -> str:
    """Return who would go there instead of where, where that is one move."""
    if len(forced.out) != 1 or len(forced.into) != 1:
        return ""
    out, into = forced.out[0], forced.into[0]
    other = "" if into.leader_id == out.leader_id else f"{out.leader_id} "
    return f", {into.leader_id} here instead of {other}at {out.school} ({out.urn})"
