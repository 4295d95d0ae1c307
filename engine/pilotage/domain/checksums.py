"""Checksums: what a file, a table, an array, a text or nested plain content is, as a sha256. The one home of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PIECE_BYTES = 1 << 20  # read at once


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file in 64 hexadecimal digits, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


class Checksum:
    """A sha256 of several things in their order."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    @property
    def hex(self) -> str:
        """The checksum so far, in 64 hexadecimal digits."""
        return self._digest.hexdigest()

    def text(self, text: str) -> Self:
        """Take in a text."""
        self._digest.update(text.encode())
        return self

    def array(self, values: NDArray[Any]) -> Self:
        """Take in the numbers of an array, without its type and shape."""
        self._digest.update(np.ascontiguousarray(values).tobytes())
        return self

    def rows(self, table: pd.DataFrame) -> Self:
        """Take in the rows of a table in their order, without its index and the names of its columns."""
        self._digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
        return self

    def content(self, content: Any) -> Self:
        """Take in nested dictionaries (whatever their order), lists, arrays and scalars."""
        if isinstance(content, dict):
            for name in sorted(content):
                self.text(f"{name}=").content(content[name])
        elif isinstance(content, (list, tuple)):
            self.text(f"[{len(content)}")
            for entry in content:
                self.content(entry)
        elif isinstance(content, np.ndarray):
            self.text(f"{content.dtype.str}{content.shape}").array(content)
        else:
            self.text(json.dumps(content))
        return self
