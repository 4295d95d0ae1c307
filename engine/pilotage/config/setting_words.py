"""A setting that differs between two scenarios, in a planner's words: what it is, and its values.

A rule is told by its sentence, a pin or a ban by whom it sends where, any other setting by the label of its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from pilotage.config.changed import with_changes
from pilotage.config.leaf import Key
from pilotage.config.part import Label
from pilotage.config.rules.rule_model import RuleModel
from pilotage.config.scenario import Ban, Pin, Scenario
from pilotage.domain.evidence import Parameter
from pilotage.domain.findings.comparison import SettingWords
from pilotage.domain.outcomes import OUTCOMES

PARAMETERS = ("impact", "parameters")
EVIDENCE = "the evidence's"
USUAL = "as is usual"
ABSENT = object()


@dataclass(frozen=True)
class Known:
    """What the words name: schools by URN, and the parameters of the evidence as it comes with Pilotage."""

    schools: Mapping[int, str] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def setting_words(before: Scenario, after: Scenario, key: Key, known: Known) -> SettingWords:
    """Return a setting of two scenarios in words."""
    if key[0] == "rules" and len(key) > 1:
        return _rule(before, after, key)
    if key[0] in ("pins", "bans") and len(key) > 1:
        return _pair(before, after, key, known)
    if key[:2] == PARAMETERS and len(key) > 2:
        return _parameter(before, after, key[2], known)
    was, now = at(before, key), at(after, key)
    what, label = _labelled(before if now is ABSENT else after, key)
    return SettingWords(what, _value(was, label), _value(now, label))


def at(scenario: Scenario, key: Key) -> Any:
    """Return the value of a key; ``ABSENT`` where there is none."""
    node: Any = scenario
    for name in key:
        node = _below(node, name)
    return node


def _below(node: Any, name: str) -> Any:
    if isinstance(node, BaseModel):
        return getattr(node, name, ABSENT)
    named = node.items() if isinstance(node, Mapping) else ()
    return next((value for each, value in named if str(each) == name), ABSENT)


def _rule(before: Scenario, after: Scenario, key: Key) -> SettingWords:
    """Return a rule that only one scenario has, or what changes in a rule with this setting alone."""
    name = key[1]
    was, now = before.rules.get(name), after.rules.get(name)
    what = f"Rule {name}"
    if was is None or now is None or len(key) == 2:
        return SettingWords(what, *(None if each is None else each.sentence() for each in (was, now)))
    alone = _with_one(before, after, key)
    if alone is not None and alone.sentence() != was.sentence():
        return SettingWords(what, was.sentence(), alone.sentence())
    of_key, label = _labelled(was if at(after, key) is ABSENT else now, key[2:])
    values = (_value(at(each, key), label) for each in (before, after))
    return SettingWords(f"{what}, {_small(of_key)}", *values)


def _with_one(before: Scenario, after: Scenario, key: Key) -> RuleModel | None:
    """Return a rule with the value that one key has in the other scenario; None where that does not hold together."""
    value = at(after, key)
    changed = with_changes(before, {key: None if value is ABSENT else value}).rules[key[1]]
    try:
        return type(changed).model_validate(changed.model_dump())
    except ValidationError:
        return None


def _pair(before: Scenario, after: Scenario, key: Key, known: Known) -> SettingWords:
    """Return a pin or a ban, whatever of it differs: whom it sends where, and who asked for it and why."""
    part, name = key[:2]
    entries = [getattr(each, part).get(name) for each in (before, after)]
    told = [None if each is None else (_who_where(each, known), _why(each)) for each in entries]
    named = list(dict.fromkeys(each[0] for each in told if each is not None))
    if len(named) == 1:
        return SettingWords(named[0], *(each and each[1] for each in told))
    kind = "Pin" if part == "pins" else "Ban"
    return SettingWords(f"{kind} {name}", *(each and f"{each[0]} ({each[1]})" for each in told))


def _who_where(entry: Pin | Ban, known: Known) -> str:
    places = [f"post {entry.post_id}"] if entry.post_id is not None else []
    places += [f"{known.schools.get(entry.urn, 'school')} ({entry.urn})"] if entry.urn is not None else []
    if isinstance(entry, Pin):
        return f"Pin of {entry.leader_id} at {', '.join(places)}"
    return f"Ban of {entry.leader_id or 'every leader'} from {', '.join(places) or 'any post'}"


def _why(entry: Pin | Ban) -> str:
    day = "" if entry.on is None else f", {_plain(entry.on)}"
    return f"{entry.author}{day}: {entry.reason}"


def _parameter(before: Scenario, after: Scenario, name: str, known: Known) -> SettingWords:
    """Return a value that stands in the place of the evidence's."""
    parameter = known.parameters.get(name)
    what = parameter.title if parameter is not None and parameter.title else f"assumption {name}"
    usual = EVIDENCE if parameter is None else f"{parameter.value:g}, {EVIDENCE}"
    values = (each.impact.parameters.get(name) for each in (before, after))
    told = (usual if value is None else f"{value:g}" for value in values)
    return SettingWords(f"{what[:1].upper()}{what[1:]}", *told)


def _labelled(part: BaseModel, key: Key) -> tuple[str, Label]:
    """Return what a key below a part of the scenario is called, with the entries on the way, and its label."""
    node: Any = part
    label, entries = Label(""), list[str]()
    for name in key:
        if isinstance(node, BaseModel):
            label = label_of(type(node), name)
        else:
            entries.append(OUTCOMES[name].about if name in OUTCOMES else name)
        node = _below(node, name)
    return ", ".join((label.text, *entries)), label


def label_of(model: type[BaseModel], name: str) -> Label:
    """Return the label of a key of a part of the scenario."""
    described = model.model_fields[name]
    given = [each for each in described.metadata if isinstance(each, Label)]
    return given[-1] if given else Label((described.description or name).rstrip("."))


def _value(value: Any, label: Label) -> str | None:
    return None if value is ABSENT else _plain(value) or label.empty


def _plain(value: Any) -> str:
    """Return a value as a planner would write it; empty where it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Path):
        return value.name
    if isinstance(value, BaseModel):
        return _given(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    return "; ".join(map(_plain, value)) if isinstance(value, tuple | list) else str(value)


def _given(part: BaseModel) -> str:
    """Return what a part of a scenario states beside what is usual."""
    values = {name: (getattr(part, name), described) for name, described in type(part).model_fields.items()}
    stated = {name: value for name, (value, described) in values.items() if value != _usual(described)}
    labels = {name: label_of(type(part), name) for name in stated}
    told = (f"{_small(labels[name].text)}: {_value(value, labels[name])}" for name, value in stated.items())
    return "; ".join(told) or USUAL


def _small(text: str) -> str:
    """Return a text with a small letter first."""
    return f"{text[:1].lower()}{text[1:]}"


def _usual(described: FieldInfo) -> Any:
    return described.get_default(call_default_factory=True)
