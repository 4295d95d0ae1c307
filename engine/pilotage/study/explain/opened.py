"""A run folder opened again: its case gathered, its problem stated, and its plan made as the run made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from pilotage import pipeline
from pilotage.case import run_folder
from pilotage.case.case import Case
from pilotage.case.read_back import AGAIN, ReadRun, path_of, read_run
from pilotage.case.reload import expect_same_inputs, scenario_again
from pilotage.case.versions import versions
from pilotage.config.overlay import Resolved
from pilotage.config.scenario import Solver
from pilotage.domain.findings.explained import Forced, Move
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Status
from pilotage.domain.statistics.cvar import Cvar
from pilotage.errors import DataError, Problem, raise_all
from pilotage.placement.analysis.why_not.forced_in import Loss, loss
from pilotage.placement.solver.cvar import solve_cvar
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import valued_pairs

ROUNDED = 1e-3  # what figures of lists may differ by from those that they were rounded from


@dataclass(frozen=True)
class Opened:
    """A run as it was decided. ``problem``: as stated, to be changed and solved again; ``plan``: its best plan.

    ``scale``: integer units of the plan's objective in a pupil-month.
    """

    run: ReadRun
    resolved: Resolved
    case: Case
    stated: pipeline.Stated
    plan: PlacementPlan
    solved: PlacementProblem

    @property
    def problem(self) -> PlacementProblem:
        """Return the problem as stated."""
        return self.stated.problem

    @property
    def scale(self) -> int:
        """Return the integer units of the plan's objective in a pupil-month."""
        return self.solved.scale

    @cached_property
    def schools(self) -> dict[int, str]:
        """Return the name of every school of the panel, by URN."""
        schools = self.case.panel.schools
        return dict(zip(schools["urn"].tolist(), schools["name"].astype(str), strict=True))


def open_run(folder: Path, say: Callable[[str], None]) -> Opened:
    """Return the run that a folder holds, opened again.

    Raises
    ------
    DataError
        Where the folder or an input of the run is damaged, gone or edited, or the run's audit failed.
    """
    run = read_run(folder)
    if not run.clean:
        what = "the audit of this run failed: its plan must not be used"
        raise DataError(Problem(str(folder), what, "a run whose audit held", AGAIN))
    resolved = scenario_again(run)
    case = pipeline.gather(resolved, say)
    expect_same_inputs(run, case.inputs)
    return opened_from(run, resolved, case, say)


def opened_from(run: ReadRun, resolved: Resolved, case: Case, say: Callable[[str], None]) -> Opened:
    """Return a run opened again whose case is at hand.

    Raises
    ------
    DataError
        Where the folder is not what its run wrote.
    """
    say("Making the plan again")
    stated = pipeline.state(case, run.forecast, valued_pairs(case, run.forecast))
    decided = pipeline.decide(resolved, stated)
    opened = Opened(run, resolved, case, stated, decided.plan, decided.problem)
    raise_all(DataError, _edited(opened))
    return opened


def _edited(opened: Opened) -> list[Problem]:
    """Return what of the folder is not what its run wrote, as far as the plan made again shows it."""
    run, problems = opened.run, []
    pairs = set(zip(run.placements["leader_id"].astype(str), run.placements["post_id"].astype(str), strict=True))
    if opened.plan.status is Status.OPTIMAL and run.plan.status is Status.OPTIMAL:
        if opened.plan.objective != run.plan.integers.objective:
            problems.append(_problem(run, run_folder.PLAN, "its objective is not that of the plan made again"))
        if pairs - _names(opened):
            problems.append(_problem(run, run_folder.PLACEMENTS, "its pairs are not those of the plan made again"))
    listed = run.ranked.set_index("urn")["need"].astype(float).reindex(run.forecast.table["urn"])
    if not np.allclose(listed, run.forecast.table["need"].astype(float), atol=ROUNDED, equal_nan=True):
        problems.append(_problem(run, run_folder.RANKED, "its need is not that of the forecast"))
    return problems


def _names(opened: Opened) -> set[tuple[str, str]]:
    problem = opened.problem
    return {
        (problem.leader_ids[problem.leader[pair]], problem.post_ids[problem.post[pair]])
        for pair in opened.plan.chosen.tolist()
    }


def _problem(run: ReadRun, name: str, fault: str) -> Problem:
    now = versions()
    other = [f"{each} {version}" for each, version in run.manifest.versions.items() if now.get(each) != version]
    since = f"; the run was made with {', '.join(other)}" if other else ""
    return Problem(str(path_of(run.folder, name)), f"edited or of another version: {fault}{since}", "", AGAIN)


def solver_of(opened: Opened, stated: pipeline.Stated | None = None) -> Callable[[PlacementProblem], PlacementPlan]:
    """Return what solves a changed problem as the run solved its own; ``stated``: the problem under other settings."""
    return solving(opened.case.scenario.solver, (stated or opened.stated).worst_draws)


def solving(solver: Solver, draws: Cvar | None) -> Callable[[PlacementProblem], PlacementPlan]:
    """Return what solves a problem under a scenario's settings; ``draws``: the worst draws, where they count."""

    def again(problem: PlacementProblem) -> PlacementPlan:
        seconds, seed = solver.time_limit_seconds, solver.seed
        if draws is not None:
            return solve_cvar(problem, draws, time_limit_seconds=seconds, seed=seed).plan
        return solve(problem, time_limit_seconds=seconds, seed=seed, gap=solver.gap)

    return again


def forced(opened: Opened, changed: PlacementProblem, stated: pipeline.Stated | None = None) -> Forced:
    """Return what the best plan of a changed problem loses against the run's plan, and who moves."""
    return as_forced(opened, changed, loss(opened.plan, changed, solver_of(opened, stated)))


def as_forced(opened: Opened, changed: PlacementProblem, lost: Loss) -> Forced:
    """Return a loss in pupil-months, with the placements that differ."""
    if lost.units is None or lost.plan is None:
        return Forced(lost.certainty)
    before, after = _moves(opened, opened.problem, opened.plan), _moves(opened, changed, lost.plan)
    out, into = (tuple(sorted(set(one) - set(other), key=_order)) for one, other in ((before, after), (after, before)))
    return Forced(lost.certainty, lost.units / opened.scale, out, into)


def _order(move: Move) -> tuple[str, str]:
    return move.leader_id, move.post_id


def _moves(opened: Opened, problem: PlacementProblem, plan: PlacementPlan) -> list[Move]:
    names, made = opened.schools, []
    for pair in plan.chosen.tolist():
        post = int(problem.post[pair])
        urn = int(problem.urns[post])
        made.append(Move(problem.leader_ids[problem.leader[pair]], problem.post_ids[post], urn, names.get(urn, "")))
    return made


def under(opened: Opened, case: Case) -> pipeline.Stated:
    """Return the decision stated under another scenario or other leaders, with the run's forecast."""
    return pipeline.state(case, opened.run.forecast, valued_pairs(case, opened.run.forecast))
