"""Which changed setting makes which part of the difference between two plans.

The first run is planned again with one changed setting at a time, and last with all of them. What the settings make
together beyond the sum of each alone is named, and so is what no setting makes (other data, forecasts, versions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pilotage.case.read_back import ReadRun
from pilotage.case.reload import scenario_again
from pilotage.domain.findings.comparison import Alone, Attribution, Comparison, Effect, LeaderChange, Pair, Setting
from pilotage.errors import DataError
from pilotage.study.compare.replan import Again, Outcome, again, outcome
from pilotage.study.compare.runs import placed
from pilotage.study.compare.settings import Tree, with_setting

Say = Callable[[str], None]


@dataclass(frozen=True)
class Tried:
    """The outcomes that an attribution rests on: of the first run as it is, with each setting, and with all."""

    start: Outcome
    each: Mapping[Setting, Outcome]
    every: Outcome


def with_attribution(found: Comparison, before: ReadRun, after: ReadRun, say: Say) -> Comparison:
    """Return a comparison with its attribution, or with why there is none: inputs that are gone, or changed since."""
    if not found.settings:
        return found
    try:
        first, last = again(before), scenario_again(after).scenario.model_dump(mode="json")
    except DataError as error:
        return replace(found, why_not=tuple(str(problem) for problem in error.problems))
    tried = _tried(first, last, found.settings, say)
    if tried.start.benefit is None:
        return replace(found, why_not=("the first run can't be planned again",))
    made = attributed(before.plan.benefit, after.plan.benefit, tried)
    same = tried.start.placements == _pairs(before)
    made = replace(made, reproduced=same and made.reproduced)
    return replace(found, attribution=made, leaders=tuple(_with_makers(each, made) for each in found.leaders))


def attributed(before: float, after: float, tried: Tried) -> Attribution:
    """Return the attribution of the difference between two benefits (pupil-months) to the settings that were tried."""
    start = tried.start.benefit or 0.0
    effects = tuple(_effect(setting, tried.start, result) for setting, result in tried.each.items())
    alone = sum(effect.benefit or 0.0 for effect in effects)
    every = tried.every.benefit
    together = None if every is None else round(every - start - alone, 6)
    rest = round(after - before - alone - (together or 0.0), 6)
    return Attribution(round(after - before, 6), effects, together, rest, abs(start - before) < 1e-3)


def _tried(first: Again, last: Tree, settings: tuple[Setting, ...], say: Say) -> Tried:
    say("Planning the first run again")
    start = outcome(first, first.tree, say, new_forecast=False)
    each, tree, of_forecast = {}, first.tree, False
    for setting in settings:
        key = _key(first.tree, last, setting)
        say(f"Planning it with one change{', and a new forecast' * setting.of_forecast}: {setting.words.what}")
        each[setting] = outcome(first, with_setting(first.tree, last, key), say, new_forecast=setting.of_forecast)
        tree, of_forecast = with_setting(tree, last, key), of_forecast or setting.of_forecast
    if len(settings) == 1:
        return Tried(start, each, each[settings[0]])
    say("Planning it with all of them changed")
    return Tried(start, each, outcome(first, tree, say, new_forecast=of_forecast))


def _key(first: Tree, last: Tree, setting: Setting) -> tuple[str, ...]:
    """Return the key of a setting as parts: a name in it may have a full stop."""
    return next(key for key in _keys(first, last) if ".".join(key) == setting.key)


def _keys(*trees: Tree) -> list[tuple[str, ...]]:
    """Return every key of some trees, with those above it."""
    keys: list[tuple[str, ...]] = []
    for tree in trees:
        for name, value in tree.items():
            keys.append((name,))
            keys += [(name, *key) for key in _keys(value)] if isinstance(value, dict) else []
    return keys


def _effect(setting: Setting, start: Outcome, result: Outcome) -> Effect:
    if result.alone is not Alone.PLANNED or result.benefit is None:
        return Effect(setting, result.alone)
    gained, lost = result.placements - start.placements, start.placements - result.placements
    more, proven = round(result.benefit - (start.benefit or 0.0), 6), start.proven and result.proven
    return Effect(setting, result.alone, more, gained, lost, proven)


def _with_makers(change: LeaderChange, made: Attribution) -> LeaderChange:
    makers = (each for each in made.effects if change.gained & each.gained or change.lost & each.lost)
    return replace(change, made_by=tuple(each.setting.key for each in makers))


def _pairs(run: ReadRun) -> frozenset[Pair]:
    return frozenset((leader, post.post_id) for leader, posts in placed(run).items() for post in posts)
