"""The table of what planners know of schools (``pool.schools``): a row for a school, or for a responsible body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.answers import BODY, STANDING, Answer, Asked
from pilotage.domain.inputs import SCHOOLS
from pilotage.domain.known_schools import COLUMNS, KnownSchools, supporters_of
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import Problem
from pilotage.sources.cells.choices import synonyms
from pilotage.sources.cells.grid import shown
from pilotage.sources.cells.kinds import DAY, WHOLE, YES_NO, Kind, choice, choices
from pilotage.sources.files.tables import where_of
from pilotage.sources.pool.school_urns import with_present_urns
from pilotage.sources.pool.table_checks import checked_table, given_table

LEVELS = choices("level", tables.LEVELS)


def _levels(text: str) -> str:
    """Return the levels of posts advertised again, of all levels for a yes."""
    try:
        return ";".join(tables.LEVELS) if YES_NO.parse(text) else tables.NOT_READVERTISED
    except ValueError:
        read: str = LEVELS.parse(text)
        return read


KINDS = {
    "urn": WHOLE,
    "supported_until": DAY,
    "readvertised": Kind(f"yes or no, or the levels of the posts: {LEVELS.allowed}", _levels),
    "consent_of_body": choice("answer", STANDING),
}


@dataclass(frozen=True)
class ReadSchools:
    """What a table of schools says, what is wrong with it, and notes on how it was read."""

    known: KnownSchools = field(default_factory=KnownSchools)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What one row says of a school in one column, and the row as a spreadsheet counts."""

    value: Any
    row: int


def read_known_schools(path: Path, panel: SchoolPanel, scope: NDArray[np.int64]) -> ReadSchools:
    """Return what a table of schools says; a row for a body counts for its schools in ``scope`` (URNs)."""
    given = given_table(path, SCHOOLS, list(tables.KNOWN_SCHOOLS.columns), KINDS, synonyms("header_of_schools"))
    if not len(given.frame.columns):
        return ReadSchools(problems=tuple(given.problems))
    where = where_of(given.frame, path)
    urns = with_present_urns(given.frame, "urn", panel, path)
    problems = [*given.problems, *urns.problems]
    table, problems = checked_table(tables.KNOWN_SCHOOLS, urns.frame, where, problems)
    if problems:
        return ReadSchools(problems=tuple(problems))
    rows = _numbered(table, urns.frame)
    problems = [problem for number, row in rows.items() for problem in _odd(row, f"{where}, row {number}")]
    cells = _by_school(rows, panel, scope, (where, problems))
    return ReadSchools(_known(cells, where), tuple(problems), urns.notes)


def unknown_supporters(scenario: Scenario, known: KnownSchools) -> Iterator[Problem]:
    """Yield each name that a rule asks for and that supports no school of the table, with the nearest."""
    given = [name.strip() for cell in known.table["supported_by"].dropna() for name in str(cell).split(";")]
    names = {name: text for text in given for name in supporters_of(text)}
    for key, rule in scenario.rules.items():
        for name in rule.supporters() or ():
            if not set(supporters_of(name)) <= set(names):
                near = get_close_matches(name.casefold(), list(names), 1)
                do = f"did you mean {names[near[0]]!r}?" if near else "correct the name, or leave it out"
                what = f"{name!r} supports no school of the table pool.schools"
                allowed = f"one of {', '.join(sorted(set(names.values())))}" if names else "a name in supported_by"
                yield Problem(f"rules.{key}.by", what, allowed, do, key=("rules", key, "by"))


def _numbered(table: pd.DataFrame, frame: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Return each row by its number in a spreadsheet; what is missing is None."""
    rows = cast("list[dict[str, Any]]", table.astype(object).where(table.notna(), None).to_dict("records"))
    return {row + 2: cells for row, cells in zip(frame.index.tolist(), rows, strict=True)}


def _odd(row: dict[str, Any], where: str) -> Iterator[Problem]:
    """Yield what is wrong with one row by itself."""
    if (row["urn"] is None) == (row["body"] is None):
        what = "urn and body are both " + ("blank" if row["urn"] is None else "filled in")
        yield Problem(where, what, "the URN of a school, or the name of a responsible body", "fill in one of the two")
    if row["supported_until"] is not None and row["supported_by"] is None:
        what = "supported_until is filled in, and supported_by is blank"
        yield Problem(where, what, "who supports the school, and until when", "fill in supported_by")
    of_schools = [name for name in COLUMNS if name != "note" and row[name] is not None]
    if row["body"] is not None and row["urn"] is None and of_schools:
        what = f"{of_schools[0]} is filled in for the responsible body {shown(row['body'])}"
        yield Problem(where, what, "consent_of_body and note in the row of a body", "write a row for each school")


def _by_school(
    rows: dict[int, dict[str, Any]], panel: SchoolPanel, scope: NDArray[np.int64], told: tuple[str, list[Problem]]
) -> dict[int, dict[str, Cell]]:
    """Return, by URN and column, what the rows say; rows that disagree and unknown bodies are added to the problems."""
    where, problems = told
    bodies = _Bodies(panel, frozenset(scope.tolist()))
    cells: dict[int, dict[str, Cell]] = {}
    for number, row in rows.items():
        here = f"{where}, row {number}"
        problems += [] if row["body"] is None else bodies.faults(str(row["body"]), here)
        urns = [row["urn"]] if row["urn"] is not None else bodies.schools_of(str(row["body"]))
        for urn in urns:
            problems += _laid_over(cells.setdefault(int(urn), {}), row, number, (int(urn), where))
    return {urn: given for urn, given in sorted(cells.items()) if given}


def _laid_over(cells: dict[str, Cell], row: dict[str, Any], number: int, school: tuple[int, str]) -> Iterator[Problem]:
    """Fill in what a row says of a school; yield a problem for each cell that an earlier row says otherwise."""
    urn, where = school
    for name in (*COLUMNS, "consent_of_body"):
        value, before = row[name], cells.get(name)
        if value is None:
            continue
        if before is None:
            cells[name] = Cell(value, number)
        elif name == "note":
            cells[name] = Cell(before.value if value in before.value else f"{before.value}; {value}", before.row)
        elif _compared(value) != _compared(before.value):
            what = f"school {urn}: {name} = {_written(value)}, and {_written(before.value)} in row {before.row}"
            allowed = "rows of one school, and of its responsible body, that agree or leave the cell blank"
            both = "; several names stand in one cell, separated by ;" if name == "supported_by" else ""
            yield Problem(f"{where}, row {number}", what, allowed, f"keep the one that holds{both}")


def _compared(value: Any) -> Any:
    return supporters_of(value) if isinstance(value, str) else value


def _written(value: Any) -> str:
    return f"{value:%d %b %Y}" if isinstance(value, pd.Timestamp) else shown(value)


def _known(cells: dict[int, dict[str, Cell]], where: str) -> KnownSchools:
    """Return what is known of each school, and what its responsible body answered."""
    rows = [{name: given[name].value if name in given else None for name in COLUMNS} for given in cells.values()]
    table = pd.DataFrame(rows, columns=list(COLUMNS), index=pd.Index(list(cells), name="urn", dtype="int64"))
    typed = table.astype({"supported_until": "datetime64[ns]"})
    consents = {urn: given["consent_of_body"] for urn, given in cells.items() if "consent_of_body" in given}
    standing = {
        urn: Answer(Asked(urn, None), BODY, cell.value, None, None, None, Path(where), cell.row, standing=True)
        for urn, cell in consents.items()
    }
    return KnownSchools(typed, standing)


@dataclass(frozen=True)
class _Bodies:
    """The responsible bodies of the schools: trusts, and authorities for schools that have none."""

    panel: SchoolPanel
    scope: frozenset[int]

    def schools_of(self, name: str) -> list[int]:
        """Return the schools in scope for which a body answers, ascending."""
        schools = self.panel.schools
        mine = _plain(schools["trust"].fillna(schools["authority"])) == _words(name)
        return sorted(urn for urn in schools.loc[mine, "urn"].tolist() if urn in self.scope)

    def faults(self, name: str, where: str) -> Iterator[Problem]:
        """Yield that nobody has such a body, with the nearest name; or that a trust and an authority have the name."""
        trusts, authorities = (self.panel.schools[kind].dropna().unique() for kind in ("trust", "authority"))
        known = {_words(each): str(each) for each in (*authorities, *trusts)}
        if _words(name) not in known:
            near = get_close_matches(_words(name), list(known), 1)
            do = f"did you mean {known[near[0]]!r}?" if near else "write it as responsible_body has it in asks.csv"
            allowed = "a trust or a local authority of the schools' data"
            yield Problem(where, f"body = {shown(name)}: no school has such a body", allowed, do)
        elif all(_words(name) in map(_words, kind) for kind in (trusts, authorities)):
            what = f"body = {shown(name)}: both a trust and a local authority have this name"
            yield Problem(where, what, "a name that is clear", "write a row for each school, by its URN")


def _plain(names: pd.Series) -> pd.Series:
    distinct = {name: _words(name) for name in names.dropna().unique()}
    return names.map(distinct)


def _words(name: object) -> str:
    return " ".join(str(name).casefold().split())
