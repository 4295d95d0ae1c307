"""The tables of the pool: leaders, posts, and what is known of pairs and of schools."""

from __future__ import annotations

import pandera.pandas as pa

from pilotage.domain.answers import ANSWER_COLUMNS, ANSWERS, CONFLICT, DETAILS, PARTIES, STANDING
from pilotage.domain.tables.columns import column, text

LEVELS = ("middle", "senior", "head", "executive")
CONSENTS = ("yes", "no", "unknown")
PAIR_STATES = ("preferred", "interviewed", "refused", "offered", "accepted", "started", CONFLICT)
MOST_KM = 10_000
MOST_METRES = 10_000_000  # of any world; a planner's table is held to England, below
ENGLAND_EAST = (80_000, 660_000)  # metres on the national grid, from the Isles of Scilly to Lowestoft
ENGLAND_NORTH = (5_000, 660_000)  # from the Isles of Scilly to Berwick-upon-Tweed
MOST_GBP = 1_000_000  # of what one leader or one post costs
MOST_EFFECT_SD = 1  # pupil SD, of a leader's own evidence: a year's progress is about one

#: One row per leader of the pool. Key: leader_id.
LEADERS = pa.DataFrameSchema(
    {
        "leader_id": column(str, nullable=False, unique=True),
        "name": text(),
        "level": text(*LEVELS, nullable=False),
        "phases": text(nullable=False),  # phases separated by ";"
        "subjects": text(),
        "easting": column(float, pa.Check.in_range(-MOST_METRES, MOST_METRES), nullable=False),
        "northing": column(float, pa.Check.in_range(-MOST_METRES, MOST_METRES), nullable=False),
        "max_travel_km": column(float, pa.Check.in_range(0, MOST_KM), nullable=False),
        "willing_regions": text(),  # separated by ";"; null = any
        "relocates": column(bool, nullable=False),
        "available_from": column("datetime64[ns]", nullable=False),
        "span": column("Int64", pa.Check.in_range(1, 6)),
        "current_urn": column("Int64"),
        "effect_mean": column(float, pa.Check.in_range(-MOST_EFFECT_SD, MOST_EFFECT_SD)),  # pupil SD, evidence
        "effect_sd": column(float, pa.Check.gt(0), pa.Check.le(MOST_EFFECT_SD)),  # given with effect_mean, or neither
        "team_id": text(),
        "meets": text(),  # what the leader can offer to a post that requires it, separated by ";"
        "cost_gbp": column(float, pa.Check.in_range(0, MOST_GBP)),
    },
    strict="filter",
)

#: What each party answered, with its date, by whom and on what condition.
GIVEN = {
    name: text(*ANSWERS) if name in PARTIES else column("datetime64[ns]") if name.endswith(DETAILS[0]) else text()
    for name in ANSWER_COLUMNS
}

#: One row per pair of which something is known already: a state, answers, or both. Key: leader_id, post_id. A conflict
#: of interest may name the school (urn) in the place of a post.
PAIRS = pa.DataFrameSchema(
    {
        "leader_id": column(str, nullable=False),
        "post_id": text(),
        "urn": column("Int64"),
        "state": text(*PAIR_STATES),
        "date": column("datetime64[ns]"),
        "by": text(),
        **GIVEN,
    },
    strict="filter",
)

#: One row per ask: a level at a school, for one leader or (null) for any, with what was answered.
ASKS = pa.DataFrameSchema(
    {
        "urn": column("int64", nullable=False),
        "level": text(*LEVELS, nullable=False),
        "leader_id": text(),
        **GIVEN,
    },
    strict="filter",
)

#: One row per post. Key: post_id.
POSTS = pa.DataFrameSchema(
    {
        "post_id": column(str, nullable=False, unique=True),
        "urn": column("int64", nullable=False),
        "level": text(*LEVELS, nullable=False),
        "subject": text(),
        "opens_on": column("datetime64[ns]", nullable=False),
        "requires": text(),
        "consent": text(*CONSENTS, nullable=False),
        "created": column(bool, nullable=False),
        "salary_gbp": column(float, pa.Check.in_range(0, MOST_GBP)),  # what the charity pays of the post's salary
        "job_share": column("boolean"),  # whether several people hold this headship together; null = no
        "readvertised": column("boolean"),  # whether the post was advertised again; null = not known
    },
    strict="filter",
)

#: One row per school (urn), or per responsible body (its name), of which planners know something that no file has.
KNOWN_SCHOOLS = pa.DataFrameSchema(
    {
        "urn": column("Int64"),
        "body": text(),
        "supported_by": text(),  # names separated by ";"
        "supported_until": column("datetime64[ns]"),  # null = no end is known
        "readvertised": text(),  # levels of posts that were advertised again, separated by ";", or NOT_READVERTISED
        "consent_of_body": text(*STANDING),
        "note": text(),
    },
    strict="filter",
)
NOT_READVERTISED = "no"
