"""Faults put on ``data forget``: each table of answers is the old or the new one, and the next one ends the work."""

import io
import signal
from functools import cache

import pandas as pd

from fault.bench import Bench, Ended, content, run
from fault.heal import blame_unless, left_behind
from fault.kinds import full_at, struck_at
from pilotage.assets import Store

LEADER = "SYN-L0001"
ROWS = ((LEADER, "P1", "refused", "Ann"), ("SYN-L0002", "P1", "offered", ""), (LEADER, "P2", "offered", "Bob"))
COLUMNS = ("leader_id", "post_id", "state", "by")
TABLES = ("answers/first.csv", "answers/second.csv", "answers/third.xlsx")
STORED = "recognised/of-leader.json"
MODE = 0o640
NOTHING_LEFT = 3  # the exit code where nothing has the leader any more


def forget_command() -> tuple[str, ...]:
    """Return the command that erases the leader from every table."""
    return ("data", "forget", LEADER, "--yes", *(part for name in TABLES for part in ("--answers", name)))


@cache
def tables() -> dict[str, bytes]:
    """Return the tables of answers, made once: a workbook has the time in it."""
    table = pd.DataFrame(ROWS, columns=list(COLUMNS))
    book = io.BytesIO()
    table.to_excel(book, index=False)
    text = table.to_csv(index=False).encode()
    return {name: book.getvalue() if name.endswith(".xlsx") else text for name in TABLES}


def write_tables(bench: Bench) -> None:
    """Write the tables of answers, and a stored file that holds the leader."""
    for name, raw in tables().items():
        path = bench.place / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        path.chmod(MODE)
    Store(bench.cache).write(STORED, f'{{"leader_id": "{LEADER}"}}'.encode())


def forgotten(bench: Bench) -> str:
    """Kill or interrupt it, or fill the disk, at a random moment; then forget again."""
    write_tables(bench)
    old = content(bench.place / "answers")
    changes, seconds, new = of_undisturbed(bench, old)
    moment = bench.moment(seconds, changes)
    kind = bench.draw.choice(("killed", "interrupted", "full disk"))
    if kind == "full disk":
        ended, codes = full_at(bench, forget_command(), moment), {0, 2}
    else:
        number = signal.SIGKILL if kind == "killed" else signal.SIGINT
        ended, codes = struck_at(bench, forget_command(), moment, number), {0, 130, -number}
    judge_tables(bench, blame_unless(bench, ended, codes), old, new)
    blame_unless(bench, run(bench, forget_command()), {0, NOTHING_LEFT})
    if content(bench.place / "answers") != new or (bench.cache / STORED).exists():
        bench.blame("the next data forget leaves the leader somewhere")
    left = left_behind(bench.place / "answers")
    if left:
        bench.blame(f"left behind beside the tables: {left}")
    for name in TABLES:
        (bench.place / name).unlink(missing_ok=True)
    return f"{kind}, {ended.how}"


def of_undisturbed(bench: Bench, old: dict[str, bytes]) -> tuple[int, float, dict[str, bytes]]:
    """Return how many changes of files it makes, how long it takes, and the tables that it leaves; found once."""
    if not bench.forgetting:
        ended = blame_unless(bench, run(bench, forget_command()), {0})
        bench.forgetting = (ended.changes or 1, ended.seconds, content(bench.place / "answers"))
        if any(new == old[name] or LEADER.encode() in new for name, new in bench.forgetting[2].items()):
            bench.blame("data forget erases nothing")
        write_tables(bench)
    return bench.forgetting


def judge_tables(bench: Bench, ended: Ended, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Note a table that is neither the old nor the new one, that others may read, or that is said to be erased."""
    for name in old:
        path = bench.place / "answers" / name
        if not path.exists() or path.read_bytes() not in (old[name], new[name]):
            bench.blame(f"{name} is neither the old nor the new table")
        elif path.stat().st_mode & 0o777 != MODE:
            bench.blame(f"{name} has the mode {path.stat().st_mode & 0o777:o}")
        elif ended.code == 0 and path.read_bytes() != new[name]:
            bench.blame(f"{name} is said to be done, and is the old one")
