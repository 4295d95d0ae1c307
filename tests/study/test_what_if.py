"""What-ifs as keys of the scenario: who is left out, which files are added, and the limit on changes."""

from pathlib import Path

import pytest

from pilotage.config.overlay import Resolved, resolve
from pilotage.errors import DataError, ScenarioError, UsageError
from pilotage.study.what_if import LIMIT, WhatIf, laid_over

TABLE = "leader_id,name,level\nL1,Ada King,head\nL2,Ada Long,head\nL3,Bea King,senior\n"


@pytest.fixture
def resolved(tmp_path: Path) -> Resolved:
    (tmp_path / "leaders.csv").write_text(TABLE, encoding="utf-8")
    return resolve("baseline", [f"pool.leaders={(tmp_path / 'leaders.csv').as_posix()}", "pool.leave_out=[L2]"])


@pytest.mark.parametrize("word", ["L1", "l1", "Ada King", "ada king", " Ada K "])
def test_a_leader_is_left_out_by_id_or_by_a_unique_name_beside_those_of_the_scenario(
    resolved: Resolved, word: str
) -> None:
    made = laid_over(resolved, WhatIf(without=(word, "L2")), None)
    assert made.scenario.pool.leave_out == ("L2", "L1")
    assert "leave_out: [L2, L1]  # --without" in made.yaml


@pytest.mark.parametrize(
    ("word", "words"),
    [("Ada", "2 are called 'Ada': L1 (Ada King); L2 (Ada Long)"), ("L9", "did you mean L3"), ("Zoe", "check the")],
)
def test_who_is_nobody_or_several_is_refused_with_names(resolved: Resolved, word: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        laid_over(resolved, WhatIf(without=(word, "nobody at all")), None)
    assert len(caught.value.problems) == 2
    assert "--without" in str(caught.value.problems[0])
    assert words in str(caught.value.problems[0])


def test_nothing_asked_changes_nothing(resolved: Resolved) -> None:
    assert laid_over(resolved, WhatIf(), None) is resolved
    assert not WhatIf().asks_anything


def test_files_go_to_the_key_that_their_columns_say(resolved: Resolved, tmp_path: Path) -> None:
    texts = {"d": "leader_id,post_id,decision\n", "a": "urn,level,school,body\n", "p": "leader_id,post_id,state\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(f"{text}L1,P1,agreed\n", encoding="utf-8")
    paths = tuple(tmp_path / f"{name}.csv" for name in texts)
    pool = laid_over(resolved, WhatIf(decisions=paths, with_posts=(tmp_path / "n.csv",)), None).scenario.pool
    assert (pool.files_of_decisions, pool.files_of_asks, pool.files_of_pairs) == (paths[:1], paths[1:2], paths[2:])
    assert pool.files_of_added_posts == (tmp_path / "n.csv",)


def test_a_table_of_decisions_that_is_not_there_is_refused(resolved: Resolved) -> None:
    with pytest.raises(DataError, match="no such file"):
        laid_over(resolved, WhatIf(decisions=(Path("gone.csv"),)), None)


def test_a_limit_needs_a_run_or_is_that_of_the_scenario_s_rule(resolved: Resolved) -> None:
    with pytest.raises(UsageError, match="no run of baseline is there"):
        laid_over(resolved, WhatIf(at_most=2), None)
    own = resolve("baseline", ["rules.mine={rule: moves, earlier_plan: placements.csv, count: 9}"])
    rules = laid_over(own, WhatIf(at_most=2), None).scenario.rules
    assert LIMIT not in rules
    assert rules["mine"].model_dump()["count"] == 2
    two = resolve("baseline", [f"rules.{name}={{rule: moves, earlier_plan: p.csv, count: 9}}" for name in "ab"])
    with pytest.raises(UsageError, match="several rules moves: a, b"):
        laid_over(two, WhatIf(at_most=2), None)


def test_a_synthetic_pool_leaves_the_check_of_names_to_its_reader() -> None:
    official = resolve("england-2014")
    assert laid_over(official, WhatIf(without=("SYN-L0001",)), None).scenario.pool.leave_out == ("SYN-L0001",)


def test_what_does_not_hold_together_is_told_with_the_option(tmp_path: Path) -> None:
    resolved = resolve("baseline", ["rules.mine={rule: moves, earlier_plan: placements.csv, count: 9}"])
    with pytest.raises(ScenarioError, match="--change-at-most"):
        laid_over(resolved, WhatIf(at_most=1_000_000), None)
