"""Set up: what is open, another scenario or a setup workbook, the planner's tables, schools by name, and the map."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pilotage import assets
from pilotage.case.case import Case
from pilotage.errors import Problem, more_problems
from pilotage.sources.setup.book import setup_book
from pilotage.sources.setup.scenario import SUFFIXES
from pilotage.study.session.choices import bases, schools_named
from pilotage.study.session.overlay import ships
from pilotage.study.session.tables import put_into
from pilotage.workbench.bench import TABLES, Bench
from pilotage.workbench.opening import answer_sheet, tables
from pilotage.workbench.shown import plain, problems_shown, show_problems

BOOK = "my-plan.xlsx"
NOT_CHOSEN = Problem("Set up", "no scenario is chosen", "one of the list, or the path of a file", "choose one")


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Set up")
    top = st.container()
    _open(bench)
    if bench.answers is not None:
        answer_sheet.show(bench, bench.answers)
    if bench.question is None:
        _state(top, bench, ())
        return
    with st.spinner("Reading the schools and your tables"):
        case, problems = bench.checked()
    _state(top, bench, problems)
    tables.show(bench)
    elsewhere = [each for each in problems if not any(table.is_meant(each) for table in bench.tables.values())]
    if elsewhere:
        st.subheader("Please correct")
        show_problems(elsewhere)
    if case is not None:
        _schools(case)
        _map(case)


def _state(place: st.delta_generator.DeltaGenerator, bench: Bench, problems: Sequence[Problem]) -> None:
    """Say what is open, and what comes next."""
    with place:
        question = bench.question
        if question is None:
            st.markdown("**No scenario is open.**")
        else:
            st.markdown(f"**Open: {plain(question.name)}.** {plain(question.scenario.why)}")
        st.markdown(f"Next: {_next(bench, problems)}")
        if bench.before is not None:
            count = len(bench.before.edits)
            label = f"Go back to {bench.before.name} and its {count:,} change{'' if count == 1 else 's'}"
            st.button(plain(label), on_click=bench.go_back)


def _next(bench: Bench, problems: Sequence[Problem]) -> str:
    if bench.wrong:
        return "correct the answers of the workbook below. Until then what was open before stays open."
    if bench.question is None:
        return "open a scenario that comes with Pilotage or a file of your own, or drop in a setup workbook."
    if problems:
        return f"correct what is marked below ({more_problems(len(problems)).replace(' more', '')})."
    return "drop in your own tables, or go to the step *Question*. *Plan now*, at the left, makes the plan."


def _open(bench: Bench) -> None:
    """Let another scenario or a setup workbook be opened."""
    chosen, dropped = st.columns(2)
    with chosen:
        shipped = sorted(path.stem for path in assets.configs().glob("*.yaml"))
        now = bench.question.file.stem if bench.question is not None and ships(bench.question) else None
        name = st.selectbox(
            "Open a scenario that comes with Pilotage",
            shipped,
            index=None if now is None else shipped.index(now),
            placeholder="Choose one",
            key=f"{bench.generation}-shipped",
        )
        own = st.text_input(
            "Or a scenario file, or a setup workbook, of your own (its path)", key=f"{bench.generation}-own"
        )
        if st.button("Open the scenario"):
            _take(bench, own.strip() or name)
    with dropped:
        st.download_button("Get a setup workbook to fill in", partial(setup_book, BOOK), BOOK, on_click="ignore")
        given = st.file_uploader(
            "Or drop in a setup workbook",
            type=[suffix[1:] for suffix in SUFFIXES],
            key=f"{bench.generation}-setup",
        )
        if given is not None and st.session_state.get("taken-setup") != given.file_id:
            with problems_shown():
                path = put_into(TABLES, given.name, given.getvalue())
                st.session_state["taken-setup"] = given.file_id
                _take(bench, str(path))


def _take(bench: Bench, name: str | None) -> None:
    """Open a scenario or a setup workbook, and say so, or what is wrong with it."""
    if name is None:
        bench.problems, bench.said = (NOT_CHOSEN,), ""
    else:
        bench.open(name)
        bench.said = "" if bench.problems or bench.wrong else f"{name} is open."
    st.rerun()


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
