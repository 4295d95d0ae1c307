"""What all tests share: a cache folder of their own, and draws that are the same in every run."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

CACHE = pytest.StashKey[Path]()

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None, print_blob=True)
settings.load_profile("repeatable")

if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores: none starts processes or threads of its own
    for name, value in {"JOBLIB_MULTIPROCESSING": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}.items():
        os.environ.setdefault(name, value)


def pytest_configure(config: pytest.Config) -> None:
    """Give the session a cache folder, unless ``PILOTAGE_CACHE`` names one.

    Trained models are keyed by spec and data, not by code: with the user's cache a changed training would go untested.
    Parallel workers are started from here and share the folder; every file in it is renamed into place whole.
    """
    if "PILOTAGE_CACHE" not in os.environ:
        config.stash[CACHE] = Path(tempfile.mkdtemp(prefix="pilotage-cache-"))
        os.environ["PILOTAGE_CACHE"] = str(config.stash[CACHE])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's cache folder."""
    made = config.stash.get(CACHE, None)
    if made is not None:
        os.environ.pop("PILOTAGE_CACHE", None)
        shutil.rmtree(made, ignore_errors=True)
