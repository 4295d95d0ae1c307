"""A row of a table of decisions -> what was decided, about what; or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case.list_files import plain
from pilotage.domain.answers import ASKED, DECISION, NOTED, STARTED, SUPPORTING, Answer, Asked
from pilotage.domain.decision_rows import DECIDE_BY, NONE, ROW_CHECK, TICKED, row_key
from pilotage.domain.prospects import prospect_id
from pilotage.domain.support import SUPPORT
from pilotage.domain.words import one_line
from pilotage.errors import Problem
from pilotage.sources.cells.grid import shown
from pilotage.sources.pool.answer_tables import Within
from pilotage.sources.pool.settled.columns import PLACE

WHICH = "correct the row, or remove it; a post that is in no table may be added with --with-post"
URN_AT = PLACE.index("urn")
Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a row stands: file, sheet (None: a text file), the two as messages name them, and the row's number."""

    path: Path
    sheet: str | None
    table: str
    number: int

    @property
    def where(self) -> str:
        """Return the place as messages name it."""
        return f"{self.table}, row {self.number}"


@dataclass(frozen=True)
class Said:
    """What a row says: the decision that counts, and that it was asked before, where it says both."""

    answer: Answer | None = None
    asked_before: Answer | None = None
    problems: tuple[Problem, ...] = ()
    note: str | None = None


def said_in(row: Row, within: Within, place: Place) -> Said:
    """Return what a row says."""
    if row.get("what") not in (None, DECISION):
        return Said()
    said, on = _said(row)
    if said is None:
        return Said()
    wrong = [*twofold(row, place.where), *_torn(row, place.where)]
    if wrong:
        return Said(problems=tuple(wrong))
    asked = _asked(row, within)
    if isinstance(asked, str) and said == NOTED:
        return Said(note=f"{place.path.name}, row {place.number}: its note is not carried on ({asked}).")
    if isinstance(asked, str):
        return Said(problems=(Problem(place.where, asked, "a post of this run, or a school in scope", WHICH),))
    if asked.leader_id is None and said == STARTED:
        what = f"{DECISION} = {said!r}, and leader_id is blank"
        return Said(problems=(Problem(place.where, what, "the leader who started", "fill in leader_id"),))
    answer = _answer(row, (asked, said, on), place)
    before = row.get(ASKED) if said not in (ASKED, NOTED) else None
    earlier = replace(answer, said=ASKED, on=_day(before), by=None, reason=None, decide_by=None)
    return Said(answer, earlier if before else None)


def _answer(row: Row, said: tuple[Asked, str, date | None], place: Place) -> Answer:
    asked, word, on = said
    texts = {name: _text(row.get(name)) for name in ("by", "reason", "source")}
    until = row.get(DECIDE_BY)
    return Answer(
        *(asked, SUPPORTING if asked.level == SUPPORT else DECISION, word, on, texts["by"], None),
        *(place.path, place.number),
        reason=texts["reason"],
        source=texts["source"],
        decide_by=None if until is None else pd.Timestamp(until).date(),
        sheet=place.sheet,
    )


def twofold(row: Row, where: str) -> Iterator[Problem]:
    """Yield that a row decides twice."""
    said = _decided(row)
    if len(said) > 1:
        yield Problem(where, f"says both {' and '.join(said)}", "one decision in a row", "keep the one that holds")


def _decided(row: Row) -> list[str]:
    """Return what a row decides: that it was asked counts only where nothing else is said."""
    ticked = [name for name in TICKED if row.get(name)]
    written = [str(row[DECISION])] if row.get(DECISION) is not None else []
    every = list(dict.fromkeys([*written, *ticked]))
    return [said for said in every if said != ASKED] or every


def _said(row: Row) -> tuple[str | None, date | None]:
    """Return the decision of a row and its day; a row that has an owner, a note or a day to decide by is noted."""
    noted = any(row.get(name) is not None for name in ("by", "reason", DECIDE_BY))
    said = next(iter(_decided(row)), NOTED if noted else None)
    ticked = row.get(said) if said in TICKED else None
    if row.get("on") is not None:
        return said, pd.Timestamp(row["on"]).date()
    return said, _day(ticked)


def _day(ticked: Any) -> date | None:
    return ticked if isinstance(ticked, date) else None


def _torn(row: Row, where: str) -> Iterator[Problem]:
    """Yield that the cells of a row are of different rows: a sort of one column alone tears rows apart.

    A leader's cell may be emptied: then the decision is about every leader.
    """
    key = row.get(ROW_CHECK)
    if key is None:
        return
    leader, post, urn, level = (row.get(name) for name in PLACE)
    said = row_key(leader, post, None if urn is None else int(urn), level)
    mine, own = said.split(" | "), str(key).split(" | ")
    blank = (part == NONE and number != URN_AT for number, part in enumerate(mine))
    torn = len(mine) != len(own) or any(a != b and not empty for a, b, empty in zip(mine, own, blank, strict=True))
    if said != key and torn:
        what = f"its cells are of different rows: it says {said}, and its row check {shown(str(key))}"
        do = "undo the sort, or copy the row from the workbook in the run folder; a new row leaves the row check blank"
        yield Problem(where, what, "leader, post, school and level as the run wrote them", do)


def _asked(row: Row, within: Within) -> Asked | str:
    """Return what a row decides about, or what is wrong with it."""
    leader, post, urn, level = (row.get(name) for name in PLACE)
    urn = None if urn is None else int(urn)
    if level == SUPPORT:
        return f"{SUPPORT} without a school" if urn is None else _at_school(urn, SUPPORT, None, within)
    known = within.posts.set_index("post_id")[["urn", "level"]]
    if post is not None and post not in known.index:
        asks = urn is not None and level is not None and post == prospect_id(urn, str(level))
        return _at_school(urn, level, leader, within) if asks else _no_such(str(post), known.index.tolist())
    if post is None and urn is not None and urn in within.scope:
        there = known.index[(known["urn"] == urn) & ((known["level"] == level) | (level is None))].tolist()
        if level is None and len(there) != 1:
            return f"urn = {urn}, and {len(there)} posts there: which is meant cannot be told"
        post = there[0] if len(there) == 1 else None
    if post is None:
        return "post_id and urn are both blank" if urn is None else _at_school(urn, level, leader, within)
    own, held = known["urn"].astype(int).to_dict()[post], str(known["level"].to_dict()[post])
    if urn is not None and urn != own:
        return f"post_id = {shown(str(post))} is at school {own}, not at {urn}"
    return _at_school(own, held, leader, within, post)


def _at_school(urn: Any, level: Any, leader: Any, within: Within, post: Any = None) -> Asked | str:
    """Return what is meant at a school, or that the run does not hold the school."""
    if urn not in within.scope:
        return f"school {urn} is not in the scope of this run"
    return Asked(urn, str(level), leader, post)


def _no_such(post: str, known: list[str]) -> str:
    near = get_close_matches(post, known, 1)
    return f"no such post_id {shown(post)}{f' (did you mean {near[0]!r}?)' if near else ''}"


def _text(value: Any) -> str | None:
    """Return a text as it was before a list was written with it."""
    return None if value is None else one_line(str(plain(value)))
