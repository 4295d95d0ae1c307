"""Tables of pairs and of asks, each one file or several: a row becomes the answers that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case.list_files import plain
from pilotage.domain import tables
from pilotage.domain.answers import (
    ANSWERS,
    CONFLICT,
    LEADER,
    PAIR,
    PARTIES,
    STARTED,
    WRITTEN_BESIDE,
    Answer,
    Answers,
    Asked,
)
from pilotage.domain.inputs import ASKS, PAIRS
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import Problem, Spot
from pilotage.sources.cells.kinds import DAY, WHOLE, choice
from pilotage.sources.files.tables import numbered, where_of
from pilotage.sources.pool.school_names import NAMING, with_named_schools
from pilotage.sources.pool.school_urns import with_present_urns
from pilotage.sources.pool.table_checks import Given, checked_table, given_table, unknown_names

GIVEN_KINDS = dict.fromkeys(PARTIES, choice("answer", ANSWERS)) | {f"{party}_date": DAY for party in PARTIES}
PAIR_KINDS = {"urn": WHOLE, "state": choice("state", tables.PAIR_STATES), "date": DAY} | GIVEN_KINDS
PAIR_COLUMNS = ("leader_id", "post_id")
ASK_KINDS = {"urn": WHOLE, "level": choice("level", tables.LEVELS)} | GIVEN_KINDS


@dataclass(frozen=True)
class Within:
    """What rows may name: the leaders, the known posts, the panel's schools, and the URNs of those in scope.

    ``sound``: whether leaders and posts are without fault; where they are not, rows are checked and not made use of.
    """

    leaders: pd.DataFrame
    posts: pd.DataFrame
    panel: SchoolPanel
    scope: frozenset[int]
    sound: bool = True

    @cached_property
    def schools(self) -> frozenset[int]:
        """Return every school's URN."""
        return frozenset(self.panel.schools["urn"].tolist())


def read_pairs(path: Path, within: Within) -> tuple[Answers, list[Problem]]:
    """Return what a table of pairs says, each state and each answer, and all that is wrong with its rows."""
    given = given_table(path, PAIRS, list(tables.PAIRS.columns), PAIR_KINDS)
    frame, where = given.frame, where_of(given.frame, path)
    if not len(frame.columns):
        return (), given.problems
    urns = with_present_urns(frame, "urn", within.panel, path)
    problems = [*given.problems, *unknown_names(frame, "leader_id", within.leaders, where), *urns.problems]
    problems += [*unknown_names(frame, "post_id", within.posts, where), *_contradicting(frame, where)]
    if not {"post_id", "urn"} & set(frame.columns):
        columns = f"columns {', '.join(tables.PAIRS.columns)}"
        problems.append(Problem(where, "no column 'post_id'", columns, "add it; a conflict of interest may have urn"))
    table, problems = checked_table(tables.PAIRS, urns.frame, where, problems)
    if problems or not within.sound:
        return (), problems
    answers = list[Answer]()
    for number, row in _rows(table, frame):
        here = Spot(where, number)
        problems += [*_without_answer(row, here), *_without_place(row, here)]
        answers += [] if problems else _given(row, _asked(row, within), where, number)
    return tuple(answers), problems


def _without_place(row: dict[str, Any], here: Spot) -> Iterator[Problem]:
    """Yield that a row names no place or two, or says of a whole school what holds for a post."""
    if (row["post_id"] is None) == (row["urn"] is None):
        what = "post_id and urn are both " + ("blank" if row["urn"] is None else "filled in")
        do = "fill in post_id; urn only for a conflict of interest, in its place"
        yield Problem(here.words, what, "one of the two", do, at=here)
    elif row["urn"] is not None and (row["state"] != CONFLICT or any(row[party] is not None for party in PARTIES)):
        what, allowed = "urn is filled in", f"post_id, or urn with state = {CONFLICT} alone"
        do = "name the post; answers to an ask by school go into a table of asks"
        yield Problem(here.words, what, allowed, do, at=replace(here, column="urn"))


def _asked(row: dict[str, Any], within: Within) -> Asked:
    """Return what a row of a table of pairs is about; of a conflict of interest the school, whatever the post."""
    if row["post_id"] is None:
        return Asked(int(row["urn"]), None, row["leader_id"])
    urn, level = within.posts.set_index("post_id").loc[row["post_id"], ["urn", "level"]]
    return Asked(int(urn), str(level), row["leader_id"], row["post_id"])


def given_asks(path: Path) -> Given:
    """Return a table of asks with its cells read, and what is wrong with them alone."""
    return given_table(path, ASKS, [*tables.ASKS.columns, *WRITTEN_BESIDE, *NAMING], ASK_KINDS)


def read_asks(path: Path, within: Within) -> tuple[Answers, list[Problem]]:
    """Return what a table of asks says, and all that is wrong with its rows.

    Columns that a run writes beside the answers are not read.
    """
    given = given_asks(path)
    where = where_of(given.frame, path)
    if not len(given.frame.columns):
        return (), given.problems
    frame, unnamed = with_named_schools(given.frame, within.panel, where)
    problems = [*given.problems, *unnamed, *unknown_names(frame, "leader_id", within.leaders, where)]
    problems += _out_of_scope(frame, within, where)
    table, problems = checked_table(tables.ASKS, frame, where, problems)
    if problems or not within.sound:
        return (), problems
    answers = list[Answer]()
    for number, row in _rows(table, frame):
        asked = Asked(int(row["urn"]), row["level"], row["leader_id"])
        here = Spot(where, number)
        problems += [*_without_answer(row, here), *_without_leader(row, here)]
        answers += _given(row, asked, where, number)
    return tuple(answers), problems


def _contradicting(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield a problem for each row of one table that gives a pair another state than an earlier row."""
    first: dict[tuple[str, str], tuple[int, str]] = {}
    stated = [*PAIR_COLUMNS, "state"]
    rows = frame.dropna(subset=stated)[stated].itertuples(name=None) if {*stated} <= {*frame.columns} else ()
    for row, leader, post, state in rows:
        earlier, before = first.setdefault((leader, post), (row, state))
        if state != before:
            what = f"the pair {leader}, {post} stands twice, as {before} in row {earlier + 2} and as {state}"
            cells = tuple((where, at, column) for at in (earlier, row) for column in PAIR_COLUMNS)
            yield Problem(f"{where}, row {row + 2}", what, "one state of a pair", "keep the row that holds", cells)


def _rows(table: pd.DataFrame, frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its number in a spreadsheet, as the index of ``frame`` has it; what is missing is None."""
    full = table.astype(object).where(table.notna(), None)
    yield from zip((row + 2 for row in frame.index.tolist()), full.to_dict("records"), strict=True)


def _given(row: dict[str, Any], asked: Asked, where: str, number: int) -> Iterator[Answer]:
    """Yield the answers of a row; a state of the pair is one of them."""
    if row.get("state") is not None:
        whole = Asked(asked.urn, None, asked.leader_id)
        about = whole if row["state"] == CONFLICT else asked
        yield Answer(about, PAIR, row["state"], _day(row["date"]), row["by"], None, Path(where), number)
    for party in PARTIES:
        if row[party] is not None:
            by, condition = _text(row[f"{party}_by"]), _text(row[f"{party}_condition"])
            yield Answer(asked, party, row[party], _day(row[f"{party}_date"]), by, condition, Path(where), number)


def _day(value: Any) -> date | None:
    return None if value is None else pd.Timestamp(value).date()


def _text(value: Any) -> str | None:
    """Return a text as it was before a list was written with it."""
    return None if value is None else str(plain(value))


def _without_answer(row: dict[str, Any], here: Spot) -> Iterator[Problem]:
    """Yield a problem for each date or condition of an answer that is not there."""
    for party in PARTIES:
        for name in (f"{party}_date", f"{party}_condition"):
            if row[party] is None and row[name] is not None:
                do = f"fill in {party}, or empty {name}"
                what, at = f"{name} is filled in, and {party} is blank", replace(here, column=party)
                yield Problem(here.words, what, "an answer with its date", do, at=at)


def _without_leader(row: dict[str, Any], here: Spot) -> Iterator[Problem]:
    """Yield a problem for each answer that says nothing without a leader."""
    if row["leader_id"] is not None:
        return
    named = [LEADER] if row[LEADER] is not None else [party for party in PARTIES if row[party] == STARTED]
    for party in named[:1]:
        what = f"{party} = {row[party]!r}, and leader_id is blank"
        at = replace(here, column="leader_id")
        yield Problem(here.words, what, "the leader who answered or started", "fill in leader_id", at=at)


def _out_of_scope(frame: pd.DataFrame, within: Within, where: str) -> list[Problem]:
    """Return a problem for each row whose school is not in the data, or not in scope."""
    problems = []
    for row, urn in numbered(frame, "urn") if "urn" in frame else ():
        here, cells = f"{where}, row {row + 2}", ((where, row, "urn"),)
        if pd.notna(urn) and int(urn) not in within.schools:
            allowed = "a URN of the schools' data"
            problems.append(Problem(here, f"urn = {urn:.0f}", allowed, "correct the URN", cells))
        elif pd.notna(urn) and int(urn) not in within.scope:
            what = f"urn = {urn:.0f}, a school that is not in scope"
            do = "remove the row, or widen the scenario's scope"
            problems.append(Problem(here, what, "a school in scope", do, cells))
    return problems
