"""What is in a folder: its files, and what stands there in the place of one. Links to folders are not followed."""

from __future__ import annotations

import os
from pathlib import Path

from pilotage.errors import DataError, Problem

MOST_FILES = 10_000  # of a folder of official files: all that were ever published are some hundreds


def entries(folder: Path, do: str = "check the path") -> list[Path]:
    """Return every file of a folder and of those inside it, and each folder named like a file or closed, by name.

    ``do`` is what to do where there is no such folder.

    Raises
    ------
    DataError
        When there is no such folder, or it holds more than ``MOST_FILES`` files.
    """
    if not folder.is_dir():
        raise DataError(Problem(str(folder), "no such folder", "a folder of official files", do))
    found: list[Path] = []
    closed: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=closed.append):
        here = Path(place)
        found += [here / name for name in files]
        found += [here / name for name in folders if Path(name).suffix or (here / name).is_symlink()]
        if len(found) > MOST_FILES:
            what, apart = f"more than {MOST_FILES:,} files", "put the official files into a folder of their own"
            raise DataError(Problem(str(folder), what, f"at most {MOST_FILES:,} files", apart))
    return sorted({*found, *(Path(error.filename) for error in closed)})
