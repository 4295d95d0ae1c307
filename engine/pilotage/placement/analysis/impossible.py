"""What cannot hold is named before solving: minimums above what is eligible, and limits below the pins.

A limit that lets nobody in is no conflict: the empty plan keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.errors import InfeasibleError, Problem, raise_all
from pilotage.placement.formulation.coefficients import members_of, weights_of
from pilotage.placement.formulation.pins import apart

Ints = NDArray[np.int64]
NONE: Mapping[str, str] = MappingProxyType({})


def refuse_impossible(problem: PlacementProblem, answered: Mapping[str, str] = NONE) -> None:
    """Name every row that no plan can keep, whatever the other rules, and the pins that need more than it allows.

    ``answered``: file and row of each pin that an answer makes, by the key of its row.

    Raises
    ------
    InfeasibleError
        With one problem per row. Rows with integer variables, so those of priced rules, are not looked at.
    """
    raise_all(InfeasibleError, _impossible(problem, answered))


def _impossible(problem: PlacementProblem, answered: Mapping[str, str]) -> Iterator[Problem]:
    pinned = [row for row in problem.rows if row.rule == "pin"]
    for row in problem.rows:
        if len(row.auxiliaries) or row.rule == "pin":
            continue
        if row.sense == ">=":
            most = furthest_reached(problem, row)
            if most < row.rhs:
                fault = f"{row.label}: {row.rhs} are needed, and the eligible pairs allow at most {most}"
                do = "loosen this rule, or what bars pairs"
                yield Problem(row.asked_by, fault, "a minimum that they can meet", do, key=row.scenario_key)
        elif row.sense == "<=":
            yield from _over(problem, row, pinned, answered)


def furthest_reached(problem: PlacementProblem, row: Row) -> int:
    """Return a bound on what pairs can weigh together in a row: by the best of each post, and of each leader."""
    pairs = members_of(problem, row)
    weights = np.maximum(weights_of(problem, row, pairs), 0)
    of_post = np.zeros(len(problem.post_ids), dtype=np.int64)
    np.maximum.at(of_post, problem.post[pairs], weights)
    of_leader = np.zeros(len(problem.leader_ids), dtype=np.int64)
    np.maximum.at(of_leader, problem.leader[pairs], weights)
    return min(int(of_post.sum()), int((of_leader * problem.capacities).sum()))


def _over(problem: PlacementProblem, row: Row, pinned: list[Row], answered: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with a limit that is too small for what is pinned; pins that one pair keeps count once."""
    if row.weights.min(initial=0) < 0:
        return
    least = [int(weights_of(problem, row, pin.members).min()) if len(pin.members) else 0 for pin in pinned]
    weighty = [(pin, weight) for pin, weight in zip(pinned, least, strict=True) if weight > 0]
    held = [weighty[one] for one in sorted(apart([pin.members for pin, _ in weighty]))]
    weighs = sum(weight for _, weight in held)
    if weighs > row.rhs:
        few = _fewest(held, row.rhs)
        names = ", ".join(answered.get(pin.key, pin.name) for pin, _ in few)
        fault = f"{row.label}, and {names} need {sum(weight for _, weight in few):,}"
        allowed = f"at least {weighs:,}" + (f", with all {len(held):,} pins" if len(few) < len(held) else "")
        yield Problem(row.asked_by, fault, allowed, "loosen the rule, or remove a pin", key=row.scenario_key)
        own = (pin for pin, _ in few if pin.key not in answered)
        yield from (Problem(pin.name, pin.label, f"counts in {row.asked_by}", key=pin.scenario_key) for pin in own)


def _fewest(held: list[tuple[Row, int]], limit: int) -> list[tuple[Row, int]]:
    """Return as few pins as weigh more than a limit together, in the order given."""
    total, few = 0, list[Row]()
    for pin, weight in sorted(held, key=lambda each: -each[1]):
        if total <= limit:
            total, few = total + weight, [*few, pin]
    return [(pin, weight) for pin, weight in held if any(pin is each for each in few)]
