"""What a post would be worth at each school that someone could be asked about, and who would go there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.rules.catalogue import BARS
from pilotage.domain.bars import Bar
from pilotage.domain.findings.ask_values import AskStep, AskValue, NoValue
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.prospects import prospects_in
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.analysis.value_if_asked.bound import Priced, in_units, priced_plan, rises
from pilotage.placement.analysis.value_if_asked.resolve import Trial, exact_rise, most_pairs, pairs_in
from pilotage.placement.analysis.value_if_asked.what_if import (
    BASE,
    WhatIf,
    held_back,
    not_alone,
    what_if_posts,
    what_ifs,
)
from pilotage.placement.context import context_of
from pilotage.placement.solver.solve import AT_ONCE
from pilotage.placement.valuation.acceptance import chance_open

BARRED = frozenset({*BARS, *Bar})  # codes of what keeps every leader out of a school
Ints = NDArray[np.int64]
Key = tuple[int, str]
Steps = list[tuple[AskStep, int | None]]


@dataclass(frozen=True)
class Question:
    """What every value is calculated from; ``base`` None: there are no prices of the plan, and no values."""

    case: Case
    forecast: RiskForecast
    solved: PlanCase
    base: Priced | None


@dataclass(frozen=True)
class Valued:
    """The value of one what-if post (number ``post`` of ``whatif``), and the pairs by which the plan could rise."""

    value: AskValue
    whatif: WhatIf
    post: int
    pairs: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def ask_values(case: Case, forecast: RiskForecast, solved: PlanCase, *, worst_draws: bool) -> tuple[AskValue, ...]:
    """Return a value for each school and level that someone could be asked about, highest expectation first.

    Sorted by value times the chance of a yes, then URN and level. The first ``report.top`` are solved again, each with
    its post added, and are exact where that is proven. Of several posts of one level at a school the best
    counts.

    Parameters
    ----------
    worst_draws
        Whether the objective looks at the worst draws: no value is calculated then.
    """
    posts = what_if_posts(case)
    exclusive = case.scenario.pool.prospects is not None
    base = None if worst_draws else priced_plan(solved.problem, solved.plan, exclusive=exclusive)
    question = Question(case, forecast, solved, base)
    made = [each for whatif in what_ifs(case, forecast, solved, posts) for each in _valued(question, whatif)]
    several = Counter(_key(each) for each in made)
    first = sorted(_best_of_schools(made), key=lambda each: _order(each.value))
    if base is None:
        reason = NoValue.WORST_DRAWS if worst_draws else NoValue.NO_PRICES
        return tuple(replace(each.value, no_value=each.value.no_value or reason.value) for each in first)
    alone = {key for key, count in several.items() if count == 1}
    trials = dict(_trials(question, base, first, alone))
    with ThreadPoolExecutor(AT_ONCE) as beside:
        exact = beside.map(lambda number: _exact(question, base, first[number].value, trials[number]), trials)
        again = dict(zip(trials, exact, strict=True))
    return tuple(sorted((again.get(number, each.value) for number, each in enumerate(first)), key=_order))


def _trials(question: Question, base: Priced, valued: list[Valued], alone: set[Key]) -> Iterator[tuple[int, Trial]]:
    """Yield which values are solved again: the first ``report.top``, while there are not too many pairs in all.

    ``alone``: schools and levels with one post to ask about; where there are several the bound stands.
    """
    left = most_pairs(question.solved.plan)
    for number, each in enumerate(valued[: question.case.scenario.report.top]):
        if _key(each) in alone and each.value.value is not None:
            trial = Trial(each.whatif, each.post, each.pairs, round(each.value.value * base.problem.scale))
            left -= pairs_in(question.solved, base, trial)
            if left >= 0:
                yield number, trial


def _key(valued: Valued) -> Key:
    return valued.value.urn, valued.value.level


def _order(value: AskValue) -> tuple[bool, float, int, str]:
    return value.value is None, -(value.value or 0.0) * (value.acceptance or 0.0), value.urn, value.level


def _valued(question: Question, whatif: WhatIf) -> Iterator[Valued]:
    """Yield the value of each what-if post; without prices the leader alone, by the highest benefit.

    A school where nobody may go, and no post is known, is no school to ask: it is left out.
    """
    problem, base = whatif.problem, question.base
    worth = problem.benefit.astype(float) if base is None else rises(question.case, base, whatif)
    order = np.lexsort((-worth, problem.post)).astype(np.int64)
    start = np.searchsorted(problem.post[order], np.arange(len(whatif.posts) + 1))
    for number, value in enumerate(_unvalued(question, whatif)):
        mine = order[start[number] : start[number + 1]]
        if not len(mine):
            if value.step is not AskStep.KEEP_WARM or value.no_value not in BARRED:
                yield Valued(value, whatif, number)
            continue
        named = value if value.leader_id is not None else _with_best(question.case, whatif, value, int(mine[0]))
        rise = None if base is None else in_units(float(worth[mine[0]]), base.gap) / problem.scale
        yield Valued(replace(named, value=rise, no_value=None), whatif, number, mine[worth[mine] > -1])


def _unvalued(question: Question, whatif: WhatIf) -> Iterator[AskValue]:
    """Yield what is known of each what-if post before any calculation; the plan's leader, if it has one there."""
    solved, posts = question.solved, whatif.posts
    names, acceptance = solved.problem.leader_ids, solved.impact.pairs["acceptance"]
    steps, opens, nobody = _steps(solved, posts), _opening(question.case, posts), _why_nobody(question, whatif)
    schools = zip(posts["urn"].tolist(), posts["level"].tolist(), strict=True)
    for (urn, level), (step, pair), chance, why in zip(schools, steps, opens, nobody, strict=True):
        value = AskValue(int(urn), str(level), step, no_value=why, chance_open=chance)
        if pair is None:
            yield value
        else:
            leader = names[solved.problem.leader[pair]]
            yield replace(value, leader_id=leader, acceptance=float(acceptance.iloc[pair]))


def _steps(solved: PlanCase, posts: pd.DataFrame) -> Steps:
    """Return what there is to ask about at each post, and the plan's pair there, if any."""
    chosen, asked = solved.plan.chosen, prospects_in(solved.context.table)
    of_post = dict(zip(solved.problem.post[chosen].tolist(), chosen.tolist(), strict=True))
    steps: Steps = []
    for base in posts[BASE].tolist():
        pair = None if pd.isna(base) else of_post.get(int(base))
        known = not pd.isna(base) and not asked[int(base)]
        steps.append((AskStep.AGREE if known else AskStep.KEEP_WARM if pair is None else AskStep.ASK, pair))
    return steps


def _opening(case: Case, posts: pd.DataFrame) -> list[float | None]:
    """Return the chance that each post comes open; None of a known post, and where the scenario has no prospects."""
    chances = chance_open(context_of(case).table, case.scenario, case.evidence)
    stated = [np.nan if pd.isna(base) else float(chances[int(base)]) for base in posts[BASE].tolist()]
    return [None if np.isnan(chance) else chance for chance in stated]


def _with_best(case: Case, whatif: WhatIf, value: AskValue, pair: int) -> AskValue:
    """Return the value with the leader who would add most, and the chance of a yes while nobody has asked."""
    yes, unknown = (case.evidence.value(f"acceptance_consent_{word}") for word in ("yes", "unknown"))
    agreed = float(whatif.impact.pairs["acceptance"].iloc[pair])
    leader = whatif.problem.leader_ids[whatif.problem.leader[pair]]
    return replace(value, leader_id=leader, acceptance=agreed * unknown / yes if yes else None)


def _why_nobody(question: Question, whatif: WhatIf) -> list[str]:
    """Return the code of what keeps every leader out of each what-if post, where something does."""
    alone = NoValue.NOT_ALONE if not_alone(question.case).any() else Bar.OUT_OF_REACH
    lots, barred = held_back(question.solved), whatif.eligible.reasons
    by_rules = [str(barred[number].why) if number in barred else alone.value for number in range(len(whatif.posts))]
    return [lots.get(int(urn), why) for urn, why in zip(whatif.posts["urn"].tolist(), by_rules, strict=True)]


def _best_of_schools(made: list[Valued]) -> list[Valued]:
    """Return the best post of each school and level: one that somebody may take, then of the highest value."""
    best: dict[Key, Valued] = {}
    for each in sorted(made, key=lambda one: (not len(one.pairs), -(one.value.value or 0.0))):
        best.setdefault(_key(each), each)
    return list(best.values())


def _exact(question: Question, base: Priced, value: AskValue, trial: Trial) -> AskValue:
    """Return a value as the problem solved again has it, if that is proven."""
    rise = exact_rise(question.case, question.forecast, question.solved, base, trial)
    return value if rise is None else replace(value, value=rise / base.problem.scale, exact=True)
