"""The bytes of a file, or of the one file inside a zip, within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineError

from pilotage.errors import DataError, Problem
from pilotage.sources.opening.archive import DAMAGED, Archive
from pilotage.sources.opening.far_cells import reach_of

WORKBOOK = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LARGEST_BYTES = 400_000_000  # of a file, and of an archive unpacked: the largest real workbook has 9 million
MOST_CELLS = 12_000_000  # of a sheet, blank ones counted: the largest real one has 8 million
ZIP = b"PK"
READER_FAILED = "PanicException"  # what the reader of workbooks raises on what it did not expect; no Exception


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, or of the one file inside a zip that is no workbook itself.

    Raises
    ------
    DataError
        When it is no file, may not be read, is larger than ``LARGEST_BYTES`` or would unpack to more, is a damaged zip
        or one of several files, or is a workbook with a cell beyond ``MOST_CELLS``.
    """
    content = _read(path)
    if not content.startswith(ZIP):
        return content
    inside = _unpacked(path, content)
    if inside is None:
        return content
    if inside.startswith(ZIP) and _unpacked(path, inside) is not None:
        raise DataError(Problem(str(path), "is a zip inside a zip", "one workbook or CSV", "unpack it"))
    return inside


def why_no_file(path: Path) -> str | None:
    """Return why an entry of a folder is no file that can be read; null where it is one."""
    try:
        path.stat()
    except OSError:
        return "is a link that leads nowhere or in a circle" if path.is_symlink() else "cannot be opened by this user"
    if path.is_dir():
        return "is a folder" if not path.is_symlink() else "is a link to a folder, which is not followed"
    return None if path.is_file() else "is no file, but a device or a pipe"


def _read(path: Path) -> bytes:
    why = why_no_file(path)
    if why is not None:
        raise DataError(Problem(str(path), why, "a file", "put the file itself there"))
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise _too_large(path, f"has {size / 1e6:,.0f} MB")
    try:
        return path.read_bytes()
    except OSError:
        what = "cannot be opened by this user, or another program holds it"
        raise DataError(
            Problem(str(path), what, "a file that may be read", "close it, or change who may read it")
        ) from None


def _unpacked(path: Path, content: bytes) -> bytes | None:
    """Return the one file inside a zip; null where the zip is itself a workbook, whose cells are then near enough."""
    try:
        archive = Archive(content)
        if archive.unpacks_to > LARGEST_BYTES:
            raise _too_large(path, f"would unpack to {archive.unpacks_to / 1e6:,.0f} MB")
        if archive.is_workbook():
            _expect_near(path, archive)
            return None
        inside = [name for name in archive.names() if name.lower().endswith((*WORKBOOK, ".csv"))]
        if len(inside) == 1:
            return archive.part(inside[0])
    except DAMAGED:
        if path.suffix.lower() in WORKBOOK:
            raise _unreadable(path) from None
        raise DataError(Problem(str(path), "a truncated or damaged zip", "a whole file", "download it again")) from None
    what = f"a zip of {len(inside)} workbooks or CSV files"
    raise DataError(Problem(str(path), what, "one of them", "unpack it and keep the one"))


def _too_large(path: Path, what: str) -> DataError:
    allowed = f"at most {LARGEST_BYTES / 1e6:,.0f} MB"
    return DataError(Problem(str(path), what, allowed, "check where the file comes from"))


@contextmanager
def reading_workbook(path: Path) -> Iterator[None]:
    """Say of whatever the reader of workbooks fails with that the workbook cannot be read."""
    try:
        yield
    except (CalamineError, *DAMAGED, OverflowError, TypeError):
        raise _unreadable(path) from None
    except BaseException as error:
        if type(error).__name__ != READER_FAILED:
            raise
        raise _unreadable(path) from None


def _unreadable(path: Path) -> DataError:
    what = "is not a readable workbook (it is damaged, cut off, or of another kind)"
    return DataError(Problem(str(path), what, "an Excel workbook", "download it again"))


def _expect_near(path: Path, archive: Archive) -> None:
    """Raise where a sheet has a cell so far away that all cells up to it would not fit in memory."""
    for name in archive.names():
        rows, columns = reach_of(name, archive.part(name))
        if rows * columns > MOST_CELLS:
            what = f"has cells as far as row {rows:,} and column {columns:,}: more than {MOST_CELLS:,} in all"
            allowed = "a table that begins near the first cell of its sheet"
            raise DataError(Problem(str(path), what, allowed, "delete what stands far away, and save it again"))
