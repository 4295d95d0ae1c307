"""Compare: what differs between two or three plans, and which changed setting makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from pilotage.case.read_back import ReadRun, read_run
from pilotage.case.run_list import runs_in
from pilotage.report.compare.terminal import comparison_text
from pilotage.study.compare.attribution import with_attribution
from pilotage.study.compare.runs import compared
from pilotage.study.session.tried import in_folder
from pilotage.workbench.bench import RUNS, Bench
from pilotage.workbench.shown import plain, problems_shown, write

MOST = 3
Read = Callable[[], ReadRun]


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Compare")
    by_name = _runs(bench)
    if len(by_name) < 2:
        st.info("Two plans are needed: change the question and plan again.")
        return
    chosen = st.multiselect(
        "Plans (two or three; the first is compared with each other one)",
        list(by_name),
        list(by_name)[max(0, len(bench.plans) - 2) :][:2],
        max_selections=MOST,
    )
    attribute = st.checkbox("Say what each changed setting makes alone", True)
    if st.button("Compare", disabled=len(chosen) < 2):
        first, *rest = chosen
        for other in rest:
            with problems_shown(), st.spinner("Comparing"):
                _compare({first: by_name[first], other: by_name[other]}, attribute)


def _runs(bench: Bench) -> dict[str, Read]:
    """Return what can be compared, by its name: the plans of the window, then the runs that are saved."""
    here: dict[str, Read] = {each.name: partial(in_folder, each) for each in bench.plans}
    return here | {f"Saved: {run.folder.name}": partial(read_run, run.folder) for run in runs_in(RUNS) if not run.fault}


def _compare(pair: dict[str, Read], attribute: bool) -> None:
    """Compare two runs; each is called by its name here."""
    (before, read_before), (after, read_after) = pair.items()
    st.subheader(plain(f"{before}, and {after}"))
    first, second = read_before(), read_after()
    made = compared(first, second)
    if attribute:
        made = with_attribution(made, first, second, lambda _message: None)
    left, right = replace(made.before, folder=before), replace(made.after, folder=after)
    write(comparison_text(replace(made, before=left, after=right)))
