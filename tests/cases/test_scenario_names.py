"""Names in scenarios that remove, bar or pin nothing, pins that contradict each other, and what a check does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pilotage import assets, pipeline
from pilotage.config.leaf import places_of
from pilotage.config.overlay import resolve
from pilotage.errors import PilotageError, told
from pilotage.placement.analysis.infeasible.feasibility import OutOfTimeError
from pilotage.study import check

HEAD = "extends: baseline\nname: mine\nwhy: a test\n"
PIN = "  p{number}:\n    leader_id: {leader}\n    post_id: {post}\n    reason: because\n    author: me\n"


def _written(folder: Path, text: str) -> str:
    path = folder / "s.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return str(path)


def _refused(scenario: str) -> PilotageError:
    with pytest.raises(PilotageError) as caught:
        pipeline.gather(resolve(scenario))
    return caught.value


@pytest.mark.parametrize("section", ["rules", "pins", "bans", "outcomes"])
def test_null_of_what_is_not_there_is_refused(tmp_path: Path, section: str) -> None:
    with pytest.raises(PilotageError) as caught:
        resolve(_written(tmp_path, f"{section}:\n  travell: null\n"))
    assert f"s.yaml, line 5: {section}.travell - removes what is not there" in str(caught.value)
    assert ("did you mean 'travel'?" in str(caught.value)) == (section == "rules")


def test_what_a_base_removed_cannot_be_removed_again(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("extends: baseline\nrules:\n  travel:\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text("extends: base\nname: s\nwhy: x\nrules:\n  travel:\n", encoding="utf-8")
    with pytest.raises(PilotageError, match="no 'travel' in what it extends"):
        resolve(str(tmp_path / "s.yaml"))


def test_a_rule_that_only_one_of_two_bases_removes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("extends: baseline\nrules:\n  travel:\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text("extends: [one, baseline]\nname: s\nwhy: x\n", encoding="utf-8")
    with pytest.raises(PilotageError, match=r"rules.travel - removed by one.yaml, line 3"):
        resolve(str(tmp_path / "s.yaml"))


def test_a_ban_of_a_post_at_another_school_is_refused(tmp_path: Path) -> None:
    ban = "bans:\n  a: {post_id: SYN-P00001, urn: 900001, reason: r, author: a}\n"
    said = str(_refused(_written(tmp_path, ban)))
    assert "s.yaml, line 5: bans.a - post SYN-P00001 is at school" in said
    assert "the ban bars nothing" in said


def test_a_ban_of_nothing_in_particular_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PilotageError, match="bars every placement: give leader_id, post_id or urn"):
        resolve(_written(tmp_path, "bans:\n  a: {reason: r, author: a}\n"))


def test_a_name_in_no_table_is_told_with_its_line(tmp_path: Path) -> None:
    pin = PIN.format(number=1, leader="SYN-L9999", post="SYN-P00001")
    said = str(_refused(_written(tmp_path, f"pins:\n{pin}")))
    assert "s.yaml, line 6: pins.p1.leader_id - no such leader_id 'SYN-L9999'" in said


def test_a_thousand_contradictory_pins_are_a_problem_each_and_twenty_are_told(tmp_path: Path) -> None:
    named = [(n, f"SYN-L000{1 + n % 2}", f"SYN-P{1 + n // 2:05d}") for n in range(1_000)]  # two leaders at each post
    pins = "".join(PIN.format(number=n, leader=leader, post=post) for n, leader, post in named)
    error = _refused(_written(tmp_path, f"pins:\n{pins}"))
    assert error.exit_code == 2
    assert len(error.problems) == 2 * 499 + 500  # each leader again, and each post again
    words = told(error.problems)
    assert len(words) == 21
    assert words[0].startswith("s.yaml, line 16: pins.p2 - leader SYN-L0001 is pinned by pins.p0 too")
    assert words[-1] == "and 1,478 more problems of this kind"
    assert max(map(len, words)) < 200


def test_pins_that_one_placement_keeps_are_no_contradiction(tmp_path: Path) -> None:
    post = next(iter(pipeline.gather(resolve("baseline")).posts.posts.itertuples()))
    pins = PIN.format(number=0, leader="SYN-L0001", post=post.post_id)
    pins += PIN.format(number=1, leader="SYN-L0001", post=post.post_id)
    pins += PIN.format(number=2, leader="SYN-L0001", post=post.urn).replace("post_id", "urn")
    assert len(pipeline.gather(resolve(_written(tmp_path, f"pins:\n{pins}"))).scenario.pins) == 3


def test_limits_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    case = "cases: {a: {urn: 901519, reason: r, author: a}}"
    quota = f"rules:\n  q: {{rule: case_quota, minimum_count: 5, maximum_count: 3, {case}}}\n"
    with pytest.raises(PilotageError, match=r"rules.q - has a minimum_count of 5 above its maximum_count of 3"):
        resolve(_written(tmp_path, quota))


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder that nothing is kept in."""
    monkeypatch.setenv("PILOTAGE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_check_trains_nothing_and_says_what_it_did_not_check(empty_cache: Path, pilotage: Callable[..., Any]) -> None:
    done = pilotage("check", "baseline", "--quiet")
    assert (done.code, done.err) == (0, "")
    assert "2,500 schools, 120 leaders, 1,759 posts" in done.out
    assert "Not checked: what rests on the forecast, rules.need-floor." in done.out
    assert not list(empty_cache.rglob("*.zip"))
    assert assets.kept_store().folder == empty_cache


@pytest.mark.usefixtures("empty_cache")
def test_check_refuses_what_run_refuses(pilotage: Callable[..., Any]) -> None:
    pin = "pins.a={leader_id: SYN-L0001, post_id: SYN-P00001, reason: r, author: a}"
    done = pilotage("check", "baseline", "--quiet", "--set", pin)
    assert done.code == 2
    assert "--set pins.a: pins.a - SYN-L0001 may not take SYN-P00001: barred by rules." in done.err
    assert pilotage("check", "baseline", "--quiet", "--set", "pool.leaders=no.csv").code == 3


@pytest.mark.usefixtures("empty_cache")
def test_check_finds_rules_that_no_plan_keeps_together(tmp_path: Path, pilotage: Callable[..., Any]) -> None:
    """Each rule holds alone: a budget of 10,000 lets nobody in, and five placements are asked for."""
    five = "{rule: area_minimum, areas: ['region: London'], count: 5}"
    rules = f"{{budget: {{rule: budget, total_gbp: 10000}}, five: {five}}}"
    scenario = tmp_path / "tight.yaml"
    scenario.write_text(f"extends: baseline\nname: tight\nwhy: A case.\nrules: {rules}\n", encoding="utf-8")
    done = pilotage("check", str(scenario), "--quiet")
    assert done.code == 4
    assert "no plan keeps all rules; the smallest conflict is 2 rules and pins" in done.err
    assert "Raise rules.budget.total_gbp from 10,000 to" in done.err
    assert "eligible pairs" not in done.out


def _late(*_given: Any) -> Any:
    raise OutOfTimeError


@pytest.mark.usefixtures("empty_cache")
def test_check_says_where_time_was_up(pilotage: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "any_plan", _late)
    done = pilotage("check", "baseline", "--quiet")
    assert done.code == 0
    assert "Whether some plan keeps all rules was not settled within solver.time_limit_seconds." in done.out


@pytest.mark.parametrize("day", ["2016-02-30", "30/02/2016", "2016-06-31"])
def test_a_day_in_quotes_that_does_not_exist_is_not_advised(tmp_path: Path, day: str) -> None:
    with pytest.raises(PilotageError, match=r"s\.yaml, line 4: as_of - .* there is no 2016-0.*: correct the day"):
        resolve(_written(tmp_path, f'as_of: "{day}"\n'))


def test_a_comma_in_a_number_between_brackets_is_told_as_one(tmp_path: Path) -> None:
    with pytest.raises(PilotageError, match=r"rules\.budget\.000 - .* write a number without a comma"):
        resolve(_written(tmp_path, "rules: {budget: {total_gbp: 500,000}}\n"))


def test_a_rule_is_located_where_it_was_set_last(tmp_path: Path) -> None:
    leaves = resolve(_written(tmp_path, "rules: {budget: {total_gbp: 5}}\n"), ["rules.travel.max_km=9"]).leaves
    places = places_of(leaves)
    assert places["rules", "budget"].origin == "s.yaml, line 4"
    assert places["rules", "travel"].origin == "--set rules.travel.max_km"
    assert places["rules", "consent"].origin.startswith("baseline.yaml, line ")


def test_the_nearest_leader_is_named_whatever_the_case(tmp_path: Path) -> None:
    said = str(_refused(_written(tmp_path, "bans:\n  a: {leader_id: syn-l0001, reason: r, author: a}\n")))
    assert "did you mean 'SYN-L0001'?" in said
