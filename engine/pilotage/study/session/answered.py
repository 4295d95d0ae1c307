"""Answers given on the screen, row by row: they become a table of decisions, and the next plan rests on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pilotage.case.read_back import read_run
from pilotage.domain.answers import ANSWERS, DECISION
from pilotage.errors import Problem, UsageError
from pilotage.report.lists.asks import asks
from pilotage.report.lists.ranked_schools import only, placements
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


def answered(tried: Tried, rows: pd.DataFrame, at_most: int | None, places: tuple[Path, Path], say: Say) -> Question:
    """Return the question of the next plan: with the answers, and at most so many other placements given up.

    The plan that was answered is saved, since the next one rests on it.

    Parameters
    ----------
    places
        The folder of tables, and the folder of runs.

    Raises
    ------
    UsageError
        Where nothing was answered.
    """
    tables, runs = places
    given = rows[rows[DECISION].fillna("").astype(str).str.strip() != ""]
    if given.empty and at_most is None:
        do = "choose an answer in at least one row, or limit the changes"
        raise UsageError(Problem("answers", "no row has an answer", "agreed, refused, asked, ...", do))
    folder = saved(tried, runs, say, force=True)
    decisions: tuple[Path, ...] = ()
    if len(given):
        text = given[[name for name in COLUMNS if name != "school"]].to_csv(index=False, lineterminator="\r\n")
        decisions = (put_into(tables, "answers.csv", text.encode("utf-8-sig")),)
    question = _without_earlier_answers(tried.question)
    leaves = leaves_asked(question.resolved, WhatIf(decisions=decisions, at_most=at_most), read_run(folder))
    return with_edits(question, {key: leaf.value for key, leaf in leaves.items()})


def _without_earlier_answers(question: Question) -> Question:
    """Return the question without what an earlier round of answers made of it: the ledger of the plan has that."""
    edits = {key: value for key, value in question.edits.items() if key[:2] not in MADE_BY_ANSWERS}
    return replace(question, edits=edits)
