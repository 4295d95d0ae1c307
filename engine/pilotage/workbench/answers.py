"""Answers: what schools, bodies and leaders have said, row by row, and the next plan that rests on it."""

from __future__ import annotations

import streamlit as st

from pilotage.study.session.answered import CHOICES, WRITTEN, Typed, answered, to_answer, typed_answers
from pilotage.study.session.question import Question
from pilotage.study.session.tables import put_into
from pilotage.study.session.tried import Tried
from pilotage.workbench.bench import RUN, RUNS, TABLES, Bench
from pilotage.workbench.shown import plain, problems_shown


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Answers")
    tried = bench.latest
    if tried is None:
        st.info("No plan is made yet: step Run.")
        return
    st.markdown(plain(f"{tried.name}: fill in what was answered. The plan is saved, since the next one rests on it."))
    typed, ready = _typed(tried)
    table = to_answer(tried) if typed is None else typed.rows
    rows = st.data_editor(
        table,
        hide_index=True,
        disabled=[name for name in table.columns if name not in WRITTEN],
        column_config={
            "leader_id": "leader",
            "post_id": "post",
            "decision": st.column_config.SelectboxColumn("answer", options=["", *CHOICES]),
            "by": st.column_config.TextColumn("by whom"),
            "on": st.column_config.TextColumn("on (a day)"),
        },
        placeholder="choose",
        key=f"answers-{tried.number}-{typed and typed.path.name}",
    )
    limited = st.checkbox("Change as little as possible", True)
    at_most = st.number_input("Other placements that may be given up, at most", 0, 100_000, 2, disabled=not limited)

    def take(question: Question) -> None:
        bench.question, bench.generation = question, bench.generation + 1
        bench.plan()

    if st.button("Plan again with these answers", disabled=bench.job is not None or not ready):
        limit = int(at_most) if limited else None
        bench.start(lambda say: answered(tried, rows, limit, (TABLES, RUNS), say, typed), take)
        bench.go_to(RUN)
        st.rerun()


def _typed(tried: Tried) -> tuple[Typed | None, bool]:
    """Return the answers that were typed into a table, and whether there is none that cannot be used."""
    given = st.file_uploader(
        "Answers typed into a run's report.xlsx, or into another table", key=f"typed-{tried.number}"
    )
    if given is None:
        return None, True
    read: dict[tuple[int, str], Typed] = st.session_state.setdefault("typed", {})
    key = (tried.number, given.file_id)
    if key not in read:
        with problems_shown():
            read[key] = typed_answers(tried, put_into(TABLES, given.name, given.getvalue()))
    typed = read.get(key)
    if typed is not None:
        more = f" It has {typed.others:,} more, about what is no row here; they count too." if typed.others else ""
        st.markdown(plain(f"Read: {typed.path}. Its answers stand in the rows below.{more}"))
    return typed, typed is not None
