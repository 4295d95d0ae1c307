"""The lock pins every package with hashes and names no address to download from."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.compile(
    r"^([a-z0-9-]+)==\S+(?: ; [^\\\n]+)? \\\n"  # name, version, marker
    r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+",
    flags=re.M,
)
NAME = re.compile(r"[A-Za-z0-9._-]+")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_names_no_address() -> None:
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|--trusted-host", LOCK)


def test_every_package_is_pinned_with_hashes() -> None:
    packages = [line for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(packages) == len(PINNED.findall(LOCK))
    assert len(packages) > 50


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = {_plain(name) for name in PINNED.findall(LOCK)}
    assert {_plain(NAME.findall(text)[0]) for text in wanted} <= locked
