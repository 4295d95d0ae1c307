"""Validate a scenario, or another model of keys and values: each fault with its place and what is allowed, in words."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pilotage.config.leaf import Key, Leaf, Leaves, nearest_place, places_of
from pilotage.config.refusals.allowed import (
    Schema,
    allowed_words,
    keys_below,
    kinds_told_apart,
    names_allowed,
    node_at,
    schema_of,
)
from pilotage.config.refusals.hints import hint
from pilotage.config.refusals.nearest import nearest
from pilotage.config.written.fault import short
from pilotage.errors import Problem, ScenarioError

AT_A_KEY = "[key]"  # how pydantic marks that a key of a mapping is at fault, not its value
OWN_WORDS, OF_NO_KIND = "value_error", ("union_tag_invalid", "union_tag_not_found")
ADD = "add the key"
AFTER_A_COMMA = "write a number without a comma, as 500000 or 0.33: a comma ends the value before it"
Step = str | int
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Found:
    """A fault of one value: its key, its place in the schema, pydantic's kind of fault, and our own words if any."""

    key: tuple[Step, ...]
    path: tuple[Step, ...]
    kind: str
    value: Any
    own_words: str = ""
    at_key: bool = False

    @property
    def name(self) -> str:
        """Return the last part of the key."""
        return str(self.key[-1]) if self.key else ""


def validated(model: type[Model], tree: dict[str, Any], leaves: Leaves, name: str, add: str = ADD) -> Model:
    """Return the model of a tree of keys; with any fault, raise a problem for each. ``add``: of a key that is missing.

    Kinds are strict: a text is no number, ``true`` is no number, and a number is no text; ``1e6`` is a whole number.
    """
    schema = schema_of(model)
    try:
        return model.model_validate_json(json.dumps(tree), strict=True)
    except ValidationError as error:
        faults = _once_each([_found(dict(item), tree, schema) for item in error.errors()])
    whole = [fault for fault in faults if fault.kind == "int_type" and _is_whole(fault.value)]
    if whole:
        return validated(model, _with_whole_numbers(tree, whole), leaves, name, add)
    places = places_of(leaves)
    found = ((fault, nearest_place(places, _names(fault.key))) for fault in faults)
    raise ScenarioError(
        replace(_problem(fault, _origin(fault.key, leaf, name), schema, add), at=leaf.at if leaf else None)
        for fault, leaf in found
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def _with_whole_numbers(tree: dict[str, Any], faults: list[Found]) -> dict[str, Any]:
    """Return the tree with whole numbers where ``1e6`` or ``5.0`` was written."""
    result = deepcopy(tree)
    for fault in faults:
        node: Any = result
        for step in fault.key[:-1]:
            node = node[step]
        node[fault.key[-1]] = int(fault.value)
    return result


def _found(item: dict[str, Any], tree: dict[str, Any], schema: Schema) -> Found:
    """Return a fault with the key that a planner wrote: pydantic's place also holds kinds of rules and of values."""
    loc: tuple[Step, ...] = tuple(item["loc"])
    key, path = list[Step](), list[Step]()
    node: Any = tree
    for position, part in enumerate(loc):
        if kinds_told_apart(node_at(schema, path)):
            path.append(part)
        elif _is_in(part, node) or (item["type"] == "missing" and position == len(loc) - 1):
            key.append(part)
            path.append(part)
            node = node[part] if _is_in(part, node) else None
    own = str(item["ctx"]["error"]) if item["type"] == OWN_WORDS else ""
    return Found(tuple(key), tuple(path), item["type"], node, own, at_key=AT_A_KEY in loc[-1:])


def _is_in(part: Step, node: Any) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _once_each(faults: list[Found]) -> list[Found]:
    """Return one fault for each key; of a key that takes several kinds of values, those within its value."""
    longer = {fault.key[:length] for fault in faults for length in range(len(fault.key))}
    first = {
        (fault.key, fault.at_key): fault for fault in reversed(faults) if fault.own_words or fault.key not in longer
    }
    return [fault for fault in faults if first.get((fault.key, fault.at_key)) is fault]


def _problem(fault: Found, origin: str, schema: Schema, add: str) -> Problem:
    where = _where(origin, _key_words(fault.key))
    if fault.kind == "extra_forbidden":
        allowed = keys_below(node_at(schema, fault.path[:-1]))
        do = AFTER_A_COMMA if fault.name.isdigit() else nearest(fault.name, allowed)
        return Problem(where, "unknown key", f"one of {', '.join(allowed)}", do)
    if fault.kind == "missing":
        return Problem(where, "missing", "a value", add)
    if fault.kind == OWN_WORDS:
        return Problem(where, fault.own_words)
    if fault.at_key:
        allowed = names_allowed(node_at(schema, fault.path[:-1]))
        what = f"no such name {short(fault.name)!r}"
        return Problem(where, what, f"one of {', '.join(allowed)}", nearest(fault.name, allowed))
    node = node_at(schema, fault.path)
    if fault.kind in OF_NO_KIND:
        return _of_no_kind(fault, where, node)
    return Problem(where, f"found {_shown(fault.value)}", allowed_words(node), hint(fault.value, node))


def _where(origin: str, key: str) -> str:
    """Return the place of a fault: where its key was set, and the key; ``--set`` has it already."""
    return origin if origin == f"--set {key}" else f"{origin}: {key}"


def _of_no_kind(fault: Found, where: str, node: Schema) -> Problem:
    """Return the problem of a rule, or another value of several kinds, whose kind is missing or unknown."""
    key, kinds = kinds_told_apart(node) or ("", [])
    allowed = f"one of {', '.join(kinds)}"
    given = fault.value.get(key) if isinstance(fault.value, dict) else None
    if given is None:
        return Problem(where, f"no key `{key}`, which says of what kind it is", allowed, "add it")
    return Problem(f"{where}.{key}", f"found {_shown(given)}", allowed, nearest(str(given), kinds))


def _shown(value: Any) -> str:
    """Return a value as it is written, in words where it is no single value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(short(value)) if value else "an empty text"
    if isinstance(value, dict | list):
        noun = "mapping" if isinstance(value, dict) else "list"
        return f"a {noun}" if value else f"an empty {noun}"
    return "nothing" if value is None else str(value)


def _key_words(key: tuple[Step, ...]) -> str:
    """Return a key as it is written with dots; an entry of a list by its number, from 1."""
    names = ".".join(short(part) for part in key if isinstance(part, str))
    entries = "".join(f", entry {part + 1}" for part in key if isinstance(part, int))
    return f"{names}{entries}"


def _names(key: tuple[Step, ...]) -> Key:
    return tuple(part for part in key if isinstance(part, str))


def _origin(key: tuple[Step, ...], leaf: Leaf | None, name: str) -> str:
    """Return where a key was set, or the nearest key above that was; ``name``: of the file, where none was."""
    return name if leaf is None else _of_entry(leaf, key)


def _of_entry(leaf: Leaf, key: tuple[Step, ...]) -> str:
    """Return where an entry of a list was set, or the list itself."""
    position = next((part for part in key if isinstance(part, int)), None)
    return leaf.items[position] if position is not None and position < len(leaf.items) else leaf.origin
