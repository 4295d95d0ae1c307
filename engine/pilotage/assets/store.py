"""Work done once, kept as whole files that say by a checksum whether they are as they were written."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pilotage.assets.files import OWNER_FOLDER, write_whole

LOGGER = logging.getLogger("pilotage")
MARK = b"PILOTAGE-1"  # before the sha256 of the content (32 bytes) and the content; another form takes another mark
HEAD = len(MARK) + hashlib.sha256().digest_size


@dataclass(frozen=True)
class Store:
    """A folder of work done once, as whole files named by what they were made from.

    A file that is damaged counts as absent, and the log names it: its maker makes it again. Where the folder cannot be
    written, the work is done without it, and the log says so once.
    """

    folder: Path

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, such as ``features/abc.parquet``; None where there is none to read."""
        try:
            content = unsealed((self.folder / name).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            _cannot(self.folder, "read", error.strerror)
            return None
        if content is None:
            LOGGER.warning("The stored file %s is damaged. What it held is worked out again.", name)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, for its owner alone."""
        path = self.folder / name
        try:
            write_whole(path, sealed(content))
        except OSError as error:
            _cannot(self.folder, "written", error.strerror)
            return
        with contextlib.suppress(OSError):  # the folder is of another owner
            if path.parent != self.folder:
                path.parent.chmod(OWNER_FOLDER)

    def set_aside(self, name: str) -> str:
        """Rename a file that is refused to a name that no file has, and return that name."""
        path, number = self.folder / name, 1
        while (aside := path.with_name(f"{path.name}.refused-{number}")).exists():
            number += 1
        with contextlib.suppress(FileNotFoundError):  # another run has set it aside
            path.rename(aside)
        return aside.name


def sealed(content: bytes) -> bytes:
    """Return a content with its checksum before it."""
    return MARK + hashlib.sha256(content).digest() + content


def unsealed(raw: bytes) -> bytes | None:
    """Return the content of ``sealed``; None where it is another, or in another form."""
    content = raw[HEAD:]
    return content if raw[:HEAD] == MARK + hashlib.sha256(content).digest() else None


@cache
def _cannot(folder: Path, what: str, why: str | None) -> None:
    LOGGER.warning("The folder of stored work %s cannot be %s (%s). The run goes on without it.", folder, what, why)


class NotKeptError(Exception):
    """A ``KeptStore`` does not hold what was asked for."""


class KeptStore(Store):
    """A store for those who make nothing: what it does not hold is an error."""

    def read(self, name: str) -> bytes:
        """Return the content of a file, or raise ``NotKeptError``."""
        content = super().read(name)
        if content is None:
            raise NotKeptError(name)
        return content

    def set_aside(self, name: str) -> str:
        """Leave a file that is refused where it is: it counts as one that is not there."""
        raise NotKeptError(name)
