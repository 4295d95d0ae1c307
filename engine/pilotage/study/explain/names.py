"""Which school or leader a word means: a URN or leader_id, or a name that only one has."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TypeVar

import pandas as pd

from pilotage.case.case import Case
from pilotage.errors import Problem, UsageError

Id = TypeVar("Id", int, str)

MOST = 8  # candidates that are listed


def school_of(case: Case, word: str) -> int:
    """Return the URN of the school in scope that a word means.

    Raises
    ------
    UsageError
        Where no school in scope, or more than one, is called that; with candidates or the nearest names.
    """
    names: dict[int, str] = dict(
        zip(case.panel.schools["urn"].tolist(), case.panel.schools["name"].astype(str), strict=True)
    )
    in_scope: dict[int, str] = {urn: names[urn] for urn in case.urns.tolist()}
    asked = word.strip()
    if asked.isdigit():
        urn: int = case.panel.other_urns.get(int(asked), int(asked))
        if urn in names and urn not in in_scope:
            what = f"school {urn} ({names[urn]}) is not in the scope of this run"
            raise UsageError(Problem("--school", what, "a school in scope", "run the scenario with a wider scope"))
        if urn in in_scope:
            return urn
    return _meant("--school", asked, in_scope)


def leader_of(case: Case, word: str) -> int:
    """Return the position in the table of leaders of the leader that a word means.

    Raises
    ------
    UsageError
        Where no leader of the run, or more than one, is called that; with candidates or the nearest names.
    """
    leaders = case.pool.leaders
    ids = leaders["leader_id"].astype(str).tolist()
    given = leaders["name"] if "name" in leaders else pd.Series([None] * len(leaders))
    names = {id_: id_ if pd.isna(name) else str(name) for id_, name in zip(ids, given, strict=True)}
    return ids.index(leader_meant("--leader", word, names))


def leader_meant(option: str, word: str, names: Mapping[str, str]) -> str:
    """Return the leader_id that a word of an option means; ``names``: of each leader by leader_id.

    Raises
    ------
    UsageError
        Where no leader, or more than one, is called that; with candidates or the nearest names.
    """
    asked = word.strip()
    by_id = [id_ for id_ in names if id_.casefold() == asked.casefold()]
    return by_id[0] if len(by_id) == 1 else _meant(option, asked, names)


def _meant(option: str, asked: str, names: Mapping[Id, str]) -> Id:
    """Return the only one of that name, or the only one whose name has the word in it."""
    word = asked.casefold()
    for fitting in (
        [id_ for id_, name in names.items() if name.casefold() == word],
        [id_ for id_, name in names.items() if word and word in name.casefold()],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            what = f"{len(fitting):,} are called {asked!r}: {_listed(fitting, names)}"
            raise UsageError(Problem(option, what, "one of them", "give its number instead of its name"))
    raise UsageError(
        Problem(
            option,
            f"no school is {asked!r}" if option == "--school" else f"nobody is called {asked!r}",
            f"one of the {len(names):,} of this run",
            _nearest(asked, names),
        )
    )


def _nearest(asked: str, names: Mapping[Id, str]) -> str:
    words: dict[str, Id] = {str(id_): id_ for id_ in names}
    words |= {name.casefold(): id_ for id_, name in names.items()}
    close = difflib.get_close_matches(asked[:200].casefold(), [*words], n=3, cutoff=0.5)
    close = close or difflib.get_close_matches(asked[:200], [*words], n=3, cutoff=0.5)
    found = list(dict.fromkeys(words[each] for each in close))
    return f"did you mean {_listed(found, names)}?" if found else "check the spelling"


def _listed(ids: Sequence[Id], names: Mapping[Id, str]) -> str:
    some = [str(id_) if names[id_] == str(id_) else f"{id_} ({names[id_]})" for id_ in ids[:MOST]]
    more = len(ids) - len(some)
    return "; ".join(some) + (f"; and {more:,} more" if more > 0 else "")
