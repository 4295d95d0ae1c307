"""Downloads drawn at random: sources and years asked for, and answers of servers that are well, wrong, or break off.

``python benchmarks/fuzz/downloads.py --examples 200 --seed 1`` draws that many and prints what is wrong.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest.mock import patch

import requests

from pilotage.sources import fetch

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.official import as_text, damaged, mutated_rows
from fuzz.official_tables import table_of
from fuzz.outcome import faults, outcome_of
from pilotage.sources.files.column_maps import column_maps

SOURCES = (
    "dfe_census",
    "dfe_absence",
    "dfe_ks4",
    "gias_links",
    "gias_extract",
    "ofsted_mi",
    "dfe_censu",
    "",
    "x" * 500,
)
FAILURES = (
    *(requests.ConnectionError("refused"), requests.Timeout("slow"), requests.TooManyRedirects("again")),
    *(
        requests.exceptions.ChunkedEncodingError("broken"),
        requests.exceptions.InvalidURL("bad"),
        OSError(28, "No space"),
    ),
)
RECORDS = (b"{}", b"", b"[1]", b'{"a": 1}', b"not json", b"\xff\xfe")


class Served:
    """What a server answers: a status, and its bytes in pieces, perhaps broken off."""

    def __init__(self, draw: random.Random, source: str) -> None:
        rows = table_of(draw, source, range(110_000, 110_005), date(2019, 8, 31))
        rows = mutated_rows(draw, rows) if draw.random() < 0.3 else rows
        content = (
            as_text(draw, rows) if draw.random() < 0.2 else "\n".join(map(",".join, rows)).encode(errors="replace")
        )
        self.content = damaged(draw, content) if draw.random() < 0.2 else content
        self.status = draw.choice((200,) * 9 + (403, 404, 500))
        self.failure = draw.choice((None,) * 9 + FAILURES)

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_error: object) -> None:
        """Close nothing."""

    def raise_for_status(self) -> None:
        """Raise where the status is of an error."""
        if self.status >= 400:
            response = requests.Response()
            response.status_code = self.status
            raise requests.HTTPError("error", response=response)

    def iter_content(self, _size: int) -> Iterator[bytes]:
        """Yield the bytes in two pieces."""
        half = len(self.content) // 2
        yield self.content[:half]
        if self.failure is not None:
            raise self.failure
        yield self.content[half:]


def answer(seed: int, folder: Path) -> Answer:
    """Return what the downloads of a seed come to, and what is wrong with that."""
    draw = random.Random(seed)
    out = folder / "raw"
    if draw.random() < 0.5:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(exist_ok=True)
    if draw.random() < 0.1:
        (out / fetch.RECORD).write_bytes(draw.choice(RECORDS))
    names = [draw.choice(SOURCES[:5] if draw.random() < 0.8 else SOURCES) for _ in range(draw.choice((0, 1, 1, 2)))]
    years = [draw.choice((2014, 2019, 2013, 2014, 2018, 99_999)) for _ in range(draw.choice((0, 1, 1, 2)))]

    def served(url: str, **_how: object) -> Served:
        source = next((name for name in names if name in column_maps()), "dfe_census")
        return Served(draw, source if draw.random() < 0.8 else draw.choice(sorted(column_maps())))

    def use() -> None:
        downloads = fetch.planned(names, years, date(2019, 8, 31))
        with patch.object(fetch, "LARGEST_BYTES", 50 if draw.random() < 0.05 else fetch.LARGEST_BYTES):
            fetch.fetch(downloads, out, offline=draw.random() < 0.1, say=lambda _said: None)

    with patch("pilotage.sources.fetch.requests.get", served):
        outcome = outcome_of(use)
    half = [path.name for path in folder.rglob("*") if path.is_file() and ".pilotage-" in str(path)]
    return outcome, faults(outcome, " ".join(names)) + [f"left behind: {name}" for name in half]


HARNESSES = (Harness("downloads", answer, 10),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
