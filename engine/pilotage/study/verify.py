"""Check a run folder again: every checksum, the plan against rules and tables, and the bound.

The forecast is that of the folder, whose checksum is compared; all else is read again from the inputs. The problem is
stated and solved anew, for the duals that prove the bound; the audit then judges the plan
of the folder, not the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.case.edited import expect_as_written
from pilotage.case.read_back import AGAIN, ReadRun, path_of, read_manifest, read_run
from pilotage.case.reload import expect_same_inputs, scenario_again
from pilotage.case.run_folder import PLACEMENTS
from pilotage.case.versions import versions
from pilotage.config.overlay import Resolved
from pilotage.domain.findings.verified import Verified
from pilotage.domain.plan import PlacementPlan, Row
from pilotage.errors import AuditError, DataError, InfeasibleError, Problem, raise_all
from pilotage.placement.audit.audit import audit
from pilotage.study.counted import counted_benefit
from pilotage.study.stated_figures import bound_check, figure_checks

Ints = NDArray[np.int64]
Say = Callable[[str], None]


def verify(folder: Path, say: Say) -> Verified:
    """Return what came of checking a run folder again.

    Raises
    ------
    DataError
        Where a file of the folder or an input is gone or has changed since the run, or a file came since.
    """
    expect_as_written(folder, read_manifest(folder))
    run = read_run(folder)
    say("Reading schools, leaders and posts")
    resolved = scenario_again(run)
    case = pipeline.gather(resolved, say)
    expect_same_inputs(run, case.inputs)
    say("Auditing the plan")
    stated = pipeline.state(case, run.forecast)
    decided = pipeline.decide(resolved, stated)
    chosen = _chosen(run, case, stated)
    plan = _plan(run, resolved, stated, decided, chosen)
    checked = audit(pipeline.audit_case(case, run.forecast, stated), decided.problem, plan)
    changed, benefit = _other_versions(run), counted_benefit(stated, chosen)
    figures = list(figure_checks(run.plan, plan, decided.plan, benefit, decided.problem.scale))
    if not changed:
        figures.append(bound_check(run.plan, decided.plan))
    return Verified(
        files=None if run.manifest.files is None else len(run.manifest.files),
        inputs=len(run.manifest.inputs),
        clean=run.clean,
        audit=checked,
        figures=tuple(figures),
        stated_bound=plan.bound,
        bound=decided.plan.bound,
        other_versions=changed,
    )


def _other_versions(run: ReadRun) -> tuple[tuple[str, str | None, str | None], ...]:
    then, now = run.manifest.versions, versions()
    names = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    return tuple((name, then.get(name), now.get(name)) for name in names)


def refuse_failed(folder: Path, verified: Verified) -> None:
    """Refuse a run whose plan does not pass.

    Raises
    ------
    AuditError
        With one problem for each check that does not hold.
    """
    do = f"do not use the files in {folder}; run the scenario again"
    problems = [Problem(f"audit, {check.name}", check.detail, "what the inputs say", do) for check in verified.failed]
    if not verified.clean:
        problems.append(Problem("audit of the run", "failed when it was written", "an audit that holds", do))
    raise_all(AuditError, problems)


def _plan(
    run: ReadRun, resolved: Resolved, stated: pipeline.Stated, decided: pipeline.Decided, chosen: Ints
) -> PlacementPlan:
    """Return the plan of the folder with its own claims, and the duals of the new search that prove its bound."""
    claims = run.plan.integers
    plan = replace(decided.plan, status=run.plan.status, objective=claims.objective, bound=claims.bound)
    if np.array_equal(chosen, decided.plan.chosen):
        return plan
    return replace(plan, chosen=chosen, auxiliary=_auxiliary(resolved, stated, chosen))


def _auxiliary(resolved: Resolved, stated: pipeline.Stated, chosen: Ints) -> Ints:
    """Return the best values of the problem's auxiliaries where exactly some pairs are chosen.

    Zeros where no plan has these pairs: the audit then finds the rule that is broken.
    """
    every = np.arange(len(stated.problem.benefit), dtype=np.int64)
    others = np.setdiff1d(every, chosen)
    rows = (*stated.problem.rows, _fixed("chosen", chosen, len(chosen)), _fixed("others", others, 0))
    problem = replace(stated.problem, rows=rows)
    try:
        return pipeline.decide(resolved, replace(stated, problem=problem)).plan.auxiliary
    except InfeasibleError:
        return np.zeros(len(stated.problem.auxiliaries), dtype=np.int64)


def _fixed(name: str, pairs: Ints, count: int) -> Row:
    """Return a row that asks for a number of some pairs."""
    return Row(name, "pin", name, "=", count, pairs, np.ones(len(pairs), dtype=np.int64), key=name, measure="structure")


def _chosen(run: ReadRun, case: Case, stated: pipeline.Stated) -> Ints:
    """Return the pairs (positions, ascending) of the folder's placements, support and asks.

    Raises
    ------
    DataError
        With one problem per row that no eligible pair of the scenario is.
    """
    listed, known = list(_listed(run)), _named(case, stated)
    where = str(path_of(run.folder, PLACEMENTS))
    strange = [pair for pair in listed if pair not in known]
    allowed = "a pair that the scenario allows"
    raise_all(DataError, (Problem(where, " ".join(map(str, pair)), allowed, AGAIN) for pair in strange))
    return np.array(sorted(known[pair] for pair in listed), dtype=np.int64)


def _listed(run: ReadRun) -> Iterator[tuple[str, ...]]:
    """Yield what tells each chosen pair apart: leader and post, of support the school, of an ask school and level."""
    yield from _rows(run.placements, "leader_id", "post_id")
    if run.support is not None:
        yield from (("support", *row) for row in _rows(run.support, "leader_id", "urn"))
    if run.asks is not None:
        yield from (("ask", *row) for row in _rows(run.asks, "leader_id", "urn", "level"))


def _rows(table: pd.DataFrame, *names: str) -> Iterator[tuple[str, ...]]:
    yield from zip(*(table[name].astype(str).tolist() for name in names), strict=True)


def _named(case: Case, stated: pipeline.Stated) -> dict[tuple[str, ...], int]:
    """Return the position of each pair by what tells it apart in the lists."""
    problem, levels = stated.problem, case.posts.posts["level"].tolist()
    asks, supports = stated.impact.asks(), stated.impact.supports()
    named: dict[tuple[str, ...], int] = {}
    for pair, (leader, post) in enumerate(zip(problem.leader.tolist(), problem.post.tolist(), strict=True)):
        who, urn = problem.leader_ids[leader], str(int(problem.urns[post]))
        key: tuple[str, ...] = (who, problem.post_ids[post])
        if asks[pair]:
            key = ("ask", who, urn, levels[post])
        elif supports[pair]:
            key = ("support", who, urn)
        named[key] = pair
    return named
