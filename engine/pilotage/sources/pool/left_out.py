"""Leaders whom a scenario (``pool.leave_out``) or their own table (column ``takes_part``) leaves out of a run."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

import pandas as pd

from pilotage.domain.panel import LeaderPool, Posts
from pilotage.errors import Problem, ScenarioError, Spot, raise_all

KEY = "pool.leave_out"
COLUMN = "takes_part"  # of a table of leaders
BY_COLUMN = f"the column {COLUMN}"


def without(pool: LeaderPool, posts: Posts, leave_out: tuple[str, ...]) -> tuple[LeaderPool, Posts]:
    """Return the pool without some leaders, and the posts without what is known of these leaders' pairs.

    Raises
    ------
    ScenarioError
        For each leader who is not in the pool, with the nearest name; and where nobody would be left.
    """
    known = pool.leaders["leader_id"].tolist()
    problems = [_no_such(leader, known) for leader in leave_out if leader not in known]
    if leave_out and set(known) <= set(leave_out):
        problems.append(
            Problem(KEY, f"all {len(known):,} leaders are left out", "at least one left", "leave out fewer")
        )
    raise_all(ScenarioError, problems)
    earlier = {rule: _without(pairs, leave_out) for rule, pairs in posts.earlier.items()}
    answers = tuple(answer for answer in posts.answers if answer.asked.leader_id not in leave_out)
    ended = tuple(answer for answer in posts.ended if answer.asked.leader_id not in leave_out)
    left = replace(posts, pairs=_without(posts.pairs, leave_out), earlier=earlier, answers=answers, ended=ended)
    return replace(pool, leaders=_without(pool.leaders, leave_out)), left


def _without(table: pd.DataFrame, leave_out: tuple[str, ...]) -> pd.DataFrame:
    return table[~table["leader_id"].isin(leave_out)].reset_index(drop=True)


def _no_such(leader: str, known: list[str]) -> Problem:
    near = get_close_matches(leader, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else "correct it"
    return Problem(
        KEY,
        f"no such leader_id {leader!r}",
        f"one of the {len(known):,} leaders in the pool",
        hint,
        key=tuple(KEY.split(".")),
    )


def not_taking_part(frame: pd.DataFrame, where: str) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the leaders whose row says that they do not take part, and that nobody does if so."""
    if COLUMN not in frame or "leader_id" not in frame:
        return (), []
    absent = frame.loc[frame[COLUMN].eq(False), "leader_id"].dropna().astype(str)
    if len(frame) and len(absent) == len(frame):
        what, allowed = f"{COLUMN} = no in every row", "at least one leader who takes part"
        return (), [Problem(where, what, allowed, "write yes for one", at=Spot(where, 0, COLUMN))]
    return tuple(sorted(absent)), []


def notes(leave_out: tuple[str, ...], by: str = KEY) -> tuple[str, ...]:
    """Return what the reports say of the leaders left out; nothing where nobody is. ``by``: what leaves them out."""
    if not leave_out:
        return ()
    names = ", ".join(sorted(leave_out))
    return (
        f"Left out of this run by {by}: {names}. What is known of their pairs, and their placements in an earlier "
        "plan, do not count.",
    )
