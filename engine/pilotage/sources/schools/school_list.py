"""The schools open on a day, from the DfE's list of schools (spine), where no list of Ofsted's is near the day.

A list of year Y names every school of the school year, those that closed since too, with days of opening and closure:
what was open on a day is told by these alone, so that a list downloaded later leaves out no school that closed later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pilotage.sources.files.inventory import Files
from pilotage.sources.files.read import year_of_name
from pilotage.sources.schools.authorities import authorities

NOT_STATE_FUNDED = ("independent school", "college", "other", "n/a")
PUBLISHED = (2, 1)  # a table of year Y is public from the 1 February of Y + 1


@dataclass(frozen=True)
class Listed:
    """A list of schools: its year, the day of its latest opening, and the state-funded schools open on a day.

    ``public`` is whether the list was published by the day; one of later lacks the schools that closed before its year.
    """

    year: int
    latest: date | None
    schools: pd.DataFrame
    public: bool


def listed_schools(files: Files, as_of: date) -> Listed:
    """Return the state-funded schools open on a day, by the latest list published by it, else by the earliest there is.

    Raises
    ------
    DataError
        When there is no list that can be read.
    """
    named = ((year_of_name(file.path), file) for file in files.named("dfe_spine"))
    by_year = {year: file for year, file in named if year is not None}
    public = {year for year in by_year if date(year + 1, *PUBLISHED) <= as_of}
    for year in [*sorted(public, reverse=True), *sorted(set(by_year) - public)]:
        content = files.read_if_whole(by_year[year])
        if content is not None:
            opened = content.table["opened_on"].max()
            latest = None if pd.isna(opened) else opened.date()
            return Listed(year, latest, _open(content.table, as_of), year in public)
    do = "download the list of schools (spine) of the performance tables"
    raise files.missing("no DfE list of schools that can be read", "at least one", do)


def _open(table: pd.DataFrame, as_of: date) -> pd.DataFrame:
    day = pd.Timestamp(as_of)
    there = (table["opened_on"].isna() | (table["opened_on"] <= day)) & (
        table["closed_on"].isna() | (table["closed_on"] > day)
    )
    known = there & table["authority_code"].isin(list(authorities()))  # service schools abroad have no authority
    state_funded = table[known & ~_words(table["school_group"]).isin(NOT_STATE_FUNDED)].reset_index(drop=True)
    places = state_funded["authority_code"].astype("int64").map(authorities())
    kind = _words(state_funded["school_type"])
    return pd.DataFrame(
        {
            "urn": state_funded["urn"],
            "name": state_funded["name"],
            "region": places.str[1],
            "authority": places.str[0],
            "school_type": state_funded["school_type"].str.strip(),
            "phase": _phases(state_funded, kind),
            "postcode": state_funded["postcode"],
            "opened_on": state_funded["opened_on"],
            "sponsor_led": kind.str.contains("sponsor led"),
        }
    )


def _words(column: pd.Series) -> pd.Series:
    return column.astype("string").str.strip().str.lower().fillna("")


def _phases(state_funded: pd.DataFrame, kind: pd.Series) -> pd.Series:
    """Return the phase: of the kind of school where that says it, else of the stages that it teaches."""
    primary, secondary = state_funded["is_primary"] == 1, state_funded["is_secondary"] == 1
    phase = pd.Series("sixteen_plus", index=state_funded.index).mask(primary, "primary").mask(secondary, "secondary")
    phase = phase.mask(primary & secondary, "all_through")
    phase = phase.mask(kind.str.contains("nursery"), "nursery")
    of_special_group = _words(state_funded["school_group"]) == "special school"
    phase = phase.mask(kind.str.contains("special") | of_special_group, "special")
    return phase.mask(kind.str.contains("referral|alternative provision"), "pru")
