"""The answers of a setup workbook, to be mended in a grid beside what is wrong with them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pilotage.sources.setup.answer_cells import AnswerCells
from pilotage.sources.setup.scenario import ANSWER, ASKED, PLACE
from pilotage.study.session.answer_sheet import with_corrected
from pilotage.workbench.bench import TABLES, Bench
from pilotage.workbench.shown import plain, problems_shown, show_problems

ROW_HEIGHT, FOR_QUESTIONS = 35, 250  # pixels of a row of the grid, and of the column of questions


def show(bench: Bench, answers: AnswerCells) -> None:
    """Show the answers: of a workbook that could not be opened at once, of one that is open on request."""
    if bench.wrong:
        st.subheader("The answers of your workbook")
        _shown(bench, answers)
    else:
        with st.expander(plain(f"The answers of the workbook: {answers.where}")):
            _shown(bench, answers)


def _shown(bench: Bench, answers: AnswerCells) -> None:
    grid, beside = st.columns([2, 1])
    before = answers.cells.fillna("")
    with grid:
        st.markdown(plain(f"{answers.where}. The number before each row is its row in Excel."))
        fixed = [str(name) for name in answers.cells if name not in (ANSWER, PLACE)]
        cells = st.data_editor(
            before,
            disabled=fixed,
            height=ROW_HEIGHT * (len(before) + 1) + 3,
            column_config={ASKED: st.column_config.TextColumn(width=FOR_QUESTIONS)},
            key=f"answers-{bench.generation}-{answers.where}",
        ).fillna("")
    with beside:
        if st.button("Use the corrected answers", type="primary" if bench.wrong else "secondary"):
            _use(bench, answers, cells)
        _wrong(bench)


def _use(bench: Bench, answers: AnswerCells, cells: pd.DataFrame) -> None:
    """Open a new workbook with the answers of the grid, or say why there is none."""
    if cells.equals(answers.cells.fillna("")):
        st.info("Nothing is changed in the grid yet.")
        return
    with problems_shown():
        bench.open_corrected(with_corrected(answers, cells, TABLES))
        st.rerun()


def _wrong(bench: Bench) -> None:
    """Show what is wrong with a workbook that could not be opened, and offer the copy in which it is marked."""
    if not bench.wrong:
        st.markdown("No problem in these answers. The workbook with other answers is a new file.")
        return
    st.markdown("**Please correct these cells:**")
    show_problems(bench.wrong)
    st.markdown("Correct the answers here. Or correct your own workbook in Excel, save it, and drop it in again.")
    if bench.marked is not None and bench.marked.is_file():
        st.download_button("Download the copy with these cells marked", bench.marked.read_bytes(), bench.marked.name)
