"""What a key of a scenario, or of another model of keys and values, allows, in words: from its JSON Schema."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]
DAY = "a day that exists, as 2016-08-31"
REFERENCE = "#/$defs/"
RULE = "a rule, as {rule: budget, total_gbp: 50000}"
LIMITS = {"exclusiveMinimum": "more than", "minimum": "at least", "maximum": "at most", "exclusiveMaximum": "less than"}


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Return the JSON Schema of a model, with every reference in it written out."""
    whole = model.model_json_schema()
    written = _written_out(whole, whole.get("$defs", {}))
    return dict(written)


def _written_out(part: Any, named: Schema) -> Any:
    """Return a part of a schema with what each reference names in its place."""
    if isinstance(part, list):
        return [_written_out(item, named) for item in part]
    if isinstance(part, str) and part.startswith(REFERENCE):
        return _written_out(named[part.removeprefix(REFERENCE)], named)
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _written_out(part["$ref"], named)
    return {key: _written_out(value, named) for key, value in part.items() if key != "$defs"}


def node_at(whole: Schema, path: Sequence[object]) -> Schema:
    """Return the schema of a key; ``path``: the key's parts, and before those of a kind of things also the kind."""
    node = whole
    for part in path:
        node = _step(node, str(part))
    return node


def kinds_of(node: Schema) -> tuple[str, ...]:
    """Return the types that a key takes: object, array, number, integer, string, boolean, null."""
    options = _options(node)
    return tuple(dict.fromkeys(str(option.get("type", "")) for option in options))


def allowed_words(node: Schema) -> str:
    """Return what a key allows, in words; "or nothing" where it may be empty."""
    words = [_words(option) for option in _options(node)]
    return " or ".join(dict.fromkeys(word for word in words if word)) or "a value"


def keys_below(node: Schema) -> list[str]:
    """Return the names of the keys that stand below a key, sorted; none where they are the planner's own."""
    return sorted({key for option in _options(node) for key in option.get("properties", {})})


def choices(node: Schema) -> list[str]:
    """Return the words that a key allows; none where it takes more than some words."""
    options = _options(node)
    listed = [name for option in options for name in option.get("enum", [option["const"]] if "const" in option else [])]
    return [str(name) for name in listed]


def names_allowed(node: Schema) -> list[str]:
    """Return which names a mapping allows as keys; none where they are the planner's own."""
    return [str(name) for option in _options(node) for name in option.get("propertyNames", {}).get("enum", ())]


def kinds_told_apart(node: Schema) -> tuple[str, list[str]] | None:
    """Return the key that says of what kind a value is, and the kinds, sorted; None where there is no such key."""
    told = (option["discriminator"] for option in _options(node) if "discriminator" in option)
    return next(((str(each["propertyName"]), sorted(each["mapping"])) for each in told), None)


def _options(node: Schema) -> list[Schema]:
    """Return the schemas any of which a value may meet."""
    return node.get("anyOf") or [node]


def _step(node: Schema, part: str) -> Schema:
    """Return the schema one step below; an empty one where there is no such step."""
    for option in _options(node):
        if "discriminator" in option:
            of_kind: Schema = option["discriminator"]["mapping"].get(part, {})
            return of_kind
        below = option.get("properties", {}).get(part) or option.get("additionalProperties") or option.get("items")
        if isinstance(below, dict):
            return below
    return {}


def _words(option: Schema) -> str:
    """Return what one schema allows, in words."""
    if "discriminator" in option:
        return _of_a_kind(option)
    if "const" in option or "enum" in option:
        listed = option.get("enum", [option.get("const")])
        return f"{'one of ' if len(listed) > 1 else ''}{', '.join(map(str, listed))}"
    kind = str(option.get("type", ""))
    return _OF_TYPE[kind](option) if kind in _OF_TYPE else FIXED.get(kind, "")


def _of_a_kind(option: Schema) -> str:
    key, kinds = option["discriminator"]["propertyName"], sorted(option["discriminator"]["mapping"])
    return RULE if key == "rule" else f"keys and values, {key} among them: one of {', '.join(kinds)}"


def _text(option: Schema) -> str:
    if option.get("format") == "date":
        return DAY
    if option.get("format") == "path":
        return "the path of a file or folder"
    if "pattern" in option:
        return f"at most {option['maxLength']} lower-case letters, digits and hyphens, as north-2016"
    return "a text"


def _list(option: Schema) -> str:
    items = option.get("items", {})
    inner = choices(items)
    kinds = kinds_of(items)
    example = inner[0] if inner else "123456" if "integer" in kinds else "Derby"
    at_least = " with at least one entry" if option.get("minItems") else ""
    return f"a list{at_least}, as [{example}]"


def _mapping(option: Schema) -> str:
    names = option.get("propertyNames", {}).get("enum", ())
    if names:
        return f"a mapping with keys from {', '.join(map(str, names))}"
    at_least = " of at least one key" if option.get("minProperties") else ""
    return f"a mapping{at_least} (`key: value`, each on a line of its own)"


def _number(option: Schema) -> str:
    noun = "a whole number" if option.get("type") == "integer" else "a number"
    given = ((words, option[name]) for name, words in LIMITS.items() if name in option)
    limits = ", ".join(f"{words} {limit:,}" for words, limit in given)
    return f"{noun} of {limits}" if limits else noun


_OF_TYPE = {
    "string": _text,
    "array": _list,
    "object": _mapping,
    "number": _number,
    "integer": _number,
}
FIXED = {"boolean": "true or false", "null": "nothing"}
