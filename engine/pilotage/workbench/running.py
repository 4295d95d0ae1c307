"""Run: what is being done, how far it is, and a button to cancel it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pilotage.study.session.job import Job
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import plain

SECONDS = 0.2  # between two looks at the work


def show(bench: Bench) -> None:
    """Show the work that goes on, or offer to begin."""
    st.header("Run")
    if bench.question is None:
        st.info("Open a scenario first: step Set up.")
    elif bench.job is not None:
        _watch(bench)
    else:
        st.markdown("A plan is made of the question as it stands: forecast, placement, and an independent check.")
        st.markdown("The first plan reads the schools and forecasts them. Later ones take seconds.")
        if st.button("Plan"):
            bench.plan()
            st.rerun()


def _watch(bench: Bench) -> None:
    """Show how far the work is until it ends.

    The first drawing only ends the page before, which would else stay below this one, greyed, until the work is done.
    The next one follows the work to its end: streamlit collects garbage after each, which would slow the work down. A
    click on the button ends it and begins another.
    """
    job = bench.job
    assert job is not None
    if job.done:
        bench.finish()
        st.rerun()
    st.button("Cancel", on_click=job.cancel)
    _follow(bench, job)


@st.fragment(run_every=SECONDS)
def _follow(bench: Bench, job: Job[Any]) -> None:
    shown = st.empty()
    shown.progress(job.share or 0.0, text=plain(str(job.said)))
    if st.session_state.get("followed") is not job:
        st.session_state["followed"] = job
        return
    while not job.done:
        shown.progress(job.share or 0.0, text=plain(str(job.said)))
        job.wait(SECONDS)
    st.rerun()
