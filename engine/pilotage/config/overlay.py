"""YAML with line numbers, ``extends``, ``--set``, and the origin of every value.

A scenario ``extends`` one or several scenarios and gives the keys that change. Mappings merge; any other value replaces
what stood there; ``null`` under ``rules``, ``pins`` or ``bans`` removes an entry. Two extended scenarios that set the
same key to different values are an error that names both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pilotage import assets
from pilotage.config.faults import nearest, validated
from pilotage.config.leaf import Key, Leaf, Leaves, is_path
from pilotage.config.resolved_text import resolved_text
from pilotage.config.scenario import Scenario
from pilotage.domain.words import one_line, printable
from pilotage.errors import Problem, ScenarioError

NAMED = ("rules", "pins", "bans")  # mappings whose entries null removes


@dataclass(frozen=True)
class Resolved:
    """A scenario with the origin of every value; ``yaml`` is its text for the run folder, ``file`` where it stands."""

    scenario: Scenario
    leaves: Leaves
    yaml: str
    file: Path | None = None


def resolve(name: str, settings: Sequence[str] = ()) -> Resolved:
    """Return the scenario of a path or of a name in configs/, with ``key=value`` settings laid over it.

    Raises
    ------
    ScenarioError
        With every problem, each with its file, its key and the number of its row in the file.
    """
    file = _locate(name)
    leaves = _with_overrides(_load(file, ()), _settings(settings))
    leaves = _without_removed(leaves)
    scenario = validated(_nested(leaves), leaves, name)
    return Resolved(scenario, leaves, resolved_text(scenario, leaves), file)


def _locate(name: str) -> Path:
    for candidate in (Path(name), assets.configs() / f"{name}.yaml"):
        if candidate.is_file():
            return candidate
    shipped = sorted(path.stem for path in assets.configs().glob("*.yaml"))
    raise ScenarioError(
        Problem(
            name, "no such scenario", f"a path to a YAML file, or one of {', '.join(shipped)}", nearest(name, shipped)
        )
    )


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
        raise ScenarioError(Problem(where, f"not YAML: {fault}", "YAML", "correct the line")) from None
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
        name = (*prefix, one_line(str(key)))
        if isinstance(value, Mapping) and value:
            _flatten(value, path, name, out)
        else:
            out[name] = Leaf(_anchored(_plain(value), name, path), f"{path.name}, line {number}")


def _anchored(value: Any, key: Key, path: Path) -> Any:
    """Return ``value``; a relative file name is taken from the folder of the scenario that names it."""
    if is_path(key) and isinstance(value, str) and not Path(value).is_absolute():
        return str(path.parent / value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return printable(value) if isinstance(value, str) else value


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
        leaves[tuple(key.strip().split("."))] = Leaf(_plain(_scalar(text, setting)), f"--set {key.strip()}")
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
