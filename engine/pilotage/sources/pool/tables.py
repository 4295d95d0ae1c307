"""Leaders and posts: from a planner's tables, or invented over the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray

from pilotage import assets
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.inputs import (
    LEADERS,
    POSTS,
    SCHOOLS,
    digests,
    input_of,
    unchanged_meanwhile,
)
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import DataError, Problem, ScenarioError, raise_all
from pilotage.sources.cells.kinds import DAY, GBP, KM, METRES, NUMBER, WHOLE, YES_NO, Kind, choice, choices
from pilotage.sources.files.tables import at_most, each_once, where_of
from pilotage.sources.pool import bases, headships, invented, leader_evidence, left_out
from pilotage.sources.pool.added_posts import added_ids, inputs_of, with_added
from pilotage.sources.pool.answers import KnownAnswers, known_answers, what_may_be_named
from pilotage.sources.pool.earlier_plans import EarlierPlans, earlier_plans
from pilotage.sources.pool.known_schools import ReadSchools, read_known_schools, unknown_supporters
from pilotage.sources.pool.school_names import NAMING, with_named_schools
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
    left_out.COLUMN: YES_NO,
}
POST_KINDS = {
    "urn": WHOLE,
    "level": LEVEL,
    "opens_on": DAY,
    "consent": choice("consent", tables.CONSENTS),
    "created": YES_NO,
    "salary_gbp": GBP,
    "job_share": YES_NO,
    "readvertised": YES_NO,
}


def load_pool(
    scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64] | None = None
) -> tuple[LeaderPool, Posts]:
    """Return the leaders and the posts of a scenario, without the leaders whom it leaves out.

    ``scope``: URNs of the schools that may be asked; None: every school of the panel.

    Raises
    ------
    DataError
        With every bad cell and row of both files; for a file that changed while it was read.
    ScenarioError
        When official schools have a file of posts and none of leaders; for unknown leaders left out, and for rules
        that name who supports no school.
    """
    urns = panel.schools["urn"].to_numpy(dtype=np.int64) if scope is None else scope
    made = _invented if scenario.pool.source == "synthetic" else _read
    with unchanged_meanwhile(digests(_files(scenario))):
        pool, posts = made(scenario, panel, urns)
    raise_all(ScenarioError, unknown_supporters(scenario, posts.schools))
    return left_out.without(pool, posts, scenario.pool.leave_out)


def _files(scenario: Scenario) -> set[Path]:
    """Return every file that the scenario names for its pool, and those of the sample that stand in for them."""
    pool, folder = scenario.pool, scenario.data.folder or assets.sample()
    before = [path for rule in scenario.rules.values() for path in (rule.plan_before(), rule.asks_before())]
    several = (pool.files_of_added_posts, pool.files_of_pairs, pool.files_of_asks, pool.files_of_decisions)
    named = (pool.leaders, pool.posts, pool.schools, *(path for files in several for path in files), *before)
    return {path for path in named if path is not None} | {folder / "leaders.csv", folder / "posts.csv"}


def _read(scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64]) -> tuple[LeaderPool, Posts]:
    leaders_path, posts_path = paths_of(scenario)
    leaders = Given(_empty(tables.LEADERS), []) if leaders_path is None else read_leaders(leaders_path, panel)
    own = Given(_empty(tables.POSTS), []) if posts_path is None else read_posts(posts_path, panel, scenario.as_of)
    posts = _with_added(own, scenario, panel)
    schools = _schools(scenario, panel, scope)
    problems = [*leaders.problems, *posts.problems, *schools.problems]
    if scenario.interventions.place:
        problems += _no_rows(leaders.frame, leaders_path, "leader")
        problems += _no_rows(posts.frame, posts_path, "post") if scenario.pool.prospects is None else []
    within = replace(what_may_be_named(leaders.frame, posts.frame, panel, scope), sound=not problems)
    known = known_answers(scenario, within, schools.known)
    plans = earlier_plans(scenario, within, (*known.answers, *schools.known.standing.values()))
    _raise([*problems, *known.problems, *plans.problems])
    invented = panel.synthetic and scenario.pool.leaders is None
    of_leaders = () if leaders_path is None else (input_of(leaders_path, LEADERS, key=_key(scenario, "leaders")),)
    of_posts = () if posts_path is None else (input_of(posts_path, POSTS, key=_key(scenario, "posts")),)
    of_posts = (*of_posts, *inputs_of(scenario.pool.files_of_added_posts))
    by_id = leaders.frame.sort_values("leader_id", ignore_index=True)
    by_urn = posts.frame.sort_values(["urn", "post_id"], ignore_index=True)
    made = Posts(by_urn, invented, of_posts, notes=posts.notes, added=added_ids(own, posts))
    pool = LeaderPool(by_id, invented, of_leaders, leaders.notes)
    return left_out.without(pool, _with_known(_of_schools(made, scenario, schools), known, plans), leaders.absent)


def _raise(problems: list[Problem]) -> None:
    """Raise all the problems of the pool's tables, one for each fault, if there is any."""
    raise_all(DataError, at_most(each_once(problems), "the tables of the pool"))


def _invented(scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64]) -> tuple[LeaderPool, Posts]:
    pool = scenario.pool
    wanted = panel.schools["phase"].isin(scenario.scope.phases or tables.PHASES)
    leaders, posts = invented.invent(panel.schools[wanted], pool.size, pool.posts_per_leader, pool.seed, scenario.as_of)
    own = Given(tables.validated(tables.POSTS, posts, "synthetic posts"), [])
    added = _with_added(own, scenario, panel)
    schools = _schools(scenario, panel, scope)
    problems = [*added.problems, *schools.problems]
    within = replace(what_may_be_named(leaders, added.frame, panel, scope), sound=not problems)
    known = known_answers(scenario, within, schools.known)
    plans = earlier_plans(scenario, within, (*known.answers, *schools.known.standing.values()))
    _raise([*problems, *known.problems, *plans.problems])
    by_urn = added.frame.sort_values(["urn", "post_id"], ignore_index=True) if pool.added_posts else added.frame
    files, names = inputs_of(pool.files_of_added_posts), added_ids(own, added)
    made = Posts(by_urn, len(posts) > 0, files, notes=added.notes, added=names)
    return (
        LeaderPool(tables.validated(tables.LEADERS, leaders, "synthetic leaders"), True),
        _with_known(_of_schools(made, scenario, schools), known, plans),
    )


def _with_added(posts: Given, scenario: Scenario, panel: SchoolPanel) -> Given:
    """Return the posts with those that the scenario adds."""
    paths, as_of = scenario.pool.files_of_added_posts, scenario.as_of
    return with_added(posts, paths, lambda path: read_posts(path, panel, as_of), as_of)


def _schools(scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64]) -> ReadSchools:
    """Return what planners know of schools; nothing where the scenario names no table."""
    path = scenario.pool.schools
    return ReadSchools() if path is None else read_known_schools(path, panel, scope)


def _of_schools(posts: Posts, scenario: Scenario, schools: ReadSchools) -> Posts:
    """Return the posts with what is known of schools."""
    path = scenario.pool.schools
    inputs = () if path is None else (input_of(path, SCHOOLS, key=_key(scenario, "schools")),)
    notes = (*posts.notes, *schools.notes)
    return replace(posts, schools=schools.known, inputs=(*posts.inputs, *inputs), notes=notes)


def _with_known(posts: Posts, known: KnownAnswers, plans: EarlierPlans) -> Posts:
    """Return the posts with what was answered and what was planned before."""
    inputs = (*posts.inputs, *known.inputs, *plans.inputs)
    return replace(
        posts,
        inputs=inputs,
        pairs=known.pairs,
        earlier=plans.pairs,
        answers=known.answers,
        ended=known.ended,
        notes=(*posts.notes, *known.notes),
    )


def paths_of(scenario: Scenario) -> tuple[Path | None, Path | None]:
    """Return the files of leaders and posts; None where official schools have none: nobody is placed there yet.

    Raises
    ------
    ScenarioError
        Where posts are named and no leaders, so that nobody could take them.
    """
    pool = scenario.pool
    if scenario.data.source == "sample":
        folder = scenario.data.folder or assets.sample()
        return pool.leaders or folder / "leaders.csv", pool.posts or folder / "posts.csv"
    naming = [name for name in ("posts", "added_posts") if getattr(pool, name) is not None]
    if pool.leaders is None and naming:
        key = f"pool.{naming[0]}"
        do = f"name a CSV or Excel file of leaders, or leave {key} empty for a list of schools to worry about"
        raise ScenarioError(Problem("pool.leaders", f"empty, and {key} names a file", "a file of leaders", do))
    return pool.leaders, pool.posts


def _key(scenario: Scenario, name: str) -> str:
    """Return the scenario's key that names the file; empty where it is the sample's own."""
    return "" if getattr(scenario.pool, name) is None else f"pool.{name}"


def given_leaders(path: Path, kinds: dict[str, Kind]) -> Given:
    """Return a table of leaders with its cells read, and what is wrong with them alone."""
    return given_table(path, LEADERS, [*tables.LEADERS.columns, "base", left_out.COLUMN], kinds)


def read_leaders(path: Path, panel: SchoolPanel) -> Given:
    """Return a table of leaders with a place for each, URNs as the schools' data has them, and all that is wrong."""
    regions = sorted(panel.schools["region"].dropna().unique())
    kinds = LEADER_KINDS | {"willing_regions": choices("region", regions)}
    given = given_leaders(path, kinds)
    if not len(given.frame.columns):
        return given
    where = where_of(given.frame, path)
    frame, problems = bases.with_places(given.frame, panel, where)
    urns = with_present_urns(frame, "current_urn", panel, path)
    problems += [*urns.problems, *repeated(urns.frame, "leader_id", where)]
    problems += leader_evidence.problems(urns.frame, where)
    absent, wrong = left_out.not_taking_part(urns.frame, where)
    problems += wrong
    table, problems = checked_table(tables.LEADERS, urns.frame, where, [*given.problems, *problems])
    return Given(table, problems, (*urns.notes, *left_out.notes(absent, left_out.BY_COLUMN)), absent=absent)


def _empty(schema: pa.DataFrameSchema) -> pd.DataFrame:
    return tables.validated(schema, pd.DataFrame(columns=list(schema.columns)), "no file")


def _no_rows(frame: pd.DataFrame, path: Path | None, noun: str) -> list[Problem]:
    if len(frame) or path is None or not len(frame.columns):
        return []
    return [Problem(str(path), "has no rows", f"one row for each {noun}", "fill it in, or name another file")]


def given_posts(path: Path) -> Given:
    """Return a table of posts with its cells read, and what is wrong with them alone."""
    return given_table(path, POSTS, [*tables.POSTS.columns, *NAMING], POST_KINDS)


def read_posts(path: Path, panel: SchoolPanel, as_of: date) -> Given:
    """Return a table of posts, URNs as the schools' data has them, and all that is wrong."""
    given = given_posts(path)
    if not len(given.frame.columns):
        return given
    where = where_of(given.frame, path)
    named, unnamed = with_named_schools(given.frame, panel, where)
    urns = with_present_urns(named, "urn", panel, path)
    problems = [*given.problems, *unnamed, *urns.problems, *repeated(urns.frame, "post_id", where)]
    places = tuple((where, row + 2) for row in urns.frame.index.tolist())
    problems += headships.problems(urns.frame, places, as_of)
    table, problems = checked_table(tables.POSTS, urns.frame, where, problems)
    return Given(table, problems, urns.notes, places)
