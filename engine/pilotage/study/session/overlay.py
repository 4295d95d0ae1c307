"""The question as a scenario file: a small one that extends a shipped scenario, or the planner's own with its comments.

A file that ships with Pilotage is never changed: its name stands under ``extends``. Of a planner's own file the text is
kept, comments and all, and only the keys that were changed are written into it.
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
from pilotage.config.leaf import NAMED, Key, with_paths
from pilotage.config.overlay import resolve
from pilotage.errors import Problem, ScenarioError, UsageError
from pilotage.study.session.question import Edits, Question


def ships(question: Question) -> bool:
    """Return whether the scenario of a question ships with Pilotage."""
    return question.file.resolve().parent == assets.configs().resolve()


def overlay_text(question: Question, name: str, why: str, folder: Path) -> str:
    """Return the scenario file of a question as it would stand in a folder; files that it names are given from there.

    ``name`` and ``why`` are those of the new scenario.
    """
    writer = YAML()
    writer.preserve_quotes = True
    writer.width = 120
    writer.indent(mapping=2, sequence=4, offset=2)
    if ships(question):
        tree = CommentedMap({"extends": question.file.stem})
    else:
        tree = writer.load(question.file.read_text(encoding="utf-8-sig"))
    tree["name"], tree["why"] = name, why
    for key, value in _in_file(question, folder).items():
        _set(tree, key, value)
    stream = io.StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()


def write_overlay(question: Question, path: Path, why: str) -> Path:
    """Write the question as a scenario file named by the file, and return its path.

    Raises
    ------
    UsageError
        Where a file is there already that is not the scenario itself, or where it cannot be written.
    ScenarioError
        Where the name of the file is none for a scenario.
    """
    own = path.exists() and path.resolve() == question.file.resolve()
    if path.exists() and not own:
        raise UsageError(
            Problem(str(path), "is there already", "a new file, or the one that was opened", "name another")
        )
    if ships(question) and own:
        raise UsageError(Problem(str(path), "ships with Pilotage", "a file of your own", "name another"))
    text = overlay_text(question, path.stem, why, path.parent)
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
    names = {"name": "", "why": ""}
    try:
        as_written = resolve(str(path)).scenario.model_copy(update=names)
        fault = (
            None if as_written == question.scenario.model_copy(update=names) else "does not say what the screen says"
        )
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


def _in_file(question: Question, folder: Path) -> Edits:
    """Return the changes as they stand in a file in a folder: paths from that folder, and the types of YAML."""
    stated = {} if ships(question) else _paths_again(question, folder)
    return stated | {key: _plain(value, key, folder) for key, value in question.edits.items()}


def _paths_again(question: Question, folder: Path) -> dict[Key, Any]:
    """Return the paths that the planner's own file states, given from another folder where it goes there."""
    if folder.resolve() == question.file.resolve().parent:
        return {}
    own = {key: leaf for key, leaf in question.base.items() if leaf.origin.startswith(f"{question.file.name}, line")}
    moved = {key: _plain(leaf.value, key, folder) for key, leaf in own.items()}
    return {key: value for key, value in moved.items() if value != own[key].value}


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


def _set(tree: CommentedMap, key: Key, value: Any) -> None:
    """Set a value of a tree, with the mappings on the way; None removes an entry, or says that it is removed."""
    for part in key[:-1]:
        if not isinstance(tree.get(part), CommentedMap):
            tree[part] = CommentedMap()
        tree = tree[part]
    if value is None and key[:-1] in NAMED and tree.get(key[-1]) is not None and len(key) > 1:
        tree[key[-1]] = None
    else:
        tree[key[-1]] = value
