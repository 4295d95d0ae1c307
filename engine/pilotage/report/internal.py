"""What everything says that is not made for a reader outside: it is internal."""

from __future__ import annotations

from typing import Any

INTERNAL = (
    "Internal: for the charity's planners alone. `pilotage share` makes what a trust, an authority or trustees may see."
)
AUDIENCE: dict[str, Any] = {"audience": {"kind": "internal", "name": None}}  # in the manifest of every other folder
