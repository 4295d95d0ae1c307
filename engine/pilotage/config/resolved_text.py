"""The resolved scenario as YAML for the run folder, each value with where it was set."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pilotage.config.leaf import Key, Leaves, with_paths
from pilotage.config.scenario import Scenario


def resolved_text(scenario: Scenario, leaves: Leaves) -> str:
    """Return the resolved scenario as YAML, each value with its origin as a comment."""
    written: list[str] = []
    _write(scenario.model_dump(mode="json"), (), leaves, written)
    return "\n".join(written) + "\n"


def _write(tree: dict[str, Any], prefix: Key, leaves: Leaves, out: list[str]) -> None:
    pad = "  " * len(prefix)
    for key, value in tree.items():
        name = (*prefix, key)
        if isinstance(value, dict) and value:
            out.append(f"{pad}{_inline(key)}:")
            _write(value, name, leaves, out)
        else:
            origin = leaves[name].origin if name in leaves else "default"
            out.append(f"{pad}{_inline(key)}: {_inline(_shown(value, name))}  # {origin}")


def _shown(value: Any, key: Key) -> Any:
    """Return ``value``; of a file only its name is shown, so that a run folder says nothing about the machine."""
    return with_paths(value, key, lambda name: Path(name).name)


def _inline(value: Any) -> str:
    """Return a value in one line of YAML."""
    return _text(value) if isinstance(value, str) else _dumped(value)


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    return _dumped(value)


def _dumped(value: Any) -> str:
    stream = io.StringIO()
    _writer().dump([value], stream)
    return stream.getvalue().strip().removeprefix("[").removesuffix("]")


@cache
def _writer() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 10_000
    return yaml
