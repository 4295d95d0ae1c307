"""Together: whether some plan keeps all rules of the question, and what would make one possible where none does."""

from __future__ import annotations

import streamlit as st

from pilotage.domain.findings.repair import Repairs
from pilotage.report.repair.words import how_ended, repair_words
from pilotage.study.check import Checked
from pilotage.study.session.checking import ways_out
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import plain, show_problems, write


def show(bench: Bench) -> None:
    """Show how the rules go together: at each change, or on request where the check takes long."""
    made = bench.together()
    if made is None:
        st.markdown("The rules were not checked together yet: with so many schools that takes a while.")
        if not st.button("Check all rules together"):
            return
        with st.spinner("Checking"):
            made = bench.together(asked=True)
        assert made is not None
    if made.found is not None:
        _found(made.found)
        return
    show_problems(made.problems)
    if made.broken is not None:
        _ways_out(bench)


def _found(found: Checked) -> None:
    pairs = f"{found.pairs:,} eligible pairs of a leader and a post"
    if found.settled:
        rules = "all rules" if found.forecast_kept else "all rules that were checked"
        st.success(plain(f"{pairs}, and some plan keeps {rules}."))
    else:
        st.warning(plain(f"{pairs}. Whether some plan keeps all rules was not settled in time."))
    if not found.forecast_kept:
        rules = "".join(f", rules.{key}" for key in found.unchecked)
        st.markdown(plain(f"Not checked: what rests on the forecast{rules}. None is kept; the first plan makes one."))


def _ways_out(bench: Bench) -> None:
    """Look for ways out on request, and let one be taken."""
    made = bench.together()
    assert made is not None
    if st.button("What would make a plan possible?"):
        with st.spinner("Looking for changes, each as small as can be (at most 20 seconds)"):
            st.session_state["ways-out"] = (made, ways_out(made))
    of, found = st.session_state.get("ways-out", (None, None))
    if found is not None and of is made:
        _listed(bench, found)


def _listed(bench: Bench, found: Repairs) -> None:
    for place, repair in enumerate(found.repairs, 1):
        st.markdown(plain(f"{place}. {repair_words(repair, found.repairs[0].benefit)}"))
        st.button(f"Take way {place}", on_click=bench.repair, args=(repair,))
    write([how_ended(found)])
