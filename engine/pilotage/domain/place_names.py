"""What a name of a place in a scenario stands for: a set of schools.

A name is that of a region, an authority or a district of the schools, of an area of ``data.area_list``, or of a whole
list of data/reference/areas.yaml. ``KIND: NAME`` says which kind is meant; a trust is always written ``trust: NAME``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property

import pandas as pd

from pilotage.domain.area_lists import area_list, area_lists, area_of_schools
from pilotage.errors import Problem

Urns = frozenset[int]


class PlaceKind(StrEnum):
    """What kind of place a name is of; the value is how a scenario writes it before the name."""

    REGION = "region"
    AUTHORITY = "authority"
    DISTRICT = "district"
    AREA = "area"
    LIST = "list"
    TRUST = "trust"


COLUMNS = (PlaceKind.REGION, PlaceKind.AUTHORITY, PlaceKind.DISTRICT, PlaceKind.AREA, PlaceKind.TRUST)
WORDS = {PlaceKind.LIST: "area list"}  # where people read another word than scenarios have
TENTHS_SHARED = 9  # of a district's schools, where it is the authority of its name
MOST_LISTED = 12  # names that a message lists


def written(kind: PlaceKind, name: str) -> str:
    """Return a name with its kind, as a scenario writes it."""
    return f"{kind}: {name}"


def split_name(name: str) -> tuple[PlaceKind | None, str]:
    """Return the kind that a written name states, None where it states none, and the name itself."""
    kind, colon, rest = name.partition(":")
    return (PlaceKind(kind), rest.strip()) if colon and kind in list(PlaceKind) else (None, name)


def place_words(name: str) -> str:
    """Return a written name for people: ``the region London``, ``Derby``, ``Opportunity areas (2016)``."""
    kind, bare = split_name(name)
    if kind in (None, PlaceKind.LIST) and bare in area_lists():
        label: str = area_lists()[bare]["label"]
        return label
    return bare if kind is None else f"the {WORDS.get(kind, kind)} {bare}"


@dataclass(frozen=True)
class PlaceNames:
    """The schools that names can stand for.

    Attributes
    ----------
    schools
        A table of ``domain.tables.SCHOOLS``; its column ``area`` is of the list ``area_list``.
    area_list
        The scenario's ``data.area_list``.
    """

    schools: pd.DataFrame
    area_list: str

    @cached_property
    def known(self) -> dict[PlaceKind, frozenset[str]]:
        """Return the names that exist, by kind; areas of the list count where no school lies in them."""
        names = {kind: frozenset(str(name) for name in self.schools[kind].dropna().unique()) for kind in COLUMNS}
        areas = names[PlaceKind.AREA] | frozenset(area_list(self.area_list))
        return names | {PlaceKind.AREA: areas, PlaceKind.LIST: frozenset(area_lists())}

    def meanings(self, name: str) -> dict[PlaceKind, Urns]:
        """Return the schools that a written name stands for, by each kind that it fits; none where it is unknown."""
        kind, bare = split_name(name)
        kinds = [each for each in PlaceKind if each != PlaceKind.TRUST] if kind is None else [kind]
        fitting = {each: self._urns(each, bare) for each in kinds if bare in self.known[each]}
        return _without_double(fitting) if kind is None else fitting

    def _urns(self, kind: PlaceKind, name: str) -> Urns:
        if kind == PlaceKind.LIST:
            own = name == self.area_list
            inside = (self.schools["area"] if own else area_of_schools(self.schools, name)).notna()
        else:
            inside = self.schools[kind] == name
        return frozenset(self.schools.loc[inside, "urn"].tolist())

    def urns(self, names: Iterable[str]) -> Urns:
        """Return the schools that lie in any of some places; names that are unknown stand for none."""
        return frozenset[int]().union(*(urns for name in names for urns in self.meanings(name).values()))

    def each_place(self, names: Iterable[str]) -> dict[str, Urns]:
        """Return the schools of each place on its own, by its name for people; a list stands for each of its areas.

        No names at all stand for every area of ``data.area_list``. A place that is named twice is there once.
        """
        places: dict[str, Urns] = {}
        for name in list(names) or [written(PlaceKind.LIST, self.area_list)]:
            kind, bare = split_name(name)
            if kind in (None, PlaceKind.LIST) and bare in area_lists():
                places = dict(self._areas_of(bare)) | places
            else:
                places.setdefault(place_words(name), self.urns([name]))
        return places

    def _areas_of(self, list_name: str) -> Iterator[tuple[str, Urns]]:
        """Yield each area of a list with its schools; an area of another list than ``area_list`` says which."""
        own = list_name == self.area_list
        of_school = self.schools["area"] if own else area_of_schools(self.schools, list_name)
        for area in area_list(list_name):
            urns = frozenset(self.schools.loc[of_school == area, "urn"].tolist())
            yield (area if own else f"{area} ({area_lists()[list_name]['label']})"), urns

    def faults(self, where: str, names: Iterable[str]) -> Iterator[Problem]:
        """Yield a problem for each name of a key that is unknown, or that fits kinds of place with other schools."""
        for name in names:
            meanings = self.meanings(name)
            if not meanings:
                yield self._unknown(where, name)
            elif len(set(meanings.values())) > 1:
                kinds = [f"{kind} ({len(urns):,} schools)" for kind, urns in meanings.items()]
                ways = [f"`{written(kind, name)}`" for kind in meanings]
                fault = f"{name!r} is the name of several places: {', '.join(kinds)}"
                yield Problem(
                    where, fault, "a name that is clear", f"write {' or '.join(ways)}", key=tuple(where.split("."))
                )

    def _unknown(self, where: str, name: str) -> Problem:
        """Return the problem of an unknown name with the nearest; a bare name may be near to a trust's."""
        kind, bare = split_name(name)
        kinds = list(PlaceKind) if kind is None else [kind]
        trusts = self.known[PlaceKind.TRUST] if kind is None else frozenset[str]()
        ways = {name: written(PlaceKind.TRUST, name) for name in trusts}
        ways |= {known: known for each in kinds if kind or each != PlaceKind.TRUST for known in self.known[each]}
        near = get_close_matches(bare, sorted(ways), 1, 0.5)
        hint = f"did you mean {ways[near[0]]!r}?" if near else "correct the name"
        what = "place" if kind is None else WORDS.get(kind, str(kind))
        allowed = f"one of the {len(ways):,} names in the data"
        if len(ways) <= MOST_LISTED:
            allowed = ", ".join(sorted(ways))
        return Problem(where, f"no {what} is called {bare!r}", allowed, hint, key=tuple(where.split(".")))


def _without_double(meanings: dict[PlaceKind, Urns]) -> dict[PlaceKind, Urns]:
    """Return the meanings of a bare name without the district that is the authority of that name.

    A unitary authority is one district; the two differ by schools at its border and by districts that files leave
    blank. Nine in ten of the district's schools must be the authority's.
    """
    district, authority = (meanings.get(kind, frozenset()) for kind in (PlaceKind.DISTRICT, PlaceKind.AUTHORITY))
    same = bool(authority) and TENTHS_SHARED * len(district) <= 10 * len(district & authority)
    return {kind: urns for kind, urns in meanings.items() if not (same and kind == PlaceKind.DISTRICT)}
