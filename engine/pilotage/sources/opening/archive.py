"""A zip archive in memory, each part unpacked to the size that the archive states and to no more."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError, IndexError),
)
HEADER_BYTES = 30  # of a part, before its name; then come the lengths of name and extra field
LENGTHS = struct.Struct("<HH")
RAW_DEFLATE = -15
PROTECTED = 0x1  # flag of a part with a password


class Archive:
    """An archive of which no part unpacks to more than it states: readers of workbooks trust that."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._parts = {part.filename: part for part in archive.infolist()}
            self.unpacks_to = sum(part.file_size for part in archive.infolist())

    def names(self) -> list[str]:
        """Return the names of all parts that are files of its own, without what other systems add."""
        return [name for name in self._parts if not name.endswith("/") and not name.startswith("__MACOSX/")]

    def is_workbook(self) -> bool:
        """Return whether it is a workbook, or another document, rather than a zip of files."""
        return "[Content_Types].xml" in self._parts or "mimetype" in self._parts

    def part(self, name: str) -> bytes:
        """Return a part unpacked.

        Raises
        ------
        ValueError
            When it is not as the archive states: cut off, longer, changed, protected or packed in another way.
        """
        entry = self._parts[name]
        start = entry.header_offset + HEADER_BYTES
        lengths = LENGTHS.unpack_from(self._content, start - LENGTHS.size)
        packed = memoryview(self._content)[start + sum(lengths) :][: entry.compress_size]
        if entry.flag_bits & PROTECTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(name)
        stored = entry.compress_type == zipfile.ZIP_STORED
        unpacked = bytes(packed) if stored else zlib.decompressobj(RAW_DEFLATE).decompress(packed, entry.file_size + 1)
        if len(unpacked) != entry.file_size or zlib.crc32(unpacked) != entry.CRC:
            raise ValueError(name)
        return unpacked


def with_parts(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Return an archive with some parts changed, and all others as they were, in their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(stream, "w") as copy:
        for info in archive.infolist():
            copy.writestr(info, changed.get(info.filename, archive.read(info)), info.compress_type)
    return stream.getvalue()
