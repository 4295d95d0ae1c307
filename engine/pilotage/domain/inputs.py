"""InputFile: a file that a run read, what part it plays, and its sha256."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pilotage.domain.checksums import sha256_of

# Roles. A file of official data has its source as role, as data/reference/sources.yaml names it (``ofsted_mi``).
SAMPLE = "sample"
LEADERS = "leaders"
POSTS = "posts"
PAIRS = "pairs"
ASKS = "asks"
EARLIER_PLAN = "earlier_plan"
FORECAST = "forecast"


@dataclass(frozen=True)
class InputFile:
    """One file that was read.

    Attributes
    ----------
    role
        What part it plays: one of the roles above, or a source of official data.
    name
        What reports call it.
    path
        Where it was read, on this machine.
    sha256
        64 hexadecimal digits.
    key
        The scenario's key that names it (``pool.leaders``); empty where none does.
    """

    role: str
    name: str
    path: Path
    sha256: str
    key: str = ""


Inputs = tuple[InputFile, ...]


def input_of(path: Path, role: str, *, name: str = "", key: str = "") -> InputFile:
    """Return a file as an input, its checksum taken; without a name it is called by its file name."""
    return InputFile(role, name or path.name, path, sha256_of(path), key)


def checksums(inputs: Iterable[InputFile]) -> dict[str, str]:
    """Return the sha256 of each input by its name, sorted by name."""
    return {each.name: each.sha256 for each in sorted(inputs, key=lambda each: (each.name, each.sha256))}
