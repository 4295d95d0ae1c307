"""The settings that differ between two runs, key by key, and a scenario with one of them changed.

A setting is the smallest part that can be changed alone: a value; an entry that only one run has (a rule, a pin); or a
whole rule where its kind differs. A file counts as changed where its content is another, whatever its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from pilotage.case.places import Base
from pilotage.case.read_back import ReadRun
from pilotage.config.leaf import Key, is_path, with_paths
from pilotage.config.refusals.faults import validated
from pilotage.config.scenario import OF_FORECAST, Scenario
from pilotage.config.setting_words import Known, setting_words
from pilotage.domain.findings.comparison import Setting, SettingWords

Tree = dict[str, Any]

NOT_SETTINGS = (("name",), ("why",))
KIND = "rule"  # the key that says what kind of rule a rule is
DATA = ("data", "folder")
OTHER_CONTENT = "with other content"
ABSENT = object()


def changed_settings(before: ReadRun, after: ReadRun, known: Known) -> tuple[Setting, ...]:
    """Return each setting that differs between the scenarios of two runs, in the order of their keys."""
    was, now = before.scenario.model_dump(mode="json"), after.scenario.model_dump(mode="json")
    files = {key for run in (before, after) for key in _files(run)}
    keys = [key for key in changed_keys(was, now) if ".".join(key) not in files and key != DATA]
    of_files = [tuple(key.split(".")) for key in files if _files(before).get(key) != _files(after).get(key)]
    of_files += [DATA] if _data(before) != _data(after) else []
    of_files = [key for key in of_files if not any(key[: len(each)] == each for each in keys)]
    told = {key: setting_words(before.scenario, after.scenario, key, known) for key in sorted([*keys, *of_files])}
    return tuple(setting_of(was, now, key, _of_content(words)) for key, words in told.items())


def _of_content(words: SettingWords) -> SettingWords:
    """Return the words of a setting that differs; a file of the same name has another content."""
    return words if words.before != words.after else replace(words, after=f"{words.after}, {OTHER_CONTENT}")


def changed_keys(before: Tree, after: Tree, above: Key = ()) -> Iterator[Key]:
    """Yield the key of every setting that differs between two scenarios as trees of keys."""
    for name in dict.fromkeys((*before, *after)):
        key = (*above, name)
        was, now = before.get(name, ABSENT), after.get(name, ABSENT)
        if was == now or key in NOT_SETTINGS:
            continue
        if isinstance(was, dict) and isinstance(now, dict) and was.get(KIND) == now.get(KIND):
            yield from changed_keys(was, now, key)
        else:
            yield key


def setting_of(before: Tree, after: Tree, key: Key, words: SettingWords) -> Setting:
    """Return the setting of a key with its values in two scenarios, and its words."""
    return Setting(".".join(key), _shown(before, key), _shown(after, key), words, is_of_forecast(key))


def is_of_forecast(key: Key) -> bool:
    """Return whether the forecast rests on a setting."""
    return any(key[: len(first)] == first for first in OF_FORECAST)


def with_setting(before: Tree, after: Tree, key: Key) -> Tree:
    """Return the first tree with the value of one key as in the second, or without it where that has none."""
    tree = deepcopy(before)
    node = tree
    for part in key[:-1]:
        node = node[part]
    value = value_at(after, key)
    if value is ABSENT:
        node.pop(key[-1], None)
    else:
        node[key[-1]] = deepcopy(value)
    return tree


def scenario_of(tree: Tree) -> Scenario:
    """Return the scenario of a tree.

    Raises
    ------
    ScenarioError
        When it does not hold together.
    """
    return validated(Scenario, tree, {}, "the scenario with one setting changed")


def value_at(tree: Tree, key: Key) -> Any:
    """Return the value of a key; ``ABSENT`` where there is none."""
    node: Any = tree
    for part in key:
        if not isinstance(node, dict) or part not in node:
            return ABSENT
        node = node[part]
    return node


def _shown(tree: Tree, key: Key) -> str | None:
    value = value_at(tree, key)
    if value is ABSENT:
        return None
    return json.dumps(with_paths(value, key, lambda path: Path(path).name), ensure_ascii=False)


def _files(run: ReadRun) -> dict[str, list[str]]:
    """Return the checksums of the files of each key of the scenario that names some."""
    named: dict[str, list[str]] = {}
    for each in run.manifest.inputs:
        if each.key and is_path(tuple(each.key.split("."))):
            named.setdefault(each.key, []).append(each.sha256)
    return named


def _data(run: ReadRun) -> list[str] | None:
    """Return the checksums of the files of the data folder, None where there is none."""
    if run.scenario.data.folder is None:
        return None
    return sorted(each.sha256 for each in run.manifest.inputs if each.base is Base.DATA)
