"""A fitted model as a skops file: plain dictionaries and arrays, no pickle, with what it was made from.

It holds the hash of the spec, the hash of the training rows, the seed, the versions of the libraries and a checksum
of its own content, and is refused where one of them is not what is asked for.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import Any

from pilotage.domain.checksums import Checksum
from pilotage.risk.estimators.additive import Additive, LinearPart, Term

FORMAT = 6
SCALARS = ("intercept", "shift", "slope", "base_rate", "trained_on", "heterogeneity", "earlier_pairs")
LINEAR = ("mean", "centre", "low", "high")


@dataclass(frozen=True)
class Origin:
    """What a model was made from."""

    spec: str
    data: str
    seed: int
    versions: dict[str, str]


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The file is not the model that was asked for; the message says why."""


def to_bytes(model: Additive, origin: Origin) -> bytes:
    """Return the model as the bytes of a skops file."""
    import skops.io

    content = {
        "scalars": {name: getattr(model, name) for name in SCALARS},
        "intercepts": model.intercepts,
        "terms": [_plain(term) for term in model.terms],
    }
    made_from = {"spec": origin.spec, "data": origin.data, "seed": origin.seed, "versions": origin.versions}
    artefact = {"format": FORMAT, "origin": made_from, "checksum": Checksum().content(content).hex, "model": content}
    raw: bytes = skops.io.dumps(artefact)
    return raw


def from_bytes(raw: bytes, origin: Origin) -> Additive:
    """Return the model of ``to_bytes``.

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
    terms = tuple(_term(entry) for entry in content["terms"])
    return Additive(terms=terms, intercepts=content["intercepts"], **content["scalars"])


def _read(raw: bytes) -> Any:
    import skops.io

    try:
        untrusted = skops.io.get_untrusted_types(data=raw)
        if untrusted:
            raise Refused(f"it holds types that are not plain: {', '.join(untrusted)}")
        return skops.io.loads(raw, trusted=[])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise Refused(f"it cannot be read ({type(error).__name__})") from None


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
