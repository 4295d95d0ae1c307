"""What a planner should know of a school's own standing by the date: opening, closure, joining or changing a trust."""

from __future__ import annotations

from datetime import date

import pandas as pd

RECENT = pd.DateOffset(months=24)
CLOSES = ("open, but proposed to close", "closed")


def marked(
    schools: pd.DataFrame,
    as_of: date,
    links: pd.DataFrame | None,
    groups: pd.DataFrame | None,
    gias: pd.DataFrame | None,
) -> pd.Series:
    """Return, by row of ``schools``, the marks in words separated by "; ", null for none.

    A mark is dated in the 24 months to the date. What is known of closure comes from a list of schools only where that
    list is not of a later day than the date: its own day is taken to be its latest opening.
    """
    day = pd.Timestamp(as_of)
    parts = [_opened(schools, day), _links(schools, links, day), _trusts(schools, groups, day), _closes(gias, day)]
    marks = pd.concat([pd.Series(dtype=object), *(part for part in parts if len(part))])
    return schools["urn"].map(marks.groupby(level=0, sort=False).agg("; ".join))


def _recent(days: pd.Series, day: pd.Timestamp) -> pd.Series:
    return (days <= day) & (days > day - RECENT)


def _words(frame: pd.DataFrame, column: str, words: str) -> pd.Series:
    """Return words with the day of ``column`` in them, by URN."""
    text = [words.format(day=f"{when.day} {when:%b %Y}") for when in frame[column]]
    return pd.Series(text, index=frame["urn"].to_numpy(), dtype=object)


def _opened(schools: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return _words(schools[_recent(schools["opened_on"], day)], "opened_on", "opened {day}")


def _links(schools: pd.DataFrame, links: pd.DataFrame | None, day: pd.Timestamp) -> pd.Series:
    """Return mergers, splits and replacements, as the school that is open sees them."""
    if links is None:
        return pd.Series(dtype=object)
    kind = links["link_type"].str.strip().str.lower()
    near = _recent(links["linked_on"], day) & links["urn"].isin(schools["urn"])
    merged = near & (kind.str.contains("merged") | kind.str.contains("amalgamation"))
    replaced = near & (kind == "predecessor") & ~merged
    split = near & kind.str.contains("split")
    parts = []
    for rows, words in ((merged, "merged with"), (split, "split from"), (replaced, "replaced")):
        part = links[rows].sort_values(["urn", "link_urn"])
        days = _words(part, "linked_on", "{day}").to_list()
        text = [f"{words} {other} on {when}" for other, when in zip(part["link_urn"].astype(int), days, strict=True)]
        parts.append(pd.Series(text, index=part["urn"].to_numpy(), dtype=object))
    every: pd.Series = pd.concat(parts)
    return every


def _trusts(schools: pd.DataFrame, groups: pd.DataFrame | None, day: pd.Timestamp) -> pd.Series:
    """Return the trusts that a school came into lately; "changed" where the school had been in another trust before."""
    if groups is None:
        return pd.Series(dtype=object)
    kind = groups["group_type"].str.strip().str.lower()
    own = groups[kind.str.contains("academy trust") & groups["urn"].isin(schools["urn"]) & (groups["joined_on"] <= day)]
    earlier = own[~_recent(own["joined_on"], day)]["urn"]
    lately = own[_recent(own["joined_on"], day)].sort_values(["urn", "joined_on", "group_name"])
    moved = lately["urn"].isin(earlier)
    changed = _words(lately[moved], "joined_on", "changed trust {day}")
    newly_in = _words(lately[~moved], "joined_on", "joined a trust {day}")
    every: pd.Series = pd.concat([changed, newly_in])
    return every


def _closes(gias: pd.DataFrame | None, day: pd.Timestamp) -> pd.Series:
    """Return what a list of schools that is not of a later day says of closures."""
    if gias is None or gias["status"].isna().all():
        return pd.Series(dtype=object)
    status = gias["status"].fillna("").str.strip().str.lower()
    own_day = gias.loc[status.str.startswith("open"), "opened_on"].max()
    if pd.isna(own_day) or own_day > day:
        return pd.Series(dtype=object)
    closes = gias[status.isin(CLOSES)]
    dated, undated = closes[closes["closed_on"].notna()], closes[closes["closed_on"].isna()]
    known = _words(dated, "closed_on", "closing {day}")
    every: pd.Series = pd.concat([known, pd.Series("proposed to close", index=undated["urn"].to_numpy(), dtype=object)])
    return every
