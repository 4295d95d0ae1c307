"""The scenarios of a grid file, and what is said of a grid file that is wrong."""

from pathlib import Path

import pytest

from pilotage.config.grid.draws import drawn
from pilotage.config.grid.file import Drawn, Draws
from pilotage.config.grid.members import members_of
from pilotage.errors import ScenarioError

CAP, BUDGET = "rules.authority-cap.count", "rules.budget.total_gbp"


def _written(folder: Path, text: str) -> Path:
    path = folder / "grid.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        members_of("baseline", _written(folder, text))
    return [str(problem) for problem in caught.value.problems]


def test_a_grid_is_every_combination_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = f"grid:\n  {CAP}: [1, 2]\n  {BUDGET}: [10, 20, 30]\n"
    whole, members = members_of("baseline", _written(tmp_path, text), ["rules.trust-cap.count=3"])
    pairs = [(each.settings[CAP], each.settings[BUDGET]) for each in members]
    assert pairs == [("1", "10"), ("1", "20"), ("1", "30"), ("2", "10"), ("2", "20"), ("2", "30")]
    assert [each.number for each in members] == [1, 2, 3, 4, 5, 6]
    assert {each.resolved.scenario.rules["trust-cap"].count for each in members} == {3}  # type: ignore[attr-defined]
    assert whole.scenario.rules["budget"].total_gbp == 1_000_000  # type: ignore[attr-defined]


def test_each_value_has_its_line(tmp_path: Path) -> None:
    text = f"grid:\n  {CAP}:\n    - 1\n    - 2\nlist:\n  - {BUDGET}: 5\n"
    members = members_of("baseline", _written(tmp_path, text))[1]
    lines = [each.resolved.leaves["rules", "authority-cap", "count"].origin for each in members]
    assert lines[:2] == ["grid.yaml, line 3", "grid.yaml, line 4"]
    assert "grid.yaml" not in lines[2]
    assert members[2].resolved.leaves["rules", "budget", "total_gbp"].origin == "grid.yaml, line 6"


def test_a_list_holds_the_scenario_as_it_is_and_may_remove_a_rule(tmp_path: Path) -> None:
    text = "list:\n  - {}\n  - rules.need-floor: null\n  - rules.need-floor: null\n"
    as_it_is, without = members_of("baseline", _written(tmp_path, text))[1]
    assert "need-floor" in as_it_is.resolved.scenario.rules
    assert "need-floor" not in without.resolved.scenario.rules
    assert without.settings == {"rules.need-floor": None}


def test_a_scenario_that_is_made_twice_comes_once(tmp_path: Path) -> None:
    text = f"grid:\n  {CAP}: [8, 2]\nlist:\n  - {{}}\n  - {BUDGET}: 1000000\n"
    members = members_of("baseline", _written(tmp_path, text))[1]
    assert [each.settings[CAP] for each in members] == ["8", "2"]


def test_a_value_may_be_a_whole_rule(tmp_path: Path) -> None:
    text = "list:\n  - rules.near: {rule: travel, max_km: 12}\n"
    (member,) = members_of("baseline", _written(tmp_path, text))[1]
    assert member.resolved.scenario.rules["near"].max_km == 12  # type: ignore[attr-defined]


def test_paths_are_taken_from_the_folder_of_the_grid_file(tmp_path: Path) -> None:
    (member,) = members_of("baseline", _written(tmp_path, "list:\n  - pool.leaders: mine.csv\n"))[1]
    assert member.resolved.scenario.pool.leaders == tmp_path / "mine.csv"


def test_draws_stay_within_their_ends_and_reach_them() -> None:
    how = {
        "whole": Drawn(integer=(3, 5)),
        "any": Drawn(uniform=(-2.5, 60)),
        "word": Drawn(choice=("a", "b")),
        "same": Drawn(uniform=(0.123456, 0.123456)),
    }
    made = drawn(Draws(count=400, seed=7, keys=how))
    assert {each["whole"] for each in made} == {3, 4, 5}
    assert {each["word"] for each in made} == {"a", "b"}
    assert {each["same"] for each in made} == {0.123456}
    numbers = [each["any"] for each in made]
    assert min(numbers) >= -2.5
    assert max(numbers) <= 60
    assert abs(sum(numbers) / 400 - 28.75) < 5 * 18.04 / 20  # mean and spread of a uniform distribution


def test_draws_of_a_key_do_not_hang_on_the_keys_beside_it() -> None:
    alone = drawn(Draws(count=5, seed=3, keys={"a": Drawn(uniform=(0, 1))}))
    beside = drawn(Draws(count=5, seed=3, keys={"b": Drawn(integer=(1, 9)), "a": Drawn(uniform=(0, 1))}))
    assert [each["a"] for each in beside] == [each["a"] for each in alone]
    assert drawn(Draws(count=5, seed=4, keys={"a": Drawn(uniform=(0, 1))})) != alone
    assert len({each["a"] for each in alone}) == 5


def test_a_drawn_scenario_says_that_it_was_drawn(tmp_path: Path) -> None:
    text = f"grid:\n  {CAP}: [1]\ndraws:\n  count: 2\n  keys:\n    {BUDGET}: {{integer: [5, 900]}}\n"
    members = members_of("baseline", _written(tmp_path, text))[1]
    assert [each.drawn for each in members] == [False, True, True]


def test_every_wrong_key_and_value_is_told_with_its_line(tmp_path: Path) -> None:
    text = (
        f"grid:\n  rules.authority-cap.cuont: [1, 2]\n  {BUDGET}: [5, lots]\n"
        "list:\n  - rules.need-flor: null\n  - rules..count: 3\n"
        "draws:\n  count: 2\n  keys:\n    rulez.x: {integer: [1, 2]}\n"
    )
    problems = _problems(tmp_path, text)
    starts = [
        "grid.yaml, line 2: rules.authority-cap.cuont - unknown key - one of ",
        f"grid.yaml, line 3: {BUDGET} - found 'lots' - a whole number",
        "grid.yaml, line 5: rules.need-flor - removes what is not there",
        "grid.yaml, line 6: rules..count - no key",
        "grid.yaml, line 10: rulez - unknown key",
    ]
    for start in starts:
        assert sum(problem.startswith(start) for problem in problems) == 1, (start, problems)
    assert len(problems) == len(starts)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("grids:\n  a: [1]\n", "grid.yaml, line 2: grids - unknown key - one of draws, grid, list"),
        (f"grid:\n  {BUDGET}: 4\n", f"grid.yaml, line 2: grid.{BUDGET} - found 4 - a list"),
        (f"grid:\n  {BUDGET}: []\n", f"grid.yaml, line 2: grid.{BUDGET} - found an empty list"),
        ("grid: {}\n", "grid.yaml - no scenario - 1 to 5,000"),
        ("", "grid.yaml, line 1 - no keys"),
        ("draws:\n  count: 0\n  keys:\n    a: {choice: [1]}\n", "grid.yaml, line 2: draws.count - found 0"),
        ("draws:\n  keys:\n    a: {choice: [1]}\n", "draws.count - missing"),
        ("draws:\n  count: 1\n  keys:\n    a: {uniform: [3, 2]}\n", "the lowest, 3, is above the highest, 2"),
        ("draws:\n  count: 1\n  keys:\n    a: {}\n", "one of uniform, integer and choice is needed"),
        (f"grid:\n  {BUDGET}: [{', '.join(map(str, range(100)))}]\n  {CAP}: {list(range(60))}\n", "6,000 scenarios"),
    ],
)
def test_a_grid_file_of_a_wrong_form_is_refused(tmp_path: Path, text: str, told: str) -> None:
    problems = _problems(tmp_path, text)
    assert any(told in problem for problem in problems), problems


def test_a_grid_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none\.yaml - cannot be read"):
        members_of("baseline", tmp_path / "none.yaml")
