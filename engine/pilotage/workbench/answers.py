"""Answers: what schools, bodies and leaders have said, row by row, and the next plan that rests on it."""

from __future__ import annotations

import streamlit as st

from pilotage.study.session.answered import CHOICES, WRITTEN, answered, to_answer
from pilotage.study.session.question import Question
from pilotage.workbench.bench import RUN, RUNS, TABLES, Bench
from pilotage.workbench.shown import plain


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Answers")
    tried = bench.latest
    if tried is None:
        st.info("No plan is made yet: step Run.")
        return
    st.markdown(plain(f"{tried.name}: fill in what was answered. The plan is saved, since the next one rests on it."))
    table = to_answer(tried)
    rows = st.data_editor(
        table,
        hide_index=True,
        disabled=[name for name in table.columns if name not in WRITTEN],
        column_config={
            "decision": st.column_config.SelectboxColumn("answer", options=["", *CHOICES]),
            "by": st.column_config.TextColumn("by whom"),
            "on": st.column_config.TextColumn("on (a day)"),
        },
        key=f"answers-{tried.number}",
    )
    limited = st.checkbox("Change as little as possible", True)
    at_most = st.number_input("Other placements that may be given up, at most", 0, 100_000, 2, disabled=not limited)

    def take(question: Question) -> None:
        bench.question, bench.generation = question, bench.generation + 1
        bench.plan()

    if st.button("Plan again with these answers", disabled=bench.job is not None):
        limit = int(at_most) if limited else None
        bench.start(lambda say: answered(tried, rows, limit, (TABLES, RUNS), say), take)
        bench.go_to(RUN)
        st.rerun()
