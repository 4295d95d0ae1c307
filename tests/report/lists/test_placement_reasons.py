"""Why this leader here: the line by hand, and what holds of every line."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from pilotage.case.record import RunRecord
from pilotage.report.lists.placement_reasons import CONSENT, LEADERS, LONGEST, POSTS, Placement, line, placement_reasons

HEAD = Placement("Head for a primary head's post", 12.4, "yes", 39.7, None)


def test_the_line_in_full() -> None:
    assert line(HEAD) == (
        "Head for a primary head's post, 12 km away; the school has agreed; reaches about 40 disadvantaged pupils"
    )
    assert line(replace(HEAD, consent="unknown", beside=1)) == (
        "Head for a primary head's post, 12 km away; the school has not answered yet; reaches about 40 disadvantaged "
        "pupils; beside 1 other leader"
    )


def test_the_school_s_standing_is_told_in_shorter_words() -> None:
    assert line(replace(HEAD, standing="likelier")) == (
        "Head for a primary head's post, 12 km; school agreed; about 40 disadvantaged pupils; "
        "likelier to struggle than schools with similar pupils"
    )


@pytest.mark.parametrize("standing", [None, "typical", "unknown"])
def test_a_typical_or_unknown_standing_is_not_told(standing: str | None) -> None:
    assert line(replace(HEAD, standing=standing)) == line(HEAD)


def test_no_line_is_too_long_and_none_loses_a_standing() -> None:
    """Every level, phase, consent, standing and number of leaders, at the longest numbers."""
    phases = ("", "all-through ", "pupil referral unit ", "secondary ")
    whos = [
        f"{leader} for an {phase}{post}" for leader, post, phase in product(LEADERS.values(), POSTS.values(), phases)
    ]
    whos.append("Support for the head in post of an all-through school, by Yorkshire and the Humber")
    standings = (None, "likelier", "less_likely", "typical", "unknown")
    for who, consent, standing, beside in product(whos, (None, *CONSENT), standings, (0, 12)):
        text = line(Placement(who, 1234.0, consent, 12345.0, standing, beside))
        assert len(text) <= LONGEST
        assert ("struggle" in text) == (standing in ("likelier", "less_likely"))
        assert text.startswith(who)


def test_a_run_tells_the_standing_of_its_schools(make: Callable[..., RunRecord]) -> None:
    record = make()
    standing = {105: "likelier", 104: "typical"}
    told = replace(record, impact=replace(record.impact, standing=standing))
    first, second = placement_reasons(told, told.plan.chosen)
    assert first.endswith("likelier to struggle than schools with similar pupils")
    assert second == placement_reasons(record, record.plan.chosen)[1]


def test_a_post_of_unknown_phase_is_a_post(make: Callable[..., RunRecord]) -> None:
    record = make()
    panel = replace(record.panel, schools=record.panel.schools.assign(phase=None))
    told = placement_reasons(replace(record, panel=panel), record.plan.chosen)
    assert told[0].startswith("Head for a head's post, 10 km away")
