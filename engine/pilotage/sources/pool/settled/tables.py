"""Tables of decisions: what planners note of leaders and posts once it is settled; and which kind a given table is.

A row says ``decision``, or has a tick or a day under ``asked``, ``agreed`` or ``refused``, as the lists of a run's
workbook may have them. A row without a decision is passed over, and so are other columns. A ledger of an earlier run is
such a table too: of its rows those that are decisions are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case.list_files import plain
from pilotage.domain import tables
from pilotage.domain.answers import (
    AGREED,
    ANSWERS,
    ASKED,
    DECISION,
    PARTIES,
    REFUSED,
    STARTED,
    Answer,
    Asked,
)
from pilotage.domain.prospects import prospect_id
from pilotage.domain.words import one_line
from pilotage.errors import DataError, Problem
from pilotage.sources.cells.choices import synonyms
from pilotage.sources.cells.grid import shown
from pilotage.sources.cells.kinds import DAY, WHOLE, WORD, YES_NO, Kind, choice
from pilotage.sources.cells.opened import filled_sheets
from pilotage.sources.files.tables import read_text_table, typed, where_of
from pilotage.sources.pool.answer_tables import Within
from pilotage.sources.pool.school_urns import with_present_urns
from pilotage.sources.pool.table_checks import unknown_names

SHEETS = ("decisions", "placements", "asks", "ledger")
TICKED = (ASKED, AGREED, REFUSED)
PLACE = ("leader_id", "post_id", "urn", "level")
SAYING = (DECISION, *TICKED)
COLUMNS = (*PLACE, *SAYING, "reason", "by", "on", "what", "holds", "source")
CROSSES = ("x", "✓", "✔")
WHICH = "correct the row, or remove it; a post that is in no table may be added with --with-post"
Place = tuple[Path, str, int]  # file, where it is as messages name it, and row


def _tick(text: str) -> date | bool:
    """Return the day of a tick, or whether there is one."""
    if text.strip().casefold() in CROSSES:
        return True
    try:
        return bool(YES_NO.parse(text))
    except ValueError:
        return pd.Timestamp(DAY.parse(text)).date()


TICK = Kind("yes, x or a day where it is so, else blank", _tick)
KINDS = {
    "urn": WHOLE,
    "level": choice("level", tables.LEVELS),
    "on": DAY,
    DECISION: choice("answer", ANSWERS),
    "what": WORD,
    "holds": YES_NO,
} | dict.fromkeys(TICKED, TICK)


class TableKind(StrEnum):
    """What a table of answers is, by its columns; the scenario's key of ``pool`` that takes it."""

    DECISIONS = "decisions"
    ASKS = "asks"
    PAIRS = "pairs"


def kind_of(path: Path) -> TableKind:
    """Return what kind of answers a file holds; one that has no column of either is one of decisions.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    columns = [set(frame.columns) for frame in _frames(path)]
    if any(set(SAYING) & names for names in columns):
        return TableKind.DECISIONS
    if any("state" in names or ({"post_id"} <= names and names & set(PARTIES)) for names in columns):
        return TableKind.PAIRS
    asks = any({"urn", "level"} <= names and names & {"school", "body"} for names in columns)
    return TableKind.ASKS if asks else TableKind.DECISIONS


def read_decisions(path: Path, within: Within) -> tuple[list[Answer], list[Answer], list[Problem]]:
    """Return the decisions of a file, those that had ended already (in a ledger), and all that is wrong."""
    made, ended, problems = list[Answer](), list[Answer](), list[Problem]()
    try:
        frames = _frames(path)
    except DataError as error:
        return made, ended, list(error.problems)
    saying = [frame for frame in frames if set(SAYING) & set(frame.columns)]
    for frame in saying or frames[:1]:
        where = where_of(frame, path)
        wrong = list(_odd_columns(frame, where))
        table, odd = typed(frame, KINDS, where)
        urns = with_present_urns(table, "urn", within.panel, path)
        wrong += [*odd, *urns.problems, *unknown_names(table, "leader_id", within.leaders, where)]
        problems += wrong
        if wrong:
            rows = _rows(urns.frame)
            problems += [each for number, row in rows for each in _twofold(row, f"{where}, row {number}")]
        for number, row in () if wrong or not within.sound else _rows(urns.frame):
            answer = _answer(row, within, (path, where, number), problems)
            if answer is not None:
                (made if row.get("holds") is not False else ended).append(answer)
    return made, ended, problems


def _frames(path: Path) -> list[pd.DataFrame]:
    """Return the tables of a file as text: of a workbook each sheet that may hold decisions."""
    headers = synonyms("header_of_decisions")
    names = filled_sheets(path, SHEETS) if path.is_file() else ()
    wanted: list[tuple[str, ...]] = [(name,) for name in names] or [SHEETS]
    read = [read_text_table(path, sheets, [*COLUMNS, *PARTIES, *headers]) for sheets in wanted]
    return [frame.rename(columns=_renamed(frame, headers)) for frame in read]


def _renamed(frame: pd.DataFrame, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the column that each other header stands for, where the frame does not have that column yet."""
    renamed: dict[str, str] = {}
    for header, column in headers.items():
        if header in frame and column not in frame and column not in renamed.values():
            renamed[header] = column
    return renamed


def _odd_columns(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield that no column says a decision, or none says of what, and columns that are nearly those of a decision."""
    if not set(SAYING) & set(frame.columns):
        allowed = f"a column {DECISION}, or columns {', '.join(TICKED)}"
        yield Problem(where, "no column says what was decided", allowed, "add it, with one decision in each row")
    if not {"post_id", "urn"} & set(frame.columns):
        yield Problem(where, "no column 'post_id'", "post_id, or urn and level", "add it")
    for name in frame.columns.difference([*COLUMNS, *PARTIES]):
        near = get_close_matches(name, [*SAYING, *PLACE, "reason"], 1, 0.8)
        if near and near[0] not in frame:
            yield Problem(where, f"no such column {shown(name)}", ", ".join(COLUMNS), f"did you mean {near[0]!r}?")


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its number in a spreadsheet; what is missing is None."""
    full = frame.astype(object).where(frame.notna(), None)
    yield from zip((row + 2 for row in frame.index.tolist()), full.to_dict("records"), strict=True)


def _answer(row: dict[str, Any], within: Within, place: Place, problems: list[Problem]) -> Answer | None:
    """Return the decision of a row; None where it has none, or one that is wrong: then the problems are added."""
    path, where, number = place
    here = f"{where}, row {number}"
    if row.get("what") not in (None, DECISION):
        return None
    wrong, (said, on) = list(_twofold(row, here)), _said(row)
    if said is None or wrong:
        problems += wrong
        return None
    asked = _asked(row, within)
    if isinstance(asked, str):
        problems.append(Problem(here, asked, "a post of this run, or a school in scope with its level", WHICH))
        return None
    if asked.leader_id is None and said == STARTED:
        what = f"{DECISION} = {said!r}, and leader_id is blank"
        problems.append(Problem(here, what, "the leader who started", "fill in leader_id"))
        return None
    texts = {name: _text(row.get(name)) for name in ("by", "reason", "source")}
    return Answer(asked, DECISION, said, on, texts["by"], None, path, number, False, texts["reason"], texts["source"])


def _twofold(row: dict[str, Any], where: str) -> Iterator[Problem]:
    """Yield that a row decides twice."""
    said = _decided(row)
    if len(said) > 1:
        yield Problem(where, f"says both {' and '.join(said)}", "one decision in a row", "keep the one that holds")


def _decided(row: dict[str, Any]) -> list[str]:
    """Return what a row decides: that it was asked counts only where nothing else is said."""
    ticked = [name for name in TICKED if row.get(name)]
    written = [str(row[DECISION])] if row.get(DECISION) is not None else []
    every = list(dict.fromkeys([*written, *ticked]))
    return [said for said in every if said != ASKED] or every


def _said(row: dict[str, Any]) -> tuple[str | None, date | None]:
    """Return the decision of a row and its day."""
    said = next(iter(_decided(row)), None)
    ticked = row.get(said) if said in TICKED else None
    if row.get("on") is not None:
        return said, pd.Timestamp(row["on"]).date()
    return said, ticked if isinstance(ticked, date) else None


def _asked(row: dict[str, Any], within: Within) -> Asked | str:
    """Return what a row decides about, or what is wrong with it."""
    leader, post, urn, level = (row.get(name) for name in PLACE)
    urn = None if urn is None else int(urn)
    known = within.posts.set_index("post_id")[["urn", "level"]]
    if post is not None and post not in known.index:
        asks = urn is not None and level is not None and post == prospect_id(urn, str(level))
        return _at_school(urn, level, leader, within) if asks else _no_such(str(post), known.index.tolist())
    if post is None and urn is not None and level is None and urn in within.scope:
        there = known.index[known["urn"] == urn].tolist()
        if len(there) != 1:
            return f"urn = {urn}, and {len(there)} posts there: which is meant cannot be told"
        post = there[0]
    if post is None:
        return "post_id and urn are both blank" if urn is None else _at_school(urn, level, leader, within)
    own = int(known.loc[post, "urn"])
    if urn is not None and urn != own:
        return f"post_id = {shown(str(post))} is at school {own}, not at {urn}"
    return _at_school(own, str(known.loc[post, "level"]), leader, within, post)


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
