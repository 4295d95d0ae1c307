"""Compare: what differs between two or three plans, and which changed setting makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from pilotage.case.read_back import ReadRun, read_run
from pilotage.case.run_list import runs_in
from pilotage.domain.findings.comparison import Comparison
from pilotage.report.compare import words
from pilotage.report.compare.cells import Cells, figure_cells, setting_cells
from pilotage.report.compare.terminal import first_lines, last_lines
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
    _shown(replace(made, before=left, after=right))


def _shown(found: Comparison) -> None:
    """Show a comparison: its figures and its settings as tables, all else in sentences."""
    write(first_lines(found))
    sides = (found.before.folder, found.after.folder)
    _table("Figures of both plans", ("Figure", *sides, "Difference"), figure_cells(found))
    made = found.attribution
    settings = setting_cells(found)
    if not settings:
        write(["No setting differs."])
    elif made is None:
        _table(words.SETTINGS, ("Setting", *sides, "Key"), [_without_effect(each) for each in settings])
        write([f"{words.NOT_SAID}: {why}" for why in found.why_not])
    else:
        _table(words.SETTINGS_ALONE, ("Setting", *sides, "What it makes alone", "Key"), settings)
        write([*(f"{name}: {value}" for name, value in words.parts(made)), *words.cautions(made)])
    write(last_lines(found))


def _without_effect(cells: Cells) -> Cells:
    return {name: value for name, value in cells.items() if name != "effect"}


def _table(title: str, headings: Sequence[str], rows: Sequence[Cells]) -> None:
    st.markdown(f"**{plain(title)}**")
    shown = [[plain(value) for value in row.values()] for row in rows]
    st.table(pd.DataFrame(shown, columns=[plain(each) for each in headings]), hide_index=True)
