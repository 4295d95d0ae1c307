"""ledger.csv: every pin, ban, decision and answer of a run, with reason, author and date, and what has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.config.scenario import Ban, Pin
from pilotage.domain.answers import DECISION, OF_PLANNERS, Answer
from pilotage.domain.words import plural
from pilotage.report.columns import DECISION as DECIDED
from pilotage.report.columns import FACT, Column

PIN, BAN, ANSWER = "pin", "ban", "answer"
KINDS = (PIN, BAN, DECISION, ANSWER)

LEDGER = (
    Column("what", "What", DECIDED, "text", 10, "pin or ban = of the scenario; decision, answer = of a table."),
    Column("leader_id", "Leader", DECIDED, "text", 14, "The leader. Blank = every leader."),
    Column("post_id", "Post", DECIDED, "text", 14, "The post. Blank = the school and level say it."),
    Column("urn", "URN", FACT, "integer", 9, "The school's unique reference number."),
    Column("level", "Level", FACT, "text", 11, "Level of the post. Blank = every level."),
    Column(
        *("decision", "Decision", DECIDED, "text", 11),
        "agreed, started = the placement holds (without a leader: the post is open); refused, withdrawn = barred; "
        "asked, interested, noted = nothing is decided yet.",
    ),
    Column("party", "Said by", FACT, "text", 10, "Of an answer: school, body, leader, or pair (the state of a pair)."),
    Column("reason", "Reason", DECIDED, "text", 40, "Why, or on what condition."),
    Column("by", "Author", FACT, "text", 20, "Who asked for it, decided or answered."),
    Column("on", "Date", FACT, "text", 11, "When."),
    Column("decide_by", "Decide by", DECIDED, "text", 11, "The day by which the planners want an answer."),
    Column("holds", "Holds", DECIDED, "text", 7, "no = a later decision has replaced it."),
    Column("source", "Written in", FACT, "text", 30, "The key of the scenario, or the file and row."),
)


def ledger(record: RunRecord) -> pd.DataFrame:
    """Return a row for each pin, ban, decision and answer, those that hold first; columns as ``LEDGER``."""
    rows = sorted(_rows(record), key=_order)
    frame = pd.DataFrame(rows, columns=[column.name for column in LEDGER])
    return frame.astype({"urn": "Int64"})


def ledger_line(record: RunRecord) -> list[str]:
    """Return one line that counts what the ledger has; none where it is empty."""
    rows = ledger(record)
    if rows.empty:
        return []
    holding, ended = rows[rows["holds"] == "yes"], int((rows["holds"] == "no").sum())
    counts = {kind: int((holding["what"] == kind).sum()) for kind in KINDS}
    words = ", ".join(plural(count, kind) for kind, count in counts.items() if count)
    replaced = f"{'; ' if words else ''}{plural(ended, 'decision')} replaced since" if ended else ""
    return [f"Ledger (ledger.csv): {words}{replaced}."]


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    names = (str(row[name] or "") for name in ("leader_id", "urn", "level", "post_id", "party", "source"))
    return (row["holds"] != "yes", KINDS.index(row["what"]), *names)


def _rows(record: RunRecord) -> Iterator[dict[str, Any]]:
    """Yield every row; pins and bans that answers make are told by these."""
    scenario, posts = record.scenario, record.posts
    yield from (_of_scenario(PIN, f"pins.{name}", pin) for name, pin in scenario.pins.items() if type(pin) is Pin)
    yield from (_of_scenario(BAN, f"bans.{name}", ban) for name, ban in scenario.bans.items() if type(ban) is Ban)
    yield from (_of_answer(answer, holds=True) for answer in posts.answers)
    yield from (_of_answer(answer, holds=False) for answer in posts.ended)


def _of_scenario(what: str, key: str, entry: Pin | Ban) -> dict[str, Any]:
    """Return the row of a pin or ban that the scenario has."""
    named = {name: getattr(entry, name) for name in ("leader_id", "post_id", "urn", "reason")}
    own = {"by": entry.author, "on": None if entry.on is None else entry.on.isoformat()}
    blank = dict.fromkeys(("level", "decision", "party", "decide_by"))
    return {"what": what, "holds": "yes", "source": key} | blank | named | own


def _of_answer(answer: Answer, *, holds: bool) -> dict[str, Any]:
    asked, decided = answer.asked, answer.party in OF_PLANNERS
    return {
        "what": DECISION if decided else ANSWER,
        "leader_id": asked.leader_id,
        "post_id": asked.post_id,
        "urn": asked.urn,
        "level": asked.level,
        "decision": answer.said,
        "party": None if decided else answer.party,
        "reason": answer.reason or answer.condition,
        "by": answer.by,
        "on": None if answer.on is None else answer.on.isoformat(),
        "decide_by": None if answer.decide_by is None else answer.decide_by.isoformat(),
        "holds": "yes" if holds else "no",
        "source": answer.source or answer.place,
    }
