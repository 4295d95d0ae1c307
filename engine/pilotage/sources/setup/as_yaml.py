"""The scenario that a setup workbook stands for, as a file of its own beside the workbook."""

from __future__ import annotations

import os
from dataclasses import replace
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from pilotage.assets import write_whole
from pilotage.config.leaf import Key, Leaf, tree_of, with_paths
from pilotage.sources.setup.scenario import EXTENDS, NAME, WHY, SetUp

FIRST = (EXTENDS, NAME, WHY)
WIDTH = 120


def scenario_text(setup: SetUp) -> str:
    """Return the scenario as YAML: what it extends, and the keys that differ from that."""
    leaves = {EXTENDS: Leaf(setup.extends, "")} | setup.changes
    first = {key: leaves[key] for key in FIRST if key in leaves}
    stream, yaml = StringIO(), YAML()
    yaml.width = WIDTH
    yaml.dump(tree_of({key: _below(key, leaf, setup.path.parent) for key, leaf in (first | leaves).items()}), stream)
    said = f"# What the setup workbook {setup.path.name} stands for. Each run of the workbook writes this file again."
    return f"{said}\n{stream.getvalue()}"


def write_scenario(setup: SetUp) -> Path:
    """Write the scenario beside the workbook, as ``<name of the workbook>-scenario.yaml``; return its path."""
    path = setup.path.with_name(f"{setup.path.stem}-scenario.yaml")
    write_whole(path, scenario_text(setup).encode("utf-8"))
    return path


def _below(key: Key, leaf: Leaf, folder: Path) -> Leaf:
    """Return a value with each path in it as it is seen from the folder of the file."""
    return replace(leaf, value=with_paths(leaf.value, key, lambda name: Path(os.path.relpath(name, folder)).as_posix()))
