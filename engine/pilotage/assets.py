"""Where configs/, models/ and data/ are: in a checkout, else in the installed wheel; and where caches go."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder that holds ``configs/``, ``models/`` and ``data/``."""
    shipped = PACKAGE / "_shipped"
    return shipped if shipped.is_dir() else PACKAGE.parent.parent


def configs() -> Path:
    """Return the folder of the shipped scenarios."""
    return root() / "configs"


def models() -> Path:
    """Return the folder of the outcomes' specs."""
    return root() / "models"


def reference() -> Path:
    """Return the folder of the reference data."""
    return root() / "data" / "reference"


def sample() -> Path:
    """Return the folder of the embedded synthetic sample."""
    return root() / "data" / "sample"


def cache() -> Path:
    """Return the user's cache folder; the environment variable ``PILOTAGE_CACHE`` overrides it."""
    named = os.environ.get("PILOTAGE_CACHE")
    return Path(named) if named else user_cache_path("pilotage", appauthor=False)


def real_data() -> Path | None:
    """Return the folder named by ``PILOTAGE_REAL_DATA``, or None where it is unset."""
    named = os.environ.get("PILOTAGE_REAL_DATA")
    return Path(named) if named else None


def data_folder(named: Path | None = None) -> Path:
    """Return the folder of official files: the one named, else that of ``PILOTAGE_REAL_DATA``, else data/raw."""
    return named or real_data() or Path("data/raw")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file aside, then rename it, so that no reader sees half of it; folders that lack are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    aside.write_bytes(content)
    aside.replace(path)


@dataclass(frozen=True)
class Store:
    """A folder of work done once, as whole files named by what they were made from."""

    folder: Path

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, such as ``features/abc.parquet``; None where there is none to read."""
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole."""
        write_whole(self.folder / name, content)

    def set_aside(self, name: str) -> str:
        """Rename a file that is refused to a name that no file has, and return that name."""
        path, number = self.folder / name, 1
        while (aside := path.with_name(f"{path.name}.refused-{number}")).exists():
            number += 1
        path.rename(aside)
        return aside.name


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


def store() -> Store:
    """Return the store in the user's cache folder."""
    return Store(cache())


def kept_store() -> KeptStore:
    """Return the store in the user's cache folder, for those who make nothing."""
    return KeptStore(cache())
