"""What was changed in a question, in a planner's words: each change with its value before."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.config.leaf import NAMED, Key
from pilotage.config.scenario import Scenario
from pilotage.config.setting_words import ABSENT, Known, at, setting_words
from pilotage.domain.findings.comparison import SettingWords
from pilotage.domain.panel import SchoolPanel
from pilotage.sources.evidence import load_evidence
from pilotage.study.session.question import Question, without_edits


@dataclass(frozen=True)
class Changed:
    """One change of a question: the key that it is about, and what it is in words."""

    key: Key
    words: SettingWords


def changes(question: Question, panel: SchoolPanel | None) -> tuple[Changed, ...]:
    """Return each change of a question in the order in which it was made; ``panel``: the schools, once they are read.

    An entry that was added or removed is one change, whatever was said of it.
    """
    before, after = without_edits(question).scenario, question.scenario
    keys = dict.fromkeys(_whole(before, after, key) for key in question.edits)
    known = _known(panel)
    return tuple(Changed(key, setting_words(before, after, key, known)) for key in keys)


def _whole(before: Scenario, after: Scenario, key: Key) -> Key:
    """Return the key of the entry that a key is below where only one of two scenarios has that entry."""
    entry = key[:2]
    alone = key[:1] in NAMED and any(at(each, entry) is ABSENT for each in (before, after))
    return entry if alone else key


def _known(panel: SchoolPanel | None) -> Known:
    parameters = load_evidence({}).parameters
    if panel is None:
        return Known(parameters=parameters)
    return Known(dict(zip(panel.schools["urn"].tolist(), panel.schools["name"].astype(str), strict=True)), parameters)
