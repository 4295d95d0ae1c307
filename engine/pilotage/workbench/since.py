"""Since: in a sentence, what a plan is worth against the plan before it."""

from __future__ import annotations

from pilotage.report.lists.counted import expected_benefit
from pilotage.report.words import number
from pilotage.study.session.tried import Tried


def gain_words(before: Tried, after: Tried) -> str:
    """Return how many pupil-months more or fewer a plan is modelled to add than the plan before it."""
    gain = (expected_benefit(after.record) or 0) - (expected_benefit(before.record) or 0)
    if round(gain, 1) == 0:
        return f"It is modelled to add as many pupil-months as {before.name}."
    direction = "more" if gain > 0 else "fewer"
    return f"It is modelled to add {number(abs(gain), 1)} {direction} pupil-months than {before.name}."
