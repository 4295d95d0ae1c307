"""Synthetic Englands drawn at random: of any size and seed, then one table of it changed as people change tables.

``python benchmarks/fuzz/samples.py --examples 100 --seed 1`` draws that many and prints what is wrong with the answer.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import sys
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from pilotage.domain.place_names import PlaceNames
from pilotage.sources.pool.templates import write_templates
from pilotage.sources.sample import build
from pilotage.sources.sample.panel import FILES, sample_panel

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.official import as_text, damaged, mutated_rows
from fuzz.outcome import faults, outcome_of, written_in

DAYS = (build.AS_OF, date(2015, 1, 31), date(2016, 12, 31), date(2005, 1, 1))


@cache
def _whole() -> dict[str, bytes]:
    """Return the tables of a small synthetic England, built once for all seeds."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "sample"
        build.write(place, schools=30, leaders=3, seed=1)
        return {name: (place / f"{name}.csv").read_bytes() for name in FILES}


def _rewritten(draw: random.Random, content: bytes) -> bytes:
    """Return a table with some of its rows, cells or columns changed, and written as some program writes it."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    short = [rows[0], *rows[1 : draw.choice((2, 20, len(rows)))]]
    if draw.random() < 0.2:
        gone = draw.randrange(len(rows[0]))
        short = [[cell for place, cell in enumerate(row) if place != gone] for row in short]
    changed = mutated_rows(draw, short)
    plain = "\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in changed).encode(
        errors="replace"
    )
    return plain if draw.random() < 0.7 else damaged(draw, as_text(draw, changed))


def answer(seed: int, folder: Path) -> Answer:
    """Return what the synthetic England of a seed comes to, and what is wrong with that."""
    draw = random.Random(seed)
    place = folder / "sample"
    shutil.rmtree(place, ignore_errors=True)
    as_of = draw.choice((DAYS[0],) * 5 + DAYS)
    if draw.random() < 0.04:
        size = draw.choice((100, 130, 250)), draw.choice((1, 3, 10))
        outcome = outcome_of(lambda: build.write(place, *size, seed=draw.randrange(10_000)))
        return outcome, faults(outcome) + ([] if outcome.code == 0 else ["a new England is refused"])
    place.mkdir()
    for name, content in _whole().items():
        (place / f"{name}.csv").write_bytes(content)
    changed = place / f"{draw.choice(FILES)}.csv"
    content = _rewritten(draw, changed.read_bytes())
    changed.write_bytes(content)
    if draw.random() < 0.02:
        changed.unlink()
    elif draw.random() < 0.02:
        shutil.rmtree(place)
    elif draw.random() < 0.05:
        write_templates(folder / "templates")
        shutil.rmtree(folder / "templates")

    def use() -> None:
        panel = sample_panel(place, as_of, build.AREA_LIST)
        PlaceNames(panel.schools, build.AREA_LIST)

    outcome = outcome_of(use)
    return outcome, faults(outcome, written_in(content))


HARNESSES = (Harness("synthetic Englands", answer, 20),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
