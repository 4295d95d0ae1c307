"""InputFile: a file that a run read, what part it plays, and its sha256."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pilotage.domain.checksums import sha256_of
from pilotage.errors import DataError, Problem, raise_all

# Roles. A file of official data has its source as role, as data/reference/sources.yaml names it (``ofsted_mi``).
SAMPLE = "sample"
LEADERS = "leaders"
POSTS = "posts"
PAIRS = "pairs"
ASKS = "asks"
DECISIONS = "decisions"
SCHOOLS = "schools"
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
    """Return the sha256 of each file of a panel by its name, sorted; a panel has no two files of one name."""
    return {each.name: each.sha256 for each in in_order(inputs)}


def in_order(inputs: Iterable[InputFile]) -> list[InputFile]:
    """Return inputs by role, name and key: two of one name may differ in role, and two of one role in key."""
    return sorted(inputs, key=lambda each: (each.role, each.name, each.key))


def digests(paths: Iterable[Path]) -> dict[Path, str | None]:
    """Return the sha256 of each file; None where there is no file, or none that can be read."""
    return {path: _digest(path) for path in paths}


@contextmanager
def unchanged_meanwhile(before: Mapping[Path, str | None]) -> Iterator[None]:
    """Do what reads files whose checksums are known, and raise where one is no longer as it was.

    Raises
    ------
    DataError
        With one problem for each file that changed: what was read of it may be neither the old nor the new.
    """
    yield
    after = digests(before)
    raise_all(DataError, (changed(path) for path, digest in before.items() if after[path] != digest))


def expect_unchanged(inputs: Iterable[InputFile]) -> None:
    """Raise where a file is no longer as it was read: what was read may have been the half of it.

    Raises
    ------
    DataError
        With one problem for each such file.
    """
    read = {each.path: each.sha256 for each in inputs}
    now = digests(read)
    raise_all(DataError, (changed(path) for path, digest in read.items() if now[path] != digest))


def _digest(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except OSError:
        return None


def changed(path: Path) -> Problem:
    """Return what is said of a file that was not the same from beginning to end."""
    what, allowed = "changed while Pilotage read it", "the same file from beginning to end"
    return Problem(str(path), what, allowed, "wait until it is saved, and run again")
