"""A folder that appears whole or not at all: made in a place beside it, then renamed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pilotage.assets.files import OWNER_FILE, OWNER_FOLDER
from pilotage.case.writing.target import cannot_be_written, foreign_words, refuse_existing
from pilotage.case.writing.workspace import NEW, OLD, workspace
from pilotage.errors import Problem, UsageError

ATTEMPTS = 20  # to put the folder in its place, while other runs put theirs there
_written: dict[Path, int] = {}  # the number that the system gives each folder or file, noted before it is in its place


def whole_folder(out: Path, force: bool, fill: Callable[[Path], None]) -> Path:
    """Fill a folder beside ``out`` and rename it; whatever fails, nothing half-made stays, and what was there does.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, is not Pilotage's alone, cannot be replaced, or cannot be written.
    """
    refuse_existing(out, force=force)
    target = out.resolve()
    try:
        with workspace(target, target.parent) as place:
            new = place / NEW
            new.mkdir(mode=OWNER_FOLDER)
            fill(new)
            _settle(new)
            note(out, new)
            _put(out, place, force)
    except OSError as error:
        raise UsageError(cannot_be_written(out, error)) from None
    return out


def note(path: Path, new: Path) -> None:
    """Note that ``new`` is about to be renamed to ``path``, so that ``written`` is true at any moment."""
    _written.pop(path, None)
    _written[path] = new.stat().st_ino


def written() -> tuple[Path, ...]:
    """Return every folder and file that this process has written whole, in order."""
    return tuple(path for path, number in _written.items() if path.exists() and path.stat().st_ino == number)


def _settle(folder: Path) -> None:
    """Make each file its owner's alone, and have it on the disk before the folder gets its name."""
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(OWNER_FOLDER)
            continue
        path.chmod(OWNER_FILE)
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _put(out: Path, place: Path, force: bool) -> None:
    """Put the new folder in its place; one that is there is looked at again and moved aside, and back on failure."""
    target, new = out.resolve(), place / NEW
    for attempt in range(ATTEMPTS):
        refuse_existing(out, force=force)
        old = place / f"{OLD}{attempt:02}"
        if target.exists():
            _move_aside(out, old)
        try:
            new.rename(target)
            return
        except OSError:
            if old.exists() and not target.exists():
                old.rename(target)
                raise
            if not target.exists():
                raise  # otherwise another run has put its folder there meanwhile
    raise UsageError(Problem(str(out), "is replaced again and again by other runs", "one run at a time", "run again"))


def _move_aside(out: Path, old: Path) -> None:
    """Move a folder out of the way; what came into it since it was looked at brings it back."""
    target = out.resolve()
    try:
        target.rename(old)
    except FileNotFoundError:
        return  # another run is replacing it
    except OSError as error:
        fault, do = f"cannot be replaced ({error.strerror})", "close its files in Excel and the browser, and run again"
        raise UsageError(Problem(str(out), fault, "a folder that nothing holds open", do)) from None
    fault = foreign_words(old) or ""
    if fault:
        old.rename(target)
        allowed, do = "--force replaces only a folder that Pilotage wrote", "move it out, or name another"
        raise UsageError(Problem(str(out), fault, allowed, do))
