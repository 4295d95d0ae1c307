"""Run: what is being done, how far it is, and a button to cancel it."""

from __future__ import annotations

import streamlit as st

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

    All within one run of the script: streamlit collects garbage after each run, which would slow the work down. A click
    on the button ends this run and begins another.
    """
    job = bench.job
    assert job is not None
    shown = st.empty()
    st.button("Cancel", on_click=job.cancel)
    while not job.done:
        shown.progress(job.share or 0.0, text=plain(str(job.said)))
        job.wait(SECONDS)
    bench.finish()
    st.rerun()
