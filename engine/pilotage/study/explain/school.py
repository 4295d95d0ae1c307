"""A school explained: where it stands, who could go there, who not and why, and what forcing it in would cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.read_back import ReadRun
from pilotage.domain.findings.explained import Forced, Listed, Option, Risk, SchoolExplained
from pilotage.placement.analysis.why_not.forced_in import with_none_of, with_one_of
from pilotage.study.explain.changes import changes_of_bars, changes_of_limits
from pilotage.study.explain.names import school_of
from pilotage.study.explain.opened import Opened, forced
from pilotage.study.explain.options import barred_options, keeping, open_options

Ints = NDArray[np.int64]
Say = Callable[[str], None]


def explain_school(opened: Opened, word: str, say: Say) -> SchoolExplained:
    """Explain the school that a URN or a name means.

    Raises
    ------
    UsageError
        Where the word means no school in scope, or several.
    """
    urn = school_of(opened.case, word)
    problem, case = opened.problem, opened.case
    there = np.flatnonzero(problem.urns[problem.post] == urn)
    posts = np.flatnonzero((case.posts.posts["urn"] == urn).to_numpy())
    say(f"Solving again with school {urn}")
    barred = barred_options(opened, keeping(opened, np.arange(len(case.pool.leaders)), posts)) if len(posts) else []
    school = case.panel.schools.set_index("urn").loc[urn]
    return _forced(
        opened,
        there,
        SchoolExplained(
            urn=urn,
            school=str(school["name"]),
            phase=_text(school["phase"]),
            place=_text(school["authority"]),
            listed=_listed(opened.run, urn),
            risk=_risk(opened.run, urn),
            options=(*open_options(opened, there), *barred),
            forced=None,
            left_out=None,
            changes=(),
            posts=len(posts),
            objective_months=(opened.plan.objective or 0) / opened.scale,
        ),
        barred,
    )


def _forced(opened: Opened, there: Ints, school: SchoolExplained, barred: list[Option]) -> SchoolExplained:
    """Return a school with what the plan loses if it is forced in, or out where it is in already."""
    if not len(there):
        return replace(school, changes=changes_of_bars(opened, school.urn, barred))
    if np.isin(opened.plan.chosen, there).any():
        return replace(school, left_out=forced(opened, with_none_of(opened.problem, there)))
    cost: Forced = forced(opened, with_one_of(opened.problem, there))
    return replace(school, forced=cost, changes=changes_of_limits(opened, there))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _of_school(rows: pd.DataFrame | None, urn: int) -> pd.DataFrame:
    return pd.DataFrame({"urn": []}) if rows is None else rows[rows["urn"] == urn]


def _listed(run: ReadRun, urn: int) -> Listed:
    worry, ask = _of_school(run.worry_about, urn), _of_school(run.ask_next, urn)
    placed, support, asks = (_of_school(rows, urn) for rows in (run.placements, run.support, run.asks))
    return Listed(
        worry_rank=_first(worry, "need_rank"),
        worry_rank_in_phase=_first(worry, "need_rank_in_phase"),
        ask_rank=_first(ask, "ask_rank"),
        placed=tuple(placed["leader_id"].astype(str)) if len(placed) else (),
        supported=bool(len(support)),
        asked=tuple(asks["leader_id"].astype(str)) if len(asks) else (),
    )


def _first(rows: pd.DataFrame, column: str) -> int | None:
    known = rows[column].dropna() if column in rows else pd.Series(dtype=float)
    return int(known.iloc[0]) if len(known) else None


def _risk(run: ReadRun, urn: int) -> Risk:
    row = run.ranked.set_index("urn").loc[urn]

    def figure(name: str) -> float | None:
        value = row.get(name)
        return None if value is None or pd.isna(value) else float(value)

    return Risk(
        need=figure("need"),
        p_below_good=figure("p_below_good"),
        p_fall_if_inspected=figure("p_fall_if_inspected"),
        p_gap_wide=figure("p_gap_wide"),
        gap_months_at_horizon=figure("gap_months_at_horizon"),
        reasons=_text(row.get("reasons")),
    )
