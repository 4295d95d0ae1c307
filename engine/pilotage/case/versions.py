"""What shapes a result beside its inputs: versions; and the short hash of all of them."""

from __future__ import annotations

import platform
from importlib.metadata import version

from pilotage.domain.checksums import Checksum
from pilotage.domain.inputs import Inputs, in_order

LIBRARIES = ("numpy", "pandas", "scikit-learn", "interpret-core", "ortools", "scipy")


def versions() -> dict[str, str]:
    """Return the versions that shape a result."""
    own = {"pilotage": version("pilotage"), "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES}


def fingerprint(resolved_yaml: str, inputs: Inputs) -> str:
    """Return the short hash of what goes into a run: scenario, files by their role, and versions."""
    files = [(each.role, each.name, each.key, each.sha256) for each in in_order(inputs)]
    parts = [resolved_yaml, repr(files), repr(sorted(versions().items()))]
    return Checksum().text("\n".join(parts)).hex[:8]
