"""The changes are told by version, and what they say of old scenarios is true."""

import re
import tomllib
from pathlib import Path

import pytest

import pilotage
from pilotage.config.overlay import resolve
from pilotage.errors import ScenarioError
from pilotage.sources.evidence import RETIRED, load_evidence

ROOT = Path(__file__).resolve().parents[2]
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
OLD = "### What to change in old scenarios\n"


def _versions() -> dict[str, str]:
    """Return what is told of each version, the newest first, without what is not released yet."""
    parts = re.split(r"^## (.+)\n", CHANGES, flags=re.M)[1:]
    told = dict(zip(parts[::2], parts[1::2], strict=True))
    return {name: text for name, text in told.items() if name != "Unreleased"}


def _old() -> str:
    return CHANGES.split(OLD)[1].split("\n### ")[0]


def test_the_newest_version_is_this_one_and_they_descend() -> None:
    versions = list(_versions())
    assert versions[0] == pilotage.__version__
    numbers = [tuple(int(part) for part in name.split(".")) for name in versions]
    assert numbers == sorted(set(numbers), reverse=True)


def test_each_version_but_the_first_says_what_to_change_and_no_heading_comes_twice() -> None:
    *later, first = _versions().values()
    assert all(OLD in text for text in later)
    assert OLD not in first
    for text in _versions().values():
        headings = re.findall(r"^### (.+)$", text, flags=re.M)
        assert len(headings) == len(set(headings))


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    path = ROOT / project["tool"]["hatch"]["version"]["path"]
    assert path.read_text(encoding="utf-8").count(f'__version__ = "{pilotage.__version__}"') == 1


def test_the_settings_that_bring_the_old_plans_back_hold_together(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", _old(), flags=re.S)
    path = tmp_path / "as-in-0-1.yaml"
    path.write_text(block, encoding="utf-8")
    scenario = resolve(str(path)).scenario
    assert "need-floor" in resolve("baseline").scenario.rules
    assert "need-floor" not in scenario.rules
    assert (scenario.pool.posts_per_leader, scenario.report.hangs_on) == (14, False)
    assert scenario.outcomes["gap_widening"].need == "p_widens"


def test_every_retired_parameter_is_named_and_refused_with_what_takes_its_place() -> None:
    told = [name for name in re.findall(r"`([a-z_]+)`", _old()) if name in RETIRED]
    assert sorted(told) == sorted(RETIRED)
    for name, instead in RETIRED.items():
        with pytest.raises(ScenarioError, match=re.escape(instead)):
            load_evidence({name: 0.0})
