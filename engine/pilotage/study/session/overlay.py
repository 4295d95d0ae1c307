"""The question as a scenario file: a small one that extends a shipped scenario, or the planner's own with its comments.

Of a setup workbook it is a small file that says what the workbook stands for, with the changes. A file that ships with
Pilotage is never changed: its name stands under ``extends``. Of a planner's own file the text stays, comments and all,
and only the keys that were changed are written into it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from pilotage import assets
from pilotage.assets import write_whole
from pilotage.config.leaf import Key, with_paths
from pilotage.config.overlay import resolve
from pilotage.config.scenario import Scenario
from pilotage.errors import Problem, ScenarioError, UsageError
from pilotage.sources.setup.scenario import is_workbook, set_up
from pilotage.study.session.question import Question


def ships(question: Question) -> bool:
    """Return whether the scenario of a question ships with Pilotage."""
    return question.file.resolve().parent == assets.configs().resolve()


def overlay_text(question: Question, path: Path, why: str) -> str:
    """Return the scenario file of a question as it would stand at a path, which names it.

    At the path of the planner's own file it is that file with its changes, comments and all; anywhere else a small one
    that extends what was opened.

    Raises
    ------
    ScenarioError, DataError
        Where a setup workbook that was opened can no longer be read.
    """
    writer, folder = YAML(), path.parent
    writer.preserve_quotes = True
    writer.width = 120
    writer.indent(mapping=2, sequence=4, offset=2)
    if _is_own(question, path):
        tree = writer.load(question.file.read_text(encoding="utf-8-sig"))
    elif is_workbook(question.name):
        tree = _of_workbook(question.file, folder)
    else:
        tree = CommentedMap({"extends": question.file.stem if ships(question) else _from(folder, str(question.file))})
    tree["name"], tree["why"] = path.stem, why
    for key, value in question.edits.items():
        here = _is_own(question, path) or is_workbook(question.name)  # the text has what the file itself sets
        if value is None and here and not _inherited(question, key):
            _drop(tree, key)
        else:
            _set(tree, key, _plain(value, key, folder))
    stream = io.StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()


def _of_workbook(file: Path, folder: Path) -> CommentedMap:
    """Return what a setup workbook stands for, as a scenario that stands in a folder."""
    setup = set_up(file)
    near = file.parent / setup.extends
    tree = CommentedMap({"extends": _from(folder, str(near)) if near.is_file() else setup.extends})
    for key, leaf in setup.changes.items():
        _set(tree, key, _plain(leaf.value, key, folder))
    return tree


def _is_own(question: Question, path: Path) -> bool:
    return not (ships(question) or is_workbook(question.name)) and path.resolve() == question.file.resolve()


def write_overlay(question: Question, path: Path, why: str) -> Path:
    """Write the question as a scenario file named by the file, and return its path.

    Raises
    ------
    UsageError
        Where a file is there already that is not the scenario itself, or where it cannot be written.
    ScenarioError
        Where the name of the file is none for a scenario.
    """
    own = _is_own(question, path)
    if path.exists() and not own:
        raise UsageError(
            Problem(str(path), "is there already", "a new file, or the one that was opened", "name another")
        )
    text = overlay_text(question, path, why)
    before = path.read_bytes() if own else None
    try:
        write_whole(path, text.encode())
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise UsageError(Problem(str(path), what, "a folder that you may write into", "name another")) from None
    _expect_same(question, path, before)
    return path


def _expect_same(question: Question, path: Path, before: bytes | None) -> None:
    """Raise where the file does not say what the screen says; the file is then as it was."""
    try:
        same = _said(resolve(str(path)).scenario) == _said(question.scenario)
        fault = None if same else "does not say what the screen says"
    except ScenarioError as error:
        fault = str(error.problems[0])
    if fault is None:
        return
    if before is None:
        path.unlink()
    else:
        write_whole(path, before)
    do = "save it under another name, in small letters, digits and hyphens; if that fails too, tell who maintains it"
    raise ScenarioError(Problem(str(path), fault, "the question as it is on the screen", do))


def _said(scenario: Scenario, key: Key = (), value: Any = None) -> Any:
    """Return what a scenario says, without its name and what it is for, and its files by their whole paths."""
    tree = scenario.model_dump(mode="json", exclude={"name", "why"}) if not key else value
    if isinstance(tree, Mapping):
        return {name: _said(scenario, (*key, name), each) for name, each in tree.items()}
    return with_paths(tree, key, os.path.abspath)


def _plain(value: Any, key: Key, folder: Path) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap({name: _plain(each, (*key, name), folder) for name, each in value.items()})
    listed = list(value) if isinstance(value, tuple) else value
    return with_paths(listed, key, lambda name: _from(folder, name))


def _from(folder: Path, name: str) -> str:
    """Return a path as it is given from a folder; as it is where there is no way from one to the other."""
    try:
        return Path(os.path.relpath(name, folder)).as_posix()
    except ValueError:  # another drive
        return Path(name).resolve().as_posix()


def _inherited(question: Question, key: Key) -> bool:
    """Return whether what the file extends sets a key or one below it; what the file itself sets was laid over last."""
    last = max(leaf.layer for leaf in question.base.values())
    return any(leaf.layer < last for each, leaf in question.base.items() if each[: len(key)] == key)


def _drop(tree: CommentedMap, key: Key) -> None:
    """Take an entry out of a tree that has it."""
    for part in key[:-1]:
        tree = tree[part]
    del tree[key[-1]]


def _set(tree: CommentedMap, key: Key, value: Any) -> None:
    """Set a value of a tree, with the mappings on the way; None removes what is extended."""
    for part in key[:-1]:
        if not isinstance(tree.get(part), CommentedMap):
            tree[part] = CommentedMap()
        tree = tree[part]
    tree[key[-1]] = value
