"""Files written whole or not at all, and for their owner alone where the system has modes."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import IO

from pilotage.assets.held import held, remove_held

OWNER_FOLDER, OWNER_FILE = 0o700, 0o600
PART = ".part"
ATTEMPTS = 20  # to have a part: another process may take one for left behind


def write_whole(path: Path, content: bytes, mode: int = OWNER_FILE) -> None:
    """Write a file aside, then rename it, so that no reader sees half of it; folders that lack are made.

    It has its mode before it has its name, so that a killed process leaves no file of another mode.

    What a killed process left of the same file is removed. Two processes may write the same file at once.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left of it then, and a file that was there before stays.
    """
    owners_folder(path.parent)
    _remove_parts(path)
    aside, handle = _part_of(path)
    try:
        with handle:
            handle.write(content)
            handle.flush()
            aside.chmod(mode)
            if os.name != "nt":  # Windows renames no file that is open
                aside.replace(path)
        if os.name == "nt":
            aside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def _part_of(path: Path) -> tuple[Path, IO[bytes]]:
    """Return a new file beside another, held."""
    for _ in range(ATTEMPTS):
        aside = path.with_name(f".{_short(path)}.{secrets.token_hex(4)}{PART}")
        handle = held(aside)
        if handle is not None:
            return aside, handle
    raise FileNotFoundError(errno.ENOENT, "its folder is gone", str(path.parent))


def _remove_parts(path: Path) -> None:
    for left in path.parent.glob(f".{_short(path)}.*{PART}"):
        handle = held(left, sure=True)
        if handle is not None:
            remove_held(handle, left)


def _short(path: Path) -> str:
    """Return a short name for the parts of a file: its own may be the longest that the system allows."""
    return sha256(path.name.encode(errors="surrogateescape")).hexdigest()[:12]


def owners_folder(folder: Path) -> None:
    """Make a folder, and those above it that lack, for their owner alone; one that is there keeps its mode."""
    lacking = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(lacking):
        each.mkdir(mode=OWNER_FOLDER, exist_ok=True)
