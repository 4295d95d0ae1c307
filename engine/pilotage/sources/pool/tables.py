"""Leaders and posts: from a planner's tables, or invented over the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage import assets
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.inputs import LEADERS, POSTS, input_of
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import DataError, Problem, ScenarioError, raise_all
from pilotage.sources.cells.kinds import DAY, GBP, KM, METRES, NUMBER, WHOLE, YES_NO, choice, choices
from pilotage.sources.files.tables import at_most, each_once, where_of
from pilotage.sources.pool import bases, headships, invented, leader_evidence, left_out
from pilotage.sources.pool.answers import KnownAnswers, known_answers, what_may_be_named
from pilotage.sources.pool.earlier import EarlierPlans, earlier_plans
from pilotage.sources.pool.school_urns import with_present_urns
from pilotage.sources.pool.table_checks import Given, checked_table, given_table, repeated

LEVEL = choice("level", tables.LEVELS)
LEADER_KINDS = {
    "level": LEVEL,
    "phases": choices("phases", tables.PHASES),
    "easting": METRES,
    "northing": METRES,
    "max_travel_km": KM,
    "relocates": YES_NO,
    "available_from": DAY,
    "span": WHOLE,
    "current_urn": WHOLE,
    "effect_mean": NUMBER,
    "effect_sd": NUMBER,
    "cost_gbp": GBP,
}
POST_KINDS = {
    "urn": WHOLE,
    "level": LEVEL,
    "opens_on": DAY,
    "consent": choice("consent", tables.CONSENTS),
    "created": YES_NO,
    "salary_gbp": GBP,
    "job_share": YES_NO,
}


def load_pool(
    scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64] | None = None
) -> tuple[LeaderPool, Posts]:
    """Return the leaders and the posts of a scenario, without the leaders whom it leaves out.

    ``scope``: URNs of the schools that may be asked; None: every school of the panel.

    Raises
    ------
    DataError
        With every bad cell and row of both files.
    ScenarioError
        When real schools are planned for and no files of leaders and posts are named; for unknown leaders left out.
    """
    urns = panel.schools["urn"].to_numpy(dtype=np.int64) if scope is None else scope
    made = _invented if scenario.pool.source == "synthetic" else _read
    pool, posts = made(scenario, panel, urns)
    return left_out.without(pool, posts, scenario.pool.leave_out)


def _read(scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64]) -> tuple[LeaderPool, Posts]:
    leaders_path, posts_path = _paths(scenario)
    leaders, posts = _leaders(leaders_path, panel), _posts(posts_path, panel, scenario.as_of)
    problems = [*leaders.problems, *posts.problems]
    if scenario.interventions.place:
        problems += _no_rows(leaders.frame, leaders_path, "leader")
        problems += _no_rows(posts.frame, posts_path, "post") if scenario.pool.prospects is None else []
    within = replace(what_may_be_named(leaders.frame, posts.frame, panel, scope), sound=not problems)
    known = known_answers(scenario, within)
    plans = earlier_plans(scenario, within, known.answers)
    _raise([*problems, *known.problems, *plans.problems])
    invented = panel.synthetic and scenario.pool.leaders is None
    posts_input = input_of(posts_path, POSTS, key=_key(scenario, "posts"))
    leaders_input = input_of(leaders_path, LEADERS, key=_key(scenario, "leaders"))
    by_id = leaders.frame.sort_values("leader_id", ignore_index=True)
    by_urn = posts.frame.sort_values(["urn", "post_id"], ignore_index=True)
    return (
        LeaderPool(by_id, invented, (leaders_input,), leaders.notes),
        _with_known(Posts(by_urn, invented, (posts_input,), notes=posts.notes), known, plans),
    )


def _raise(problems: list[Problem]) -> None:
    """Raise all the problems of the pool's tables, one for each fault, if there is any."""
    raise_all(DataError, at_most(each_once(problems), "the tables of the pool"))


def _invented(scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64]) -> tuple[LeaderPool, Posts]:
    pool = scenario.pool
    wanted = panel.schools["phase"].isin(scenario.scope.phases or tables.PHASES)
    leaders, posts = invented.invent(panel.schools[wanted], pool.size, pool.posts_per_leader, pool.seed, scenario.as_of)
    within = what_may_be_named(leaders, posts, panel, scope)
    known = known_answers(scenario, within)
    plans = earlier_plans(scenario, within, known.answers)
    _raise([*known.problems, *plans.problems])
    return (
        LeaderPool(tables.validated(tables.LEADERS, leaders, "synthetic leaders"), True),
        _with_known(Posts(tables.validated(tables.POSTS, posts, "synthetic posts"), True), known, plans),
    )


def _with_known(posts: Posts, known: KnownAnswers, plans: EarlierPlans) -> Posts:
    """Return the posts with what was answered and what was planned before."""
    inputs = (*posts.inputs, *known.inputs, *plans.inputs)
    return replace(
        posts,
        inputs=inputs,
        pairs=known.pairs,
        earlier=plans.pairs,
        answers=known.answers,
        notes=(*posts.notes, *known.notes),
    )


def _paths(scenario: Scenario) -> tuple[Path, Path]:
    pool, sample = scenario.pool, scenario.data.source == "sample"
    folder = scenario.data.folder or assets.sample()
    missing = [name for name in ("leaders", "posts") if getattr(pool, name) is None and not sample]
    do = "name a CSV or Excel file, or set pool.source to synthetic"
    raise_all(ScenarioError, (Problem(f"pool.{name}", "empty", "a file, for official schools", do) for name in missing))
    return pool.leaders or folder / "leaders.csv", pool.posts or folder / "posts.csv"


def _key(scenario: Scenario, name: str) -> str:
    """Return the scenario's key that names the file; empty where it is the sample's own."""
    return "" if getattr(scenario.pool, name) is None else f"pool.{name}"


def _leaders(path: Path, panel: SchoolPanel) -> Given:
    regions = sorted(panel.schools["region"].dropna().unique())
    kinds = LEADER_KINDS | {"willing_regions": choices("region", regions)}
    given = given_table(path, LEADERS, [*tables.LEADERS.columns, "base"], kinds)
    if not len(given.frame.columns):
        return given
    where = where_of(given.frame, path)
    frame, problems = bases.with_places(given.frame, panel, where)
    urns = with_present_urns(frame, "current_urn", panel, path)
    problems += [*urns.problems, *repeated(urns.frame, "leader_id", where)]
    problems += leader_evidence.problems(urns.frame, where)
    table, problems = checked_table(tables.LEADERS, urns.frame, where, [*given.problems, *problems])
    return Given(table, problems, urns.notes)


def _no_rows(frame: pd.DataFrame, path: Path, noun: str) -> list[Problem]:
    if len(frame) or not len(frame.columns):
        return []
    return [Problem(str(path), "has no rows", f"one row for each {noun}", "fill it in, or name another file")]


def _posts(path: Path, panel: SchoolPanel, as_of: date) -> Given:
    given = given_table(path, POSTS, list(tables.POSTS.columns), POST_KINDS)
    if not len(given.frame.columns):
        return given
    where = where_of(given.frame, path)
    urns = with_present_urns(given.frame, "urn", panel, path)
    problems = [*given.problems, *urns.problems, *repeated(urns.frame, "post_id", where)]
    problems += headships.problems(urns.frame, where, as_of)
    table, problems = checked_table(tables.POSTS, urns.frame, where, problems)
    return Given(table, problems, urns.notes)
