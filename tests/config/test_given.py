"""A scenario given as a mapping: the same scenario as the file of the same keys, and its faults by key."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pilotage.config.overlay import resolve, resolve_given
from pilotage.errors import ScenarioError

MINE: dict[str, Any] = {"extends": "baseline", "name": "mine", "why": "a test"}


def _refused(keys: dict[Any, Any]) -> str:
    with pytest.raises(ScenarioError) as refused:
        resolve_given(keys)
    return str(refused.value)


def test_it_is_the_scenario_of_the_file_with_the_same_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "extends: baseline\nname: mine\nwhy: a test\nas_of: 2016-08-31\npool: {leaders: tables/mine.csv}\n"
        "rules: {budget: {total_gbp: 5}, need-floor: null}\nscope: {regions: [London, South East]}\n"
    )
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    keys = MINE | {
        "as_of": date(2016, 8, 31),
        "pool": {"leaders": Path("tables/mine.csv")},
        "rules": {"budget": {"total_gbp": np.int64(5)}, "need-floor": None},
        "scope": {"regions": ("London", "South East")},
    }
    given, written = resolve_given(keys), resolve("mine.yaml")
    assert given.scenario == written.scenario.model_copy(update={"pool": given.scenario.pool})
    assert given.scenario.pool.leaders == tmp_path / "tables" / "mine.csv"
    assert "total_gbp: 5  # the scenario given" in given.yaml


def test_settings_are_laid_over_it() -> None:
    resolved = resolve_given(MINE | {"report": {"top": 5}}, ["report.top=7"])
    assert resolved.scenario.report.top == 7


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"rules": {"budget": {"totla": 1}}}, "the scenario given: rules.budget.totla - unknown key"),
        ({"solver": {"gap": float("nan")}}, "the scenario given: solver.gap - nan - texts, finite numbers"),
        ({"solver": {"gap": "0"}}, "the scenario given: solver.gap - found '0'"),
        ({"as_of": datetime(2016, 8, 31)}, "the scenario given: as_of - found '2016-08-31 00:00:00' - a day"),
        ({"scope": {"regions": {"London"}}}, "the scenario given: scope.regions - a value of the type set"),
        ({"scope": {3: 4}}, "the scenario given: scope - the key 3 - a text, not empty"),
        ({"rules": {"gone": None}}, "the scenario given: rules.gone"),
        ({"extends": "basline"}, "the scenario given: extends - no such scenario: basline"),
    ],
)
def test_a_fault_is_told_by_its_key(keys: dict[str, Any], told: str) -> None:
    assert _refused(MINE | keys).startswith(told)


def test_a_mapping_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["rules"] = loop
    assert "too deep - at most 20" in _refused(MINE | loop)
