"""Schools given by their names in people's tables: the URN that a name stands for, where only one school has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import pandas as pd

from pilotage.domain.panel import SchoolPanel
from pilotage.errors import Problem
from pilotage.sources.cells.grid import shown
from pilotage.sources.files.tables import numbered

NAME = "school_name"
BESIDE = ("authority", "postcode")  # which of the schools of one name is meant
NAMING = (NAME, *BESIDE)
MOST_LISTED = 5  # schools in one message
NEAR = 0.6


def with_named_schools(frame: pd.DataFrame, panel: SchoolPanel, where: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a table with a URN in each row that names a school instead, and what is wrong with names."""
    if NAME not in frame:
        return frame, []
    names, problems = _Names(panel), list[Problem]()
    urns: list[Any] = frame["urn"].tolist() if "urn" in frame else [None] * len(frame)
    for place, (row, name) in enumerate(numbered(frame, NAME)):
        if name is None:
            continue
        beside = {key: frame[key].loc[row] for key in BESIDE if key in frame and frame[key].loc[row] is not None}
        found = names.found(str(name), beside)
        if _is_blank(urns[place]):
            urns[place] = found[0] if len(found) == 1 else None
            problems += [] if len(found) == 1 else [names.problem(str(name), found, beside, (where, row))]
        elif found and int(urns[place]) not in found:
            problems += names.another(int(urns[place]), found, (where, row))
    told = frame.assign(urn=pd.Series(urns, index=frame.index, dtype=object))
    return told, problems


def _is_blank(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _plain(text: object) -> str:
    return "".join(letter for letter in str(text).casefold() if letter.isalnum())


@dataclass(frozen=True)
class _Names:
    """The schools of a panel by name."""

    panel: SchoolPanel

    @cached_property
    def schools(self) -> pd.DataFrame:
        """Return the schools by URN; those that are open come first."""
        schools = self.panel.schools.set_index("urn")
        closed = schools["closed_on"] <= pd.Timestamp(self.panel.as_of)
        return schools.assign(closed=closed).sort_values(["closed", "authority"], kind="stable")

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Return the URNs of each name, in small letters and without blanks and marks."""
        found: dict[str, list[int]] = {}
        for urn, name in self.schools["name"].items():
            found.setdefault(_plain(name), []).append(int(str(urn)))
        return found

    def found(self, name: str, beside: dict[str, Any]) -> list[int]:
        """Return the schools of a name that lie where the row says; those that are open, if any is."""
        urns = self.by_name.get(_plain(name), [])
        there = [urn for urn in urns if all(_plain(self._of(urn, key)) == _plain(beside[key]) for key in beside)]
        still = [urn for urn in there if not self._of(urn, "closed")]
        return still or there

    def _of(self, urn: int, key: str) -> Any:
        return self.schools.at[urn, key]

    def problem(self, name: str, found: list[int], beside: dict[str, Any], at: tuple[str, int]) -> Problem:
        """Return that a name is of no school, or of several, with those that may be meant."""
        what, cells = f"{NAME} = {shown(name)}", ((*at, "urn"), (*at, NAME))
        if found:
            do = "write the urn, or which of them in authority or postcode"
            allowed = f"one school: {self._listed(found)}"
            return Problem(_row(at), f"{what}: {len(found):,} schools have this name", allowed, do, cells)
        same = self.by_name.get(_plain(name), [])
        near = same or [self.by_name[each][0] for each in get_close_matches(_plain(name), self.by_name, 3, NEAR)]
        other = f", not with {' and '.join(f'{key} {shown(str(beside[key]))}' for key in beside)}" if same else ""
        do = f"did you mean {self._listed(near)}?" if near else "write the urn"
        fault = f"{what}: no school has this name" if not same else f"{what}: schools have this name{other}"
        return Problem(_row(at), fault, "the name of a school as the data has it, or its urn", do, cells)

    def another(self, urn: int, found: list[int], at: tuple[str, int]) -> Iterator[Problem]:
        """Yield that a row has the name of one school and the URN of another."""
        if urn in self.schools.index:
            own = shown(str(self._of(urn, "name")))
            what = f"urn = {urn}, which is {own}, and {NAME} is that of {self._listed(found)}"
            yield Problem(_row(at), what, "the urn and the name of one school", "correct one of them", ((*at, NAME),))

    def _listed(self, urns: list[int]) -> str:
        more = f" and {len(urns) - MOST_LISTED:,} more" if len(urns) > MOST_LISTED else ""
        names = (f"{shown(str(self._of(urn, 'name')))} in {self._of(urn, 'authority')}, urn {urn}" for urn in urns)
        return f"{'; '.join(list(names)[:MOST_LISTED])}{more}"


def _row(at: tuple[str, int]) -> str:
    return f"{at[0]}, row {at[1] + 2}"
