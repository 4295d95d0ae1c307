"""Export: the run folder, the page, the workbook, what is shared with others, and the scenario file."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pilotage.case import run_folder
from pilotage.case.read_back import path_of
from pilotage.errors import Problem, UsageError
from pilotage.study.session.overlay import write_overlay
from pilotage.study.session.tried import Tried, saved
from pilotage.workbench import sharing
from pilotage.workbench.bench import EXPORT, RUN, RUNS, Bench
from pilotage.workbench.sharing import zipped
from pilotage.workbench.shown import plain, problems_shown

FILES = {run_folder.PAGE: "Download the page", run_folder.WORKBOOK: "Download the workbook"}
NOTE = "Internal: the lists are confidential. Pass on only what the list's own note allows."


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Export")
    if not bench.plans:
        st.info("No plan is made yet: step Run.")
        return
    st.warning(NOTE)
    by_number = {each.number: each for each in reversed(bench.plans)}
    tried = by_number[st.selectbox("Plan", list(by_number), format_func=lambda number: by_number[number].name)]
    _run(bench, tried)
    _scenario(tried)


def _run(bench: Bench, tried: Tried) -> None:
    st.subheader("The run")
    folders: dict[int, Path] = st.session_state.setdefault("saved", {})
    if st.button("Save the run folder", disabled=bench.job is not None):

        def note(folder: Path) -> None:
            folders[tried.number] = folder
            bench.said = f"Saved as {folder}: open report.html or report.xlsx."

        bench.start(lambda say: saved(tried, RUNS, say, force=True), note)
        bench.go_to(RUN, then=EXPORT)
        st.rerun()
    folder = folders.get(tried.number)
    if folder is None or not folder.is_dir():
        st.markdown("Save the run first; its page and its workbook can then be downloaded.")
        return
    st.markdown(plain(f"Saved as {folder}"))
    *places, whole = st.columns(len(FILES) + 1)
    for place, (name, label) in zip(places, FILES.items(), strict=True):
        path = path_of(folder, name)
        place.download_button(label, path.read_bytes(), path.name)
    whole.download_button("Download the whole folder (zip)", zipped(folder), f"{folder.name}.zip")
    sharing.show(bench, tried, folder)


def _scenario(tried: Tried) -> None:
    st.subheader("The question as a scenario file")
    scenario = tried.question.scenario
    path = st.text_input("File to write", f"{scenario.name}-changed.yaml", key=f"file-{tried.number}")
    why = st.text_input("What the scenario is for, in a sentence", scenario.why, key=f"why-{tried.number}")
    if st.button("Save the scenario file"):
        with problems_shown():
            if not (path.strip() and why.strip()):
                do = "fill in File to write, and what the scenario is for"
                raise UsageError(Problem("the scenario file", "its name or its sentence is blank", "both", do))
            written = write_overlay(tried.question, Path(path.strip()), why.strip())
            st.success(plain(f"Saved as {written}"))
            st.download_button("Download the scenario file", written.read_bytes(), written.name)
