"""Where configs/, models/ and data/ are: in a checkout, else in the installed wheel; and where caches go.

Read ``held`` (who is still at work), ``files`` (written whole or not at all), ``store`` (work done once).
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from pilotage.assets.files import write_whole
from pilotage.assets.store import KeptStore, NotKeptError, Store

__all__ = [
    "KeptStore",
    "NotKeptError",
    "Store",
    "cache",
    "configs",
    "data_folder",
    "kept_store",
    "models",
    "real_data",
    "reference",
    "root",
    "sample",
    "store",
    "write_whole",
]

PACKAGE = Path(__file__).resolve().parent.parent


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


def data_folder(named: Path | None = None) -> Path:
    """Return the folder of official files: the one named, else that of ``PILOTAGE_REAL_DATA``, else data/raw."""
    return named or real_data() or Path("data/raw")


def store() -> Store:
    """Return the store in the user's cache folder."""
    return Store(cache())


def kept_store() -> KeptStore:
    """Return the store in the user's cache folder, for those who make nothing."""
    return KeptStore(cache())
