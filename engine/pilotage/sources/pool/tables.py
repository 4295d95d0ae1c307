"""Leaders and posts: from a planner's tables, or invented over the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pilotage import assets
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.inputs import EARLIER_PLAN, LEADERS, PAIRS, POSTS, InputFile, Inputs, input_of
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import DataError, Problem, ScenarioError, raise_all
from pilotage.sources.cells.grid import shown
from pilotage.sources.cells.kinds import DAY, GBP, KM, METRES, NUMBER, WHOLE, YES_NO, Kind, choice, choices
from pilotage.sources.files.tables import at_most, each_once, numbered, read_text_table, typed, where_of
from pilotage.sources.pool import bases, headships, invented, leader_evidence, left_out
from pilotage.sources.pool.school_urns import with_present_urns

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
PLAN_COLUMNS = ["leader_id", "post_id"]
PAIR_KINDS = {"state": choice("state", tables.PAIR_STATES), "date": DAY}
DEFAULTS: dict[str, Any] = {"relocates": False, "created": False, "consent": "unknown"}


def load_pool(scenario: Scenario, panel: SchoolPanel) -> tuple[LeaderPool, Posts]:
    """Return the leaders and the posts of a scenario, without the leaders whom it leaves out.

    Raises
    ------
    DataError
        With every bad cell and row of both files.
    ScenarioError
        When real schools are planned for and no files of leaders and posts are named; for unknown leaders left out.
    """
    pool, posts = _invented(scenario, panel) if scenario.pool.source == "synthetic" else _read(scenario, panel)
    return left_out.without(pool, posts, scenario.pool.leave_out)


def _read(scenario: Scenario, panel: SchoolPanel) -> tuple[LeaderPool, Posts]:
    leaders_path, posts_path = _paths(scenario)
    leaders, posts = _leaders(leaders_path, panel), _posts(posts_path, panel, scenario.as_of)
    problems = [*leaders.problems, *posts.problems]
    if scenario.interventions.place:
        problems += _no_rows(leaders.frame, leaders_path, "leader")
        problems += _no_rows(posts.frame, posts_path, "post") if scenario.pool.prospects is None else []
    pairs, further, inputs = _pairs(scenario.pool.pairs, leaders.frame, posts.frame)
    earlier, last, plans = _earlier(scenario, leaders.frame, posts.frame)
    _raise([*problems, *further, *last])
    invented = panel.synthetic and scenario.pool.leaders is None
    posts_input = input_of(posts_path, POSTS, key=_key(scenario, "posts"))
    leaders_input = input_of(leaders_path, LEADERS, key=_key(scenario, "leaders"))
    by_id = leaders.frame.sort_values("leader_id", ignore_index=True)
    by_urn = posts.frame.sort_values(["urn", "post_id"], ignore_index=True)
    return (
        LeaderPool(by_id, invented, (leaders_input,), leaders.notes),
        Posts(by_urn, invented, (posts_input, *inputs, *plans), pairs, earlier, posts.notes),
    )


def _raise(problems: list[Problem]) -> None:
    """Raise all the problems of the pool's tables, one for each fault, if there is any."""
    raise_all(DataError, at_most(each_once(problems), "the tables of the pool"))


def _invented(scenario: Scenario, panel: SchoolPanel) -> tuple[LeaderPool, Posts]:
    pool = scenario.pool
    wanted = panel.schools["phase"].isin(scenario.scope.phases or tables.PHASES)
    leaders, posts = invented.invent(panel.schools[wanted], pool.size, pool.posts_per_leader, pool.seed, scenario.as_of)
    pairs, problems, inputs = _pairs(pool.pairs, leaders, posts)
    earlier, more, plans = _earlier(scenario, leaders, posts)
    _raise([*problems, *more])
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


@dataclass(frozen=True)
class Given:
    """A table as given: in its schema's types where nothing is wrong, what is wrong, and notes on how it was read."""

    frame: pd.DataFrame
    problems: list[Problem]
    notes: tuple[str, ...] = ()


def _given(path: Path, role: str, columns: Sequence[str], kinds: dict[str, Kind]) -> Given:
    """Return a table with its cells read; without columns where the file can't be read at all."""
    try:
        text = read_text_table(path, (role,), columns)
    except DataError as error:
        return Given(pd.DataFrame(), list(error.problems))
    frame, problems = typed(text, kinds, where_of(text, path))
    return Given(frame, [*problems, *_unknown_columns(frame, columns, where_of(text, path))])


def _leaders(path: Path, panel: SchoolPanel) -> Given:
    regions = sorted(panel.schools["region"].dropna().unique())
    kinds = LEADER_KINDS | {"willing_regions": choices("region", regions)}
    given = _given(path, LEADERS, [*tables.LEADERS.columns, "base"], kinds)
    if not len(given.frame.columns):
        return given
    where = where_of(given.frame, path)
    frame, problems = bases.with_places(given.frame, panel, where)
    urns = with_present_urns(frame, "current_urn", panel, path)
    problems += [*urns.problems, *_repeated(urns.frame, "leader_id", where)]
    problems += leader_evidence.problems(urns.frame, where)
    table, problems = _validated(tables.LEADERS, urns.frame, where, [*given.problems, *problems])
    return Given(table, problems, urns.notes)


def _no_rows(frame: pd.DataFrame, path: Path, noun: str) -> list[Problem]:
    if len(frame) or not len(frame.columns):
        return []
    return [Problem(str(path), "has no rows", f"one row for each {noun}", "fill it in, or name another file")]


def _posts(path: Path, panel: SchoolPanel, as_of: date) -> Given:
    given = _given(path, POSTS, list(tables.POSTS.columns), POST_KINDS)
    if not len(given.frame.columns):
        return given
    where = where_of(given.frame, path)
    urns = with_present_urns(given.frame, "urn", panel, path)
    problems = [*given.problems, *urns.problems, *_repeated(urns.frame, "post_id", where)]
    problems += headships.problems(urns.frame, where, as_of)
    table, problems = _validated(tables.POSTS, urns.frame, where, problems)
    return Given(table, problems, urns.notes)


def _pairs(path: Path | None, leaders: pd.DataFrame, posts: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem], Inputs]:
    """Return what is known of pairs, all problems of the table, and the file as an input; empty without a table."""
    if path is None:
        return pd.DataFrame(columns=list(tables.PAIRS.columns)), [], ()
    given = _given(path, PAIRS, list(tables.PAIRS.columns), PAIR_KINDS)
    if not len(given.frame.columns):
        return given.frame, given.problems, ()
    frame, where = given.frame, where_of(given.frame, path)
    problems = [*given.problems, *_unknown_names(frame, "leader_id", leaders, where)]
    problems += [*_unknown_names(frame, "post_id", posts, where), *_pairs_twice(frame, where)]
    table, problems = _validated(tables.PAIRS, frame, where, problems)
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
            table = read_text_table(path, ("placements",))
            where = where_of(table, path)
            lacking = [column for column in PLAN_COLUMNS if column not in table]
            allowed = f"columns {', '.join(PLAN_COLUMNS)}, as placements.csv of a run has them"
            problems += [Problem(str(path), f"no column {column!r}", allowed, "name such a file") for column in lacking]
            if not lacking:
                of_leaders = table["intervention"] != "support" if "intervention" in table else slice(None)
                problems += _unknown_names(table, "leader_id", leaders, where, of_leaders)
                problems += _unknown_names(table, "post_id", posts, where, of_leaders)
                plans[name] = table.loc[of_leaders, PLAN_COLUMNS].reset_index(drop=True)
                inputs.append(input_of(path, EARLIER_PLAN, key=f"rules.{name}.earlier_plan"))
    return plans, problems, tuple(inputs)


def _unknown_names(
    frame: pd.DataFrame, column: str, known: pd.DataFrame, where: str, rows: pd.Series | slice = slice(None)
) -> list[Problem]:
    if column not in frame or column not in known:
        return []
    names = [str(name) for name in known[column].dropna()]
    return [
        Problem(
            f"{where}, row {row + 2}",
            f"{column} = {shown(name)}",
            f"a {column} of the pool",
            _near(name, names),
            ((where, row, column),),
        )
        for row, name in frame.loc[rows, column].items()
        if name is not None and name not in set(names)
    ]


def _near(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]!r}?" if near else "correct the cell"


def _pairs_twice(frame: pd.DataFrame, where: str) -> list[Problem]:
    """Return each pair that stands in a row before, with what both rows say of it."""
    if not {"leader_id", "post_id", "state"} <= set(frame.columns):
        return []
    first: dict[tuple[str, str], tuple[int, str]] = {}
    problems = []
    for row, leader, post, state in frame[["leader_id", "post_id", "state"]].itertuples():
        earlier = first.setdefault((leader, post), (row, state)) if leader and post else (row, state)
        if earlier[0] != row:
            what = f"the pair {leader}, {post} stands twice, as {earlier[1]} in row {earlier[0] + 2} and as {state}"
            cells = tuple((where, at, column) for at in (earlier[0], row) for column in ("leader_id", "post_id"))
            problems.append(
                Problem(f"{where}, row {row + 2}", what, "each pair once", "keep the row that holds", cells)
            )
    return problems


def _validated(
    schema: pa.DataFrameSchema, frame: pd.DataFrame, where: str, problems: list[Problem]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table in the schema's types, and all problems of it; the table is unusable when there is any."""
    filled = frame.assign(**{name: frame[name].fillna(value) for name, value in DEFAULTS.items() if name in frame})
    absent = {name: value for name, value in DEFAULTS.items() if name in schema.columns and name not in frame}
    try:
        return tables.validated(schema, filled.assign(**absent), where, most=None), problems
    except DataError as error:
        return frame, [*problems, *error.problems]


def _unknown_columns(frame: pd.DataFrame, known: Sequence[str], where: str) -> list[Problem]:
    problems = []
    for name in frame.columns.difference(list(known)):
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "remove it"
        problems.append(Problem(where, f"no such column {shown(name)}", ", ".join(known), hint))
    return problems


def _repeated(frame: pd.DataFrame, column: str, where: str) -> list[Problem]:
    if column not in frame:
        return []
    first: dict[str, int] = {}
    problems = []
    for row, name in numbered(frame, column):
        if name is not None and first.setdefault(name, row) != row:
            allowed = f"each once (first in row {first[name] + 2})"
            cells = tuple((where, at, column) for at in (first[name], row))
            what = f"{column} = {shown(name)} again"
            problems.append(Problem(f"{where}, row {row + 2}", what, allowed, "rename it", cells))
    return problems
