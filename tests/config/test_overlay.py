"""Scenarios: inheritance, settings, origins, and each error with its words."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.errors import ScenarioError


def _write(folder: Path, name: str, text: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def _words(name: str, settings: Sequence[str] = ()) -> str:
    with pytest.raises(ScenarioError) as caught:
        resolve(name, list(settings))
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(assets.configs().glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_resolves_and_says_why(path: Path) -> None:
    scenario = resolve(path.stem).scenario
    assert scenario.name == path.stem
    assert scenario.why


def test_baseline_sets_every_key() -> None:
    assert "# default" not in resolve("baseline").yaml


def test_an_overlay_keeps_the_rules_that_it_does_not_name() -> None:
    rules = resolve("opportunity-areas").scenario.rules
    assert set(rules) == set(resolve("baseline").scenario.rules) - {"need-floor"} | {"opportunity-areas"}
    assert rules["opportunity-areas"].share == 0.4


def test_null_removes_a_rule(tmp_path: Path) -> None:
    path = _write(tmp_path, "no-budget", "extends: baseline\nname: no-budget\nwhy: x\nrules:\n  budget: null\n")
    assert "budget" not in resolve(path).scenario.rules


def test_set_wins_and_is_named_as_the_origin() -> None:
    resolved = resolve("baseline", ["solver.seed=7"])
    assert resolved.scenario.solver.seed == 7
    assert "seed: 7  # --set solver.seed" in resolved.yaml


def test_origin_names_file_and_line() -> None:
    assert "share: 0.4  # opportunity-areas.yaml, line 10" in resolve("opportunity-areas").yaml


def test_resolved_text_resolves_to_the_same_scenario(tmp_path: Path) -> None:
    first = resolve("opportunity-areas")
    assert resolve(_write(tmp_path, "again", first.yaml)).scenario == first.scenario


def test_unknown_key_names_line_and_nearest(tmp_path: Path) -> None:
    words = _words(_write(tmp_path, "s", "extends: baseline\nname: s\nsolver:\n  sed: 3\n"))
    assert "s.yaml, line 4: solver.sed" in words
    assert "did you mean 'seed'?" in words


def test_unknown_key_of_a_rule_names_what_the_rule_allows(tmp_path: Path) -> None:
    words = _words(_write(tmp_path, "s", "extends: baseline\nname: s\nrules:\n  budget:\n    total: 3\n"))
    assert "unknown key - one of hard, per_year, price, rule, total_gbp" in words


def test_all_problems_at_once(tmp_path: Path) -> None:
    words = _words(_write(tmp_path, "s", "extends: baseline\nname: s\nas_of: soon\nscope:\n  phases: primary\n"))
    assert "line 3: as_of" in words
    assert "scope.phases" in words


def test_negative_count_is_refused() -> None:
    assert "rules.authority-cap.count - found -1" in _words("baseline", ["rules.authority-cap.count=-1"])


def test_two_extended_scenarios_that_clash_are_both_named(tmp_path: Path) -> None:
    _write(tmp_path, "one", "solver:\n  seed: 1\n")
    _write(tmp_path, "two", "solver:\n  seed: 2\n")
    words = _words(_write(tmp_path, "s", "extends: [one, two]\nname: s\n"))
    assert "one.yaml, line 2" in words
    assert "two.yaml, line 2" in words


def test_a_circle_is_refused(tmp_path: Path) -> None:
    assert "extends itself" in _words(_write(tmp_path, "s", "extends: s\n"))


def test_broken_yaml_names_the_line(tmp_path: Path) -> None:
    assert "s.yaml, line" in _words(_write(tmp_path, "s", "name: [1,\nwhy: }\n"))


def test_an_unknown_scenario_names_the_shipped_ones() -> None:
    assert "baseline" in _words("basline")


def test_set_without_a_value_is_refused() -> None:
    assert "--set key.subkey=value" in _words("baseline", ["solver.seed"])
