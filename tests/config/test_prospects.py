"""Prospects in a scenario: what may be written, and with what they can't be combined."""

import pytest

from pilotage.config.overlay import resolve
from pilotage.errors import ScenarioError

HEADS = "pool.prospects={levels: [head]}"


def test_without_the_key_there_are_no_prospects() -> None:
    assert resolve("baseline").scenario.pool.prospects is None


def test_chances_by_level_and_phase_leave_the_rest_to_the_evidence() -> None:
    settings = ["pool.prospects={levels: [head, senior], chance_open: {head: {primary: 0.2}}, asks_per_leader: 7}"]
    asked = resolve("baseline", settings).scenario.pool.prospects
    assert asked is not None
    assert asked.asks_per_leader == 7
    chances = [asked.stated_chance(*kind) for kind in (("head", "primary"), ("head", "pru"), ("senior", "primary"))]
    assert chances == [0.2, None, None]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["pool.prospects={levels: []}"], "pool.prospects.levels"),
        (["pool.prospects={levels: [head], chance_open: 0}"], "chance_open"),
        (["pool.prospects={levels: [head], chance_open: {senior: {primary: 0.1}}}"], "no prospects are asked for"),
        (["pool.prospects={levels: [head, head]}"], "twice"),
        (["pool.prospects={levels: [head], asks_per_leader: 51}"], "at most 50"),
        ([HEADS, "time.years=2"], "has several years, and pool.prospects are for a plan of one"),
        (
            [HEADS, "rules.span={rule: executive_span}"],
            "has span, and pool.prospects are for leaders who take one post",
        ),
        ([HEADS, "rules.t={rule: teams, together: school}"], "has t, and pool.prospects are for leaders who take one"),
    ],
)
def test_what_prospects_do_not_go_with_is_said(settings: list[str], words: str) -> None:
    with pytest.raises(ScenarioError) as error:
        resolve("baseline", settings)
    assert words in str(error.value)
