"""The store of work done once."""

from pathlib import Path

from pilotage.assets import Store


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
