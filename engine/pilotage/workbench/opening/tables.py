"""The planner's tables: dropped in, and mended cell by cell beside what is wrong with them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pilotage.errors import PilotageError, Problem
from pilotage.study.session.tables import OpenTable, TableRole, mended, open_table, put_into
from pilotage.workbench.bench import TABLES, Bench
from pilotage.workbench.shown import plain, problems_shown, show_problems

TITLES = {
    TableRole.LEADERS: "Leaders",
    TableRole.POSTS: "Posts",
    TableRole.ASKS: "Answers of schools, bodies and leaders",
    TableRole.SCHOOLS: "What you know of schools",
}


def show(bench: Bench) -> None:
    """Show where tables are dropped in, which are in use, and their cells."""
    st.subheader("Your tables")
    st.markdown(
        "CSV files or Excel workbooks, in the columns of the templates. They are copied into the folder `tables`."
    )
    columns = [*st.columns(2), *st.columns(2)]
    for column, (role, title) in zip(columns, TITLES.items(), strict=True):
        with column:
            _drop(bench, role, title)
    for role, title in TITLES.items():
        if role in bench.tables:
            _cells(bench, bench.tables[role], title)


def _drop(bench: Bench, role: TableRole, title: str) -> None:
    given = st.file_uploader(title, key=f"{bench.generation}-{role}")
    if given is None:
        bench.refused.pop(role, None)
    elif st.session_state.get(f"taken-{role}") != given.file_id:
        st.session_state[f"taken-{role}"] = given.file_id
        take(bench, role, given.name, given.getvalue())
        st.rerun()
    st.markdown(plain(_in_use(bench, role)))
    show_problems(bench.refused.get(role, ()))


def take(bench: Bench, role: TableRole, name: str, content: bytes) -> None:
    """Use a file that was dropped in as a table, or remember what is wrong with it; what was in use then stays."""
    bench.problems, bench.said = (), ""
    try:
        table = open_table(role, put_into(TABLES, name, content))
        bench.refused[role] = bench.use(table)
    except PilotageError as error:
        bench.refused[role] = error.problems


def _in_use(bench: Bench, role: TableRole) -> str:
    """Return which table is in use, in words."""
    if role in bench.tables:
        table = bench.tables[role]
        return f"In use: {table.where}, {_rows(len(table.cells))}."
    case, _ = bench.checked()
    if case is None or role not in (TableRole.LEADERS, TableRole.POSTS):
        return "None is in use."
    leaders = role is TableRole.LEADERS
    count = len(case.pool.leaders) if leaders else len(case.posts.posts)
    invented = " invented" if (case.pool if leaders else case.posts).synthetic else ""
    return f"In use: the {count:,}{invented} {role.value} of the scenario."


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _cells(bench: Bench, table: OpenTable, title: str) -> None:
    """Show the cells of a table to be mended, with what is wrong in it beside."""
    about = _problems_of(bench, table)
    with st.expander(plain(f"{title}: {table.where}, {_rows(len(table.cells))}"), expanded=bool(about)):
        grid, beside = st.columns([2, 1])
        with grid:
            st.markdown("The number before each row is its row in Excel.")
            cells = st.data_editor(table.cells.fillna(""), key=f"cells-{bench.generation}-{table.where}").fillna("")
        with beside:
            if st.button("Use the corrected cells", key=f"use-{table.role}", type="primary" if about else "secondary"):
                _use(bench, table, cells)
            if about:
                st.markdown("**Please correct these cells:**")
                show_problems(about)
            else:
                st.markdown("No problem in this table.")


def _use(bench: Bench, table: OpenTable, cells: pd.DataFrame) -> None:
    """Use a new table with the cells of the grid."""
    if cells.equals(table.cells.fillna("")):
        st.info("Nothing is changed in the grid yet.")
        return
    with problems_shown():
        bench.refused[table.role] = bench.use(mended(table, cells, TABLES))
        st.rerun()


def _problems_of(bench: Bench, table: OpenTable) -> list[Problem]:
    _, problems = bench.checked()
    return [each for each in problems if table.is_meant(each)]
