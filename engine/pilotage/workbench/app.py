"""What streamlit runs: the frame of the workbench, with the steps, what was done last, and what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pilotage.study.session.question import changed_on_disk
from pilotage.workbench import answer, answers, comparing, export, running
from pilotage.workbench.bench import ANSWER, ANSWERS, COMPARE, EXPORT, QUESTION, RUN, SET_UP, STEPS, Bench
from pilotage.workbench.form import question
from pilotage.workbench.opening import setup
from pilotage.workbench.shown import plain, problems_shown, show_problems

SHOWN: dict[str, Callable[[Bench], None]] = {
    SET_UP: setup.show,
    QUESTION: question.show,
    RUN: running.show,
    ANSWER: answer.show,
    COMPARE: comparing.show,
    ANSWERS: answers.show,
    EXPORT: export.show,
}


def show(arguments: Sequence[str]) -> None:
    """Show the workbench; ``arguments``: the scenario to begin with, if any."""
    st.set_page_config(page_title="Pilotage workbench", layout="wide")
    bench = _bench(arguments)
    if bench.step is not None:
        st.session_state["step"], bench.step = bench.step, None
    with st.sidebar:
        st.title("Pilotage")
        step = st.radio("Step", STEPS, key="step")
        state = st.empty()
        wanted = st.button("Plan now", type="primary", disabled=bench.question is None or bench.job is not None)
    _state(bench, state)
    _notices(bench)
    bench.change_refused = False
    SHOWN[step](bench)
    _state(bench, state)  # again: the step takes what was typed in it
    if wanted and not bench.change_refused:
        bench.plan()
        bench.go_to(RUN)
        st.rerun()


def _bench(arguments: Sequence[str]) -> Bench:
    if "bench" not in st.session_state:
        bench = st.session_state["bench"] = Bench()
        if arguments:
            bench.open(arguments[0])
    made: Bench = st.session_state["bench"]
    return made


def _state(bench: Bench, place: DeltaGenerator) -> None:
    with place.container():
        if bench.question is None:
            st.markdown("No scenario is open.")
            return
        st.markdown(plain(f"Scenario: {bench.question.name}, {len(bench.question.edits):,} changed"))
        st.markdown(plain(f"Plans in this window: {len(bench.plans):,}"))


def _notices(bench: Bench) -> None:
    if bench.said:
        st.success(plain(bench.said))
    show_problems(bench.problems)
    if bench.question is not None and changed_on_disk(bench.question):
        st.warning("The scenario has changed on the disk since it was opened. This window still has what it said then.")
        if st.button("Read it again, and keep the changes made here"):
            with problems_shown():
                bench.read_again()
                st.rerun()


if __name__ == "__main__":
    show(sys.argv[1:])
