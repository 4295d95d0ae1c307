"""A whole table of each kind, whose schools and leaders are those of the world of ``table_world``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

SCHOOLS = 40
FIRST_URN = 900_001
OLD_URN, MERGED_URN, CLOSED_URN = 110_001, 110_002, 110_003  # read as another; merged into another; unknown
OUT_OF_SCOPE = FIRST_URN + SCHOOLS - 1


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, the kind of its values, and whether the table needs it."""

    name: str
    kind: str = "text"
    needed: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose values are those that its cells mean: text, numbers, days, yes or no; None is blank."""

    role: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


def _urn(place: int) -> int:
    return FIRST_URN + place


HEAD = date(2016, 9, 1)
LEVELS = ("head", "senior", "middle", "executive")
LEADERS = (
    *(Column("leader_id", "text", True), Column("name"), Column("level", "level", True)),
    *(Column("phases", "phases", True), Column("subjects"), Column("base", "base")),
    *(Column("easting", "metres", True), Column("northing", "metres", True), Column("max_travel_km", "km", True)),
    *(Column("willing_regions", "regions"), Column("relocates", "yes_no"), Column("available_from", "day", True)),
    *(Column("span", "whole"), Column("current_urn", "urn"), Column("effect_mean", "number")),
    *(Column("effect_sd", "number"), Column("team_id"), Column("meets"), Column("cost_gbp", "gbp")),
)
POSTS = (
    *(Column("post_id", "text", True), Column("urn", "urn", True), Column("level", "level", True)),
    *(Column("subject"), Column("opens_on", "day", True), Column("requires"), Column("consent", "consent")),
    *(Column("created", "yes_no"), Column("salary_gbp", "gbp"), Column("job_share", "yes_no", True)),
)
ANSWERS = tuple(
    Column(f"{party}{detail}", kind)
    for party in ("school", "body", "leader")
    for detail, kind in (("", "answer"), ("_date", "day"), ("_by", "text"), ("_condition", "text"))
)
PAIRS = (
    *(Column("leader_id", "leader", True), Column("post_id", "post", True), Column("state", "state")),
    *(Column("date", "day"), Column("by"), *ANSWERS),
)
ASKS = (Column("urn", "urn", True), Column("level", "level", True), Column("leader_id", "leader"), *ANSWERS)
EARLIER_PLAN = (
    *(Column("leader_id", "leader", True), Column("post_id", "post", True), Column("urn", "urn", True)),
    *(Column("level", "level", True), Column("intervention", "intervention", True), Column("benefit", "number")),
)
EARLIER_ASKS = (Column("leader_id", "leader", True), Column("urn", "urn", True), Column("level", "level", True))
SCHOOLS_KNOWN = (
    *(Column("urn", "urn", True), Column("body"), Column("supported_by"), Column("supported_until", "day")),
    *(Column("readvertised"), Column("consent_of_body", "answer"), Column("note")),
)
CHANCES = ("p_fall_if_inspected_low", "p_fall_if_inspected", "p_fall_if_inspected_high", "p_stuck", "p_below_good")
FORECAST = (
    *(Column("urn", "urn", True), Column("need", "chance", True), *(Column(name, "chance") for name in CHANCES)),
    *(Column("p_gap_wide", "chance"), Column("gap_months_at_horizon", "number"), Column("reasons")),
    *(Column("data_age_years", "number"), Column("missing")),
)


def _cells(*values: Any) -> tuple[Any, ...]:
    return values


def _leaders() -> list[tuple[Any, ...]]:
    more = (None, 900_003, 0.125, 0.25, "T1", "Church of England", 12_500)
    blank = (None,) * 7
    return [
        ("L1", "Zoë Smith", "head", "primary", None, None, 389_700, 399_500, 41, "North West", False, HEAD, *blank),
        _cells(
            *("L2", "O'Neil, J.", "senior", "primary;all_through", "maths", None, 562_700, 197_500.5, 17.5),
            *(None, True, date(2017, 1, 4), *more),
        ),
        ("L3", None, "executive", "secondary", None, None, 331_000, 436_000, 30, None, True, HEAD, 3, *blank[1:]),
        _cells(
            *("L4", "Ann", "middle", "secondary", "maths;physics", None, 400_000, 300_000, 25.25),
            *("London;South East", None, date(2016, 4, 1), None, 900_010, -0.5, 0.4, "T1", None, 1_250.5),
        ),
        ("007", "-", "head", "primary;secondary", None, None, 380_000, 390_000, 0, None, None, HEAD, *blank),
    ]


def _posts() -> list[tuple[Any, ...]]:
    rest = (None, None, None)
    return [
        ("P1", _urn(0), "head", None, HEAD, None, "yes", *rest),
        ("P2", _urn(1), "head", None, date(2017, 1, 4), "Church of England", "no", False, 12_000, None),
        ("P3", _urn(2), "senior", None, HEAD, None, None, True, 1_500.5, False),
        ("P4", _urn(2), "senior", "", HEAD, None, "unknown", *rest),
        ("P5", _urn(4), "middle", "maths", date(2016, 12, 31), None, "yes", *rest),
        ("P6", _urn(5), "head", None, HEAD, None, "yes", False, None, True),
        ("P7", _urn(5), "head", None, HEAD, None, "yes", False, None, True),
    ]


def _given(school: str | None, body: str | None, leader: str | None) -> tuple[Any, ...]:
    parts = [(said, date(2016, 6, 3), "governors", "from January") if said else (None,) * 4 for said in (school, body)]
    return (*parts[0], *parts[1], *((leader, None, None, None) if leader else (None,) * 4))


def _rows() -> dict[str, tuple[tuple[Column, ...], list[tuple[Any, ...]]]]:
    none = _given(None, None, None)
    return {
        "leaders": (LEADERS, _leaders()),
        "posts": (POSTS, _posts()),
        "pairs": (
            PAIRS,
            [
                ("L1", "P1", "preferred", date(2016, 5, 12), "the trust; governors", *none),
                ("L1", "P2", "refused", None, None, *none),
                ("L2", "P3", None, None, None, *_given("agreed", "interested", "asked")),
                ("007", "P6", "interviewed", None, "L", *_given(None, "asked", None)),
            ],
        ),
        "asks": (
            ASKS,
            [
                (_urn(0), "head", "L1", *_given("asked", None, "interested")),
                (_urn(10), "head", None, *_given("refused", None, None)),
                (_urn(11), "head", "007", *_given("agreed", "agreed", None)),
                (_urn(12), "head", "L1", *none),
            ],
        ),
        "earlier_plan": (
            EARLIER_PLAN,
            [
                ("L1", "P1", _urn(0), "head", "place", 12.75),
                ("007", f"ask: {_urn(11)} head", _urn(11), "head", "place", 3),
                ("L9", "P9", _urn(3), "head", "support", None),
            ],
        ),
        "earlier_asks": (
            EARLIER_ASKS,
            [("L1", _urn(12), "head"), ("007", _urn(13), "head"), ("L2", _urn(2), "senior")],
        ),
        "schools": (
            SCHOOLS_KNOWN,
            [
                (_urn(0), None, "RISE; Ann's hub", date(2017, 8, 31), "head;senior", "agreed", "visit in October"),
                (_urn(1), None, "RISE", None, "yes", None, None),
                (_urn(2), None, None, None, "no", "refused", "-"),
                (_urn(3), None, None, None, None, None, "a new head, since May"),
            ],
        ),
        "forecast": (
            FORECAST,
            [
                (_urn(0), 0.5, 0.1, 0.25, 0.5, None, 0.25, 0.5, 1.5, "falling, and small", 2, None),
                (_urn(1), None, None, None, None, 0.5, 0.75, None, -12.25, None, 0.5, None),
                (_urn(2), 0.083, None, 0.3, 0.9, None, None, 1, None, None, None, None),
                (OUT_OF_SCOPE, 1, None, None, None, 0.75, None, 0, 0, None, None, None),
            ],
        ),
    }


ROLES = tuple(_rows())


@cache
def whole(role: str) -> Table:
    """Return the table of a role that has every column and reads without fault."""
    columns, rows = _rows()[role]
    return Table(role, columns, tuple(tuple(row) for row in rows))
