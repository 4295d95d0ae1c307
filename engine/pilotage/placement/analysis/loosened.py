"""A problem with one limit moved or some rows dropped, and the most that any plan of it can be worth.

Row duals of the right sign prove a bound whatever the right-hand sides are (``solver.pricing``). So those of today's
plan prove one for a changed problem, ``sum(pi) + y . rhs' + ...``, with 0 in the place of the dual of a row dropped.
Where that bound does not exceed today's plan by a whole unit, the change adds nothing, and nothing need be solved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pilotage.config.part import fraction
from pilotage.domain.findings.prices import MORE_GBP
from pilotage.domain.plan import PlacementProblem, Row, Status
from pilotage.placement.analysis.value_if_asked.bound import Priced
from pilotage.placement.candidates import SCALE
from pilotage.placement.solver.pricing import clipped, priced

Ints = NDArray[np.int64]
Changes = Mapping[int, Row | None]  # by the number of a row: what becomes of it; None = it is dropped


def can_be_loosened(row: Row) -> bool:
    """Return whether a row is a limit that one unit more or fewer would loosen; a floor of none is none."""
    if row.measure == "structure" or row.sense == "=":
        return False
    return row.sense == "<=" or row.measure == "share" or row.rhs > 0


def looser(row: Row) -> Row:
    """Return a limit moved by one unit to the side that allows more: of a budget, by ``MORE_GBP``."""
    step = _step(row)
    return replace(row, rhs=row.rhs + step if row.sense == "<=" else row.rhs - step)


def _step(row: Row) -> int:
    """Return one placement or pupil-month in the row's own integers."""
    if row.measure == "share":
        return fraction(row.share or 0.0).denominator * (SCALE if row.unit == "pupil_month" else 1)
    return MORE_GBP if row.unit == "pound" else 1


def with_changes(problem: PlacementProblem, changes: Changes) -> PlacementProblem:
    """Return the problem with some rows changed or dropped."""
    rows = (changes.get(number, row) for number, row in enumerate(problem.rows))
    return replace(problem, rows=tuple(row for row in rows if row is not None))


def adds_nothing(base: Priced | None, changes: Changes) -> bool:
    """Return whether it is proven that no plan of the changed problem exceeds today's best by a unit.

    ``base``: today's plan and problem, with the same rows first; None where it has no prices.
    """
    if base is None or base.plan.status is not Status.OPTIMAL:
        return False
    duals, rows = base.row.copy(), list(base.problem.rows)
    for number, row in changes.items():
        if row is None:
            duals[number] = 0
        else:
            rows[number] = row
    return _reached(base, replace(base.problem, rows=tuple(rows)), duals)


def more_leaders_add_nothing(base: Priced | None, problem: PlacementProblem) -> bool:
    """Return the same of a problem with more leaders, the posts and the rules as they are."""
    if base is None or base.plan.status is not Status.OPTIMAL:
        return False
    known = {(row.rule, row.key, row.part): dual for row, dual in zip(base.problem.rows, base.row, strict=True)}
    duals = [known.get((row.rule, row.key, row.part), 0) for row in problem.rows]
    return _reached(base, problem, clipped(problem.rows, np.array(duals, dtype=np.int64)))


def _reached(base: Priced, problem: PlacementProblem, duals: Ints) -> bool:
    return math.floor(priced(problem, base.post, duals).bound) <= (base.plan.objective or 0)
