"""Where configs/, models/ and data/ are: in a checkout, else in the installed wheel; and where caches go."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder that holds ``configs/``, ``models/`` and ``data/``."""
    shipped = PACKAGE / "_shipped"
    return shipped if shipped.is_dir() else PACKAGE.parent.parent


def configs() -> Path:
    """Return the folder of the shipped scenarios."""
    return root() / "configs"


def models() -> Path:
    """Return the folder of the outcomes' specs."""
    return root() / "models"


def reference() -> Path:
    """Return the folder of the reference data."""
    return root() / "data" / "reference"


def sample() -> Path:
    """Return the folder of the embedded synthetic sample."""
    return root() / "data" / "sample"


def cache() -> Path:
    """Return the user's cache folder; the environment variable ``PILOTAGE_CACHE`` overrides it."""
    named = os.environ.get("PILOTAGE_CACHE")
    return Path(named) if named else user_cache_path("pilotage", appauthor=False)


def real_data() -> Path | None:
    """Return the folder named by ``PILOTAGE_REAL_DATA``, or None where it is unset."""
    named = os.environ.get("PILOTAGE_REAL_DATA")
    return Path(named) if named else None
