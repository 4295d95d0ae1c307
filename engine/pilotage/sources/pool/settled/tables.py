"""Tables of decisions: what planners note of leaders and posts once it is settled; and which kind a given table is.

A row says ``decision``, or has a tick or a day under ``asked``, ``agreed`` or ``refused``, as the lists of a run's
workbook have them. A row with an owner, a note or a day to decide by alone is kept as noted. Other rows are passed
over, and so are other columns. A ledger of an earlier run is such a table too: of its rows those that are decisions are
read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case.list_files import plain
from pilotage.domain.answers import DECISION, PARTIES, Answer
from pilotage.domain.decision_rows import HEADINGS, ROW_CHECK, TICKED
from pilotage.domain.support import SUPPORT
from pilotage.errors import DataError, Problem
from pilotage.sources.cells.choices import synonyms
from pilotage.sources.cells.grid import shown
from pilotage.sources.files.tables import read_text_tables, sheet_of, typed, where_of
from pilotage.sources.pool.answer_tables import Within
from pilotage.sources.pool.school_urns import with_present_urns
from pilotage.sources.pool.settled.columns import (
    COLUMNS,
    KINDS,
    PLACE,
    SAYING,
    SHEETS,
    SUPPORTED_BY,
    is_ledger,
    missing_typed,
    renamed,
)
from pilotage.sources.pool.settled.rows import Place, said_in, twofold
from pilotage.sources.pool.table_checks import unknown_names

OPEN_IN_EXCEL = "~$"
OF_A_ROW = {"leader_id": "Leader", "urn": "URN"}  # without them a row of a run's list says something else


class TableKind(StrEnum):
    """What a table of answers is, by its columns; the scenario's key of ``pool`` that takes it."""

    DECISIONS = "decisions"
    ASKS = "asks"
    PAIRS = "pairs"


@dataclass
class DecisionTable:
    """One table of a file: its decisions, those that had ended already, what is wrong, and notes."""

    ledger: bool
    made: list[Answer] = field(default_factory=list)
    ended: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def kind_of(path: Path) -> TableKind:
    """Return what kind of answers a file holds; one that has no column of either is one of decisions.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    columns = [set(frame.columns) for frame in _frames(path)]
    if any({*SAYING, ROW_CHECK} & names for names in columns):
        return TableKind.DECISIONS
    if any("state" in names or ({"post_id"} <= names and names & set(PARTIES)) for names in columns):
        return TableKind.PAIRS
    asks = any({"urn", "level"} <= names and names & {"school", "body"} for names in columns)
    return TableKind.ASKS if asks else TableKind.DECISIONS


def read_decisions(path: Path, within: Within) -> list[DecisionTable]:
    """Return the decisions of a file, sheet by sheet."""
    if path.name.startswith(OPEN_IN_EXCEL):
        what, do = "is the mark that Excel leaves beside a workbook that is open", "name the workbook, without ~$"
        return [DecisionTable(ledger=False, problems=[Problem(str(path), what, "a CSV or Excel file", do)])]
    try:
        frames = _frames(path)
    except DataError as error:
        return [DecisionTable(ledger=False, problems=list(error.problems))]
    saying = [frame for frame in frames if {*SAYING, ROW_CHECK} & set(frame.columns)]
    return [_table(frame, path, within) for frame in saying or frames[:1]]


def _table(frame: pd.DataFrame, path: Path, within: Within) -> DecisionTable:
    where, result = where_of(frame, path), DecisionTable(is_ledger(frame))
    result.problems += _odd_columns(frame, where)
    table, odd = typed(_as_written(frame), KINDS, where)
    urns = with_present_urns(table, "urn", within.panel, path)
    result.problems += [*odd, *urns.problems, *unknown_names(table, "leader_id", within.leaders, where)]
    sound, rows = not result.problems, list(_rows(urns.frame))
    result.notes += _lost_columns(frame, where_of(frame, Path(path.name)).replace(str(path), path.name))
    for number, row in rows:
        if not sound:
            result.problems += twofold(row, f"{where}, row {number}")
        elif within.sound:
            _add(result, row, within, Place(path, sheet_of(frame), where, number))
    return result


def _add(result: DecisionTable, row: dict[str, Any], within: Within, place: Place) -> None:
    """Add what a row says."""
    said = said_in(row, within, place)
    result.problems += said.problems
    result.notes += [] if said.note is None else [said.note]
    result.ended += [] if said.asked_before is None else [said.asked_before]
    if said.answer is not None:
        (result.made if row.get("holds") is not False else result.ended).append(said.answer)


def _frames(path: Path) -> list[pd.DataFrame]:
    """Return the tables of a file as text: of a workbook each sheet that may hold decisions."""
    headers = synonyms("header_of_decisions")
    return [renamed(frame, headers) for frame in read_text_tables(path, SHEETS, [*COLUMNS, *PARTIES, *headers])]


def _as_written(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its texts as they were before a list was written with them; support is a level too."""
    names = [name for name in ("leader_id", "post_id", ROW_CHECK) if name in frame]
    texts = {name: [None if cell is None else plain(cell) for cell in frame[name]] for name in names}
    made = frame.assign(**{name: pd.Series(cells, frame.index, dtype=object) for name, cells in texts.items()})
    if SUPPORTED_BY in made and "leader_id" not in made:
        made = made.assign(level=SUPPORT)
    made.attrs = frame.attrs
    return made


def _lost_columns(frame: pd.DataFrame, where: str) -> list[str]:
    """Return a note on columns to type in that are gone from a list of a run's workbook."""
    gone = [HEADINGS[name] for name in missing_typed(frame)]
    return [f"{where}: nothing is read from {', '.join(gone)}, since the column is gone."] if gone else []


def _odd_columns(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield that no column says a decision, or none says of what, and columns that are nearly those of a decision."""
    columns = set(frame.columns)
    if not {*SAYING, ROW_CHECK} & columns:
        allowed = f"a column {DECISION}, or columns {', '.join(TICKED)}"
        yield Problem(where, "no column says what was decided", allowed, "add it, with one decision in each row")
    gone = {} if ROW_CHECK not in columns or SUPPORTED_BY in columns else OF_A_ROW
    for name, heading in gone.items():
        if name not in columns:
            do = "copy the column back from report.xlsx in the run folder, and sort nothing in between"
            yield Problem(where, f"the column {heading!r} is gone", "the columns that the run wrote", do)
    if not {"post_id", "urn"} & columns:
        yield Problem(where, "no column 'post_id'", "post_id, or urn and level", "add it")
    for name in frame.columns.difference([*COLUMNS, *PARTIES]):
        near = get_close_matches(name, [*SAYING, *PLACE, "reason"], 1, 0.8)
        if near and near[0] not in frame:
            yield Problem(where, f"no such column {shown(name)}", ", ".join(COLUMNS), f"did you mean {near[0]!r}?")


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its number in a spreadsheet; what is missing is None."""
    full = frame.astype(object).where(frame.notna(), None)
    yield from zip((row + 2 for row in frame.index.tolist()), full.to_dict("records"), strict=True)
