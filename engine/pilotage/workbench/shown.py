"""How texts, problems and tables are shown: texts as they are, whatever signs they have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd
import streamlit as st

from pilotage.errors import PilotageError, Problem, told
from pilotage.report.explain.words import Shown

SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")  # what Markdown would take for more than itself


def plain(text: str) -> str:
    """Return a text that is shown sign by sign: a name with a link or a picture in it stays a text."""
    return SIGNS.sub(r"\\\1", text)


def write(sentences: Sequence[str]) -> None:
    """Show sentences, one paragraph each; an empty one is passed over."""
    for each in sentences:
        if each.strip():
            st.markdown(plain(each.strip()))


def show_problems(problems: Sequence[Problem]) -> None:
    """Show what is wrong, each problem once, with the column of its cell."""
    for words in told([with_cell(problem) for problem in problems]):
        st.error(plain(words))


def with_cell(problem: Problem) -> Problem:
    """Return a problem that names the column or the cell to look at beside its row."""
    spot = problem.spot
    cell = "" if spot is None else spot.cell or spot.column
    if not cell:
        return problem
    return replace(problem, where=f"{problem.where} ({'cell' if spot and spot.cell else 'column'} {cell})")


@contextmanager
def problems_shown() -> Iterator[None]:
    """Show the problems of what is done within."""
    try:
        yield
    except PilotageError as error:
        show_problems(error.problems)


def show_table(shown: Shown) -> None:
    """Show a table with its title."""
    st.markdown(f"**{plain(shown.title)}**")
    st.dataframe(pd.DataFrame(list(shown.rows), columns=list(shown.headings)), hide_index=True)
