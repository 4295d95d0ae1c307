"""What is said of a sweep, in a planner's words."""

from __future__ import annotations

import json
from collections import Counter

from pilotage.domain.findings.sweep import Came, Moves, Often, Sweep, Swept, ValueMean
from pilotage.report.words import DASH, number, percent, plural

CAME = {
    Came.OPTIMAL: "best plan, proven",
    Came.FEASIBLE: "a plan, not proven best",
    Came.INFEASIBLE: "no plan: rules in conflict",
    Came.NO_PLAN_IN_TIME: "no plan in the time allowed",
    Came.AUDIT_FAILED: "plan not usable: its audit failed",
}
OFTEN = {Often.ALWAYS: "in every plan", Often.SOMETIMES: "in some plans", Often.NEVER: "in no plan"}
SYNTHETIC = "Synthetic England: every school, result and leader here is invented."
NOT_THERE, NOT_SET, IN_FORCE = "not there", "not set", "in force"
LONGEST = 60  # signs of a value


def value(given: str | None) -> str:
    """Return a value (JSON) as a planner would write it; ``not there`` where nothing stands at its key."""
    if given is None:
        return NOT_THERE
    plain = json.loads(given)
    if plain is None:
        return NOT_SET
    if isinstance(plain, dict):
        return IN_FORCE if plain else NOT_SET
    if isinstance(plain, list):
        return "; ".join(_plain(each) for each in plain) or NOT_SET
    return _plain(plain)


def bare(given: str | None) -> str:
    """Return a value (JSON) for a table: as ``value``, a number without commas."""
    plain = None if given is None else json.loads(given)
    return str(plain) if isinstance(plain, int | float) and not isinstance(plain, bool) else value(given)


def _plain(given: object) -> str:
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, int | float):
        return f"{given:,}" if isinstance(given, int) or given % 1 else f"{given:,.0f}"
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def changed_keys(sweep: Sweep) -> list[str]:
    """Return the keys whose values differ between scenarios, in the order of the file; all where there is one."""
    keys = list(sweep.scenarios[0].settings)
    differing = [key for key in keys if len({each.settings[key] for each in sweep.scenarios}) > 1]
    return differing or keys


def settings(each: Swept, keys: list[str]) -> str:
    """Return the settings of a scenario in one line."""
    return ", ".join(f"{key} = {value(each.settings[key])}" for key in keys)


def conflict(each: Swept) -> str:
    """Return the keys of the rules in conflict of a scenario; empty where it has none."""
    if each.came is not Came.INFEASIBLE:
        return ""
    return "; ".join(dict.fromkeys(reason.key for reason in each.reasons if reason.key))


def headline(sweep: Sweep) -> str:
    """Return what came of a sweep in a sentence or two."""
    plans = [plan.benefit for _, plan in sweep.plans]
    count = plural(len(sweep.scenarios), "scenario")
    if not plans:
        return f"{count}, and none of them has a plan."
    low, high = number(min(plans)), number(max(plans))
    worth = f"all worth about {low} pupil-months" if low == high else f"worth {low} to {high} pupil-months"
    without = len(sweep.scenarios) - len(plans)
    some = f"{plural(len(plans), 'plan')} of {count}" if without else f"{count}, each with a plan"
    return f"{some}, {worth}." + (
        f" {plural(without, 'scenario')} {'has' if without == 1 else 'have'} none." if without else ""
    )


def schools_line(sweep: Sweep) -> str:
    """Return how many schools are chosen always, sometimes and never."""
    counts = often(sweep)
    always, sometimes, never = (counts[each] for each in Often)
    return (
        f"{plural(always, 'school')} {'is' if always == 1 else 'are'} chosen in every plan, {sometimes:,} in some, and "
        f"{never:,} in none though a leader could go there."
    )


def often(sweep: Sweep) -> Counter[Often]:
    """Return how many schools are chosen always, sometimes and never."""
    return Counter(each.often for each in sweep.schools)


def came_counts(sweep: Sweep) -> list[tuple[str, int]]:
    """Return how many scenarios came to what, those that none came to left out."""
    counts = Counter(each.came for each in sweep.scenarios)
    return [(CAME[came], counts[came]) for came in Came if counts[came]]


def moves(each: Moves) -> str:
    """Return what a key does, in a sentence."""
    if each.range is None:
        return "no two plans differ in this key alone: what it does can't be told"
    if each.range == 0 and not each.changed:
        return "it changes nothing"
    best = max(each.means, key=lambda mean: mean.benefit)
    worst = min(each.means, key=lambda mean: mean.benefit)
    ends = f"from {number(worst.benefit)} ({mean_value(worst)}) to {number(best.benefit)} ({mean_value(best)})"
    spread = f"{number(each.range, 1)} pupil-months on average, {ends}"
    if each.changed is None:
        return f"{spread}; over random settings, so it is rough"
    return f"{spread}; {percent(each.changed)} of placements change"


def changed(each: Moves) -> str:
    """Return the share of placements that change with a key alone; a dash where no two scenarios tell."""
    return DASH if each.changed is None else "none" if each.changed == 0 else percent(each.changed)


def mean_value(mean: ValueMean) -> str:
    """Return the value, or the values, that a mean is of."""
    return value(mean.value) if mean.highest is None else f"{value(mean.value)} to {value(mean.highest)}"
