"""Everyday what-ifs, laid over a scenario: leaders who drop out, posts that are added, what was decided, the last run.

All of it becomes keys of the scenario, so that the run folder holds it, and a run is made again from its folder alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pilotage.case import run_folder
from pilotage.case.read_back import ReadRun, path_of
from pilotage.config.leaf import Leaf, Leaves
from pilotage.config.overlay import Resolved, with_leaves
from pilotage.config.rules.moves import Moves
from pilotage.errors import DataError, Problem, UsageError, raise_all
from pilotage.sources.pool.leader_names import leader_names
from pilotage.sources.pool.settled.tables import TableKind, kind_of
from pilotage.study.explain.names import leader_meant

LIMIT = "changes-since-last-run"  # the rule that --change-at-most adds
WITHOUT, WITH_POST, DECISIONS, AT_MOST = "--without", "--with-post", "--decisions", "--change-at-most"


@dataclass(frozen=True)
class WhatIf:
    """What is asked beside the scenario.

    Attributes
    ----------
    without
        Leaders who are left out, by id or by a name that only one has.
    with_posts
        Tables of posts that are added.
    decisions
        Tables of what was decided or answered, the later ones last.
    at_most
        How many other placements of the last run may be given up; None: as the scenario says.
    """

    without: tuple[str, ...] = ()
    with_posts: tuple[Path, ...] = ()
    decisions: tuple[Path, ...] = ()
    at_most: int | None = None

    @property
    def asks_anything(self) -> bool:
        """Return whether anything differs from the scenario."""
        return bool(self.without or self.with_posts or self.decisions or self.at_most is not None)

    @property
    def needs_last_run(self) -> bool:
        """Return whether the last run plays a part in the plan: its ledger is carried on, or its plan is held to."""
        return bool(self.decisions) or self.at_most is not None


def laid_over(resolved: Resolved, asked: WhatIf, last: ReadRun | None) -> Resolved:
    """Return the scenario with what is asked; ``last``: the run before, whose ledger is carried on.

    Raises
    ------
    UsageError
        For a leader whom nobody is called, and for a limit on changes without a run to change.
    ScenarioError
        Where the scenario does not hold together with it.
    DataError
        Where a table of decisions cannot be read.
    """
    leaves = leaves_asked(resolved, asked, last)
    return with_leaves(resolved, leaves) if leaves else resolved


def leaves_asked(resolved: Resolved, asked: WhatIf, last: ReadRun | None) -> Leaves:
    """Return the keys of the scenario that say what is asked; raises as ``laid_over``."""
    return {
        **_left_out(resolved, asked.without),
        **_files(resolved, "added_posts", asked.with_posts, WITH_POST),
        **(_decisions(resolved, asked.decisions, last) if asked.needs_last_run else {}),
        **_limit(resolved, asked.at_most, last),
    }


def _left_out(resolved: Resolved, words: Sequence[str]) -> Leaves:
    """Return the leaders left out, by id; what they are called is looked up in their table."""
    if not words:
        return {}
    names, problems, ids = leader_names(resolved.scenario), list[Problem](), list[str]()
    for word in words:
        try:
            ids.append(leader_meant(WITHOUT, word, names) if names else word.strip())
        except UsageError as error:
            problems += error.problems
    raise_all(UsageError, problems)
    before = resolved.scenario.pool.leave_out
    every = tuple(dict.fromkeys((*before, *ids)))
    return {("pool", "leave_out"): _leaf(resolved, ("pool", "leave_out"), every, WITHOUT)}


def _files(resolved: Resolved, key: str, paths: Sequence[Path], option: str) -> Leaves:
    """Return the files of a key of the pool, those of an option last."""
    if not paths:
        return {}
    named = getattr(resolved.scenario.pool, f"files_of_{key}")
    every = dict.fromkeys(str(path) for path in (*named, *paths))
    return {("pool", key): _leaf(resolved, ("pool", key), tuple(every), option)}


def _leaf(resolved: Resolved, key: tuple[str, ...], values: Sequence[str], option: str) -> Leaf:
    """Return the leaf of a list, each item with where it was set."""
    before = resolved.leaves.get(key)
    stated = before.value if before is not None and isinstance(before.value, list) else []
    origins = () if before is None else before.items or (before.origin,) * len(stated)
    return Leaf(list(values), option, (*origins, *(option for _ in values[len(origins) :])))


def _decisions(resolved: Resolved, paths: Sequence[Path], last: ReadRun | None) -> Leaves:
    """Return the tables of answers and decisions by the keys that take them; the last run's ledger comes first."""
    kinds = {path: _kind(path) for path in paths}
    ledger = [] if last is None else [path_of(last.folder, run_folder.LEDGER)]
    ledger = [path for path in ledger if path.is_file()]
    leaves: Leaves = {}
    for kind in TableKind:
        own = [path for path, each in kinds.items() if each is kind]
        carried = ledger if kind is TableKind.DECISIONS else []
        leaves |= _files(resolved, kind.value, [*carried, *own], DECISIONS)
    return leaves


def _kind(path: Path) -> TableKind:
    if not path.is_file():
        do = "check the path: a CSV file or an Excel workbook with what was decided"
        raise DataError(Problem(f"{DECISIONS} {path}", "no such file", "a CSV or Excel file", do))
    return kind_of(path)


def _limit(resolved: Resolved, at_most: int | None, last: ReadRun | None) -> Leaves:
    """Return the rule that holds the plan to the last run's, or the count of the scenario's own such rule."""
    if at_most is None:
        return {}
    own = [key for key, rule in resolved.scenario.rules.items() if isinstance(rule, Moves)]
    if len(own) > 1:
        found = f"the scenario has several rules moves: {', '.join(own)}"
        do = "set the count of one of them: --set rules.NAME.count=K"
        raise UsageError(Problem(AT_MOST, found, "one rule moves, or none", do))
    if own:
        return {("rules", own[0], "count"): Leaf(at_most, AT_MOST)}
    if last is None:
        found = f"no run of {resolved.scenario.name} is there whose placements could be kept"
        raise UsageError(Problem(AT_MOST, found, "a run of the scenario", "run it first, or name its folder: --last"))
    return {("rules", LIMIT, name): Leaf(value, AT_MOST) for name, value in _rule(last, at_most)}


def _rule(last: ReadRun, at_most: int) -> Iterator[tuple[str, str | int]]:
    """Yield the keys of a rule that holds the plan to that of a run."""
    yield "rule", "moves"
    yield "earlier_plan", str(path_of(last.folder, run_folder.PLACEMENTS))
    if last.asks is not None:
        yield "earlier_asks", str(path_of(last.folder, run_folder.ASKS))
    yield "count", at_most
