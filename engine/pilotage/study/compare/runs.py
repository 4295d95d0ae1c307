"""Compare two runs as their folders have them: nothing is planned again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pilotage.case.edited import expect_facts_as_written
from pilotage.case.read_back import ReadRun, read_manifest, read_run
from pilotage.config.setting_words import Known
from pilotage.domain.findings.comparison import (
    Change,
    Comparison,
    Difference,
    Differing,
    Figure,
    FigureChange,
    LeaderChange,
    ListChange,
    PlanList,
    Post,
    Side,
)
from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.evidence import load_evidence
from pilotage.study.compare.settings import changed_settings

Versions = dict[str, str]
Posts = dict[str, tuple[Post, ...]]  # of each leader


def read_both(*folders: Path) -> tuple[ReadRun, ...]:
    """Return the runs that some folders hold, each as it was written.

    Raises
    ------
    DataError
        With every problem of any of them: no run, of a schema that is not read, damaged, or edited since.
    """
    runs: list[ReadRun] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            expect_facts_as_written(folder, read_manifest(folder))
            runs.append(read_run(folder))
        except DataError as error:
            problems += error.problems
    raise_all(DataError, problems)
    return tuple(runs)


def compared(before: ReadRun, after: ReadRun) -> Comparison:
    """Return what differs between two runs, without attribution."""
    names = _names(before) | _names(after)
    return Comparison(
        before=_side(before),
        after=_side(after),
        leaders=tuple(leader_changes(placed(before), placed(after))),
        lists=tuple(_lists(before, after)),
        figures=tuple(_figures(before, after)),
        differences=tuple(differences(before, after)),
        settings=changed_settings(before, after, Known(names, load_evidence({}).parameters)),
        schools=names,
    )


def _side(run: ReadRun) -> Side:
    banner = (run.manifest.model_extra or {}).get("banner")
    return Side(str(run.folder), run.scenario.name, run.scenario.as_of, banner)


def placed(run: ReadRun) -> dict[str, tuple[Post, ...]]:
    """Return the posts of each leader that the plan places, in the order of their ids."""
    return placed_in(run.placements)


def placed_in(table: pd.DataFrame) -> dict[str, tuple[Post, ...]]:
    """Return the posts of each leader in a list of placements, in the order of their ids."""
    if "intervention" in table:
        table = table[table["intervention"].eq("place").to_numpy(dtype=bool)]
    posts: dict[str, list[Post]] = {}
    rows = zip(table["leader_id"].tolist(), table["post_id"].tolist(), table["urn"].tolist(), strict=True)
    for leader, post, urn in sorted(rows):
        posts.setdefault(leader, []).append(Post(post, int(urn)))
    return {leader: tuple(each) for leader, each in posts.items()}


def differences(before: ReadRun, after: ReadRun) -> Iterator[Difference]:
    """Yield what is not the same in both runs beside the settings: audit, files, forecast and versions."""
    if not (before.clean and after.clean):
        words = {True: "passed", False: "failed"}
        yield Difference(Differing.AUDIT, "audit", words[before.clean], words[after.clean])
    yield from _differing(Differing.INPUT, _inputs(before), _inputs(after))
    if not before.forecast.table.equals(after.forecast.table):
        yield Difference(Differing.FORECAST, "forecast", None, None)
    yield from _differing(Differing.VERSION, before.manifest.versions, after.manifest.versions)


def _differing(kind: Differing, before: Versions, after: Versions) -> Iterator[Difference]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield Difference(kind, name, before.get(name), after.get(name))


def _inputs(run: ReadRun) -> Versions:
    """Return the checksum of each input by role and name."""
    return {f"{each.name} ({each.role})": each.sha256 for each in run.manifest.inputs}


def leader_changes(before: Posts, after: Posts) -> Iterator[LeaderChange]:
    """Yield each leader whose posts differ between two plans, in the order of their ids."""
    for leader in sorted({*before, *after}):
        was, now = before.get(leader, ()), after.get(leader, ())
        if [post.post_id for post in was] != [post.post_id for post in now]:
            change = Change.MOVED if was and now else Change.LOST if was else Change.GAINED
            yield LeaderChange(leader, change, was, now)


def _lists(before: ReadRun, after: ReadRun) -> Iterator[ListChange]:
    """Yield each list's change; a list that a folder of an earlier version lacks is left out."""
    top = min(before.scenario.report.top, after.scenario.report.top)
    for name in PlanList:
        was, now = _listed(before, name, top), _listed(after, name, top)
        if was is not None and now is not None:
            part = top if name in (PlanList.WORRY, PlanList.ASK_NEXT) else None
            yield ListChange(name, tuple(sorted(now - was)), tuple(sorted(was - now)), part)


def _listed(run: ReadRun, name: PlanList, top: int) -> set[int] | None:
    if name is PlanList.PLACEMENTS:
        return {post.urn for posts in placed(run).values() for post in posts}
    table = {
        PlanList.WORRY: run.worry_about,
        PlanList.ASK_NEXT: run.ask_next,
        PlanList.SUPPORT: run.support,
        PlanList.ASKS: run.asks,
    }[name]
    if table is None:
        return None
    if name is PlanList.WORRY:
        table = table.head(top)
    if name is PlanList.ASK_NEXT:
        table = table[table["ask_rank"].notna()].sort_values("ask_rank", kind="stable").head(top)
    return {int(urn) for urn in table["urn"].tolist()}


def _figures(before: ReadRun, after: ReadRun) -> Iterator[FigureChange]:
    was, now = figures(before), figures(after)
    yield from (FigureChange(figure, was[figure], now[figure]) for figure in Figure)


def figures(run: ReadRun) -> dict[Figure, float | None]:
    """Return the figures of a plan as plan.json states them."""
    stated = (run.plan.model_extra or {}).get("expected") or {}
    return {
        Figure.BENEFIT: run.plan.benefit,
        Figure.PLACEMENTS: run.plan.placements,
        Figure.ASKS: None if run.asks is None else len(run.asks),
        Figure.SUPPORTED: run.plan.supported,
        Figure.ACCEPTED: stated.get("yes"),
        Figure.COMMITTED: stated.get("committed_gbp"),
        Figure.SPENT: stated.get("spent_gbp"),
    }


def _names(run: ReadRun) -> dict[int, str]:
    """Return the name of each school of a run by its URN, in scope or only in one of the lists."""
    names: dict[int, str] = {}
    for table in (run.placements, run.worry_about, run.ask_next, run.support, run.asks, run.ranked):
        if table is not None and "name" in table:
            known: pd.DataFrame = table[["urn", "name"]].dropna()
            names |= {
                int(urn): str(name) for urn, name in zip(known["urn"].tolist(), known["name"].tolist(), strict=True)
            }
    return names
