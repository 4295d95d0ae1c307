"""YAML with line numbers, ``extends``, ``--set``, and the origin of every value.

One mechanism: a scenario ``extends`` one or several others and gives the keys that change. Mappings merge, other
values replace, ``null`` under ``rules``, ``pins`` or ``bans`` removes an entry. Two extended scenarios that set the
same key to different values are an error that names both.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pilotage import assets
from pilotage.config.scenario import Scenario
from pilotage.errors import Problem, ScenarioError

Key = tuple[str, ...]
NAMED = ("rules", "pins", "bans")  # mappings whose entries null removes
# Paths, relative to the file that sets them.
PATHS = (("data", "folder"), ("pool", "leaders"), ("pool", "posts"), ("pool", "pairs"))

LIMITS = (  # kinds of pydantic's faults, the name of the limit in them, and what a planner reads
    ("less_than_equal", "le", "at most"),
    ("less_than", "lt", "less than"),
    ("greater_than_equal", "ge", "at least"),
    ("greater_than", "gt", "more than"),
)


@dataclass(frozen=True)
class Leaf:
    """One value of a scenario and where it was set (``file, line n`` or ``--set``)."""

    value: Any
    origin: str


Leaves = dict[Key, Leaf]


@dataclass(frozen=True)
class Resolved:
    """A scenario with the origin of every value; ``yaml`` is its text for the run folder."""

    scenario: Scenario
    leaves: Leaves
    yaml: str


def resolve(name: str, settings: Sequence[str] = ()) -> Resolved:
    """Return the scenario of a path or of a name in configs/, with ``key=value`` settings laid over it.

    Raises
    ------
    ScenarioError
        With every problem found, each with file, line and key.
    """
    leaves = _with_overrides(_load(_locate(name), ()), _settings(settings))
    leaves = _without_removed(leaves)
    scenario = _validated(_nested(leaves), leaves, name)
    return Resolved(scenario, leaves, _text(scenario, leaves))


def _locate(name: str) -> Path:
    for candidate in (Path(name), assets.configs() / f"{name}.yaml"):
        if candidate.is_file():
            return candidate
    shipped = sorted(path.stem for path in assets.configs().glob("*.yaml"))
    raise ScenarioError(
        Problem(
            name, "no such scenario", f"a path to a YAML file, or one of {', '.join(shipped)}", _nearest(name, shipped)
        )
    )


def _nearest(word: str, allowed: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, allowed, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else "check the spelling"


def _load(path: Path, seen: tuple[Path, ...]) -> Leaves:
    if path.resolve() in seen:
        raise ScenarioError(Problem(str(path), "extends itself", "a chain without a circle", "remove one `extends`"))
    tree = _parse(path)
    parents = tree.pop("extends", None) or []
    names = [parents] if isinstance(parents, str) else list(parents)
    inherited = [_load(_beside(path, name), (*seen, path.resolve())) for name in names]
    own: Leaves = {}
    _flatten(tree, path, (), own)
    return _with_overrides(_merged(inherited, names, path), own)


def _beside(path: Path, name: str) -> Path:
    for candidate in (path.parent / name, path.parent / f"{name}.yaml"):
        if candidate.is_file():
            return candidate
    return _locate(name)


def _parse(path: Path) -> Any:
    try:
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8-sig"))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        fault = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ScenarioError(Problem(where, f"not YAML: {fault}", "YAML", "mend the line")) from None
    except UnicodeDecodeError:
        raise ScenarioError(Problem(path.name, "not UTF-8 text", "a YAML file in UTF-8", "save it as UTF-8")) from None
    if not isinstance(tree, Mapping):
        raise ScenarioError(
            Problem(path.name, "no keys", "a mapping of keys to values", "start from configs/baseline.yaml")
        )
    return tree


def _flatten(tree: Any, path: Path, prefix: Key, out: Leaves) -> None:
    for key, value in tree.items():
        number = tree.lc.key(key)[0] + 1
        name = (*prefix, str(key))
        if isinstance(value, Mapping) and value:
            _flatten(value, path, name, out)
        else:
            out[name] = Leaf(_anchored(_plain(value), name, path), f"{path.name}, line {number}")


def _anchored(value: Any, key: Key, path: Path) -> Any:
    """Return ``value``; a relative file name is taken from the folder of the scenario that names it."""
    if _is_path(key) and isinstance(value, str) and not Path(value).is_absolute():
        return str(path.parent / value)
    return value


def _is_path(key: Key) -> bool:
    return key in PATHS or (len(key) == 3 and key[0] == "rules" and key[2] == "earlier_plan")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _merged(inherited: list[Leaves], names: list[str], path: Path) -> Leaves:
    result: Leaves = {}
    problems = []
    for leaves, name in zip(inherited, names, strict=True):
        for key, leaf in leaves.items():
            if key in result and result[key] != leaf and key not in (("name",), ("why",)):
                where = f"{path.name}: {'.'.join(key)}"
                origins = f"set by {result[key].origin} and by {leaf.origin} (through {name!r})"
                problems.append(
                    Problem(where, origins, "one of them", "set the key in only one of the extended scenarios")
                )
            result[key] = leaf
    if problems:
        raise ScenarioError(problems)
    return result


def _with_overrides(base: Leaves, over: Leaves) -> Leaves:
    """Return ``base`` with ``over`` laid on it; a value replaces the mapping that stood there, and the reverse."""
    result = dict(base)
    for key, leaf in over.items():
        for other in [k for k in result if _replaced(k, key, leaf.value)]:
            del result[other]
        result[key] = leaf
    return result


def _replaced(old: Key, new: Key, value: Any) -> bool:
    below = len(old) > len(new) and old[: len(new)] == new
    above = len(old) < len(new) and new[: len(old)] == old
    return above or (below and not (isinstance(value, dict) and not value))


def _settings(settings: Sequence[str]) -> Leaves:
    leaves: Leaves = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals or not key:
            raise ScenarioError(Problem(f"--set {setting}", "no key=value", "--set key.subkey=value", "write it so"))
        leaves[tuple(key.strip().split("."))] = Leaf(_scalar(text, setting), f"--set {key.strip()}")
    return leaves


def _scalar(text: str, setting: str) -> Any:
    try:
        return YAML(typ="safe").load(text)
    except YAMLError:
        raise ScenarioError(
            Problem(f"--set {setting}", "not a YAML value", "a number, word or list", "quote it")
        ) from None


def _without_removed(leaves: Leaves) -> Leaves:
    return {k: leaf for k, leaf in leaves.items() if not (k[0] in NAMED and len(k) == 2 and leaf.value is None)}


def _nested(leaves: Leaves) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, leaf in leaves.items():
        node = tree
        for part in key[:-1]:
            node = node.setdefault(part, {})
        node[key[-1]] = leaf.value
    return tree


def _validated(tree: dict[str, Any], leaves: Leaves, name: str) -> Scenario:
    try:
        return Scenario.model_validate(tree)
    except ValidationError as error:
        raise ScenarioError([_problem(dict(item), leaves, name) for item in error.errors()]) from None


def _problem(item: dict[str, Any], leaves: Leaves, name: str) -> Problem:
    key = _key_of(item["loc"])
    where = f"{_origin(key, leaves, name)}: {'.'.join(key)}"
    if item["type"] == "extra_forbidden":
        allowed = _siblings(item["loc"])
        return Problem(where, "unknown key", f"one of {', '.join(allowed)}", _nearest(key[-1], allowed))
    if item["type"] == "missing":
        return Problem(where, "missing", "a value", "add the key, or `extends: baseline`")
    value = repr(item["input"]) if not isinstance(item["input"], dict) else "a mapping"
    return Problem(where, f"found {value}", _allowed(item), "mend the value")


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


def _text(scenario: Scenario, leaves: Leaves) -> str:
    """Return the resolved scenario as YAML, each value with its origin as a comment."""
    text_lines: list[str] = []
    _write(scenario.model_dump(mode="json"), (), leaves, text_lines)
    return "\n".join(text_lines) + "\n"


def _write(tree: dict[str, Any], prefix: Key, leaves: Leaves, out: list[str]) -> None:
    pad = "  " * len(prefix)
    for key, value in tree.items():
        name = (*prefix, key)
        if isinstance(value, dict) and value:
            out.append(f"{pad}{key}:")
            _write(value, name, leaves, out)
        else:
            origin = leaves[name].origin if name in leaves else "default"
            out.append(f"{pad}{key}: {_inline(_shown(value, name))}  # {origin}")


def _shown(value: Any, key: Key) -> Any:
    """Return ``value``; of a file only its name is shown, so that a run folder tells nothing of the machine."""
    return Path(value).name if _is_path(key) and isinstance(value, str) else value


def _inline(value: Any) -> str:
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 10_000
    yaml.dump([value], stream)
    return stream.getvalue().strip().removeprefix("[").removesuffix("]")
