"""Scenarios of many rules, prospects and weights that each fit the schema, and whose parts may contradict one another.

``python benchmarks/fuzz/rules.py --examples 500 --seed 1`` draws that many and prints what is wrong.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

from pilotage.config.overlay import Resolved, resolve
from pilotage.config.refusals.allowed import schema_of
from pilotage.config.refusals.located import located
from pilotage.config.scenario import Scenario

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.generated import use, value_of
from fuzz.harness import Answer, Harness, run
from fuzz.outcome import faults, outcome_of
from fuzz.scenarios import Tree, text_of

Draw = random.Random
LEVELS, PHASES = ("head", "senior", "middle", "executive"), ("primary", "secondary", "special", "pru")
SHARES = (0, 0.1, 0.4, 0.6, 1)
PLACES = ("Derby", "London", "region: London", "North West", "trust: none", "110000")


def _rules(draw: Draw) -> Tree:
    """Return some rules of any kinds; most of them fit."""
    rule = schema_of(Scenario)["properties"]["rules"]["additionalProperties"]
    kinds = list(rule["discriminator"]["mapping"].values())
    rules = {f"r{place}": value_of(draw, draw.choice(kinds)) for place in range(draw.choice((1, 1, 2, 3)))}
    rules |= {"own": draw.choice(OWN)(draw)} if draw.random() < 0.6 else {}
    for rule in rules.values():
        rule |= draw.choice(({}, {"hard": True, "price": None}, {"hard": None, "price": 500}))
    return rules


def _balance(draw: Draw) -> Tree:
    shares = {phase: {"minimum": draw.choice(SHARES)} for phase in draw.sample(PHASES, draw.choice((1, 2, 3)))}
    for limits in shares.values():
        limits |= {"maximum": draw.choice(SHARES)} if draw.random() < 0.6 else {}
    return {"rule": "phase_balance", "shares": shares}


def _area(draw: Draw) -> Tree:
    amount = draw.choice(({"count": 1}, {"count": 3}, {"share": 0.5}, {"share": 0.5, "count": 2}, {}))
    areas = draw.sample(PLACES, draw.choice((0, 1, 2)))
    whole = draw.choice(("placements", "pool"))
    kind = draw.choice(("area_minimum", "area_maximum"))
    return {"rule": kind, "areas": areas, "each": draw.random() < 0.5, "of": whole} | amount


def _need(draw: Draw) -> Tree:
    limit = draw.choice(({"minimum": 0.2}, {"top_share": 0.3}, {"top_share": 0.3, "minimum": 0.1}, {}))
    return (
        {"rule": "need_threshold", "within": draw.choice(("phase", "all"))}
        | limit
        | {"unknown": draw.choice(("bar", "keep"))}
    )


def _travel(draw: Draw) -> Tree:
    return {"rule": "travel", "max_km": draw.choice((0, 25, 12.5, None)), "relocation": draw.random() < 0.5}


def _waiting(draw: Draw) -> Tree:
    return {"rule": "availability", "grace_days": draw.choice((0, 1, 30, 1e1, 367))}


OWN = (_balance, _area, _need, _travel, _waiting)


def _prospects(draw: Draw) -> Tree:
    """Return prospects of some levels; their chances may be of others."""
    levels = draw.sample(LEVELS, draw.choice((1, 2)))
    levels += levels[:1] if draw.random() < 0.15 else []
    of_level = {phase: draw.choice((0.1, 0.5, 1)) for phase in draw.sample(PHASES, 2)}
    chances = draw.choice((None, 0.3, {draw.choice(levels): of_level}, {draw.choice(LEVELS): of_level}))
    return {"levels": levels, "chance_open": chances, "asks_per_leader": draw.choice((1, 3, 5.0, 51))}


def _objective(draw: Draw) -> Tree:
    weights = {"deprivation_fifths": {draw.choice("12345"): 2}, "areas": {draw.choice(PLACES): 1.5}}
    return {
        "measure": draw.choice(("expected_benefit", "mean_less_cvar")),
        "cvar_weight": draw.choice((0, 0.5, 0.25, 0.125, 0.005, 1)),
        "cvar_share": draw.choice((0.1, 0.001, 0.5, 1)),
        "draws": draw.choice((2, 10, 200, 2e2, 2000)),
        "equity_weights": draw.choice(({}, weights, {"areas": {}})),
    }


def _outcomes(draw: Draw) -> Tree:
    figure = draw.choice(("p_fall_if_inspected", "p_stuck", "p_below_good", "gap_months", "p_gap_wide"))
    outcomes = draw.sample(("leadership_fall", "stuck", "disadvantage_gap"), 2)
    return {name: {"weight": draw.choice((0, 0, 1, 2.5)), "need": draw.choice((None, figure))} for name in outcomes}


PARTS = {
    "rules": _rules,
    "objective": _objective,
    "outcomes": _outcomes,
    "as_of": lambda draw: draw.choice(("2016-08-31", "1899-12-31", "2016-02-30", "31/02/2016", 20160831, "2300-01-01")),
    "time": lambda draw: {"years": draw.choice((1, 2, 3.0))},
}


def drawn_tree(seed: int) -> Tree:
    """Return the scenario of a seed, laid over the baseline."""
    draw = random.Random(f"rules {seed}")
    names = ["rules", *draw.sample(sorted(PARTS), draw.choice((0, 1, 2)))]
    tree: dict[str, Any] = {name: PARTS[name](draw) for name in dict.fromkeys(names)}
    if draw.random() < 0.4:
        tree["pool"] = {"prospects": _prospects(draw)}
    return {"extends": "baseline"} | tree


def say_all(resolved: Resolved) -> None:
    """Look up all that a scenario names, and say all that it asks, as its reports do."""
    scenario = resolved.scenario
    use(resolved)
    with located(resolved.leaves):
        for rule in scenario.rules.values():
            rule.asks()
            rule.breach_price()
    if scenario.pool.prospects is not None:
        for level in LEVELS:
            scenario.pool.prospects.stated_chance(level, PHASES[0])
    if scenario.objective.weighted and scenario.objective.worst < scenario.objective.weight:
        raise AssertionError("fewer draws than the share of one")


def answer(seed: int, folder: Path) -> Answer:
    """Return what the scenario of a seed comes to, and what is wrong with that."""
    text = text_of(drawn_tree(seed))
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    outcome = outcome_of(lambda: say_all(resolve(str(path))))
    return outcome, faults(outcome, text)


HARNESSES = (Harness("rules of every kind", answer, 120),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
