"""What is forecast of one school, in words: leadership, the gap, and its place by need."""

from __future__ import annotations

from typing import Any

from pilotage.domain.outcomes import Outcome, outcomes_of
from pilotage.report import words
from pilotage.report.words import number, percent, schools_of_100, span_of_100

Record = dict[str, Any]


def leadership_words(row: Record) -> str:
    """Return the chance that is known of the school's leadership, with its range; empty where none is."""
    outcome = leadership_outcome(row)
    if outcome is None:
        return ""
    interval = span_of_100(*(row[end.name] for end in outcome.interval)) if outcome.interval else ""
    happens = f"{schools_of_100(row[outcome.risk])}: leadership {outcome.happens}"
    return f"{happens}; {interval}" if interval else happens


def leadership_outcome(row: Record) -> Outcome | None:
    """Return the outcome of leadership whose chance is known of a school; None where none is."""
    return next((outcome for outcome in outcomes_of("leadership") if not words.absent(row[outcome.risk])), None)


def gap_words(row: Record) -> str:
    """Return how far disadvantaged pupils are behind, now and at the horizon, and the chances; empty if unknown."""
    if words.absent(row["gap_months"]):
        return ""
    ahead = row["gap_months_at_horizon"]
    then = "" if words.absent(ahead) else f", {number(ahead)} expected by the end of the forecast"
    known = [outcome for outcome in outcomes_of("gap") if not words.absent(row[outcome.risk])]
    chances = "".join(f"; {outcome.happens} in {schools_of_100(row[outcome.risk])}" for outcome in known)
    return f"{number(row['gap_months'])} months behind other pupils in England{then}{chances}"


def place_words(row: Record) -> str:
    """Return the school's need and its places by need; empty where need is not known."""
    if words.absent(row["need"]):
        return ""
    over_all = "" if words.absent(row["need_rank"]) else f", number {number(row['need_rank'])} of all schools"
    in_phase = row["need_rank_in_phase"]
    within = "" if words.absent(in_phase) else f", number {number(in_phase)} of its phase"
    return f"need {percent(row['need'])}{over_all}{within}"
