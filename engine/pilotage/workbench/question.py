"""Question: the settings that planners change in a meeting, checked at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import streamlit as st

from pilotage.case.case import Case
from pilotage.config.objective import Objective
from pilotage.config.scenario import Scenario
from pilotage.config.setting_words import label_of
from pilotage.domain.outcomes import OUTCOMES
from pilotage.report.compare.words import change, sentence
from pilotage.study.check import checked
from pilotage.study.session.changes import changes
from pilotage.study.session.choices import choices_of, leaders_of
from pilotage.study.session.overlay import overlay_text
from pilotage.workbench import limits, pairs
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import plain, problems_shown, show_problems


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Question")
    if bench.question is None:
        st.info("Open a scenario first: step Set up.")
        return
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

    def label(leader_id: str) -> str:
        return leader_id if names[leader_id] == leader_id else f"{names[leader_id]} ({leader_id})"

    chosen = st.multiselect(
        "Leaders who are not there", list(names), out, format_func=label, key=f"{bench.generation}-out"
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
        name = st.selectbox("Assumption", list(known), key=f"{bench.generation}-assumption")
        each = known[name]
        st.markdown(plain(each.sentence))
        st.markdown(plain(f"Allowed: {each.minimum:g} to {each.maximum:g} {each.unit}"))
        value = st.number_input("Value", value=float(each.value), key=f"{bench.generation}-value-{name}")
        changed(bench, ("impact", "parameters", name), float(each.value), value)


def _state(bench: Bench) -> None:
    """Show what the question comes to: the check, what was changed, and the scenario file on request."""
    case, problems = bench.checked()
    st.subheader("Checked at once")
    if problems:
        st.markdown("Please correct:")
        show_problems(problems)
    elif case is not None:
        st.success(_counts(case))
        _whole(bench, case)
    _changes(bench)
    with st.expander("The scenario file (YAML)"):
        assert bench.question is not None
        scenario = bench.question.scenario
        with problems_shown():
            text = overlay_text(bench.question, Path(f"{scenario.name}-changed.yaml"), scenario.why)
            st.code(text, language="yaml")


def _counts(case: Case) -> str:
    schools, leaders, posts = len(case.urns), len(case.pool.leaders), len(case.posts.posts)
    return f"{schools:,} schools in scope, {leaders:,} leaders, {posts:,} posts. No problem found."


def _whole(bench: Bench, case: Case) -> None:
    """Check the rules together on request, as the command ``check`` does; what it found is shown until a change."""
    question = bench.question
    assert question is not None
    if st.button("Check all rules together"):
        with problems_shown(), st.spinner("Checking"):
            made = checked(question.resolved, case, lambda _message: None)
            st.session_state["whole"] = (question, made)
    of, found = st.session_state.get("whole", (None, None))
    if found is None or of is not question:
        return
    st.success(plain(f"{found.pairs:,} eligible pairs of a leader and a post. No problem found."))
    if not found.forecast_kept:
        rules = "".join(f", rules.{key}" for key in found.unchecked)
        st.markdown(plain(f"Not checked: what rests on the forecast{rules}. None is kept; the first plan makes one."))


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
