"""Scenarios and settings drawn at random: mutations of real scenarios, and texts between valid and broken.

``python benchmarks/fuzz/scenarios.py --examples 2000 --seed 1`` draws that many of each and prints what is wrong.
"""

from __future__ import annotations

import copy
import random
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pilotage import assets
from pilotage.config.overlay import resolve

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.outcome import faults, outcome_of, written_in

Tree = dict[str, Any]
Draw = random.Random

# Values as people write them, right or wrong, each as it stands in the file.
WRITTEN = (
    *("5", "-1", "0", "1.5", "1e6", "1e999", ".inf", "-.inf", ".nan", "1_000", "0x10", "0o17", "007", "1,5", "'2,5'"),
    *("50%", "£5", "'5'", '"5"', "true", "false", "yes", "no", "on", "off", "True", "null", "~", "", "''", "[]", "{}"),
    *("[a]", "[[a]]", "[1, 2]", "{a: b}", "{a: {b: {c: d}}}", "[true, 5]", "2016-08-31", "2016-02-30", "2016-13-01"),
    *("31/08/2016", "20160831", "2016-08-31T25:00:00", "London", "Derby", "North West", "a: b", "a:b", "a : b"),
    *("'x", '"x', '"\\ud800"', '"a\\0b"', '"\\U00110000"', '"\\e[31m"', "!!str 5", "!!python/object:os.system []"),
    *("!foo bar", "*nothing", "&a [*a]", "&a b", "@x", "`x`", "%x", "- a", "? a", "| a", "|\n  text", ">\n  text"),
    *("[1, 2", "{a: b", "]", "}", "# comment", "a # b", "\ta", "a\tb", "caf\u00e9", "\u202ereversed", "\U0001f600"),
    *("a\u00a0b", "\u2028", "\x85", "\x00", "\x1b", "\ufeff", "\ufffe", "x" * 5_000, "9" * 400, "[" * 300, "x: " * 50),
    *("'; DROP TABLE'", "../../etc/passwd", "C:\\temp\\x", "\\\\server\\x", "/dev/null", ".", "..", "con"),
)
NAMES = (
    *("travell", "a.b", "5", "2016-08-31", "true", "null", "<<", "rule", "count", "x" * 300, "", " ", "'", "name", "-"),
    *("caf\u00e9", "\u202e", "*a", "&a", "!x", "a b", "a:b", "extends", "__class__", "model_config"),
)


@cache
def real_trees() -> list[Tree]:
    """Return the shipped scenarios as trees of texts, numbers, lists and mappings."""
    paths = sorted(assets.configs().glob("*.yaml"))
    return [YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) for path in paths]


def places_in(tree: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of everything in a tree, as a tuple of keys and positions."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield (*above, key)
        yield from places_in(value, (*above, key))


def mutated_tree(draw: Draw, trees: list[Tree]) -> Tree:
    """Return a real scenario, or a whole one, in which some things are dropped, renamed, swapped, nested or retyped."""
    tree = copy.deepcopy(draw.choice(trees))
    for _ in range(draw.choice((0, 1, 1, 1, 2, 4))):
        _mutate(draw, tree)
    return tree


def _mutate(draw: Draw, tree: Tree) -> None:
    places = list(places_in(tree))
    if not places:
        return
    place = draw.choice(places)
    inside = _at(tree, place[:-1])
    draw.choice((_drop, _rename, _retype, _retype, _swap, _nest, _repeat))(draw, tree, inside, place)


def _at(tree: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        tree = tree[key]
    return tree


def _drop(_draw: Draw, _tree: Tree, inside: Any, place: tuple[Any, ...]) -> None:
    del inside[place[-1]]


def _rename(draw: Draw, _tree: Tree, inside: Any, place: tuple[Any, ...]) -> None:
    if isinstance(inside, dict):
        value = inside.pop(place[-1])
        word = str(place[-1])
        swapped = word[1:2] + word[:1] + word[2:]
        inside[draw.choice((*NAMES, swapped, word.upper(), word + word))] = value


def _retype(draw: Draw, _tree: Tree, inside: Any, place: tuple[Any, ...]) -> None:
    inside[place[-1]] = Written(draw.choice(WRITTEN))


def _swap(draw: Draw, tree: Tree, inside: Any, place: tuple[Any, ...]) -> None:
    other = draw.choice(list(places_in(tree)))
    inside[place[-1]] = copy.deepcopy(_at(tree, other))


def _nest(draw: Draw, _tree: Tree, inside: Any, place: tuple[Any, ...]) -> None:
    value = inside[place[-1]]
    for _ in range(draw.choice((1, 2, 30))):
        value = draw.choice((lambda one: [one], lambda one: {"a": one}))(value)
    inside[place[-1]] = value


def _repeat(draw: Draw, _tree: Tree, inside: Any, place: tuple[Any, ...]) -> None:
    value = inside[place[-1]]
    inside[place[-1]] = value * 3 if isinstance(value, list | str) and len(value) < 1_000 else [value] * 3


class Written(str):
    """A text that is put into the file as it stands."""

    __slots__ = ()


def text_of(tree: Any, pad: str = "") -> str:
    """Return a tree as a file would hold it; what is ``Written`` stands as it is."""
    if isinstance(tree, dict) and tree:
        return "".join(f"{pad}{key}:{_below(value, pad)}" for key, value in tree.items())
    return f"{pad}{_flow(tree)}\n"


def _below(value: Any, pad: str) -> str:
    if isinstance(value, dict) and value:
        return f"\n{text_of(value, pad + '  ')}"
    return f" {_flow(value)}\n"


def _flow(value: Any) -> str:
    if isinstance(value, Written) or (isinstance(value, str) and value.isalnum()):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(item)}' for key, item in value.items())}}}"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def broken_bytes(draw: Draw, text: str) -> bytes:
    """Return a text as bytes, perhaps with lines and signs changed, or in another encoding."""
    lines = text.split("\n")
    for _ in range(draw.choice((0, 0, 0, 1, 3))):
        where = draw.randrange(len(lines))
        line = lines[where]
        at = draw.randrange(len(line) + 1)
        sign = draw.choice((*"\t:{}[]'\"&*!|>%@`#,?-\\ \u00a0\x00\x1b", "<<: ", "---", "...", "\r"))
        lines[where] = draw.choice((line[:at] + sign + line[at:], line[:at], " " + line, line + "\n" + line))
    encoding = draw.choice(("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"))
    content = "\n".join(lines).encode(encoding, errors="replace")
    return content if draw.random() > 0.02 else bytes(draw.randrange(256) for _ in range(200))


def drawn_scenario(seed: int) -> bytes:
    """Return the scenario of a seed, as the bytes of its file."""
    draw = random.Random(seed)
    return broken_bytes(draw, text_of(mutated_tree(draw, real_trees())))


def drawn_setting(seed: int) -> str:
    """Return the setting of a seed, as it follows ``--set``."""
    draw = random.Random(seed)
    place = [str(key) for key in draw.choice(list(places_in(draw.choice(real_trees()))))]
    if draw.random() < 0.3:
        place[draw.randrange(len(place))] = draw.choice(NAMES)
    if draw.random() < 0.1:
        place.append(draw.choice(NAMES))
    equals = draw.choice(("=",) * 9 + ("", " = ", "=="))
    return f"{'.'.join(place)}{equals}{draw.choice(WRITTEN)}"


def answer_to_scenario(seed: int, folder: Path) -> Answer:
    """Return what the file of a seed comes to, and what is wrong with that."""
    content = drawn_scenario(seed)
    path = folder / "drawn.yaml"
    path.write_bytes(content)
    outcome = outcome_of(lambda: resolve(str(path)))
    return outcome, faults(outcome, written_in(content))


def answer_to_setting(seed: int, _folder: Path) -> Answer:
    """Return what the setting of a seed, laid over the baseline, comes to, and what is wrong with that."""
    setting = drawn_setting(seed)
    outcome = outcome_of(lambda: resolve("baseline", [setting]))
    return outcome, faults(outcome, setting)


HARNESSES = (Harness("scenarios", answer_to_scenario, 250), Harness("settings", answer_to_setting, 200))

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
