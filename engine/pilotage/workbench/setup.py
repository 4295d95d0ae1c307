"""Set up: open a scenario or a setup workbook, mend tables cell by cell, find schools, and see where leaders live."""

from __future__ import annotations

import streamlit as st

from pilotage import assets
from pilotage.case.case import Case
from pilotage.errors import PilotageError, Problem
from pilotage.sources.setup.scenario import SUFFIXES
from pilotage.study.session.choices import bases, schools_named
from pilotage.study.session.tables import OpenTable, TableRole, mended, named_by, open_table, put_into
from pilotage.workbench.bench import TABLES, Bench
from pilotage.workbench.shown import plain, problems_shown, show_problems

TITLES = {
    TableRole.LEADERS: "Leaders",
    TableRole.POSTS: "Posts",
    TableRole.ASKS: "Answers of schools, bodies and leaders",
    TableRole.SCHOOLS: "What you know of schools",
}


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Set up")
    _open(bench)
    if bench.question is None:
        return
    st.subheader("Your tables")
    st.markdown(
        "CSV files or Excel workbooks, in the columns of the templates. They are copied into the folder `tables`."
    )
    for role, title in TITLES.items():
        _table(bench, role, title)
    case, problems = bench.checked()
    beside = [each for table in bench.tables.values() for each in _problems_of(bench, table)]
    elsewhere = [each for each in problems if each not in beside]
    if elsewhere:
        st.subheader("Please correct")
        show_problems(elsewhere)
    if case is not None:
        _schools(case)
        _map(case)


def _open(bench: Bench) -> None:
    shipped = sorted(path.stem for path in assets.configs().glob("*.yaml"))
    name = st.selectbox("Scenario", shipped, index=shipped.index("baseline"))
    own = st.text_input("Or a scenario file, or a setup workbook, of your own (its path)")
    if st.button("Open the scenario"):
        _take(bench, own.strip() or name)
    given = st.file_uploader("Or drop in a setup workbook", type=[suffix[1:] for suffix in SUFFIXES], key="setup")
    if given is not None and st.session_state.get("taken-setup") != given.file_id:
        st.session_state["taken-setup"] = given.file_id
        with problems_shown():
            _take(bench, str(put_into(TABLES, given.name, given.getvalue())))
    if bench.marked is not None:
        st.markdown("Correct these cells in your workbook, save it, and open it again. A copy has them marked:")
        st.download_button("Download the copy with these cells marked", bench.marked.read_bytes(), bench.marked.name)


def _take(bench: Bench, name: str) -> None:
    """Open a scenario or a setup workbook, or say at the top what is wrong with it."""
    try:
        bench.open(name)
        bench.problems, bench.said = (), f"{name} is open."
    except PilotageError as error:
        bench.problems, bench.said = error.problems, ""
    st.rerun()


def _table(bench: Bench, role: TableRole, title: str) -> None:
    given = st.file_uploader(title, key=f"{bench.generation}-{role}")
    if given is not None and st.session_state.get(f"taken-{role}") != given.file_id:
        with problems_shown():
            table = open_table(role, put_into(TABLES, given.name, given.getvalue()))
            st.session_state[f"taken-{role}"] = given.file_id
            use(bench, table)
    if role in bench.tables:
        _cells(bench, bench.tables[role], title)


def use(bench: Bench, table: OpenTable) -> None:
    """Let the question name a table."""
    assert bench.question is not None
    named = named_by(bench.question, table, bench.tables.get(table.role))
    show_problems(bench.change(("pool", table.role.value), named))
    bench.tables[table.role] = table
    bench.check_again()


def _cells(bench: Bench, table: OpenTable, title: str) -> None:
    """Show the cells of a table to be mended, with what is wrong in it beside."""
    grid, beside = st.columns([3, 2])
    with grid:
        st.markdown(plain(f"{title}: {table.where}. The number before each row is its row in Excel."))
        cells = st.data_editor(table.cells, key=f"cells-{table.where}")
        if not cells.equals(table.cells) and st.button("Use the corrected cells", key=f"use-{table.role}"):
            with problems_shown():
                use(bench, mended(table, cells, TABLES))
                st.rerun()
    with beside:
        about = _problems_of(bench, table)
        if about:
            st.markdown("**Please correct these cells:**")
            show_problems(about)
        else:
            st.markdown("No problem in this table.")


def _problems_of(bench: Bench, table: OpenTable) -> list[Problem]:
    _, problems = bench.checked()
    return [each for each in problems if table.is_meant(each)]


def _schools(case: Case) -> None:
    st.subheader("Find a school")
    words = st.text_input("Part of its name, its authority or its URN")
    if words.strip():
        listed = schools_named(case, words)
        st.markdown(plain(f"{len(listed):,} schools in scope fit (at most 50 are listed)."))
        st.dataframe(listed, hide_index=True)


def _map(case: Case) -> None:
    st.subheader("Where leaders live, and where posts are")
    st.markdown(
        "Kilometres on the national grid, north at the top. A base far from all posts is often a wrong postcode."
    )
    st.scatter_chart(
        bases(case), x="easting", y="northing", color="what", x_label="km east", y_label="km north", height=480
    )
