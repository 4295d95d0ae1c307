"""Settings that differ: each the smallest part that can be changed alone, and changed alone."""

import pytest

from pilotage.config.overlay import resolve
from pilotage.domain.findings.comparison import SettingWords
from pilotage.errors import ScenarioError
from pilotage.study.compare.settings import changed_keys, scenario_of, setting_of, with_setting

BEFORE = {
    "name": "a",
    "scope": {"regions": ["London"], "phases": ["primary"]},
    "rules": {
        "cap": {"rule": "authority_cap", "count": 8, "hard": None},
        "old": {"rule": "budget", "total_gbp": 5},
        "turned": {"rule": "budget", "total_gbp": 5},
    },
    "pins": {},
    "pool": {"prospects": None},
}
AFTER = {
    "name": "b",
    "scope": {"regions": ["London", "South East"], "phases": ["primary"]},
    "rules": {
        "cap": {"rule": "authority_cap", "count": 3, "hard": None},
        "turned": {"rule": "travel", "max_km": 9},
    },
    "pins": {"one": {"leader_id": "L1", "urn": 7}},
    "pool": {"prospects": {"levels": ["head"]}},
}
TOLD = SettingWords("A setting", "1", "2")


def test_a_value_an_entry_and_a_rule_of_another_kind_are_each_one_setting() -> None:
    assert [".".join(key) for key in changed_keys(BEFORE, AFTER)] == [
        "scope.regions",
        "rules.cap.count",
        "rules.old",
        "rules.turned",
        "pins.one",
        "pool.prospects",
    ]


def test_no_setting_differs_between_a_scenario_and_itself_under_another_name() -> None:
    assert list(changed_keys(BEFORE, BEFORE | {"name": "other", "why": "Another."})) == []


def test_one_setting_is_changed_and_all_else_stays() -> None:
    for key in changed_keys(BEFORE, AFTER):
        made = with_setting(BEFORE, AFTER, key)
        assert list(changed_keys(BEFORE, made)) == [key]
        assert key not in list(changed_keys(made, AFTER))


def test_with_every_setting_changed_the_second_scenario_is_there() -> None:
    tree = BEFORE
    for key in list(changed_keys(BEFORE, AFTER)):
        tree = with_setting(tree, AFTER, key)
    assert {**tree, "name": "b"} == AFTER


def test_what_is_not_there_has_no_value_and_null_has_one() -> None:
    keys = (("rules", "old"), ("pool", "prospects"))
    removed, given = (setting_of(BEFORE, AFTER, key, TOLD) for key in keys)
    assert (removed.before, removed.after) == ('{"rule": "budget", "total_gbp": 5}', None)
    assert (given.before, given.after) == ("null", '{"levels": ["head"]}')


def test_of_a_file_only_its_name_is_shown() -> None:
    before, after = {"pool": {"leaders": "/some/where/a.csv"}}, {"pool": {"leaders": "/else/b.csv"}}
    shown = setting_of(before, after, ("pool", "leaders"), TOLD)
    assert (shown.before, shown.after) == ('"a.csv"', '"b.csv"')


def test_a_scenario_comes_back_from_its_tree_and_a_broken_one_is_refused() -> None:
    tree = resolve("baseline").scenario.model_dump(mode="json")
    assert scenario_of(tree).model_dump(mode="json") == tree
    with pytest.raises(ScenarioError):
        scenario_of(with_setting(tree, {"solver": {"gap": -1}}, ("solver", "gap")))
