"""The store of work done once."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pilotage.assets import Store, write_whole
from pilotage.assets.files import _part_of
from pilotage.assets.store import sealed, unsealed


def test_what_is_written_is_read_whole_and_replaced(tmp_path: Path) -> None:
    store = Store(tmp_path / "new")
    assert store.read("features/a.parquet") is None
    for content in (b"first", b"second"):
        store.write("features/a.parquet", content)
        assert store.read("features/a.parquet") == content
    assert [path.name for path in (tmp_path / "new" / "features").iterdir()] == ["a.parquet"]


def test_a_file_set_aside_never_replaces_another(tmp_path: Path) -> None:
    store, names = Store(tmp_path), []
    for content in (b"first", b"second"):
        store.write("a.zip", content)
        names.append(store.set_aside("a.zip"))
    assert names == ["a.zip.refused-1", "a.zip.refused-2"]
    assert store.read("a.zip") is None
    assert [store.read(name) for name in names] == [b"first", b"second"]


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256))])
def test_every_bit_that_flips_and_every_byte_that_lacks_is_found(content: bytes) -> None:
    raw = sealed(content)
    assert unsealed(raw) == content
    for place in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << place % 8
        assert unsealed(bytes(flipped)) is None
    assert not [length for length in range(len(raw)) if unsealed(raw[:length]) is not None]
    assert unsealed(raw + b"\0") is None


def test_a_damaged_file_counts_as_absent_and_the_log_names_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path)
    store.write("features/a.parquet", b"content")
    (tmp_path / "features" / "a.parquet").write_bytes(b"content")
    assert store.read("features/a.parquet") is None
    assert caplog.messages == ["The stored file features/a.parquet is damaged. What it held is worked out again."]
    store.write("features/a.parquet", b"content")
    assert store.read("features/a.parquet") == b"content"


def test_without_a_folder_to_write_the_work_goes_on_and_the_log_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "afile").write_bytes(b"mine")
    for folder in (tmp_path / "afile" / "cache", tmp_path / "afile"):
        caplog.clear()
        for name in ("a", "deep/b", "a"):
            Store(folder).write(name, b"content")
            assert Store(folder).read(name) is None
        assert len(caplog.messages) == 1
        assert f"{folder} cannot be written" in caplog.text
    assert (tmp_path / "afile").read_bytes() == b"mine"


def test_what_a_killed_process_left_of_a_file_goes_when_it_is_written_again(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from pilotage.assets import files\n"
        "Path.replace = lambda *_: os._exit(9)\n"
        "files.write_whole(Path(sys.argv[1]), b'new')"
    )
    path = tmp_path / "a[1]*.bin"
    write_whole(path, b"old")
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert (done.returncode, len(list(tmp_path.iterdir())), path.read_bytes()) == (9, 2, b"old")
    with _part_of(path)[1]:  # of a process that is still writing
        write_whole(path, b"newer")
        assert len(list(tmp_path.iterdir())) == 2
    assert path.read_bytes() == b"newer"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_stored_files_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Store(tmp_path / "new" / "cache").write("features/a.parquet", b"content")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").rglob("*")}
    assert modes == {"cache": 0o700, "features": 0o700, "a.parquet": 0o600}


def test_two_processes_write_one_file_at_once_and_a_reader_sees_it_whole(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pilotage.assets import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "for _ in range(200):\n"
        "    store.write('a', bytes(100_000))\n"
        "    assert store.read('a') == bytes(100_000)\n"
    )
    command = [sys.executable, "-W", "error", "-c", code, str(tmp_path)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[1] for process in both] == ["", ""]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
