"""Which folders that Pilotage wrote hold a leader."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from pilotage.case.list_files import plain
from pilotage.case.run_folder import FAILED, MANIFEST
from pilotage.case.writing.target import own_names

TEXTS = (".yaml", ".log", ".md", ".html", ".txt")


def folders_holding(runs: Path, leader: str) -> list[Path]:
    """Return the folders below ``runs`` that Pilotage wrote and in whose lists, facts or texts a leader's id stands.

    An id of digits alone counts where it stands for a leader; another one counts as a word of any text too.
    """
    manifests = (path for name in (MANIFEST, f"{FAILED}{MANIFEST}") for path in runs.rglob(name))
    folders = sorted({path.parent for path in manifests if own_names(path.parent)})
    return [folder for folder in folders if any(_holds(path, leader) for path in sorted(folder.rglob("*")))]


def _holds(path: Path, leader: str) -> bool:
    try:
        if path.suffix == ".csv":
            return any(_is(cell, leader) for cell in _cells(path, leader))
        if path.suffix == ".json":
            return any(_is(text, leader) for text in _texts(json.loads(path.read_text(encoding="utf-8"))))
        return path.suffix in TEXTS and _is(path.read_text(encoding="utf-8"), leader)
    except (OSError, ValueError, csv.Error):  # damaged: the other files of the folder tell
        return False


def _is(text: str, leader: str) -> bool:
    """Return whether a text is a leader's id, or has it as a word (an id of digits alone would be any number)."""
    if leader.isdecimal():
        return text == leader or re.search(rf"leader_id: ['\"]?{leader}\b", text) is not None
    return re.search(rf"(?<![\w-]){re.escape(leader)}(?![\w-])", text) is not None


def _cells(path: Path, leader: str) -> Iterator[str]:
    """Yield the cells of a list in which a leader's id may stand."""
    rows = csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    for row in rows:
        for name, cell in row.items():
            if not leader.isdecimal() or "leader" in str(name) or "reserve" in str(name):
                yield str(plain(cell or ""))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, (dict, list)):
            yield from _texts(each)
        elif isinstance(each, str):
            yield each
