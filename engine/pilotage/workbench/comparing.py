"""Compare: what differs between two or three plans of the window, and which changed setting makes it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pilotage.report.compare.terminal import comparison_text
from pilotage.study.compare.attribution import with_attribution
from pilotage.study.compare.runs import compared
from pilotage.study.session.tried import Tried, in_folder
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import problems_shown, write

MOST = 3


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Compare")
    if len(bench.plans) < 2:
        st.info("Two plans are needed: change the question and plan again.")
        return
    by_number = {each.number: each for each in bench.plans}
    chosen = st.multiselect(
        "Plans (two or three; the first is compared with each other one)",
        list(by_number),
        list(by_number)[-2:],
        format_func=lambda number: by_number[number].name,
        max_selections=MOST,
    )
    attribute = st.checkbox("Say what each changed setting makes alone", True)
    if st.button("Compare", disabled=len(chosen) < 2):
        first, *rest = (by_number[number] for number in chosen)
        for other in rest:
            with problems_shown(), st.spinner("Comparing"):
                _compare(first, other, attribute)


def _compare(before: Tried, after: Tried, attribute: bool) -> None:
    st.subheader(f"{before.number} and {after.number}")
    first, second = in_folder(before), in_folder(after)
    made = compared(first, second)
    left, right = replace(made.before, folder=before.name), replace(made.after, folder=after.name)
    made = replace(made, before=left, after=right)
    if attribute:
        made = with_attribution(made, first, second, lambda _message: None)
    write(comparison_text(made))
