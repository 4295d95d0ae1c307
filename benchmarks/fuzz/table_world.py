"""A small world whose schools and leaders the tables drawn name, and what reads each kind of table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fuzz.table_rows import ASKS, FIRST_URN, LEADERS, MERGED_URN, OLD_URN, PAIRS, POSTS, SCHOOLS, Table, whole
from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.config.scenario import Scenario
from pilotage.domain.evidence import Evidence
from pilotage.domain.forecast import FORECAST_COLUMNS
from pilotage.domain.known_schools import KnownSchools
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.tables import KNOWN_SCHOOLS
from pilotage.errors import DataError, raise_all
from pilotage.sources.assemble import load_panel
from pilotage.sources.cells.kinds import Kind
from pilotage.sources.evidence import load_evidence
from pilotage.sources.files.tables import at_most, each_once
from pilotage.sources.forecast_file import KINDS as FORECAST_KINDS
from pilotage.sources.forecast_file import read_forecast
from pilotage.sources.forget.tables import erase_rows, rows_of
from pilotage.sources.pool import unused_values
from pilotage.sources.pool.answer_tables import ASK_KINDS, PAIR_KINDS, Within
from pilotage.sources.pool.answers import known_answers, what_may_be_named
from pilotage.sources.pool.earlier_plans import earlier_plans
from pilotage.sources.pool.known_schools import KINDS as SCHOOL_KINDS
from pilotage.sources.pool.known_schools import read_known_schools
from pilotage.sources.pool.table_checks import Given, given_table
from pilotage.sources.pool.tables import LEADER_KINDS, POST_KINDS, load_pool, read_leaders, read_posts

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
    panel = load_panel(scenarios[0], cache=assets.cache(), say=lambda _said: None)
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


def read(role: str, path: Path, kind: int = 0) -> Any:
    """Return what reading the file of a role comes to; ``kind`` is the place of a scenario of the world."""
    made, place = world(), kind % len(SETTINGS)
    return READERS[role](path, replace(made, panels=made.panels[place:]), made.scenarios[place])


def cells(role: str, path: Path) -> Any:
    """Return a table as its cells are read, before its rows are checked; raise all that is wrong with the cells."""
    if role not in CELLS:
        return read(role, path)
    names, kinds = CELLS[role]
    given = given_table(path, role, names, kinds)
    raise_all(DataError, given.problems)
    return given.frame.reset_index(drop=True)


CELLS: dict[str, tuple[tuple[str, ...], dict[str, Kind]]] = {
    "leaders": (tuple(column.name for column in LEADERS), LEADER_KINDS),
    "posts": (tuple(column.name for column in POSTS), POST_KINDS),
    "pairs": (tuple(column.name for column in PAIRS), PAIR_KINDS),
    "asks": (tuple(column.name for column in ASKS), ASK_KINDS),
    "schools": (tuple(KNOWN_SCHOOLS.columns), SCHOOL_KINDS),
    "forecast": (FORECAST_COLUMNS, FORECAST_KINDS),
}


def _of_given(given: Given) -> pd.DataFrame:
    raise_all(DataError, at_most(each_once(given.problems), "the table"))
    return given.frame.reset_index(drop=True)


def _of_pool(key: str, path: Path, made: World, scenario: Scenario) -> Any:
    pool = scenario.pool.model_copy(update={key: path})
    found = known_answers(scenario.model_copy(update={"pool": pool}), made.within, KnownSchools())
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


def _of_schools(path: Path, made: World) -> Any:
    found = read_known_schools(path, made.panels[0], made.urns)
    raise_all(DataError, at_most(each_once(found.problems), "the table"))
    standing = {urn: replace(answer, file=Path("file"), row=0) for urn, answer in found.known.standing.items()}
    return found.known.table.reset_index(), sorted(standing.items())


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
    "schools": lambda path, made, _scenario: _of_schools(path, made),
    "forecast": lambda path, made, scenario: _of_forecast(path, made, scenario),
}
