"""A file that its maker holds while it lives, so that another process can tell work in progress from what was left.

The system lets go of a file when its holder ends, however it ends. A process number would not do: it comes again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import IO

BUSY = frozenset((errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK))

if sys.platform == "win32":
    import msvcrt

    def _hold(handle: IO[bytes]) -> None:
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def held(path: Path, *, sure: bool = False) -> IO[bytes] | None:
    """Return a file opened and held until it is closed; None where another process holds it, or has removed it.

    It is made where there is none. Where the system cannot hold files it is opened all the same, unless ``sure``.

    Raises
    ------
    OSError
        When the file cannot be opened for another reason than that its folder is gone.
    """
    try:
        handle = path.open("ab")
    except FileNotFoundError:
        return None
    try:
        _hold(handle)
    except OSError as error:
        if sure or error.errno in BUSY:
            handle.close()
            return None
    if _is_there(handle, path):
        return handle
    handle.close()
    return None


def remove_held(handle: IO[bytes], path: Path) -> None:
    """Remove a file that is held, and let go of it: in this order, so that nobody takes it between."""
    with contextlib.suppress(OSError):
        if os.name != "nt":  # Windows removes no file that is open
            path.unlink()
    handle.close()
    with contextlib.suppress(OSError):
        if os.name == "nt":
            path.unlink()


def _is_there(handle: IO[bytes], path: Path) -> bool:
    """Return whether the file of that name is the one opened: another process may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except OSError:
        return False
