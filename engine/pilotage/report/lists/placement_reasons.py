"""Why the plan sends this leader there, in one line: who to what, how far, what the school says, whom it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.record import RunRecord
from pilotage.domain.forecast import Standing
from pilotage.report.lists.counted import counted_pairs
from pilotage.report.words import absent, number, phase_words, plural, pupils_words

LONGEST = 140  # characters
LEADERS = {"middle": "Middle leader", "senior": "Senior leader", "head": "Head", "executive": "Executive head"}
POSTS = {
    "middle": "middle leader's post",
    "senior": "senior leader's post",
    "head": "head's post",
    "executive": "executive post",
}
CONSENT = {  # what the school says: in full, and in short
    "yes": ("the school has agreed", "school agreed"),
    "unknown": ("the school has not answered yet", "no answer yet"),
    "no": ("the school does not agree", "school does not agree"),
}
STANDING = {  # of the school's leadership; nothing where it is typical or not known
    "likelier": (
        "among schools with similar pupils this one is likelier to struggle",
        "likelier to struggle than schools with similar pupils",
    ),
    "less_likely": (
        "among schools with similar pupils this one is less likely to struggle",
        "less likely to struggle than schools with similar pupils",
    ),
}
NOTHING = ("", "")


@dataclass(frozen=True)
class Placement:
    """What the line of one placement is made of.

    Attributes
    ----------
    who
        Who goes to what, or who is supported by whom.
    km
        Straight line to the school; None for support.
    consent
        ``yes``, ``no`` or ``unknown``; None for support and for what is only asked.
    pupils
        Disadvantaged pupils reached.
    standing
        Of the school, where the valuation calculates it.
    beside
        How many other leaders the plan sends there.
    """

    who: str
    km: float | None
    consent: str | None
    pupils: float
    standing: Standing | None
    beside: int = 0


def placement_reasons(record: RunRecord, chosen: NDArray[np.int64]) -> list[str]:
    """Return why each chosen pair is chosen, in at most ``LONGEST`` characters, in the order of the pairs."""
    return [line(placement) for placement in _placements(record, chosen)]


def reasons_by_school(record: RunRecord) -> dict[int, str]:
    """Return the line of each served school by URN: of its placement of highest benefit, the others being counted.

    A school that the plan only asks has the line of what it asks.
    """
    chosen = record.plan.chosen
    urns = pd.Series(record.problem.urns[record.problem.post[chosen]])
    order = np.lexsort((-counted_pairs(record)["benefit"].to_numpy(dtype=float), record.impact.asks(chosen)))
    first = urns.iloc[order].drop_duplicates()
    beside = urns.value_counts()
    made = list(_placements(record, chosen[first.index.to_numpy()], [int(beside[urn]) - 1 for urn in first]))
    return {int(urn): line(placement) for urn, placement in zip(first, made, strict=True)}


def line(placement: Placement) -> str:
    """Return the line in full, or as much of it as fits: shorter words first, then consent, distance, pupils go."""
    return next(text for text in _shorter_and_shorter(placement) if len(text) <= LONGEST)


def _shorter_and_shorter(placement: Placement) -> Iterator[str]:
    distance = "" if placement.km is None else f", {number(placement.km)} km away"
    consent = CONSENT.get(placement.consent or "", NOTHING)
    standing = STANDING.get(placement.standing or "", NOTHING)
    pupils = f"about {pupils_words(placement.pupils)}" if placement.pupils >= 1 else pupils_words(placement.pupils)
    beside = f"beside {plural(placement.beside, 'other leader')}" if placement.beside else ""
    yield _joined(f"{placement.who}{distance}", consent[0], f"reaches {pupils}", standing[0], beside)
    yield _joined(f"{placement.who}{distance.removesuffix(' away')}", consent[1], pupils, standing[1], beside)
    yield _joined(f"{placement.who}{distance}", pupils, standing[1], beside)
    yield _joined(placement.who, pupils, standing[1])
    yield _joined(placement.who, standing[1])


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _placements(record: RunRecord, chosen: NDArray[np.int64], beside: list[int] | None = None) -> Iterator[Placement]:
    """Yield what the line of each chosen pair is made of."""
    problem, pairs = record.problem, record.impact.pairs
    supports = record.impact.supports(chosen)
    phases = record.panel.schools.set_index("urn")["phase"]
    standing = record.impact.standing or {}
    for place, pair in enumerate(chosen.tolist()):
        urn, support = int(problem.urns[problem.post[pair]]), bool(supports[place])
        phase = None if absent(phases[urn]) else str(phases[urn])
        yield Placement(
            _supported(record, pair, phase) if support else _placed(record, pair, phase),
            None if support else float(pairs["travel_km"].iloc[pair]),
            None if support else _consent(record, pair),
            float(pairs["pupils"].iloc[pair]),
            standing.get(urn),
            0 if beside is None else beside[place],
        )


def _consent(record: RunRecord, pair: int) -> str | None:
    if record.impact.asks(np.array([pair]))[0]:
        return None
    return str(record.posts.posts["consent"].iloc[record.problem.post[pair]])


def _placed(record: RunRecord, pair: int, phase: str | None) -> str:
    leader = LEADERS[record.pool.leaders["level"].iloc[record.problem.leader[pair]]]
    post = POSTS[record.posts.posts["level"].iloc[record.problem.post[pair]]]
    if record.impact.asks(np.array([pair]))[0]:
        leader = f"To ask: {leader.lower()}"
    return f"{leader} for {_article(f'{phase_words(phase)} {post}'.strip())}"


def _supported(record: RunRecord, pair: int, phase: str | None) -> str:
    offer, region = record.impact.support, int(record.problem.leader[pair]) - len(record.pool.leaders)
    by = "" if offer is None or region < 0 else f", by {offer.regions['region'].iloc[region]}"
    return f"Support for the head in post of {_article(f'{phase_words(phase)} school'.strip())}{by}"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
