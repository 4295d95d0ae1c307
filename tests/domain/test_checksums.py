"""Checksums: of content and not of its arrangement in memory; any change shows."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.checksums import PIECE_BYTES, Checksum, sha256_of


def test_a_text_has_its_sha256() -> None:
    assert Checksum().text("grade").hex == hashlib.sha256(b"grade").hexdigest()
    assert Checksum().text("gra").text("de").hex == Checksum().text("grade").hex


def test_a_file_longer_than_one_piece_has_its_sha256(tmp_path: Path) -> None:
    content = b"gap" * PIECE_BYTES
    (tmp_path / "long").write_bytes(content)
    assert sha256_of(tmp_path / "long") == hashlib.sha256(content).hexdigest()


def test_the_order_of_keys_and_memory_does_not_count() -> None:
    values = np.arange(6.0).reshape(2, 3)
    content = {"a": [1, values], "b": None}
    same = {"b": None, "a": [1, np.asfortranarray(values)]}
    assert Checksum().content(content).hex == Checksum().content(same).hex


@pytest.mark.parametrize("other", [{"a": [1, 2]}, {"a": [1, 2, 3.0]}, {"a": [1, 2, "3"]}, {"b": [1, 2, 3]}])
def test_any_change_of_content_shows(other: Any) -> None:
    assert Checksum().content(other).hex != Checksum().content({"a": [1, 2, 3]}).hex


def test_rows_count_in_their_order_without_their_index() -> None:
    table = pd.DataFrame({"urn": [1, 2], "grade": [2.0, np.nan]})
    assert Checksum().rows(table).hex == Checksum().rows(table.set_axis([7, 9])).hex
    assert Checksum().rows(table).hex != Checksum().rows(table.iloc[::-1]).hex
