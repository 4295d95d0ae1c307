"""Train, save and load: an artefact is keyed by spec, training rows and seed, and refused where anything else differs.

A refused artefact is never overwritten: it is moved aside, said so, and the model is trained anew.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.progress import Progress, time_left
from pilotage.risk.estimators.additive import Additive
from pilotage.risk.estimators.artefact import Origin, Refused, from_bytes, to_bytes
from pilotage.risk.estimators.boosting import Rows, fitted
from pilotage.risk.estimators.heterogeneity import Record, heterogeneity
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import spec_hash

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
    record: Record | None = None,
    earlier: Rows | None = None,
) -> Additive:
    """Return the model of these rows, from the cache if it holds them; a refused artefact is kept aside.

    With a record of all pairs, the model also tells how far schools that are alike differ in their own chance; with
    earlier pairs, a part of it is learnt from them.
    """
    origin = origin_of(spec, frame, label, schools, seed, record, earlier)
    path = cache / "estimators" / f"{spec.outcome}-{origin.spec[:8]}-{origin.data[:16]}-{seed}.skops"
    found = _loaded(path, origin, say)
    if found is not None:
        return found
    say(f"Training {spec.outcome} on {len(label):,} pairs of inspections")
    model = fitted(spec, frame, label, schools, seed, _reporter(spec.outcome, say), earlier)
    if record is not None:
        model = replace(model, heterogeneity=heterogeneity(spec, record, seed))
    _save(path, to_bytes(model, origin))
    return model


def origin_of(
    spec: LeadershipSpec,
    frame: pd.DataFrame,
    label: NDArray[np.int64],
    schools: NDArray[np.float64],
    seed: int,
    record: Record | None = None,
    earlier: Rows | None = None,
) -> Origin:
    """Return what a model of these rows is made from."""
    parts: list[tuple[pd.DataFrame, tuple[NDArray[Any], ...]]] = [(frame, (label, schools))]
    if record is not None:
        parts.append((record.frame, (record.before, record.after, record.schools)))
    if earlier is not None:
        parts.append((earlier.frame, (earlier.label, earlier.schools)))
    digest = hashlib.sha256()
    for table, columns in parts:
        digest.update(pd.util.hash_pandas_object(table[list(spec.features)], index=False).to_numpy().tobytes())
        for column in columns:
            digest.update(np.ascontiguousarray(column).tobytes())
    return Origin(spec_hash(spec), digest.hexdigest(), seed, {name: version(name) for name in LIBRARIES})


def _reporter(outcome: str, say: Callable[[str], None]) -> Callable[[int, int], None]:
    """Return what says how many resamples are done and how long the rest will take."""
    start = time.monotonic()

    def report(done: int, total: int) -> None:
        left = time_left(time.monotonic() - start, done, total)
        say(Progress(f"Training {outcome}: {done} of {total} resamples, {left}", done, total))

    return report


def _loaded(path: Path, origin: Origin, say: Callable[[str], None]) -> Additive | None:
    try:
        return from_bytes(path.read_bytes(), origin)
    except OSError:
        return None
    except Refused as why:
        aside = _aside(path)
        say(f"The kept model {path.name} is refused: {why}. It is kept as {aside.name}; a new one is trained.")
        return None


def _aside(path: Path) -> Path:
    """Move a refused artefact to a name that no file has."""
    number = 1
    while (aside := path.with_name(f"{path.name}.refused-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside


def _save(path: Path, raw: bytes) -> None:
    """Write aside, then rename, so that no reader sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_bytes(raw)
    aside.replace(path)
