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
from pilotage.domain.inputs import LEADERS, POSTS, input_of
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import DataError, Problem, ScenarioError, raise_all
from pilotage.sources.files.tables import DAY, NUMBER, WHOLE, WORD, YES_NO, read_text_table, typed
from pilotage.sources.pool import headships, invented, leader_evidence, left_out
from pilotage.sources.pool.answers import KnownAnswers, known_answers, what_may_be_named
from pilotage.sources.pool.earlier_plans import EarlierPlans, earlier_plans
from pilotage.sources.pool.table_checks import bad_lists, checked_table, repeated, unknown_columns, unknown_schools

LEADER_KINDS = {
    "level": WORD,
    "easting": NUMBER,
    "northing": NUMBER,
    "max_travel_km": NUMBER,
    "relocates": YES_NO,
    "available_from": DAY,
    "span": WHOLE,
    "current_urn": WHOLE,
    "effect_mean": NUMBER,
    "effect_sd": NUMBER,
    "cost_gbp": NUMBER,
}
POST_KINDS = {
    "urn": WHOLE,
    "level": WORD,
    "opens_on": DAY,
    "consent": WORD,
    "created": YES_NO,
    "salary_gbp": NUMBER,
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
        When official schools have a file of posts and none of leaders; for unknown leaders left out.
    """
    urns = panel.schools["urn"].to_numpy(dtype=np.int64) if scope is None else scope
    made = _invented if scenario.pool.source == "synthetic" else _read
    pool, posts = made(scenario, panel, urns)
    return left_out.without(pool, posts, scenario.pool.leave_out)


def _read(scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64]) -> tuple[LeaderPool, Posts]:
    leaders_path, posts_path = _paths(scenario)
    leaders, problems = (_empty(tables.LEADERS), []) if leaders_path is None else _leaders(leaders_path, panel)
    posts, more = (_empty(tables.POSTS), []) if posts_path is None else _posts(posts_path, panel, scenario.as_of)
    if scenario.interventions.place:
        problems += _no_rows(leaders, leaders_path, "leader")
        problems += _no_rows(posts, posts_path, "post") if scenario.pool.prospects is None else []
    within = what_may_be_named(leaders, posts, panel, scope)
    within = replace(within, sound=not problems and not more)
    known = known_answers(scenario, within)
    plans = earlier_plans(scenario, within, known.answers)
    raise_all(DataError, [*problems, *more, *known.problems, *plans.problems])
    leaders = leaders.sort_values("leader_id", ignore_index=True)
    posts = posts.sort_values(["urn", "post_id"], ignore_index=True)
    invented = panel.synthetic and scenario.pool.leaders is None
    of_leaders = () if leaders_path is None else (input_of(leaders_path, LEADERS, key=_key(scenario, "leaders")),)
    of_posts = () if posts_path is None else (input_of(posts_path, POSTS, key=_key(scenario, "posts")),)
    return (
        LeaderPool(leaders, invented, of_leaders),
        _with_known(Posts(posts, invented, of_posts), known, plans),
    )


def _invented(scenario: Scenario, panel: SchoolPanel, scope: NDArray[np.int64]) -> tuple[LeaderPool, Posts]:
    pool = scenario.pool
    wanted = panel.schools["phase"].isin(scenario.scope.phases or tables.PHASES)
    leaders, posts = invented.invent(panel.schools[wanted], pool.size, pool.posts_per_leader, pool.seed, scenario.as_of)
    within = what_may_be_named(leaders, posts, panel, scope)
    known = known_answers(scenario, within)
    plans = earlier_plans(scenario, within, known.answers)
    raise_all(DataError, [*known.problems, *plans.problems])
    return (
        LeaderPool(tables.validated(tables.LEADERS, leaders, "synthetic leaders"), True),
        _with_known(Posts(tables.validated(tables.POSTS, posts, "synthetic posts"), len(posts) > 0), known, plans),
    )


def _with_known(posts: Posts, known: KnownAnswers, plans: EarlierPlans) -> Posts:
    """Return the posts with what was answered and what was planned before."""
    inputs = (*posts.inputs, *known.inputs, *plans.inputs)
    return replace(
        posts, inputs=inputs, pairs=known.pairs, earlier=plans.pairs, answers=known.answers, notes=known.notes
    )


def _paths(scenario: Scenario) -> tuple[Path | None, Path | None]:
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
    if pool.leaders is None and pool.posts is not None:
        do = "name a CSV or Excel file of leaders, or leave pool.posts empty for a list of schools to worry about"
        raise ScenarioError(Problem("pool.leaders", "empty, and pool.posts names a file", "a file of leaders", do))
    return pool.leaders, pool.posts


def _key(scenario: Scenario, name: str) -> str:
    """Return the scenario's key that names the file; empty where it is the sample's own."""
    return "" if getattr(scenario.pool, name) is None else f"pool.{name}"


def _leaders(path: Path, panel: SchoolPanel) -> tuple[pd.DataFrame, list[Problem]]:
    frame, problems = typed(read_text_table(path), LEADER_KINDS, str(path))
    frame = _with_places(frame, panel)
    problems += unknown_columns(frame, tables.LEADERS, path, "base")
    problems += bad_lists(frame, "phases", tables.PHASES, path)
    problems += unknown_schools(frame, "current_urn", panel, path)
    problems += repeated(frame, "leader_id", path)
    problems += leader_evidence.problems(frame, path)
    return checked_table(tables.LEADERS, frame, path, problems)


def _empty(schema: pa.DataFrameSchema) -> pd.DataFrame:
    return tables.validated(schema, pd.DataFrame(columns=list(schema.columns)), "no file")


def _no_rows(frame: pd.DataFrame, path: Path | None, noun: str) -> list[Problem]:
    if len(frame) or path is None:
        return []
    return [Problem(str(path), "has no rows", f"one row for each {noun}", "fill it in, or name another file")]


def _posts(path: Path, panel: SchoolPanel, as_of: date) -> tuple[pd.DataFrame, list[Problem]]:
    frame, problems = typed(read_text_table(path), POST_KINDS, str(path))
    problems += unknown_columns(frame, tables.POSTS, path)
    problems += unknown_schools(frame, "urn", panel, path)
    problems += repeated(frame, "post_id", path)
    problems += headships.problems(frame, path, as_of)
    return checked_table(tables.POSTS, frame, path, problems)


def _with_places(frame: pd.DataFrame, panel: SchoolPanel) -> pd.DataFrame:
    """Return the leaders with easting and northing, from the outcode of ``base`` where they are not given."""
    if "base" not in frame:
        return frame
    outcode = panel.schools["postcode"].astype("string").str.split(" ").str[0]
    centroid = panel.schools.groupby(outcode)[["easting", "northing"]].mean().round(-2)
    own = frame["base"].astype("string").str.upper().str.split(" ").str[0]
    given = frame.reindex(columns=[*frame.columns.difference(["easting", "northing"]), "easting", "northing"])
    return given.assign(
        easting=given["easting"].fillna(own.map(centroid["easting"])),
        northing=given["northing"].fillna(own.map(centroid["northing"])),
    )
