"""The command ``data forget``: a leader who asks to be forgotten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.options import Settings
from pilotage.cli.setup_workbook import scenario_of
from pilotage.cli.streams import say
from pilotage.errors import DataError, Problem, UsageError

if TYPE_CHECKING:
    from pilotage.config.pool import Pool


def forget(
    leader: Annotated[str, typer.Argument(help="The leader's leader_id, as the tables write it.")],
    answers: Annotated[
        list[Path] | None, typer.Option("--answers", help="A table of answers (CSV or .xlsx); repeatable.")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="A scenario whose tables (pool.pairs, asks, decisions) are meant too."),
    ] = None,
    settings: Settings = None,
    runs: Annotated[Path, typer.Option("--runs", help="Folder below which runs are looked at.")] = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
) -> None:
    """Erase a leader from the cache and from tables of answers, and list the runs that hold the leader."""
    from pilotage import assets
    from pilotage.case.holding import folders_holding
    from pilotage.sources.forget.stored import stored_of
    from pilotage.sources.forget.tables import erase_rows, rows_of

    pool = scenario_of(scenario, settings).scenario.pool if scenario else None
    named = () if pool is None else (*pool.files_of_pairs, *pool.files_of_asks, *pool.files_of_decisions)
    rows = rows_of([*(answers or []), *named], leader)
    stored = stored_of(assets.cache(), leader)
    folders = folders_holding(runs, leader)
    in_pool = _in_pool(pool, leader)
    _expect_known(leader, [*(path for path, count in rows.items() if count), *stored, *folders, *in_pool], runs)
    tables = {path: count for path, count in rows.items() if count}
    if tables or stored:
        _erase_if_wanted(leader, tables, stored, yes)
        for path in tables:
            erase_rows(path, leader)
        for path in stored:
            path.unlink(missing_ok=True)
        say(f"{leader} is erased from {len(tables):,} tables of answers and {len(stored):,} stored files.")
    else:
        say(f"{leader} is in no table of answers that was named, and in no stored file.")
    for path in in_pool:
        say(f"{path} still has {leader}: delete the row in it by hand.")
    _list_runs(leader, folders, runs)


def _in_pool(pool: Pool | None, leader: str) -> list[Path]:
    """Return the scenario's table of leaders, where the leader is in it."""
    from pilotage.sources.forget.tables import rows_of

    if pool is None or pool.leaders is None:
        return []
    return [path for path, count in rows_of([pool.leaders], leader).items() if count]


def _expect_known(leader: str, where: list[Path], runs: Path) -> None:
    if not where:
        what = f"is in no table that was named, no stored file and no run below {runs}"
        do = "check how the tables write it; name tables with --answers or --scenario, and runs with --runs"
        raise DataError(Problem(leader, what, "a leader_id that is there", do))


def _erase_if_wanted(leader: str, tables: dict[Path, int], stored: list[Path], yes: bool) -> None:
    """Say what is to be erased, and go on only where that is wanted."""
    for path, count in tables.items():
        say(f"{path}: {count:,} {'row' if count == 1 else 'rows'} of {leader}")
    if stored:
        say(f"cache: {len(stored):,} stored {'file' if len(stored) == 1 else 'files'} with {leader}")
    if yes:
        return
    if not _confirmed(f"Erase {leader} from them? This can't be undone."):
        say("Nothing was erased.")
        raise typer.Exit


def _confirmed(question: str) -> bool:
    try:
        return sys.stdin is not None and typer.confirm(question, default=False)
    except typer.Abort:  # there is nobody to answer
        allowed, do = "an answer from the keyboard, or --yes", "add --yes to erase without being asked"
        raise UsageError(Problem("data forget", "nobody answers whether to erase", allowed, do)) from None


def _list_runs(leader: str, folders: list[Path], runs: Path) -> None:
    if not folders:
        say(f"No run below {runs} holds {leader}.")
        return
    say(f"Runs that hold {leader}; delete each folder, or run it again without the leader:")
    for folder in folders:
        say(f"  {folder}")
