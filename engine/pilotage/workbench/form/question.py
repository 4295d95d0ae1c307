"""Question: the settings that planners change in a meeting, checked at once."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import streamlit as st

from pilotage.case.case import Case
from pilotage.config.objective import Objective
from pilotage.config.scenario import Scenario
from pilotage.config.setting_words import label_of
from pilotage.domain.outcomes import OUTCOMES
from pilotage.report.compare.words import change, sentence
from pilotage.study.session.changes import changes
from pilotage.study.session.choices import choices_of, leader_label, leaders_of
from pilotage.study.session.overlay import overlay_text
from pilotage.workbench.bench import Bench
from pilotage.workbench.form import limits, pairs, together
from pilotage.workbench.shown import plain, problems_shown, show_problems


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Question")
    if bench.question is None:
        st.info("Open a scenario first: step Set up.")
        return
    with st.spinner("Reading the schools and your tables"):
        bench.checked()
    form, beside = st.columns([3, 2])
    with form:
        for part in (_who, _where, _need, limits.show, _assumptions, pairs.show):
            part(bench)
    with beside:
        _state(bench)


def changed(bench: Bench, key: tuple[str, ...], now: object, value: object) -> None:
    """Change a value of the question where it differs, and show beside it what is wrong with the new one."""
    if value != now:
        show_problems(bench.change(key, value))


def _scenario(bench: Bench) -> Scenario:
    assert bench.question is not None
    return bench.question.scenario


def _who(bench: Bench) -> None:
    scenario = _scenario(bench)
    case, _ = bench.checked()
    names = leaders_of(scenario, case)
    out = [each for each in scenario.pool.leave_out if each in names]

    chosen = st.multiselect(
        "Leaders who are not there",
        list(names),
        out,
        format_func=partial(leader_label, names),
        key=f"{bench.generation}-out",
    )
    changed(bench, ("pool", "leave_out"), list(scenario.pool.leave_out), chosen)


def _where(bench: Bench) -> None:
    scenario, panel = _scenario(bench), bench.reading.panel
    if panel is None:
        return
    names = choices_of(panel)
    regions = st.multiselect(
        "Regions (none chosen: all)", names.regions, list(scenario.scope.regions), key=f"{bench.generation}-regions"
    )
    changed(bench, ("scope", "regions"), list(scenario.scope.regions), regions)
    trusts = st.multiselect(
        "Trusts left out", names.trusts, list(scenario.scope.exclude_trusts), key=f"{bench.generation}-trusts"
    )
    changed(bench, ("scope", "exclude_trusts"), list(scenario.scope.exclude_trusts), trusts)


def _need(bench: Bench) -> None:
    with st.expander("What counts as need (values, not facts)"):
        for name, outcome in _scenario(bench).outcomes.items():
            weight = st.number_input(
                f"Weight: {sentence(OUTCOMES[name].about)}",
                *(0.0, 10.0, float(outcome.weight), 0.5),
                key=f"{bench.generation}-weight-{name}",
            )
            changed(bench, ("outcomes", name, "weight"), float(outcome.weight), weight)
        now = float(_scenario(bench).objective.need_weight)
        weight = st.number_input(
            label_of(Objective, "need_weight").text,
            *(0.0, 10.0, now, 0.5),
            key=f"{bench.generation}-need-weight",
        )
        changed(bench, ("objective", "need_weight"), now, weight)


def _assumptions(bench: Bench) -> None:
    case, _ = bench.checked()
    if case is None:
        return
    with st.expander("Assumptions"):
        known = case.parameters_used
        name = st.selectbox("Assumption", list(known), format_func=_spaced, key=f"{bench.generation}-assumption")
        each = known[name]
        st.markdown(plain(each.sentence))
        st.markdown(plain(f"Allowed: {each.minimum:g} to {each.maximum:g} {each.unit}"))
        value = st.number_input("Value", value=float(each.value), key=f"{bench.generation}-value-{name}")
        changed(bench, ("impact", "parameters", name), float(each.value), value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _state(bench: Bench) -> None:
    """Show what the question comes to: the check, what was changed, and the scenario file on request."""
    case, problems = bench.checked()
    st.subheader("Checked at once")
    if problems:
        st.markdown("Please correct:")
        show_problems(problems)
    elif case is not None:
        st.markdown(plain(_counts(case)))
        together.show(bench)
    _changes(bench)
    with st.expander("The scenario file (YAML)"):
        assert bench.question is not None
        scenario = bench.question.scenario
        with problems_shown():
            text = overlay_text(bench.question, Path(f"{scenario.name}-changed.yaml"), scenario.why)
            st.code(text, language="yaml")


def _counts(case: Case) -> str:
    schools, leaders, posts = len(case.urns), len(case.pool.leaders), len(case.posts.posts)
    return f"{schools:,} schools in scope, {leaders:,} leaders, {posts:,} posts."


def _changes(bench: Bench) -> None:
    assert bench.question is not None
    st.subheader("Changed here")
    if not bench.question.edits:
        st.markdown("Nothing yet.")
        return
    made = changes(bench.question, bench.reading.panel)
    count = Counter(each.words.what for each in made)
    for each in made:
        told = change(each.words)
        st.markdown(plain(told))
        name = f"Take back: {each.words.what if count[each.words.what] == 1 else told}"
        key = f"take-back-{'.'.join(each.key)}"
        st.button(plain(name), key=key, on_click=bench.take_back, args=(each.key,))
    if st.button("Undo all changes"):
        bench.undo()
        st.rerun()
