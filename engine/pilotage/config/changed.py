"""A scenario with some of its values changed, or entries of it removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel

from pilotage.config.leaf import Key
from pilotage.config.scenario import Scenario


def with_changes(scenario: Scenario, values: Mapping[Key, Any]) -> Scenario:
    """Return the scenario with new values at some keys; None removes the entry of a mapping. Nothing is checked."""
    for key, value in values.items():
        scenario = cast(Scenario, _with(scenario, key, value))
    return scenario


def value_at(scenario: Scenario, key: Key) -> Any:
    """Return the value of a key."""
    value: Any = scenario
    for name in key:
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


def _with(node: Any, key: Key, value: Any) -> Any:
    if not key:
        return value
    name, below = key[0], key[1:]
    if isinstance(node, BaseModel):
        return node.model_copy(update={name: _with(getattr(node, name), below, value)})
    if value is None and not below:
        return {each: entry for each, entry in node.items() if each != name}
    return {**node, name: _with(node.get(name), below, value)}
