"""What planners know of schools and no file says: support, posts advertised again, what bodies answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pilotage.domain.answers import Answer

COLUMNS = ("supported_by", "supported_until", "readvertised", "note")
SUPPORTED_BY = "supported_by"  # column of posts and schools: who supports the school on the day of the plan
ADVERTISED_AGAIN = "advertised_again"  # column of posts: whether the post was advertised again


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], name="urn", dtype="int64"))


@dataclass(frozen=True)
class KnownSchools:
    """What is known of schools.

    Attributes
    ----------
    table
        One row per school, by URN, with the ``COLUMNS`` as in ``tables.KNOWN_SCHOOLS``; what is not known is null.
    standing
        What the responsible body answered for all posts of a school, by URN.
    """

    table: pd.DataFrame = field(default_factory=_nothing)
    standing: Mapping[int, Answer] = field(default_factory=dict)

    def supported_by(self, day: date) -> pd.Series:
        """Return who supports each school on a day, by URN; support counts to its last day, and without one on."""
        until = pd.to_datetime(self.table["supported_until"])
        now = self.table["supported_by"].notna() & (until.isna() | (until >= pd.Timestamp(day)))
        supporters: pd.Series = self.table.loc[now, "supported_by"]
        return supporters

    def any_advertised_again(self, levels: Collection[str]) -> bool:
        """Return whether a post of one of some levels was advertised again at any school."""
        given = self.table["readvertised"].dropna()
        return any(level in levels for cell in given for level in str(cell).split(";"))

    def advertised_again(self, places: pd.DataFrame) -> pd.Series:
        """Return for each place (urn, level) whether a post of that level was advertised again there, in its order."""
        levels = {urn: str(cell).split(";") for urn, cell in self.table["readvertised"].dropna().items()}
        rows = zip(places["urn"].tolist(), places["level"].tolist(), strict=True)
        return pd.Series([level in levels.get(urn, ()) for urn, level in rows], index=places.index, dtype=bool)


def supporters_of(cell: object) -> tuple[str, ...]:
    """Return the names in a cell of ``supported_by``, as people compare them: in small letters, blanks once."""
    given = "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]
    return tuple(" ".join(name.casefold().split()) for name in given.split(";") if name.strip())
