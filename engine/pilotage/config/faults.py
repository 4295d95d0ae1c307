"""Validate a scenario: each fault with the place where the key was set, and what is allowed, in a planner's words."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from pilotage.config.leaf import Key, Leaves
from pilotage.config.scenario import Scenario
from pilotage.errors import Problem, ScenarioError

LIMITS = (  # kinds of pydantic's faults, the name of the limit in them, and what a planner reads
    ("less_than_equal", "le", "at most"),
    ("less_than", "lt", "less than"),
    ("greater_than_equal", "ge", "at least"),
    ("greater_than", "gt", "more than"),
)


def validated(tree: dict[str, Any], leaves: Leaves, name: str) -> Scenario:
    """Return the scenario of a tree of keys; with any fault, raise a problem for each."""
    try:
        return Scenario.model_validate(tree)
    except ValidationError as error:
        raise ScenarioError([_problem(dict(item), leaves, name) for item in error.errors()]) from None


def nearest(word: str, allowed: Sequence[str]) -> str:
    """Return what to do about a word that is not allowed: the nearest that is."""
    close = difflib.get_close_matches(word, allowed, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else "check the spelling"


def _problem(item: dict[str, Any], leaves: Leaves, name: str) -> Problem:
    key = _key_of(item["loc"])
    where = f"{_origin(key, leaves, name)}: {'.'.join(key)}"
    if item["type"] == "extra_forbidden":
        allowed = _siblings(item["loc"])
        return Problem(where, "unknown key", f"one of {', '.join(allowed)}", nearest(key[-1], allowed))
    if item["type"] == "missing":
        return Problem(where, "missing", "a value", "add the key, or `extends: baseline`")
    value = repr(item["input"]) if not isinstance(item["input"], dict) else "a mapping"
    return Problem(where, f"found {value}", _allowed(item), "correct the value")


def _allowed(item: dict[str, Any]) -> str:
    """Return what is allowed, in a planner's words where the fault is a limit."""
    for kind, name, words in LIMITS:
        if item["type"] == kind:
            return f"{words} {item['ctx'][name]:,}"
    message: str = item["msg"]
    return message[0].lower() + message[1:]


def _key_of(loc: tuple[Any, ...]) -> Key:
    """Return the key that a planner wrote: of a rule, pydantic's place holds the kind of rule too."""
    parts = tuple(str(part) for part in loc)
    return parts[:2] + parts[3:] if parts[:1] == ("rules",) else parts


def _origin(key: Key, leaves: Leaves, name: str) -> str:
    for length in range(len(key), 0, -1):
        for other, leaf in leaves.items():
            if other[:length] == key[:length]:
                return leaf.origin
    return name


def _siblings(loc: tuple[Any, ...]) -> list[str]:
    """Return the keys allowed beside the last of ``loc``, walking the JSON Schema of a scenario."""
    schema = Scenario.model_json_schema()
    node: dict[str, Any] = schema
    for part in loc[:-1]:
        node = _step(_deref(node, schema), str(part))
    return sorted(_deref(node, schema).get("properties", {}))


def _step(node: dict[str, Any], part: str) -> dict[str, Any]:
    if "discriminator" in node:
        return {"$ref": node["discriminator"]["mapping"].get(part, "")}
    below: Any = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
    return below if isinstance(below, dict) else {}


def _deref(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    options = [option for option in node.get("anyOf", ()) if "$ref" in option]
    name = str((options or [node])[0].get("$ref", "")).rpartition("/")[2]
    definition: dict[str, Any] = schema["$defs"].get(name, {}) if name else node
    return definition
