"""Trained estimators in the user's cache: arrays without pickle beside a JSON header, written aside and then renamed.

A folder is named by the hash of spec, training rows, seed and library versions. One that is broken, or does not match
its name, is fitted again and replaced. A cache that cannot be written only costs time.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pilotage.risk.additive import AdditiveModel, Term
from pilotage.risk.estimators import train
from pilotage.risk.labels import Labelled
from pilotage.risk.spec import Spec

FORMAT = 1
LIBRARIES = ("interpret-core", "scikit-learn", "numpy", "pandas")
BROKEN = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


def fitted(spec: Spec, rows: Labelled, *, seed: int, cache: Path, say: Callable[[str], None]) -> AdditiveModel:
    """Return the estimator of a leadership outcome from the cache, else trained and kept there."""
    key = artefact_key(spec, rows, seed)
    folder = cache / "estimators" / f"{spec.outcome}-{key[:16]}"
    if folder.exists():
        try:
            return _load(folder, key)
        except BROKEN:
            say(f"The saved estimator of {spec.outcome} is broken: training it again")
    say(f"Training {spec.outcome} on {len(rows.outcome):,} inspections")
    model = train(spec, rows, seed)
    try:
        _save(model, folder, key)
    except OSError as error:
        say(f"The estimator of {spec.outcome} could not be kept: {error.strerror}")
    return model


def artefact_key(spec: Spec, rows: Labelled, seed: int) -> str:
    """Return the hash of all that shapes an estimator."""
    digest = hashlib.sha256(f"{FORMAT} {spec.sha256} {seed} {[version(name) for name in LIBRARIES]}".encode())
    digest.update(repr(list(rows.features.columns)).encode())
    digest.update(pd.util.hash_pandas_object(rows.features, index=False).to_numpy().tobytes())
    digest.update(rows.outcome.tobytes())
    digest.update(rows.urn.tobytes())
    return digest.hexdigest()


def _save(model: AdditiveModel, folder: Path, key: str) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    try:
        arrays = _arrays(model)
        (aside / "model.npz").write_bytes(arrays)
        header = _header(model) | {"key": key, "sha256": hashlib.sha256(arrays).hexdigest()}
        (aside / "model.json").write_text(json.dumps(header, indent=1, sort_keys=True), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _load(folder: Path, key: str) -> AdditiveModel:
    header = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    data = (folder / "model.npz").read_bytes()
    if header["key"] != key or header["sha256"] != hashlib.sha256(data).hexdigest():
        raise ValueError("the artefact does not match its header")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        terms = tuple(_read_term(item, arrays, number) for number, item in enumerate(header["terms"]))
        intercepts = arrays["bag_intercepts"]
    scalars = ("intercept", "shift", "slope", "trained_on", "base_rate")
    return AdditiveModel(terms=terms, bag_intercepts=intercepts, **{name: header[name] for name in scalars})


def _arrays(model: AdditiveModel) -> bytes:
    arrays = {"bag_intercepts": model.bag_intercepts}
    for number, term in enumerate(model.terms):
        arrays |= {f"scores_{number}": term.scores, f"bag_scores_{number}": term.bag_scores}
        arrays |= {} if term.edges is None else {f"edges_{number}": term.edges}
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def _header(model: AdditiveModel) -> dict[str, Any]:
    terms = [
        {"feature": t.feature, "transformation": t.transformation, "fill": t.fill, "categories": list(t.categories)}
        | {"numeric": t.edges is not None}
        for t in model.terms
    ]
    scalars = {name: getattr(model, name) for name in ("intercept", "shift", "slope", "trained_on", "base_rate")}
    return {"format": FORMAT, "libraries": {name: version(name) for name in LIBRARIES}, "terms": terms} | scalars


def _read_term(item: dict[str, Any], arrays: Any, number: int) -> Term:
    return Term(
        feature=item["feature"],
        transformation=item["transformation"],
        fill=item["fill"],
        edges=arrays[f"edges_{number}"] if item["numeric"] else None,
        categories=tuple(item["categories"]),
        scores=arrays[f"scores_{number}"],
        bag_scores=arrays[f"bag_scores_{number}"],
    )
