"""A leader explained on the terminal: sentences, then tables."""

from __future__ import annotations

from collections.abc import Iterator

from pilotage.domain.findings.explained import LeaderExplained
from pilotage.report.explain.school import MOST, counted
from pilotage.report.explain.words import Shown, barred_table, months_words, moves_words, open_table
from pilotage.report.words import phase_words, plural


def leader_words(leader: LeaderExplained) -> list[str]:
    """Return the sentences on a leader."""
    named = f" ({leader.name})" if leader.name else ""
    phases = ", ".join(phase_words(phase) for phase in leader.phases.split(";"))
    return [
        f"Leader {leader.leader_id}{named}: {leader.level}, {phases}",
        "",
        *_where(leader),
    ]


def _where(leader: LeaderExplained) -> Iterator[str]:
    chosen = [option for option in leader.options if option.chosen]
    for option in chosen:
        yield f"In the plan: {option.post_id} at {option.school} ({option.urn})."
    if leader.without is not None:
        yield f"If the leader drops out, the best plan is worth {months_words(leader.without)} less."
        yield from moves_words(leader.without)
    if not chosen:
        yield f"Not in the plan{f': {leader.why_unplaced}' if leader.why_unplaced else ''}."
    yield f"The rules let the leader take {plural(leader.may_take, 'post')}."


def leader_tables(leader: LeaderExplained) -> list[Shown]:
    """Return the leader's posts with what each costs the plan, and what bars the nearest others."""
    title = f"Posts in order of what they cost the plan: {counted(leader.may_take)}"
    tables = [open_table(title, list(leader.options[:MOST]), "school")] if leader.options else []
    if leader.nearest:
        tables.append(barred_table("Why not the nearest others", list(leader.nearest), "school"))
    return tables
