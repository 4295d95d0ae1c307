"""Which settings to loosen, as few as can be and each by as little as can be, so that a plan exists."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial, reduce
from itertools import chain, combinations
from typing import Any

from pilotage.config.changed import value_at
from pilotage.config.leaf import Key
from pilotage.config.rules.rule_model import Figure
from pilotage.domain.plan import Status
from pilotage.errors import InfeasibleError
from pilotage.placement.analysis.infeasible.corrections import smallest_corrections
from pilotage.placement.analysis.infeasible.feasibility import Feasibility, any_plan
from pilotage.placement.analysis.infeasible.slack import least_slack
from pilotage.study.repair.asked import Asked

STEPS = 10_000  # of a share, in the whole: it is loosened by hundredths of a per cent

Values = dict[Key, Any]


def repairs_of(asked: Asked) -> Iterator[Values]:
    """Yield the new values of settings under which a plan exists; None removes an entry.

    Each answer changes as few settings as any does, and none of its changes can be smaller while the others are as they
    are.

    Raises
    ------
    OutOfTimeError
        Once time is up.
    """
    try:
        asked.stated({})
    except InfeasibleError:
        yield from _eased(asked)
        return
    first = [
        (one, more) for more in map(partial(_ways, asked), asked.removals()) if (one := next(more, None)) is not None
    ]
    fewest = min((len(one) for one, _ in first), default=0)
    for one, more in first:
        if len(one) == fewest:
            yield from (_least(asked, figures) for figures in chain([one], more) if figures)


def _ways(asked: Asked, removed: Sequence[Key]) -> Iterator[dict[Key, Figure | None]]:
    """Yield the settings of every smallest correction beside some rules that are removed, each with its figure."""
    try:
        problem = asked.stated(dict.fromkeys(removed))
    except InfeasibleError:
        return
    groups = asked.groups(problem)
    feasibility = Feasibility(problem, groups, asked.deadline, asked.seed)
    for correction in smallest_corrections(feasibility, asked.loose(problem, groups)):
        figures = {groups[n].key: asked.figure_of(problem, groups[n]) for n in sorted(correction)}
        yield dict.fromkeys(removed) | figures


def _eased(asked: Asked) -> Iterator[Values]:
    """Yield what lets a plan be stated at all, where a rule on all pairs together refuses to."""
    for name, rule in asked.scenario.rules.items():
        for field, eased in rule.eased().items():
            key = ("rules", name, field)
            value = _least_of(asked, key, eased, {}) if isinstance(eased, Figure) else eased
            if value not in (None, value_at(asked.scenario, key)) and _exists(asked, {key: value}):
                yield {key: value}


def _least(asked: Asked, figures: dict[Key, Figure | None]) -> Values:
    """Return the least changes of some settings, one after another: those to come are loosened as far as they go."""
    values = _most(asked, figures)
    for key, figure in figures.items():
        if key in values and figure is not None:
            rest = {other: value for other, value in values.items() if other != key}
            value = _least_of(asked, key, figure, rest)
            values = rest | {key: value} if value is not None else _without_rule(rest, key)
    return values


def _most(asked: Asked, figures: dict[Key, Figure | None]) -> Values:
    """Return the settings loosened as far as they go, and as few of their rules removed as let a plan exist.

    A share of a loss has no value that lets one exist.
    """
    freed: Values = {key: _freed(asked, key, figure) for key, figure in figures.items()}
    stated = [key for key, figure in figures.items() if figure is not None]
    for count in range(len(stated)):
        for some in combinations(stated, count):
            values = reduce(_without_rule, some, freed)
            if _exists(asked, values):
                return values
    return reduce(_without_rule, stated, freed)


def _without_rule(values: Values, key: Key) -> Values:
    """Return the values with the whole rule of a key removed."""
    return {other: value for other, value in values.items() if other[:2] != key[:2]} | {key[:2]: None}


def _freed(asked: Asked, key: Key, figure: Figure | None) -> Any:
    if figure is None:
        return None
    return type(value_at(asked.scenario, key))(figure.loosest)


def _least_of(asked: Asked, key: Key, figure: Figure, rest: Values) -> float | None:
    """Return the value nearest today's under which a plan exists; None where no value lets one exist."""
    now = value_at(asked.scenario, key)
    if not figure.whole:
        return _by_halves(asked, key, figure, rest)
    problem = asked.stated(rest)
    rows = {row for group in asked.groups(problem) if group.key == key for row in group.rows}
    slack = least_slack(problem, rows, asked.deadline, asked.seed)
    if slack is None:
        return None
    return int(now + slack if figure.loosest > now else now - slack)


def _by_halves(asked: Asked, key: Key, figure: Figure, rest: Values) -> float | None:
    """Return the same of a figure whose rows must be made anew to try a value, by halving what is left."""
    now, steps = value_at(asked.scenario, key), _steps(asked, key)
    up = figure.loosest > now
    grid = math.floor(now * steps + 1e-9) if up else math.ceil(now * steps - 1e-9)
    sign, most = (1, round(figure.loosest * steps) - grid) if up else (-1, grid - round(figure.loosest * steps))

    def value(by: int) -> Any:
        return type(now)((grid + sign * by) / steps)

    if not _exists(asked, rest | {key: value(most)}):
        return None
    low, high = 0, most  # a plan exists with ``high``, and none with ``low``: that is today's value, or stricter
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _exists(asked, rest | {key: value(middle)}) else (middle, high)
    return float(value(high)) if steps == STEPS else int(value(high))


def _steps(asked: Asked, key: Key) -> int:
    return 1 if isinstance(value_at(asked.scenario, key), int) else STEPS


def _exists(asked: Asked, values: Values) -> bool:
    try:
        problem = asked.stated(values)
    except InfeasibleError:
        return False
    return any_plan(problem, asked.deadline, asked.seed).status is not Status.INFEASIBLE
