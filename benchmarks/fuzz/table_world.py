"""A small world whose schools and leaders the tables drawn name, a whole table of each kind, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pilotage.config.overlay import resolve
from pilotage.config.scenario import Scenario
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.evidence import Evidence
from pilotage.errors import DataError, raise_all
from pilotage.sources.assemble import load_panel
from pilotage.sources.evidence import load_evidence
from pilotage.sources.files.tables import at_most, each_once
from pilotage.sources.forecast_file import read_forecast
from pilotage.sources.forget.tables import erase_rows, rows_of
from pilotage.sources.pool import unused_values
from pilotage.sources.pool.answer_tables import Within
from pilotage.sources.pool.answers import known_answers, what_may_be_named
from pilotage.sources.pool.earlier_plans import earlier_plans
from pilotage.sources.pool.table_checks import Given
from pilotage.sources.pool.tables import load_pool, read_leaders, read_posts

SCHOOLS = 40
FIRST_URN = 900_001
OLD_URN, MERGED_URN, CLOSED_URN = 110_001, 110_002, 110_003  # read as another; merged into another; unknown
OUT_OF_SCOPE = FIRST_URN + SCHOOLS - 1
RULE = "moves"
SETTINGS = (
    ("pool.prospects={levels: [head, senior]}",),
    ("pool.binding_states=[offered, accepted, started]",),
    (
        "pool.prospects={levels: [head]}",
        "pins.one={leader_id: L1, post_id: P1, reason: r, author: a}",
        f"pins.two={{leader_id: L2, urn: {FIRST_URN + 1}, reason: r, author: a}}",
        f"bans.one={{leader_id: L3, urn: {FIRST_URN + 2}, reason: r, author: a}}",
        "bans.two={post_id: P4, reason: r, author: a}",
    ),
)


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


@dataclass(frozen=True)
class World:
    """Schools, scenarios, and what tables may name.

    The schools of each panel are the same; of the second and third they are not said to be invented, and those of the
    third have no postcodes.
    """

    panels: tuple[SchoolPanel, ...]
    scenarios: tuple[Scenario, ...]
    within: Within
    urns: np.ndarray
    evidence: Evidence


@cache
def world() -> World:
    """Return the world, made once: some schools of the sample, with leaders and posts of the tables below."""
    rule = f"rules.{RULE}={{rule: moves, earlier_plan: placements.csv, earlier_asks: asks.csv, count: 0}}"
    scenarios = tuple(resolve("baseline", [rule, *settings]).scenario for settings in SETTINGS)
    panel = load_panel(scenarios[0], cache=Path("unused"), say=lambda _said: None)
    schools = panel.schools.head(SCHOOLS).reset_index(drop=True)
    schools = schools.assign(postcode=["FY1 2AB", "FY1 9ZZ", *[None] * (SCHOOLS - 2)])
    links = {"other_urns": {OLD_URN: FIRST_URN}, "merged_urns": {MERGED_URN: FIRST_URN + 1}}
    small = replace(panel, schools=schools, **links)
    urns = schools["urn"].to_numpy(dtype=np.int64)[:-1]
    leaders, posts = (_frame(whole(role)) for role in ("leaders", "posts"))
    evidence = load_evidence({})
    real = replace(small, synthetic=False)
    panels = (small, real, replace(real, schools=schools.assign(postcode=None)))
    return World(panels, scenarios, what_may_be_named(leaders, posts, small, urns), urns, evidence)


def _frame(table: Table) -> pd.DataFrame:
    return pd.DataFrame(list(table.rows), columns=[column.name for column in table.columns])


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
CHANCES = ("p_fall_if_inspected_low", "p_fall_if_inspected", "p_fall_if_inspected_high", "p_stuck", "p_below_good")
FORECAST = (
    *(Column("urn", "urn", True), Column("need", "chance", True), *(Column(name, "chance") for name in CHANCES)),
    *(Column("p_gap_wide", "chance"), Column("gap_months_at_horizon", "number"), Column("reasons")),
    *(Column("data_age_years", "number"), Column("phase")),
)


def _leaders() -> list[tuple[Any, ...]]:
    more = (None, 900_003, 0.125, 0.25, "T1", "Church of England", 12_500)
    blank = (None,) * 7
    return [
        ("L1", "Zoë Smith", "head", "primary", None, None, 389_700, 399_500, 41, "North West", False, HEAD, *blank),
        ("L2", "O'Neil, J.", "senior", "primary;all_through", "maths", None, 562_700, 197_500.5, 17.5)
        + (None, True, date(2017, 1, 4), *more),
        ("L3", None, "executive", "secondary", None, None, 331_000, 436_000, 30, None, True, HEAD, 3, *blank[1:]),
        ("L4", "Ann", "middle", "secondary", "maths;physics", None, 400_000, 300_000, 25.25)
        + ("London;South East", None, date(2016, 4, 1), None, 900_010, -0.5, 0.4, "T1", None, 1_250.5),
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
        "earlier_asks": (EARLIER_ASKS, [("L1", _urn(12), "head"), ("007", _urn(13), "head"), ("L2", _urn(2), "senior")]),
        "forecast": (
            FORECAST,
            [
                (_urn(0), 0.5, 0.1, 0.25, 0.5, None, 0.25, 0.5, 1.5, "falling, and small", 2, "primary"),
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


def read(role: str, path: Path, kind: int = 0) -> Any:
    """Return what reading the file of a role comes to; ``kind`` is the place of a scenario of the world."""
    made, place = world(), kind % len(SETTINGS)
    return READERS[role](path, replace(made, panels=made.panels[place:]), made.scenarios[place])


def _of_given(given: Given) -> pd.DataFrame:
    raise_all(DataError, at_most(each_once(given.problems), "the table"))
    return given.frame


def _of_pool(key: str, path: Path, made: World, scenario: Scenario) -> Any:
    pool = scenario.pool.model_copy(update={key: path})
    found = known_answers(scenario.model_copy(update={"pool": pool}), made.within)
    raise_all(DataError, at_most(each_once(found.problems), "the table"))
    return [replace(answer, file=Path("file"), row=0) for answer in found.answers], found.pairs


def _of_rule(key: str, path: Path, made: World, scenario: Scenario) -> Any:
    own = {"earlier_plan": path.parent / "placements.csv", "earlier_asks": None} | {key: path}
    if key != "earlier_plan":
        own["earlier_plan"].write_text("leader_id,post_id\n", encoding="utf-8")
    rules = {RULE: scenario.rules[RULE].model_copy(update=own)}
    plans = earlier_plans(scenario.model_copy(update={"rules": rules}), made.within, ())
    raise_all(DataError, at_most(each_once(plans.problems), "the table"))
    return plans.pairs[RULE]


def _of_forecast(path: Path, made: World, scenario: Scenario) -> Any:
    found = read_forecast(path, scenario, made.panels[0], made.urns)
    return found.forecast.table.drop(columns="missing"), found.forecast.compared


def read_pool(leaders: Path, posts: Path, kind: int) -> Any:
    """Return the pool of two files, read and checked together, with one leader left out and what nothing counts."""
    made, scenario = world(), world().scenarios[kind % len(SETTINGS)]
    left_out = ((), ("L1",), ("l2", "L9"))[kind % len(SETTINGS)]
    pool = scenario.pool.model_copy(update={"leaders": leaders, "posts": posts, "leave_out": left_out})
    whole_scenario = scenario.model_copy(update={"pool": pool, "rules": {}})
    found, there = load_pool(whole_scenario, made.panels[0], made.urns)
    return found.leaders, there.posts, unused_values.notes(found.leaders, there.posts, made.evidence)


def forget(path: Path, leader: str) -> Any:
    """Erase a leader from a table of answers, and return how many rows that were."""
    rows = rows_of([path], leader)[path]
    erase_rows(path, leader)
    return rows


def names_leader(found: Any, leader: str) -> bool:
    """Return whether what was read of answers, or of earlier asks, names a leader."""
    if isinstance(found, pd.DataFrame):
        return bool((found["leader_id"] == leader).any())
    return any(answer.asked.leader_id == leader for answer in found[0])


def same(one: Any, other: Any) -> bool:
    """Return whether two readings hold the same values; numbers may differ by rounding."""
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if not isinstance(one, pd.DataFrame):
        return bool(one == other)
    try:
        pd.testing.assert_frame_equal(one, other, rtol=1e-12, atol=1e-12)
    except AssertionError:
        return False
    return True


READERS: dict[str, Callable[[Path, World, Scenario], Any]] = {
    "leaders": lambda path, made, _scenario: _of_given(read_leaders(path, made.panels[0])),
    "posts": lambda path, made, scenario: _of_given(read_posts(path, made.panels[0], scenario.as_of)),
    "pairs": lambda path, made, scenario: _of_pool("pairs", path, made, scenario),
    "asks": lambda path, made, scenario: _of_pool("asks", path, made, scenario),
    "earlier_plan": lambda path, made, scenario: _of_rule("earlier_plan", path, made, scenario),
    "earlier_asks": lambda path, made, scenario: _of_rule("earlier_asks", path, made, scenario),
    "forecast": lambda path, made, scenario: _of_forecast(path, made, scenario),
}
