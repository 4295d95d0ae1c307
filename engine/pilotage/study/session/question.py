"""A question as it stands on a screen: a scenario, and what was changed of it there. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pilotage.config.leaf import Key, Leaf, Leaves, laid_over
from pilotage.config.overlay import Resolved, resolved
from pilotage.config.scenario import Scenario
from pilotage.errors import DataError, ScenarioError
from pilotage.sources.setup.scenario import leaves_of
from pilotage.sources.setup.table_faults import with_table_faults

ORIGIN = "changed in the workbench"
Edits = Mapping[Key, Any]


@dataclass(frozen=True)
class Question:
    """A scenario with changes.

    Attributes
    ----------
    name
        The path or the name by which the scenario was opened.
    file
        Where it stands.
    base
        What it said when it was opened, with all that it extends.
    edits
        What was changed: values by key, a whole entry of a mapping as a mapping; None removes an entry.
    """

    name: str
    file: Path
    base: Leaves
    edits: Edits = field(default_factory=dict)

    @cached_property
    def resolved(self) -> Resolved:
        """Return the scenario with the changes.

        Raises
        ------
        ScenarioError
            Where it does not hold together with them.
        """
        return resolved(self.file, laid_over(self.base, _leaves(self.edits)))

    @property
    def scenario(self) -> Scenario:
        """Return the scenario with the changes; raises as ``resolved``."""
        return self.resolved.scenario


def opened(name: str) -> Question:
    """Return the question of a scenario, by a path or a name in configs/, or of a setup workbook.

    Raises
    ------
    ScenarioError, DataError
        Where it cannot be read, or does not hold together.
    """
    with with_table_faults(name):
        question = Question(name, *leaves_of(name))
        _ = question.resolved  # raises what is wrong with it
    return question


def with_edits(question: Question, edits: Edits) -> Question:
    """Return the question with more changes.

    A value within an entry that was added or replaced here is changed in that entry; a whole entry takes the place of
    what was changed below it.
    """
    made = dict(question.edits)
    for key, value in edits.items():
        above = next((each for each in made if _is_within(key, each) and isinstance(made[each], Mapping)), None)
        if above is None:
            made = {each: old for each, old in made.items() if not _overlap(key, each)} | {key: value}
        else:
            made[above] = _put(made[above], key[len(above) :], value)
    return replace(question, edits=made)


def without_entry(question: Question, key: Key) -> Question:
    """Return the question without an entry of a mapping, whether its file has it or it was added on the screen."""
    fewer = without_edit(question, key)
    there = any(each[: len(key)] == key for each in question.base)
    return replace(fewer, edits={**fewer.edits, key: None}) if there else fewer


def without_edit(question: Question, key: Key) -> Question:
    """Return the question without what was changed at a key, above it or below it."""
    return replace(question, edits={each: value for each, value in question.edits.items() if not _overlap(key, each)})


def without_edits(question: Question) -> Question:
    """Return the question as its file has it."""
    return replace(question, edits={})


def changed_on_disk(question: Question) -> bool:
    """Return whether the files of the scenario no longer say what they said when it was opened."""
    try:
        return leaves_of(question.name)[1] != question.base
    except (ScenarioError, DataError):
        return True


def read_again(question: Question) -> Question:
    """Return the question with its scenario read again, and the same changes.

    Raises
    ------
    ScenarioError, DataError
        Where the scenario cannot be read any more, or does not hold together with the changes.
    """
    again = replace(opened(question.name), edits=question.edits)
    _ = again.resolved  # raises what is wrong with it
    return again


def _is_within(key: Key, above: Key) -> bool:
    return len(above) < len(key) and key[: len(above)] == above


def _put(tree: Mapping[str, Any], key: Key, value: Any) -> dict[str, Any]:
    """Return a tree with another value at a key."""
    return {**tree, key[0]: value if len(key) == 1 else _put(tree.get(key[0]) or {}, key[1:], value)}


def _overlap(first: Key, second: Key) -> bool:
    short = min(len(first), len(second))
    return first[:short] == second[:short]


def _leaves(edits: Edits) -> Leaves:
    """Return the changes as leaves; a mapping is one leaf for each of its values."""
    return {
        (*key, *below): Leaf(value, ORIGIN)
        for key, given in edits.items()
        for below, value in (_below(given) if isinstance(given, Mapping) and given else {(): given}).items()
    }


def _below(tree: Mapping[str, Any]) -> dict[Key, Any]:
    flat: dict[Key, Any] = {}
    for name, value in tree.items():
        flat |= (
            {(name, *key): each for key, each in _below(value).items()}
            if isinstance(value, Mapping)
            else {(name,): value}
        )
    return flat
