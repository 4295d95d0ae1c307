"""Whom a pack is made for: what ``--with`` says, and which trust or authority of the run it means."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

import pandas as pd

from pilotage.domain.findings.packs import Audience, AudienceKind
from pilotage.errors import Problem, UsageError

OPTION = "--with"
ALLOWED = "trust:NAME, authority:NAME or trustees"
MOST_NEAR = 3
LONGEST = 200  # letters of a word that is compared with names


def audience_of(word: str) -> Audience:
    """Return whom ``--with`` asks for, with the name as it was written.

    Raises
    ------
    UsageError
        Where it is of no such form.
    """
    kind, colon, name = (part.strip() for part in word.partition(":"))
    try:
        asked = Audience(AudienceKind(kind.casefold()), name)
    except ValueError:
        raise UsageError(_unclear(word)) from None
    if (asked.kind is AudienceKind.TRUSTEES) == bool(colon) or (colon and not name):
        raise UsageError(_unclear(word))
    return asked


def _unclear(word: str) -> Problem:
    return Problem(OPTION, repr(word[:LONGEST]), ALLOWED, "write whom the pack is for, such as 'trust:Oak Trust'")


def schools_of(asked: Audience, schools: pd.DataFrame, in_scope: Iterable[int]) -> tuple[Audience, pd.DataFrame]:
    """Return the body that is meant, by its name in the data, and its schools in scope.

    Parameters
    ----------
    schools
        A table of ``domain.tables.SCHOOLS``. A trust may also be named by its number, ``trust_id``.

    Raises
    ------
    UsageError
        Where no body is called so, more than one is, or none of its schools is in scope.
    """
    column = asked.kind.value
    if asked.kind is AudienceKind.TRUST and asked.name.isdecimal():
        own = schools[schools["trust_id"] == int(asked.name)]
        if own.empty:
            raise UsageError(_unknown(asked, schools[column]))
        name = str(own[column].iloc[0])
    else:
        name = _meant(asked, schools[column])
        own = schools[schools[column] == name]
        if asked.kind is AudienceKind.TRUST:
            _expect_one_trust(name, own)
    inside = own[own["urn"].isin(list(in_scope))]
    if inside.empty:
        what = f"none of the {len(own):,} schools of {name} is in the scope of this run"
        raise UsageError(Problem(OPTION, what, "a body with schools in scope", "run the scenario with a wider scope"))
    return Audience(asked.kind, name), inside


def _meant(asked: Audience, names: pd.Series) -> str:
    """Return the name that is written so, else the only one that differs in case, accents and spaces alone."""
    known = sorted(str(name) for name in names.dropna().unique())
    if asked.name in known:
        return asked.name
    folded = [name for name in known if _folded(name) == _folded(asked.name)]
    if len(folded) == 1:
        return folded[0]
    if folded:
        what = f"{len(folded):,} are called so: {', '.join(map(repr, folded))}"
        raise UsageError(Problem(OPTION, what, "one of them", "write the name exactly as it is here"))
    raise UsageError(_unknown(asked, names))


def _unknown(asked: Audience, names: pd.Series) -> Problem:
    known = {_folded(str(name)): str(name) for name in sorted(names.dropna().unique())}
    near = difflib.get_close_matches(_folded(asked.name[:LONGEST]), list(known), MOST_NEAR, 0.5)
    do = f"did you mean {', '.join(repr(known[each]) for each in near)}?" if near else "check the spelling"
    what = f"no {asked.kind} is called {asked.name[:LONGEST]!r}"
    return Problem(OPTION, what, f"one of the {len(known):,} in the data", do)


def _expect_one_trust(name: str, own: pd.DataFrame) -> None:
    """Refuse a name that two trusts have: one would see the other's schools."""
    numbers = sorted({int(number) for number in own["trust_id"].dropna()})
    if len(numbers) > 1 or (numbers and own["trust_id"].isna().any()):
        ways = " or ".join(f"trust:{number}" for number in numbers)
        what = f"more than one trust is called {name!r}"
        raise UsageError(Problem(OPTION, what, "one trust", f"name it by its number: {ways}"))


def _folded(name: str) -> str:
    """Return a name without case, accents and spaces too many."""
    letters = unicodedata.normalize("NFKD", name)
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).casefold().split())
