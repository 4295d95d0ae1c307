"""What moves the plan: what each key of a sweep does to the benefit and to the placements.

Scenarios that have the same values of all other keys differ in one key alone: such a set is a block. Means over the
values of a key are taken over blocks that have a plan for each of the same values, so that no other key weighs in
(Saltelli et al., Global Sensitivity Analysis, 2008, chapter 2: main effects of a full factorial design). Where there
is no block they are taken over random draws, in which chance alone sets the other keys: of many numbers, over three
groups of about equal size. Values that only come together with others of other keys have no means.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from statistics import fmean

import numpy as np

from pilotage.domain.findings.sweep import Does, Moves, Swept, SweptPlan, ValueMean

MOST_VALUES = 6  # above this, numbers that no block compares are put in groups
GROUPS = 3
Planned = tuple[Swept, SweptPlan]
Block = dict[str | None, SweptPlan]  # plans by the value of one key


def moves(scenarios: Sequence[Swept]) -> tuple[Moves, ...]:
    """Return what each key does, the key that moves the benefit most first."""
    planned = [(each, each.plan) for each in scenarios if each.plan is not None]
    keys = list(scenarios[0].settings) if scenarios else []
    every = [_moves(key, planned) for key in keys if len({each.settings[key] for each in scenarios}) > 1]
    order = {each.key: at for at, each in enumerate(every)}
    return tuple(sorted(every, key=lambda each: (-(each.range or 0), -(each.changed or 0), order[each.key])))


def changed_share(one: SweptPlan, other: SweptPlan) -> float:
    """Return the share of placements that two plans do not have in common, of the larger plan (0 = the same plan)."""
    first, second = (
        {(each.leader_id, each.post_id) for each in plan.chosen if each.does is not Does.SUPPORT}
        for plan in (one, other)
    )
    most = max(len(first), len(second))
    return 1 - len(first & second) / most if most else 0.0


def _moves(key: str, planned: Sequence[Planned]) -> Moves:
    values = list(dict.fromkeys(each.settings[key] for each, _ in planned))
    blocks = _blocks(key, planned)
    pairs = [pair for block in blocks for pair in combinations(block.values(), 2)]
    shared = _shared_values(blocks)
    means = _balanced(blocks, [value for value in values if value in shared]) if shared else _over_draws(key, planned)
    benefits = [each.benefit for each in means]
    return Moves(
        key=key,
        means=tuple(means),
        balanced=bool(shared),
        range=round(max(benefits) - min(benefits), 6) if len(benefits) > 1 else None,
        largest=max((round(abs(one.benefit - other.benefit), 6) for one, other in pairs), default=None),
        changed=round(fmean(changed_share(one, other) for one, other in pairs), 6) if pairs else None,
        pairs=len(pairs),
    )


def _blocks(key: str, planned: Sequence[Planned]) -> list[Block]:
    """Return the sets of plans that differ in one key alone, those of one plan left out."""
    blocks: dict[tuple[str | None, ...], Block] = {}
    for each, plan in planned:
        others = tuple(value for name, value in each.settings.items() if name != key)
        blocks.setdefault(others, {})[each.settings[key]] = plan
    return [block for block in blocks.values() if len(block) > 1]


def _shared_values(blocks: Sequence[Block]) -> frozenset[str | None]:
    """Return the values over which blocks are compared: the most that a block has; of several such, the commonest."""
    sets = [frozenset(block) for block in blocks]
    return max(sets, key=lambda values: (len(values), sum(values <= each for each in sets)), default=frozenset())


def _balanced(blocks: Sequence[Block], values: Sequence[str | None]) -> list[ValueMean]:
    whole = [block for block in blocks if set(values) <= block.keys()]
    return [ValueMean(each, len(whole), round(fmean(block[each].benefit for block in whole), 6)) for each in values]


def _over_draws(key: str, planned: Sequence[Planned]) -> list[ValueMean]:
    """Return the means over the plans that were drawn at random, where chance alone sets the other keys."""
    benefits: dict[str | None, list[float]] = {}
    for each, plan in planned:
        if each.drawn:
            benefits.setdefault(each.settings[key], []).append(plan.benefit)
    numbers = {value: number for value in benefits if (number := _number(value)) is not None}
    if len(numbers) < len(benefits) or len(numbers) <= MOST_VALUES:
        return [ValueMean(value, len(each), round(fmean(each), 6)) for value, each in benefits.items()]
    ordered = sorted(numbers, key=lambda value: numbers[value])
    cuts = np.array_split(np.arange(len(ordered)), GROUPS)
    return [_group([ordered[at] for at in cut], benefits) for cut in cuts]


def _group(values: Sequence[str | None], benefits: dict[str | None, list[float]]) -> ValueMean:
    every = [benefit for value in values for benefit in benefits[value]]
    return ValueMean(values[0], len(every), round(fmean(every), 6), values[-1])


def _number(value: str | None) -> float | None:
    """Return the number that a value (JSON) is; None where it is none."""
    plain = None if value is None else json.loads(value)
    return float(plain) if isinstance(plain, int | float) and not isinstance(plain, bool) else None
