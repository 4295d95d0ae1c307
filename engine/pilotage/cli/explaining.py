"""The command ``explain``: why a school or a leader is in a plan or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.options import AsJson, Quiet
from pilotage.cli.progress import progress
from pilotage.cli.streams import add_row, say, show_table

if TYPE_CHECKING:
    from pilotage.report.explain.words import Shown


def explain(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    school: Annotated[str | None, typer.Option("--school", help="A URN, or a name that one school has.")] = None,
    leader: Annotated[str | None, typer.Option("--leader", help="A leader_id, or a name that one leader has.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say why a school or a leader is in the plan of a run or not, and what it would cost to change that."""
    from pilotage.report.explain.as_json import explained_json
    from pilotage.report.explain.leader import leader_tables, leader_words
    from pilotage.report.explain.school import school_tables, school_words
    from pilotage.report.internal import INTERNAL
    from pilotage.study.explain.leader import explain_leader
    from pilotage.study.explain.opened import open_run
    from pilotage.study.explain.school import explain_school

    _expect_one(school, leader)
    with progress(quiet or as_json) as tell:
        opened = open_run(run, tell)
        if school is not None:
            of_school = explain_school(opened, school, tell)
            made, words, tables = explained_json(of_school), school_words(of_school), school_tables(of_school)
        else:
            of_leader = explain_leader(opened, leader or "", tell)
            made, words, tables = explained_json(of_leader), leader_words(of_leader), leader_tables(of_leader)
    if as_json:
        say(json.dumps(made))
        return
    if opened.case.panel.synthetic:
        say("Synthetic England: every school, result and leader here is invented.")
    say("\n".join(words))
    for table in tables:
        _show(table)
    say(INTERNAL)


def _expect_one(school: str | None, leader: str | None) -> None:
    from pilotage.errors import Problem, UsageError

    if (school is None) == (leader is None):
        found = "neither was given" if school is None else "both were given"
        raise UsageError(Problem("--school, --leader", found, "one of the two", "name a school or a leader"))


def _show(shown: Shown) -> None:
    from rich.table import Table

    table = Table(*shown.headings, title=shown.title)
    for row in shown.rows:
        add_row(table, *row)
    show_table(table, 150)
