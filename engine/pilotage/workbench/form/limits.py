"""The limits of a question: distance, budget, need floor, and how many placements go to a place."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from pilotage.config.scenario import Scenario
from pilotage.study.session.choices import choices_of, rule_of
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import plain, show_problems

AREA_RULES = {"at least": "area_minimum", "at most": "area_maximum"}


class Limit(NamedTuple):
    """A figure of a rule that may be set or not; ``whole``: the rule goes where it is not."""

    rule: str
    figure: str
    label: str
    fresh: Any
    whole: bool


LIMITS = (
    Limit("travel", "max_km", "Farthest distance for every leader, km", 50.0, False),
    Limit("budget", "total_gbp", "Budget, £", 1_000_000, True),
    Limit("need_threshold", "top_share", "Only schools of highest need: share of each phase", 0.3333, True),
)


def show(bench: Bench) -> None:
    """Show the limits, and let them be changed."""
    with st.expander("Limits", expanded=True):
        for limit in LIMITS:
            _limit(bench, limit)
        _places(bench)


def _scenario(bench: Bench) -> Scenario:
    assert bench.question is not None
    return bench.question.scenario


def _limit(bench: Bench, limit: Limit) -> None:
    scenario = _scenario(bench)
    name = rule_of(scenario, limit.rule) or limit.rule.replace("_", "-")
    now = getattr(scenario.rules.get(name), limit.figure, None)
    key = f"{bench.generation}-{limit.rule}"
    on = st.checkbox(f"Limit: {limit.label}", now is not None, key=f"{key}-on")
    if not on:
        if now is not None:
            at = ("rules", name)
            show_problems(bench.remove(at) if limit.whole else bench.change((*at, limit.figure), None))
        return
    shown = limit.fresh if now is None else type(limit.fresh)(now)
    value = st.number_input(limit.label, value=shown, min_value=type(shown)(0), key=f"{key}-value")
    if value == now:
        return
    if name in scenario.rules:
        show_problems(bench.change(("rules", name, limit.figure), value))
    else:
        show_problems(bench.change(("rules", name), {"rule": limit.rule, limit.figure: value}))


def _places(bench: Bench) -> None:
    """Show how many placements places must or may have, and let such limits be added and removed."""
    for name, rule in _scenario(bench).rules.items():
        if rule.rule in AREA_RULES.values():
            words, button = st.columns([4, 1])
            words.markdown(plain(f"{name}: {rule.asks()}"))
            button.button("Remove", key=f"remove-{name}", on_click=bench.remove_entry, args=(("rules", name),))
    if bench.reading.panel is None:
        return
    kind, count = st.columns(2)
    place, add = st.columns([3, 1], vertical_alignment="bottom")
    bound = kind.selectbox("Placements", list(AREA_RULES), key="place-bound")
    number = count.number_input("How many", 0, 100_000, 1, key="place-count")
    where = place.selectbox("In", choices_of(bench.reading.panel).places, key="place-name")
    if add.button("Add", key="place-add") and where:
        added = {"rule": AREA_RULES[bound], "areas": [where], "count": number}
        show_problems(bench.change(("rules", _name(_scenario(bench), bound)), added))
        st.rerun()


def _name(scenario: Scenario, bound: str) -> str:
    """Return a name that no rule has yet."""
    stem, number = f"places-{bound.replace(' ', '-')}", 1
    while f"{stem}-{number}" in scenario.rules:
        number += 1
    return f"{stem}-{number}"
