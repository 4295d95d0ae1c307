"""More of the sample's pool: spans, teams, faiths, groups of posts for executive leaders and teams, later cohorts."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotage.sources.pool.invented import invent

FAITHS = ("Church of England", "Catholic")
MEETING, ASKING = 0.4, 0.08  # shares of leaders who meet a faith, of posts that ask for one
TEAMS = 6
SCHOOLS_PER_TEAM = 3
TEAM_MEMBERS = (("head", "senior"), ("senior", "middle"))
COHORT = 20  # leaders who arrive in each later year
COHORT_POSTS_PER_LEADER = 6.0
LATER = (2017, 2018)
HEADS_DAY = date(2013, 8, 31)  # the day before a programme's heads could start
POST_COLUMNS = ["post_id", "urn", "level", "subject", "opens_on", "consent", "created"]

Record = dict[str, Any]


def completed(
    pool: pd.DataFrame, posts: pd.DataFrame, places: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return leaders with span, team and what they meet, and posts with requirements and more posts in groups."""
    generator = np.random.default_rng([seed, len(pool), len(posts)])
    executive = (pool["level"] == "executive").to_numpy()
    spans = pd.Series(np.where(executive, generator.integers(3, 6, len(pool)), 0), index=pool.index)
    meets = pd.Series(generator.choice(FAITHS, len(pool))).where(generator.random(len(pool)) < MEETING)
    leaders = pool.assign(span=spans.where(executive).astype("Int64"), team_id=None, meets=meets)
    asked = pd.Series(generator.choice(FAITHS, len(posts))).where(generator.random(len(posts)) < ASKING)
    leaders, team_posts = _teams(leaders, places, set(posts.loc[posts["level"] == "head", "urn"]))
    more = pd.concat([_executive_posts(leaders, posts, places), team_posts], ignore_index=True)
    first = len(posts) + 1
    more = more.assign(post_id=[f"SYN-P{number:05d}" for number in range(first, first + len(more))])
    return leaders, pd.concat([posts.assign(requires=asked), more], ignore_index=True)[[*posts.columns, "requires"]]


def later(
    leaders: pd.DataFrame, posts: pd.DataFrame, places: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return leaders and posts with those of later years below: cohorts still in training, and posts that open then.

    A post of later years is in a school that has had none of its level.
    """
    pools, openings = [leaders], [posts]
    for year in LATER:
        some, more = invent(places, COHORT, COHORT_POSTS_PER_LEADER, seed + year, date(year, 8, 31))
        some = some.assign(leader_id=_renamed(some["leader_id"], year), effect_mean=np.nan, effect_sd=np.nan)
        pools.append(some)
        openings.append(more.assign(post_id=_renamed(more["post_id"], year)))
    return _stacked(pools, leaders), _stacked(openings, posts).drop_duplicates(["urn", "level"])


def heads(places: pd.DataFrame, size: int, seed: int, like: pd.DataFrame) -> pd.DataFrame:
    """Return heads of whom nothing is known but where they live and how far they go, in the columns of ``like``.

    They are the heads of a programme that starts in September 2013 and has no post for them yet.
    """
    drawn, _ = invent(places, size, 0, seed, HEADS_DAY)
    names = [name.replace("SYN-L", "SYN-H") for name in drawn["leader_id"]]
    drawn = drawn.assign(leader_id=names, level="head", subjects=None, available_from=drawn["available_from"].min())
    return drawn.reindex(columns=like.columns).assign(effect_mean=np.nan, effect_sd=np.nan, cost_gbp=np.nan)


def _renamed(names: pd.Series, year: int) -> list[str]:
    return [name.replace("SYN-", f"SYN-{year}-") for name in names]


def _stacked(parts: list[pd.DataFrame], like: pd.DataFrame) -> pd.DataFrame:
    rows = [part.reindex(columns=like.columns).astype(object) for part in parts]
    return pd.concat(rows, ignore_index=True)


def _executive_posts(leaders: pd.DataFrame, posts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return, for each executive leader, one post more than the span in schools of the trust nearest at hand."""
    rows: list[Record] = []
    free = places[~places["urn"].isin(posts.loc[posts["level"] == "executive", "urn"])]
    for leader in _records(leaders[leaders["level"] == "executive"]):
        near, wanted = _reached(leader, free), int(leader["span"])
        counts = near["trust"].dropna().value_counts().sort_index()
        trusts = [str(name) for name in counts.index[counts >= wanted]]
        first = next((name for name in near["trust"].dropna() if name in trusts), None)
        group = near if first is None else near[near["trust"] == first]
        rows += [_post(urn, leader, leader["available_from"]) for urn in group["urn"].head(wanted + 1)]
    return pd.DataFrame(rows, columns=POST_COLUMNS).drop_duplicates("urn")


def _teams(leaders: pd.DataFrame, places: pd.DataFrame, headed: set[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the leaders with some of them in teams of two, and posts for both in the same schools.

    Schools ``headed`` have a head's post already, and get no second one.
    """
    team: dict[str, str] = {}
    rows: list[Record] = []
    for first, second in _partners(leaders):
        if len(team) >= 2 * TEAMS or {first["leader_id"], second["leader_id"]} & team.keys():
            continue
        with_head = "head" in (first["level"], second["level"])
        shared = _shared(first, second, places[~places["urn"].isin(headed)] if with_head else places)
        if len(shared) == SCHOOLS_PER_TEAM:
            name = f"SYN-T{len(team) // 2 + 1}"
            team |= {first["leader_id"]: name, second["leader_id"]: name}
            headed = headed | set(shared if with_head else [])
            rows += [_post(urn, leader, first["available_from"]) for urn in shared for leader in (first, second)]
    return leaders.assign(team_id=leaders["leader_id"].map(team)), pd.DataFrame(rows, columns=POST_COLUMNS)


def _partners(leaders: pd.DataFrame) -> list[tuple[Record, Record]]:
    """Return pairs of leaders of levels that go together, both free in the first September, nearest homes first."""
    free = _records(leaders[leaders["available_from"] == leaders["available_from"].min()])
    pairs = []
    for number, first in enumerate(free):
        for place, second in enumerate(free):
            if (first["level"], second["level"]) in TEAM_MEMBERS:
                apart = np.hypot(first["easting"] - second["easting"], first["northing"] - second["northing"])
                pairs.append((float(apart), number, place))
    return [(free[number], free[place]) for _, number, place in sorted(pairs)]


def _shared(first: Record, second: Record, places: pd.DataFrame) -> list[int]:
    """Return the schools nearest to the first that both would go to, neither of them from there; at most a few."""
    both = _reached(first, places).merge(_reached(second, places)[["urn"]], on="urn")["urn"]
    left = [first["current_urn"], second["current_urn"]]
    return [int(urn) for urn in both if not any(urn == own for own in left if pd.notna(own))][:SCHOOLS_PER_TEAM]


def _reached(leader: Record, places: pd.DataFrame) -> pd.DataFrame:
    """Return the schools within the leader's travel limit, willing region and phases, nearest first."""
    apart = np.hypot(places["easting"] - leader["easting"], places["northing"] - leader["northing"])
    wanted = leader["willing_regions"]
    willing = (places["region"] == wanted).to_numpy(dtype=bool) | bool(pd.isna(wanted))
    suits = places["phase"].isin(str(leader["phases"]).split(";")).to_numpy()
    near = (apart <= 1000 * leader["max_travel_km"]).to_numpy() & willing & suits
    near_places: pd.DataFrame = places.assign(apart=apart)[near].sort_values(["apart", "urn"])
    return near_places


def _records(leaders: pd.DataFrame) -> list[Record]:
    return [{str(name): value for name, value in row.items()} for row in leaders.to_dict("records")]


def _post(urn: object, leader: Record, opens: object) -> Record:
    asked = {"level": leader["level"], "subject": leader["subjects"], "opens_on": opens}
    return asked | {"urn": urn, "consent": "yes", "created": True}
