"""Fitted models as files of plain content: JSON and arrays in a zip, no pickle, with what they were made from.

A file holds the hash of the spec, the hash of the training rows, the seed, the versions of the libraries and a checksum
of its own content, and is refused where one of them is not what is asked for. A refused file is never overwritten: it
is moved aside and said so. (A file that is damaged is no refused one: the store finds that out and it is replaced.)
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.domain.checksums import Checksum
from pilotage.risk.estimators.additive import Additive, LinearPart, Term

FORMAT = 7
SCALARS = ("intercept", "shift", "slope", "base_rate", "trained_on", "heterogeneity", "earlier_pairs")
LINEAR = ("mean", "centre", "low", "high")
CONTENT = "artefact.json"  # beside it 0.npy, 1.npy and so on, for which it has {"array": number}
DATED = (1980, 1, 1, 0, 0, 0)  # of every file in the zip, so that the same model gives the same bytes


@dataclass(frozen=True)
class Origin:
    """What a model was made from."""

    spec: str
    data: str
    seed: int
    versions: dict[str, str]


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The file is not the model that was asked for; the message says why."""


def stored(store: Store, name: str, origin: Origin, say: Callable[[str], None]) -> Any:
    """Return the content that the store holds under a name; None where it holds none, or a file that is refused."""
    raw = store.read(name)
    if raw is None:
        return None
    try:
        return unpacked(raw, origin)
    except Refused as why:
        file, aside = name.rpartition("/")[2], store.set_aside(name)
        say(f"The stored model {file} is refused: {why}. It is moved aside as {aside}, and a new one is trained.")
        return None


def packed(content: dict[str, Any], origin: Origin) -> bytes:
    """Return nested dictionaries and lists of arrays, texts and numbers as the bytes of a file."""
    made_from = {"spec": origin.spec, "data": origin.data, "seed": origin.seed, "versions": origin.versions}
    checksum = Checksum().content(content).hex
    arrays: list[NDArray[Any]] = []

    def aside(value: NDArray[Any]) -> dict[str, int]:
        arrays.append(value)
        return {"array": len(arrays) - 1}

    artefact = {"format": FORMAT, "origin": made_from, "checksum": checksum, "model": content}
    files = {CONTENT: json.dumps(artefact, default=aside).encode()}
    files |= {f"{number}.npy": _array_bytes(values) for number, values in enumerate(arrays)}
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, raw in files.items():
            file.writestr(zipfile.ZipInfo(name, DATED), raw)
    return stream.getvalue()


def unpacked(raw: bytes, origin: Origin) -> Any:
    """Return the content of ``packed``.

    Raises
    ------
    Refused
        Where the file cannot be read, holds types that are not plain, was altered, or has another origin.
    """
    artefact = _read(raw)
    if not isinstance(artefact, dict) or artefact.get("format") != FORMAT:
        raise Refused("it is of another format")
    made_from, content = artefact.get("origin", {}), artefact.get("model", {})
    for name in ("spec", "data", "seed"):
        if made_from.get(name) != getattr(origin, name):
            raise Refused(f"it was made from another {name}")
    changed = [
        f"{name} {made_from['versions'].get(name)} (now {now})"
        for name, now in origin.versions.items()
        if made_from["versions"].get(name) != now
    ]
    if changed:
        raise Refused(f"it was made with {', '.join(changed)}")
    if Checksum().content(content).hex != artefact.get("checksum"):
        raise Refused("it was altered: its checksum does not hold")
    return content


def content_of(model: Additive) -> dict[str, Any]:
    """Return an additive model as plain content."""
    return {
        "scalars": {name: getattr(model, name) for name in SCALARS},
        "intercepts": model.intercepts,
        "terms": [_plain(term) for term in model.terms],
    }


def model_of(content: Any) -> Additive:
    """Return the additive model of ``content_of``."""
    terms = tuple(_term(entry) for entry in content["terms"])
    return Additive(terms=terms, intercepts=content["intercepts"], **content["scalars"])


def _read(raw: bytes) -> Any:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as file:

            def content(entry: dict[str, Any]) -> Any:
                return _array(file.read(f"{entry['array']}.npy")) if entry.keys() == {"array"} else entry

            return json.loads(file.read(CONTENT), object_hook=content)
    except (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile) as error:
        raise Refused(f"it cannot be read ({type(error).__name__})") from None


def _array_bytes(values: NDArray[Any]) -> bytes:
    stream = BytesIO()
    np.lib.format.write_array(stream, values, version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def _array(raw: bytes) -> NDArray[Any]:
    stream = BytesIO(raw)
    np.lib.format.read_magic(stream)
    kind = np.lib.format.read_array_header_1_0(stream)[2]
    if kind.hasobject:
        raise Refused(f"it holds types that are not plain: {kind}")
    values: NDArray[Any] = np.lib.format.read_array(BytesIO(raw), allow_pickle=False)
    return values


def _plain(term: Term) -> dict[str, Any]:
    linear = [{"slopes": part.slopes, **{name: getattr(part, name) for name in LINEAR}} for part in term.linear]
    categories = None if term.categories is None else list(term.categories)
    return {
        "feature": term.feature,
        "cuts": term.cuts,
        "categories": categories,
        "scores": term.scores,
        "mean": term.mean,
        "linear": linear,
    }


def _term(entry: dict[str, Any]) -> Term:
    categories = None if entry["categories"] is None else tuple(entry["categories"])
    linear = tuple(LinearPart(**part) for part in entry["linear"])
    return Term(entry["feature"], entry["cuts"], categories, entry["scores"], entry["mean"], linear)
