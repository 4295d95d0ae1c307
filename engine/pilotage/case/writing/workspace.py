"""The place beside a folder in which that folder is made.

It is a hidden folder with a name of its own. Its maker holds a file in it (``assets.held``), so that the next run of
the same folder removes it only when its maker has ended. It holds ``new``, which is being made, and ``old-00`` and so
on, the folders that ``new`` replaces: they come back where a run was killed before ``new`` was in its place. One that
is being removed is called ``gone-old-00``: half of it never comes back, and the next run removes the rest.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from pilotage.assets.files import OWNER_FOLDER, owners_folder
from pilotage.assets.held import held, remove_held

NEW, OLD, GONE, HELD = "new", "old-", "gone-", "held"
_mine: dict[Path, Path] = {}  # of each place of this process its target, so that an interrupted command can remove it


@contextlib.contextmanager
def workspace(target: Path, within: Path) -> Iterator[Path]:
    """Yield an empty place in the folder ``within``, in which ``target`` is made; it is gone afterwards.

    What killed runs left of such places is removed (``remove_leftovers``).

    Raises
    ------
    OSError
        When no place can be made there.
    """
    made = [folder for folder in (within, *within.parents) if not folder.exists()]
    try:
        owners_folder(within)
        with _held_place(target, within) as place:
            yield place
    except BaseException:
        with contextlib.suppress(OSError):
            for folder in made:  # those that were made for it, and are still empty
                folder.rmdir()
        raise


@contextlib.contextmanager
def _held_place(target: Path, within: Path) -> Iterator[Path]:
    while True:
        place = within / f"{_stem(target)}{secrets.token_hex(4)}"
        place.mkdir(mode=OWNER_FOLDER)
        _mine[place] = target
        handle = held(place / HELD)
        if handle is not None:
            break
    try:
        yield place
    finally:
        _bring_back(place, target)
        _empty(place)
        remove_held(handle, place / HELD)
        _remove(place)


def remove_leftovers(target: Path, foreign: Callable[[Path], list[str]]) -> None:
    """Remove what killed runs left of making ``target``; a folder that one had moved out of the way comes back.

    What somebody else's files lie in (``foreign``) is kept.
    """
    for within in {target.parent, nearest(target.parent)}:
        with contextlib.suppress(OSError):
            for place in sorted(within.glob(f"{_stem(target)}*")):
                _remove_left(place, target, foreign)


def _remove_left(place: Path, target: Path, foreign: Callable[[Path], list[str]]) -> None:
    """Remove a place unless its maker lives; it holds ``HELD`` from before anything else until after."""
    if not (place / HELD).exists():
        with contextlib.suppress(OSError):
            place.rmdir()
        return
    handle = held(place / HELD, sure=True)
    if handle is None:
        return
    with handle:
        _bring_back(place, target)
        if any(foreign(old) for old in place.glob(f"{OLD}*")):
            return
        _empty(place)
        remove_held(handle, place / HELD)
    _remove(place)


def remove_own() -> None:
    """Remove every place of this process, which is about to end at once; a folder moved out of the way comes back."""
    for place, target in tuple(_mine.items()):
        with contextlib.suppress(OSError):
            _bring_back(place, target)
            _empty(place)
            _remove(place)


def nearest(folder: Path) -> Path:
    """Return the folder, or the nearest above it that there is."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _stem(target: Path) -> str:
    """Return how the names of a target's places begin: short, since a target may have the longest name allowed."""
    return f".pilotage-{sha256(target.name.encode(errors='surrogateescape')).hexdigest()[:12]}-"


def _bring_back(place: Path, target: Path) -> None:
    """Put the newest folder moved out of the way where it was, if nothing is there."""
    olds = sorted(place.glob(f"{OLD}*"))
    if olds and not target.exists():
        olds[-1].rename(target)


def _empty(place: Path) -> None:
    """Remove all that lies in a place except the file that is held."""
    for each in sorted(place.iterdir()):
        if each.is_dir() and not each.is_symlink():
            named = each.rename(place / f"{GONE}{each.name}") if each.name.startswith(OLD) else each
            shutil.rmtree(named, ignore_errors=True)
        elif each.name != HELD:
            each.unlink(missing_ok=True)


def _remove(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    _mine.pop(place, None)
