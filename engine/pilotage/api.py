"""What other programs may rely on: a problem of one's own solved, a scenario run, a run folder read.

Everything else in Pilotage may change from one version to the next. What is named here changes only with a new minor
version before 1.0 and a new major version after, and CHANGELOG.md says how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.case.read_back import ReadRun
from pilotage.case.record import RunRecord
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.errors import PilotageError
from pilotage.placement.formulation.own_problem import Limit

__all__ = [
    "Limit",
    "PilotageError",
    "PlacementPlan",
    "PlacementProblem",
    "ReadRun",
    "Row",
    "RunRecord",
    "Status",
    "chosen_pairs",
    "placement_problem",
    "read_run",
    "run",
    "solve",
]

Say = Callable[[str], None]


def placement_problem(
    pairs: pd.DataFrame | Mapping[str, Any],
    *,
    capacity: Mapping[str, int] | None = None,
    limits: Sequence[Limit] = (),
) -> PlacementProblem:
    """Return the problem of a table of leaders and posts: choose pairs so that their benefits add up to most.

    Each post takes at most one leader. The order of the rows changes nothing.

    Parameters
    ----------
    pairs
        One row for each pair that is possible: ``leader_id`` and ``post_id`` (texts or whole numbers), ``benefit``
        (pupil-months, may be below 0; rounded to thousandths), ``urn`` (the school of the post, a whole number; counted
        from 1 where there is no such column), and the columns that limits name. A DataFrame, or columns of one length.
    capacity
        How many posts a leader may take, by ``leader_id``; one where it says nothing.
    limits
        What the chosen pairs may come to.

    Raises
    ------
    PilotageError
        With all that is wrong: what stands where, what is allowed, what to do.
    """
    from pilotage.placement.formulation.own_problem import own_problem

    return own_problem(pairs, capacity or {}, limits)


def solve(
    problem: PlacementProblem, *, time_limit_seconds: float = 60.0, seed: int = 1, gap: float = 0.0
) -> PlacementPlan:
    """Return the best plan of a problem, with the bound that no plan exceeds.

    The same problem and seed give the same plan, unless time runs out. ``status`` says how it ended: ``optimal``,
    ``feasible`` (with its true gap), ``infeasible`` or ``no_plan_in_time``; the last two are no errors here. The method
    is that of docs/method/plan.md.

    Parameters
    ----------
    time_limit_seconds
        Above 0.
    gap
        The relative gap at which the proof may stop; 0 proves to the end.

    Raises
    ------
    PilotageError
        Where arrays of the problem do not belong together, or its figures are too large for exact sums.
    """
    from pilotage.errors import Problem, UsageError, raise_all
    from pilotage.placement.formulation.consistent import expect_consistent
    from pilotage.placement.solver.solve import solve as solved

    wrong = []
    if not time_limit_seconds > 0:
        wrong.append(Problem("time_limit_seconds", f"found {time_limit_seconds!r}", "seconds above 0", "correct it"))
    if not 0 <= gap < 1:
        wrong.append(Problem("gap", f"found {gap!r}", "a share from 0 to below 1", "correct it"))
    raise_all(UsageError, wrong)
    expect_consistent(problem)
    return solved(problem, time_limit_seconds=time_limit_seconds, seed=seed, gap=gap)


def chosen_pairs(problem: PlacementProblem, plan: PlacementPlan) -> pd.DataFrame:
    """Return the pairs of a plan: ``leader_id``, ``post_id``, ``urn``, ``benefit`` (pupil-months), a row for each."""
    pairs = plan.chosen
    leader, post = problem.leader[pairs], problem.post[pairs]
    return pd.DataFrame(
        {
            "leader_id": [problem.leader_ids[place] for place in leader.tolist()],
            "post_id": [problem.post_ids[place] for place in post.tolist()],
            "urn": problem.urns[post],
            "benefit": problem.benefit[pairs] / problem.scale,
        }
    )


def run(
    scenario: str | Path | Mapping[str, Any],
    *,
    settings: Sequence[str] = (),
    out: str | Path | None = None,
    force: bool = False,
    say: Say | None = None,
) -> RunRecord:
    """Run a scenario, as ``pilotage run`` does: forecast, plan, audit, and the run folder where one is named.

    Parameters
    ----------
    scenario
        The path of a YAML file, the name of a shipped scenario, or its keys as a mapping (with ``extends``, ``name``
        and ``why``; paths in it are taken from the current folder).
    settings
        ``key=value`` texts laid over it, as of ``--set``.
    out
        The run folder to write; none is written where it is None.
    force
        Replace the run folder if it is there.
    say
        Told what is going on, a sentence at a time.

    Raises
    ------
    PilotageError
        Its ``exit_code`` and ``problems`` are those of the command: 2 scenario or path, 3 data, 4 no plan can hold,
        5 no plan in time, 6 the audit failed (the folder is written, and each file marked).
    """
    from pilotage import pipeline
    from pilotage.case.run_log import logged
    from pilotage.case.writing.target import expect_target
    from pilotage.config.overlay import resolve, resolve_given
    from pilotage.report.folder import refuse_failed, write_run
    from pilotage.study.beyond import with_beyond
    from pilotage.study.hangs_on import with_hangs_on

    resolved = resolve_given(scenario, settings) if isinstance(scenario, Mapping) else resolve(str(scenario), settings)
    folder = None if out is None else Path(out)
    if folder is not None:
        expect_target(folder, force=force)
    with logged() as log:
        tell = log.heard(say or _silent)
        record = with_beyond(resolved, with_hangs_on(resolved, pipeline.run(resolved, tell), tell), tell)
        if folder is not None:
            write_run(record, folder, force=force, log=log.text)
    refuse_failed(record, folder)
    return record


def read_run(folder: str | Path) -> ReadRun:
    """Return what a run folder holds: its scenario, lists, plan, audit and forecast.

    Raises
    ------
    PilotageError
        Where it is no run folder, one of another schema, or one of which a file is missing, damaged or edited.
    """
    from pilotage.case.read_back import read_run as read_back

    return read_back(Path(folder))


def _silent(_message: str) -> None:
    """Say nothing."""
