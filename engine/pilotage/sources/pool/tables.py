"""Leaders and posts: from a planner's tables, or invented over the map."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pilotage import assets
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.inputs import (
    EARLIER_PLAN,
    LEADERS,
    PAIRS,
    POSTS,
    InputFile,
    Inputs,
    digests,
    input_of,
    unchanged_meanwhile,
)
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import DataError, Problem, ScenarioError, raise_all
from pilotage.sources.files.tables import DAY, NUMBER, WHOLE, WORD, YES_NO, read_text_table, typed
from pilotage.sources.pool import headships, invented, leader_evidence, left_out

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
PLAN_COLUMNS = ["leader_id", "post_id"]
PAIR_KINDS = {"state": WORD, "date": DAY}
DEFAULTS: dict[str, Any] = {"relocates": False, "created": False, "consent": "unknown"}


def load_pool(scenario: Scenario, panel: SchoolPanel) -> tuple[LeaderPool, Posts]:
    """Return the leaders and the posts of a scenario, without the leaders whom it leaves out.

    Raises
    ------
    DataError
        With every bad cell and row of both files; for a file that changed while it was read.
    ScenarioError
        When real schools are planned for and no files of leaders and posts are named; for unknown leaders left out.
    """
    with unchanged_meanwhile(digests(_files(scenario))):
        pool, posts = _invented(scenario, panel) if scenario.pool.source == "synthetic" else _read(scenario, panel)
    return left_out.without(pool, posts, scenario.pool.leave_out)


def _files(scenario: Scenario) -> set[Path]:
    """Return every file that the scenario names for its pool, and those of the sample that stand in for them."""
    named = {value for _, value in scenario.pool if isinstance(value, Path)}
    plans = {rule.plan_before() for rule in scenario.rules.values()} - {None}
    folder = scenario.data.folder or assets.sample()
    return named | {path for path in plans if path} | {folder / "leaders.csv", folder / "posts.csv"}


def _read(scenario: Scenario, panel: SchoolPanel) -> tuple[LeaderPool, Posts]:
    leaders_path, posts_path = _paths(scenario)
    leaders, problems = _leaders(leaders_path, panel)
    posts, more = _posts(posts_path, panel, scenario.as_of)
    if scenario.interventions.place:
        problems += _no_rows(leaders, leaders_path, "leader")
        problems += _no_rows(posts, posts_path, "post") if scenario.pool.prospects is None else []
    pairs, further, inputs = _pairs(scenario.pool.pairs, leaders, posts)
    earlier, last, plans = _earlier(scenario, leaders, posts)
    raise_all(DataError, [*problems, *more, *further, *last])
    leaders = leaders.sort_values("leader_id", ignore_index=True)
    posts = posts.sort_values(["urn", "post_id"], ignore_index=True)
    invented = panel.synthetic and scenario.pool.leaders is None
    posts_input = input_of(posts_path, POSTS, key=_key(scenario, "posts"))
    return (
        LeaderPool(leaders, invented, (input_of(leaders_path, LEADERS, key=_key(scenario, "leaders")),)),
        Posts(posts, invented, (posts_input, *inputs, *plans), pairs, earlier),
    )


def _invented(scenario: Scenario, panel: SchoolPanel) -> tuple[LeaderPool, Posts]:
    pool = scenario.pool
    wanted = panel.schools["phase"].isin(scenario.scope.phases or tables.PHASES)
    leaders, posts = invented.invent(panel.schools[wanted], pool.size, pool.posts_per_leader, pool.seed, scenario.as_of)
    pairs, problems, inputs = _pairs(pool.pairs, leaders, posts)
    earlier, more, plans = _earlier(scenario, leaders, posts)
    raise_all(DataError, [*problems, *more])
    return (
        LeaderPool(tables.validated(tables.LEADERS, leaders, "synthetic leaders"), True),
        Posts(tables.validated(tables.POSTS, posts, "synthetic posts"), True, (*inputs, *plans), pairs, earlier),
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


def _leaders(path: Path, panel: SchoolPanel) -> tuple[pd.DataFrame, list[Problem]]:
    frame, problems = typed(read_text_table(path), LEADER_KINDS, str(path))
    frame = _with_places(frame, panel)
    problems += _unknown_columns(frame, tables.LEADERS, path, "base")
    problems += _bad_lists(frame, "phases", tables.PHASES, path)
    problems += _unknown_schools(frame, "current_urn", panel, path)
    problems += _repeated(frame, "leader_id", path)
    problems += leader_evidence.problems(frame, path)
    return _validated(tables.LEADERS, frame, path, problems)


def _no_rows(frame: pd.DataFrame, path: Path, noun: str) -> list[Problem]:
    if len(frame):
        return []
    return [Problem(str(path), "has no rows", f"one row for each {noun}", "fill it in, or name another file")]


def _posts(path: Path, panel: SchoolPanel, as_of: date) -> tuple[pd.DataFrame, list[Problem]]:
    frame, problems = typed(read_text_table(path), POST_KINDS, str(path))
    problems += _unknown_columns(frame, tables.POSTS, path)
    problems += _unknown_schools(frame, "urn", panel, path)
    problems += _repeated(frame, "post_id", path)
    problems += headships.problems(frame, path, as_of)
    return _validated(tables.POSTS, frame, path, problems)


def _pairs(path: Path | None, leaders: pd.DataFrame, posts: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem], Inputs]:
    """Return what is known of pairs, all problems of the table, and the file as an input; empty without a table."""
    if path is None:
        return pd.DataFrame(columns=list(tables.PAIRS.columns)), [], ()
    frame, problems = typed(read_text_table(path), PAIR_KINDS, str(path))
    problems += _unknown_columns(frame, tables.PAIRS, path)
    problems += _unknown_names(frame, "leader_id", leaders, path)
    problems += _unknown_names(frame, "post_id", posts, path)
    table, problems = _validated(tables.PAIRS, frame, path, problems)
    return table, problems, (input_of(path, PAIRS, key="pool.pairs"),)


def _earlier(
    scenario: Scenario, leaders: pd.DataFrame, posts: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], list[Problem], Inputs]:
    """Return the placements of earlier plans by the rule that asks for them, their problems and their files.

    Support of leaders in post is no placement; leaders and posts that are no longer in the tables are named.
    """
    plans, problems, inputs = dict[str, pd.DataFrame](), list[Problem](), list[InputFile]()
    for name, rule in scenario.rules.items():
        path = rule.plan_before()
        if path is not None:
            table = read_text_table(path)
            lacking = [column for column in PLAN_COLUMNS if column not in table]
            allowed = f"columns {', '.join(PLAN_COLUMNS)}, as placements.csv of a run has them"
            problems += [Problem(str(path), f"no column {column!r}", allowed, "name such a file") for column in lacking]
            if not lacking:
                of_leaders = table["intervention"] != "support" if "intervention" in table else slice(None)
                problems += _unknown_names(table, "leader_id", leaders, path, of_leaders)
                problems += _unknown_names(table, "post_id", posts, path, of_leaders)
                plans[name] = table.loc[of_leaders, PLAN_COLUMNS].reset_index(drop=True)
                inputs.append(input_of(path, EARLIER_PLAN, key=f"rules.{name}.earlier_plan"))
    return plans, problems, tuple(inputs)


def _unknown_names(
    frame: pd.DataFrame, column: str, known: pd.DataFrame, path: Path, rows: pd.Series | slice = slice(None)
) -> list[Problem]:
    if column not in frame or column not in known:
        return []
    names = [str(name) for name in known[column].dropna()]
    return [
        Problem(f"{path}, row {row + 2}", f"{column} = {name!r}", f"a {column} of the pool", _near(name, names))
        for row, name in frame.loc[rows, column].items()
        if name is not None and name not in set(names)
    ]


def _near(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]!r}?" if near else "correct the cell"


def _validated(
    schema: pa.DataFrameSchema, frame: pd.DataFrame, path: Path, problems: list[Problem]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table in the schema's types, and all problems of it; the table is unusable when there is any."""
    filled = frame.assign(**{name: frame[name].fillna(value) for name, value in DEFAULTS.items() if name in frame})
    absent = {name: value for name, value in DEFAULTS.items() if name in schema.columns and name not in frame}
    try:
        return tables.validated(schema, filled.assign(**absent), str(path)), problems
    except DataError as error:
        said = {(problem.where, problem.what.split(" = ")[0]) for problem in problems}
        fresh = [p for p in error.problems if (p.where, p.what.split(" = ")[0]) not in said]
        return frame, [*problems, *fresh]


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


def _unknown_columns(frame: pd.DataFrame, schema: pa.DataFrameSchema, path: Path, *more: str) -> list[Problem]:
    known = [*schema.columns, *more]
    problems = []
    for name in frame.columns.difference(known):
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "remove it"
        problems.append(Problem(str(path), f"no such column {name!r}", ", ".join(known), hint))
    return problems


def _bad_lists(frame: pd.DataFrame, column: str, allowed: tuple[str, ...], path: Path) -> list[Problem]:
    if column not in frame:
        return []
    return [
        Problem(
            f"{path}, row {row}", f"{column} = {text!r}", f"{', '.join(allowed)}, separated by ;", "correct the cell"
        )
        for row, text in enumerate(frame[column], 2)
        if text is not None and not set(text.replace(" ", "").split(";")) <= set(allowed)
    ]


def _unknown_schools(frame: pd.DataFrame, column: str, panel: SchoolPanel, path: Path) -> list[Problem]:
    if column not in frame:
        return []
    known = set(panel.schools["urn"])
    return [
        Problem(f"{path}, row {row}", f"{column} = {urn:.0f}", "a URN of the schools' data", "correct the URN")
        for row, urn in enumerate(frame[column], 2)
        if pd.notna(urn) and urn not in known
    ]


def _repeated(frame: pd.DataFrame, column: str, path: Path) -> list[Problem]:
    if column not in frame:
        return []
    first: dict[str, int] = {}
    problems = []
    for row, name in enumerate(frame[column], 2):
        if name is not None and first.setdefault(name, row) != row:
            allowed = f"each once (first in row {first[name]})"
            problems.append(Problem(f"{path}, row {row}", f"{column} = {name!r} again", allowed, "rename it"))
    return problems
