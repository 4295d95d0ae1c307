"""One school, many URNs: which school of the as-of date a URN belongs to.

A URN of the as-of date is itself. Another URN belongs to the one school of the date that it became, or that became it,
through links of one predecessor to one successor. Merged and split schools are many to one: they pass nothing on. A
sponsor-led academy that replaced a school later is a new school: what it was judged is no label of the old one. A
sponsor-led academy of the date has its predecessor's history (``urn_at_time`` differs from ``urn``), not its grade.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

LONGEST_CHAIN = 8


def successors(links: pd.DataFrame) -> dict[int, int]:
    """Return old URN -> new URN for the links that are one to one, from either side's rows."""
    kind = links["link_type"].str.strip().str.lower()
    old_new = pd.concat(
        [
            _pairs(links[kind == "predecessor"], "link_urn", "urn"),
            _pairs(links[kind == "successor"], "urn", "link_urn"),
        ]
    ).drop_duplicates()
    once = ~old_new["old"].duplicated(keep=False) & ~old_new["new"].duplicated(keep=False)
    single = old_new[once & (old_new["old"] != old_new["new"])]
    return dict(zip(single["old"].tolist(), single["new"].tolist(), strict=True))


def buildings(links: pd.DataFrame) -> dict[int, int]:
    """Return old URN -> new URN for where to look for a place: merged schools too, the lowest of several."""
    kind = links["link_type"].str.strip().str.lower()
    away = kind.str.contains("split")
    old_new = pd.concat(
        [
            _pairs(links[kind.str.startswith("predecessor") & ~away], "link_urn", "urn"),
            _pairs(links[kind.str.startswith("successor") & ~away], "urn", "link_urn"),
        ]
    )
    merged = links[kind.str.contains("amalgamation") | kind.str.startswith("merged")]
    ends = merged[["urn", "link_urn"]].astype("int64")
    either_way = pd.DataFrame({"old": ends.min(axis=1), "new": ends.max(axis=1)})
    every = pd.concat([old_new, either_way])
    lowest = every[every["old"] != every["new"]].groupby("old")["new"].min()
    return dict(zip(lowest.index.tolist(), lowest.tolist(), strict=True)) | successors(links)


def _pairs(links: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    return pd.DataFrame({"old": links[old].astype("int64"), "new": links[new].astype("int64")})


def present_urns(
    urns: Iterable[int], present: set[int], links: dict[int, int], new_schools: set[int]
) -> dict[int, int]:
    """Return URN -> URN of the school of the date, for each URN that belongs to one.

    Parameters
    ----------
    present
        URNs of the as-of date.
    new_schools
        URNs of sponsor-led academies, which end a chain towards the past.
    """
    backward = {new: old for old, new in links.items()}
    homes = {}
    for urn in set(urns):
        home = urn if urn in present else _followed(urn, present, links, set())
        home = _followed(urn, present, backward, new_schools) if home is None else home
        if home is not None:
            homes[urn] = home
    return homes


def _followed(urn: int, present: set[int], links: dict[int, int], closed: set[int]) -> int | None:
    """Return the first URN of the date on the chain from ``urn``, None where there is none or a new school is left."""
    here = urn
    for _ in range(LONGEST_CHAIN):
        if here in closed or here not in links:
            return None
        here = links[here]
        if here in present:
            return here
    return None


def reached(urns: Iterable[int], known: set[int], links: dict[int, int]) -> dict[int, int]:
    """Return URN -> itself, or the first on its chain either way, that is in ``known``: a building keeps its place."""
    backward = {new: old for old, new in links.items()}
    homes = {}
    for urn in urns:
        home = urn if urn in known else _followed(urn, known, links, set())
        home = _followed(urn, known, backward, set()) if home is None else home
        if home is not None:
            homes[urn] = home
    return homes


def other_urns(links: dict[int, int], present: set[int]) -> dict[int, int]:
    """Return each URN that a school of the date had before or has since -> the school's, for reading people's tables.

    Unlike histories, tables may name a sponsor-led academy by its predecessor: the post is at the school there now.
    """
    linked = (links.keys() | links.values()) - present
    return {urn: home for urn, home in reached(linked, present, links).items() if urn != home}
