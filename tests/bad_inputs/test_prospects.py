"""Prospects that can't be: the key, what was found and what is allowed, with exit code 2."""

from pathlib import Path

import pytest

from pilotage.config.overlay import resolve
from pilotage.errors import ScenarioError

CHANCE = "a number of more than 0, at most 1"
LEVELS = "one of middle, senior, head, executive"
PHASES = "one of primary, secondary, all_through, special"
ASKS = "a whole number of at least 1, at most 50"


def _refused(*settings: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        resolve("baseline", settings)
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("chance", ["1.5", "-0.1", "0", ".nan", ".inf", "often", "50%", "true", "[0.1]"])
@pytest.mark.parametrize("place", ["{}", "{{head: {{primary: {}}}}}"])
def test_what_is_no_chance_is_refused_once(chance: str, place: str) -> None:
    (problem,) = _refused(f"pool.prospects={{levels: [head], chance_open: {place.format(chance)}}}")
    assert f"pool.prospects.chance_open{'.head.primary' if 'head' in place else ''} - found" in problem
    assert CHANCE in problem


@pytest.mark.parametrize(
    ("prospects", "key", "words"),
    [
        ("{levels: [deputy]}", "levels", ("entry 1 - found 'deputy'", LEVELS)),
        ("{levels: []}", "levels", ("found an empty list", "at least one entry")),
        ("{levels: head}", "levels", ("'head'", "write [head]")),
        ("{levels: [head, senior, head]}", "levels", ("head twice",)),
        ("{levels: [head], chance_open: {deputy: {primary: 0.1}}}", "chance_open.deputy", ("no such name", LEVELS)),
        ("{levels: [head], chance_open: {head: {infant: 0.1}}}", "chance_open.head.infant", ("no such name", PHASES)),
        (
            "{levels: [head], chance_open: {head: 0.1}}",
            "chance_open.head",
            ("found 0.1", "a mapping with keys"),
        ),
        ("{levels: [head], chance_open: {senior: {primary: 0.1}}}", "", ("senior", "no prospects are asked for")),
        *(
            (f"{{levels: [head], asks_per_leader: {asks}}}", "asks_per_leader", (ASKS,))
            for asks in ("0", "51", "1.5", "true", "many", ".nan", ".inf", "[3]")
        ),
    ],
)
def test_levels_phases_and_asks_that_are_not_are_refused_once(prospects: str, key: str, words: tuple[str, ...]) -> None:
    (problem,) = _refused(f"pool.prospects={prospects}")
    assert f"pool.prospects{'.' if key else ''}{key}" in problem
    assert all(word in problem for word in words), problem


def test_each_level_that_is_not_is_told() -> None:
    first, second = _refused("pool.prospects={levels: [head, deputy, boss]}")
    assert "levels, entry 2 - found 'deputy'" in first
    assert "levels, entry 3 - found 'boss'" in second


@pytest.mark.parametrize("text", ["posts_per_leader: 0", "posts_per_leader: many", "posts_per_leader: 101"])
def test_posts_per_leader_is_a_number_or_empty(text: str) -> None:
    key, _, value = text.partition(": ")
    (problem,) = _refused(f"pool.{key}={value}")
    assert f"pool.{key} - found" in problem


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("time.years=2", "time - has several years"),
        ("rules.span={rule: executive_span}", "has span, and pool.prospects"),
        ("rules.team={rule: teams, together: school}", "has team, and pool.prospects"),
    ],
)
def test_what_does_not_go_with_prospects_is_refused(more: str, words: str) -> None:
    (problem,) = _refused("pool.prospects={levels: [head]}", more)
    assert words in problem


def test_a_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("extends: baseline\nname: mine\npool:\n  prospects:\n    levels: [boss]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine\.yaml"):
        resolve(str(file))
