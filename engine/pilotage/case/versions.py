"""What shapes a result beside its inputs: versions; and the short hash of all of them."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from pilotage.domain.checksums import Checksum

if TYPE_CHECKING:
    from pilotage.case.record import RunRecord

LIBRARIES = ("numpy", "pandas", "scikit-learn", "interpret-core", "ortools", "scipy")


def versions() -> dict[str, str]:
    """Return the versions that shape a result."""
    own = {"pilotage": version("pilotage"), "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES}


def fingerprint(record: RunRecord) -> str:
    """Return the short hash of a run's inputs: scenario, files and versions."""
    files = sorted((each.name, each.sha256) for each in record.inputs)
    parts = [record.resolved_yaml, repr(files), repr(sorted(record.versions.items()))]
    return Checksum().text("\n".join(parts)).hex[:8]
