"""Tables of answers drawn at random, from which a leader is erased; then none of the leader's rows may be left.

``python benchmarks/fuzz/leavers.py --examples 200 --seed 1`` draws that many and prints what is wrong with the answer.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pandas as pd

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.official import as_text, as_workbook, damaged, mutated_rows
from fuzz.outcome import faults, outcome_of, written_in
from pilotage.sources.forget.stored import stored_of
from pilotage.sources.forget.tables import erase_rows, rows_of

LEADERS = ("L001", "L002", "l-3", "Caf\u00e9", "0042")
HEADERS = (("leader_id", "urn", "answer"), ("urn", "Leader_ID ", "answer"), ("\ufeffleader_id", "urn", "answer"))
NAMES = ("answers.csv", "answers.txt", "answers.xlsx", "answers.xls", "answers.ods", "answers")


def drawn_table(draw: random.Random) -> tuple[str, bytes]:
    """Return the name and the bytes of a table of answers."""
    header = draw.choice(HEADERS)
    body = [
        [draw.choice(LEADERS), str(100_000 + place), draw.choice(("yes", "no", 'a "quote"', ""))] for place in range(6)
    ]
    if header[0] == "urn":
        body = [[row[1], row[0], row[2]] for row in body]
    above = [["Answers of spring", "", ""]] if draw.random() < 0.2 else []
    rows = [*above, list(header), *body]
    rows = mutated_rows(draw, rows) if draw.random() < 0.3 else rows
    book = draw.random() < 0.4
    content = as_workbook(draw, rows) if book else as_text(draw, rows)
    usual = "answers.xlsx" if book else "answers.csv"
    name = usual if draw.random() < 0.9 else draw.choice(NAMES)
    return name, damaged(draw, content) if draw.random() < 0.25 else content


def answer(seed: int, folder: Path) -> Answer:
    """Return what erasing a leader from the table of a seed comes to, and what is wrong with that."""
    draw = random.Random(seed)
    name, content = drawn_table(draw)
    path, leader = folder / name, draw.choice(LEADERS)
    path.write_bytes(content)
    stored = _stored(draw, folder / "cache")
    counts: list[int] = []

    def use() -> None:
        paths = [path, folder / "nowhere.csv"] if draw.random() < 0.02 else [path]
        counts.append(rows_of(paths, leader)[path])
        erase_rows(path, leader)
        counts.append(rows_of([path], leader)[path])

    outcome = outcome_of(use)
    wrong = faults(outcome, written_in(content))
    wrong += [f"{counts[1]} of {counts[0]} rows are left"] if len(counts) == 2 and counts[1] else []
    held = stored_of(folder / "cache", "L001")
    wrong += ["a stored file that holds the leader is not named"] if set(held) != stored else []
    if outcome.code and path.read_bytes() != content:
        wrong.append("refused, and changed all the same")
    return outcome, wrong


def _stored(draw: random.Random, cache: Path) -> set[Path]:
    """Write some stored files, and return those that hold the first leader."""
    cache.mkdir(exist_ok=True)
    table = pd.DataFrame({draw.choice(("leader_id", "urn")): ["L001", "L002"]})
    table.to_parquet(cache / "a.parquet")
    (cache / "b.json").write_text(draw.choice(('{"leader": "L001"}', '{"leader": "L0012"}')), encoding="utf-8")
    (cache / "c.parquet").write_bytes(b"PAR1" + bytes(draw.randrange(256) for _ in range(50)))
    holds = {cache / "a.parquet"} if "leader_id" in table else set()
    return holds | ({cache / "b.json"} if '"L001"' in (cache / "b.json").read_text(encoding="utf-8") else set())


HARNESSES = (Harness("answers of a leader who leaves", answer, 40),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
