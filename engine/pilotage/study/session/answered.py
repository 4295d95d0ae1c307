"""Answers given on the screen, row by row: they become a table of decisions, and the next plan rests on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pilotage.case.read_back import read_run
from pilotage.domain.answers import ANSWERS, DECISION, NOTED, Answer, Asked
from pilotage.errors import DataError, Problem, UsageError, raise_all
from pilotage.report.lists.asks import asks
from pilotage.report.lists.ranked_schools import only, placements
from pilotage.sources.pool.answers import what_may_be_named
from pilotage.sources.pool.settled.decisions import decided
from pilotage.sources.pool.settled.tables import TableKind, kind_of
from pilotage.study.session.question import Question, with_edits
from pilotage.study.session.tables import put_into
from pilotage.study.session.tried import Tried, saved
from pilotage.study.what_if import LIMIT, WhatIf, leaves_asked

Say = Callable[[str], None]
COLUMNS = ("leader_id", "post_id", "urn", "level", "school", DECISION, "reason", "by", "on")
WRITTEN = (DECISION, "reason", "by", "on")  # by the planner
CHOICES = ANSWERS
MADE_BY_ANSWERS = (("pool", "decisions"), ("rules", LIMIT))  # parts of keys


def to_answer(tried: Tried) -> pd.DataFrame:
    """Return what a plan waits for an answer to: its placements and its asks, one row each, the answers blank."""
    record = tried.record
    placed = only(placements(record), "place")[["leader_id", "post_id", "urn", "level"]]
    asked = asks(record)
    rows = [placed]
    if len(asked):
        rows.append(asked[["leader_id", "urn", "level"]].assign(post_id=None)[list(placed.columns)])
    table = pd.concat(rows, ignore_index=True).astype(object)
    names = record.panel.schools.set_index("urn")["name"]
    table["school"] = table["urn"].map(names)
    return table.assign(**dict.fromkeys(WRITTEN, ""))[list(COLUMNS)]


@dataclass(frozen=True)
class Typed:
    """A table of answers that was filled in elsewhere, such as a run's workbook.

    ``rows``: what waits for an answer, with what the table says of it; ``others``: how many answers are about more.
    """

    path: Path
    rows: pd.DataFrame
    others: int = 0


def typed_answers(tried: Tried, path: Path) -> Typed:
    """Return what a table of answers says of what a plan waits for; a table of asks or of pairs is taken as it is.

    Raises
    ------
    DataError
        With every row that cannot be used.
    """
    rows = to_answer(tried)
    if kind_of(path) is not TableKind.DECISIONS:
        return Typed(path, rows)
    case, others = tried.case, 0
    said = decided([path], what_may_be_named(case.pool.leaders, case.posts.posts, case.panel, case.urns))
    raise_all(DataError, said.problems)
    asked = [_asked(row) for _, row in rows.iterrows()]
    for answer in said.holding:
        meant = [each for each, about in enumerate(asked) if answer.asked.covers(about)]
        others += not meant
        for each in meant:
            rows.loc[each, list(WRITTEN)] = _cells(answer)
    return Typed(path, rows, others)


def _asked(row: pd.Series) -> Asked:
    post = row["post_id"]
    return Asked(int(row["urn"]), str(row["level"]), str(row["leader_id"]), None if pd.isna(post) else str(post))


def _cells(answer: Answer) -> list[str]:
    said = "" if answer.said == NOTED else answer.said
    return [said, answer.reason or "", answer.by or "", "" if answer.on is None else answer.on.isoformat()]


def answered(
    tried: Tried,
    rows: pd.DataFrame,
    at_most: int | None,
    places: tuple[Path, Path],
    say: Say,
    typed: Typed | None = None,
) -> Question:
    """Return the question of the next plan: with the answers, and at most so many other placements given up.

    The plan that was answered is saved, since the next one rests on it.

    Parameters
    ----------
    places
        The folder of tables, and the folder of runs.
    typed
        A table that was filled in elsewhere, which ``rows`` began with: of these rows only those that differ count.

    Raises
    ------
    UsageError
        Where nothing was answered, or an answer of the table was emptied.
    """
    tables, runs = places
    given = _given(rows, typed)
    if given.empty and at_most is None and typed is None:
        do = "choose an answer in at least one row, or limit the changes"
        raise UsageError(Problem("answers", "no row has an answer", "agreed, refused, asked, ...", do))
    folder = saved(tried, runs, say, force=True)
    decisions: tuple[Path, ...] = () if typed is None else (typed.path,)
    if len(given):
        text = given[[name for name in COLUMNS if name != "school"]].to_csv(index=False, lineterminator="\r\n")
        decisions = (*decisions, put_into(tables, "answers.csv", text.encode("utf-8-sig")))
    question = _without_earlier_answers(tried.question)
    leaves = leaves_asked(question.resolved, WhatIf(decisions=decisions, at_most=at_most), read_run(folder))
    return with_edits(question, {key: leaf.value for key, leaf in leaves.items()})


def _given(rows: pd.DataFrame, typed: Typed | None) -> pd.DataFrame:
    """Return the rows that were answered on the screen."""
    said: pd.DataFrame = rows[list(WRITTEN)].fillna("").astype(str).apply(lambda column: column.str.strip())
    has_answer: pd.Series = said[DECISION] != ""
    if typed is None:
        return rows.loc[has_answer]
    before = typed.rows[list(WRITTEN)]
    emptied = rows[~has_answer & (before[DECISION] != "")]
    what = f"the answer that {typed.path.name} has was emptied"
    do = "choose withdrawn or another answer, or correct the table and drop it in again"
    wheres = [f"{row['leader_id']} at {row['school']}" for _, row in emptied.iterrows()]
    raise_all(UsageError, (Problem(where, what, "an answer", do) for where in wheres))
    changed: pd.Series = (said != before).any(axis=1)
    return rows.loc[has_answer & changed]


def _without_earlier_answers(question: Question) -> Question:
    """Return the question without what an earlier round of answers made of it: the ledger of the plan has that."""
    edits = {key: value for key, value in question.edits.items() if key[:2] not in MADE_BY_ANSWERS}
    return replace(question, edits=edits)
