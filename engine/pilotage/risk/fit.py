"""Train, save and load: an artefact is keyed by spec, training data, seed and library versions, and never a pickle."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.additive import Additive, from_bytes, to_bytes
from pilotage.risk.estimators import fitted
from pilotage.risk.spec import LeadershipSpec, spec_hash

LIBRARIES = ("interpret-core", "scikit-learn", "numpy", "pandas")


def trained(
    spec: LeadershipSpec,
    frame: pd.DataFrame,
    label: NDArray[np.int64],
    schools: NDArray[np.float64],
    seed: int,
    *,
    cache: Path,
    say: Callable[[str], None],
) -> Additive:
    """Return the model of these rows, from the cache if it holds them; an artefact that does not load is made anew."""
    path = cache / "estimators" / f"{spec.outcome}-{_key(spec, frame, label, schools, seed)}.npz"
    found = _loaded(path)
    if found is not None:
        return found
    say(f"Training {spec.outcome} on {len(label):,} pairs of inspections")
    model = fitted(spec, frame, label, schools, seed)
    _save(path, to_bytes(model))
    return model


def _key(
    spec: LeadershipSpec, frame: pd.DataFrame, label: NDArray[np.int64], schools: NDArray[np.float64], seed: int
) -> str:
    digest = hashlib.sha256(f"{spec_hash(spec)} {seed} {[version(name) for name in LIBRARIES]}".encode())
    digest.update(pd.util.hash_pandas_object(frame[list(spec.features)], index=False).to_numpy().tobytes())
    digest.update(np.ascontiguousarray(label).tobytes())
    digest.update(np.ascontiguousarray(schools).tobytes())
    return digest.hexdigest()[:24]


def _loaded(path: Path) -> Additive | None:
    try:
        return from_bytes(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def _save(path: Path, raw: bytes) -> None:
    """Write aside, then rename, so that no reader sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_bytes(raw)
    aside.replace(path)
