"""``--set key=value``: the key with its dots, and the value as it would stand in a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from pilotage.config.leaf import Key, Leaves, laid_over, names_below
from pilotage.config.refusals.removals import refused_removals
from pilotage.config.written.fault import Fault, problem, short
from pilotage.config.written.leaves import leaves_of
from pilotage.config.written.nodes import Node, read
from pilotage.errors import Problem, ScenarioError, raise_all

QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")


def with_settings(base: Leaves, settings: Sequence[str]) -> Leaves:
    """Return the leaves of a scenario with the settings laid over them, the later over the earlier.

    Raises
    ------
    ScenarioError
        With a problem for each setting that cannot be read, or that removes what is not there.
    """
    result, problems = base, list[Problem]()
    for setting in settings:
        name, equals, text = setting.partition("=")
        key = split_key(name.strip(), result)
        if not equals or not all(key):
            do = "write it so, without a space before and after ="
            problems.append(Problem(f"--set {short(setting)}", "no key=value", "--set key.subkey=value", do))
            continue
        origin = f"--set {short(name.strip())}"
        node, faults = read(text)
        problems += [problem(_of_setting(fault), origin) for fault in faults]
        if not faults:
            own = leaves_of(node or Node(1), partial(_always, origin), key)
            problems += refused_removals(result, own)
            result = laid_over(result, own)
    raise_all(ScenarioError, problems)
    return result


def _always(origin: str, _line: int) -> str:
    return origin


def _of_setting(fault: Fault) -> Fault:
    """Return a fault without the key within the value: the setting says which it is."""
    return Fault(fault.line, fault.what, fault.allowed, fault.do)


def split_key(text: str, known: Leaves) -> Key:
    """Return the names of a dotted key; a name with dots of its own is one that is known, or stands in quotes."""
    key: Key = ()
    rest: str | None = text
    while rest is not None:
        name, rest = _first_name(rest, names_below(known, key))
        key = (*key, name)
    return key


def _first_name(text: str, names: Sequence[str]) -> tuple[str, str | None]:
    """Return the first name of a dotted key, and what follows its dot; None where nothing does."""
    quoted = QUOTED.match(text)
    if quoted is not None and text[quoted.end() : quoted.end() + 1] in ("", "."):
        name, length = quoted.group(1) or quoted.group(2) or "", quoted.end()
    else:
        dotted = [name for name in names if "." in name and f"{text}.".startswith(f"{name}.")]
        name = max(dotted, key=len) if dotted else text.partition(".")[0]
        length = len(name)
    return name, text[length + 1 :] if text[length : length + 1] == "." else None
